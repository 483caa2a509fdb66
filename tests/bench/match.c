/*
 * Matching 10,000 triggers with alerts, by the index (match index N) or by trying one after the
 * other with POSIX expressions (match naive N). 95 % of the triggers name the alert, 5 % by an
 * expression; all have an expression for the instance, half one more equality. Prints alerts,
 * CPU seconds, hits. The index's time includes building it and compiling what it uses; the naive
 * loop's does not.
 */
#include <regex.h>

#include "base/mem.h"
#include "doc/trigger_index.h"

#define TRIGGERS 10000
#define NAMES    4000

enum { NAME, INSTANCE, SEVERITY, JOB, LABELS };
static const char *const label_names[LABELS] = {"alertname", "instance", "severity", "job"};
static const char *const severities[] = {"critical", "warning", "info"};

struct alert {
	char text[LABELS][40];
};

struct declared {
	char name[48], instance[48];
	const char *severity; /* NULL: any */
	bool by_regex;
};

static void declare(unsigned i, struct declared *d)
{
	unsigned name = i * 7919 % NAMES;

	d->by_regex = i % 20 == 0;
	if (!d->by_regex)
		snprintf(d->name, sizeof d->name, "Svc%05uDown", name);
	else if (i % 60 == 0)
		snprintf(d->name, sizeof d->name, "Svc%05uDown|Svc%05uSlow", name, name);
	else if (i % 60 == 20)
		snprintf(d->name, sizeof d->name, "Svc%05u(Down|Flaps)", name);
	else
		snprintf(d->name, sizeof d->name, "Svc%05uDo.*", name);
	snprintf(d->instance, sizeof d->instance, "node-%u[0-9]*:9100", i % 10);
	d->severity = i % 2 ? severities[i / 2 % 3] : NULL;
}

static void raise_alert(unsigned i, struct alert *a, struct labels *l)
{
	*l = (struct labels)LABELS_INIT;
	snprintf(a->text[NAME], sizeof a->text[0], "Svc%05uDown", i * 104729 % (NAMES + NAMES / 4));
	snprintf(a->text[INSTANCE], sizeof a->text[0], "node-%u:9100", i * 31 % 1000);
	snprintf(a->text[SEVERITY], sizeof a->text[0], "%s", severities[i % 3]);
	snprintf(a->text[JOB], sizeof a->text[0], "job-%u", i % 17);
	for (size_t k = 0; k < LABELS; k++)
		labels_set(l, str_of(label_names[k]), str_of(a->text[k]));
}

static unsigned long by_index(const struct declared *all, const struct labels *alerts, size_t n)
{
	struct trigger_index *x = trigger_index_new();
	unsigned long hits = 0;
	uint32_t tags[64];

	for (unsigned i = 0; i < TRIGGERS; i++) {
		struct matchers m = MATCHERS_INIT;
		const struct declared *d = &all[i];

		matchers_add_checked(
			&m, "alertname", d->by_regex ? MATCHER_REGEX : MATCHER_EQUAL, d->name);
		matchers_add_checked(&m, "instance", MATCHER_REGEX, d->instance);
		if (d->severity)
			matchers_add_checked(&m, "severity", MATCHER_EQUAL, d->severity);
		trigger_index_take(x, &m, i);
	}
	for (size_t i = 0; i < n; i++)
		hits += trigger_index_find(x, &alerts[i], tags, 64);
	trigger_index_free(x);
	return hits;
}

/* A matcher as the plain loop has it: the label is looked for by name, the rest is strcmp or
 * regexec. */
struct condition {
	struct str name, value;
	char text[48];
	bool is_regex;
	regex_t regex;
};

struct naive {
	struct condition items[3];
	size_t count;
};

static void condition(struct naive *t, const char *name, const char *value, bool is_regex)
{
	struct condition *c = &t->items[t->count++];
	char anchored[64];

	c->name = str_of(name);
	c->is_regex = is_regex;
	snprintf(c->text, sizeof c->text, "%s", value);
	c->value = str_of(c->text);
	snprintf(anchored, sizeof anchored, "^(%s)$", value);
	if (is_regex && regcomp(&c->regex, anchored, REG_EXTENDED | REG_NOSUB))
		abort();
}

/* The values are views of whole texts with a NUL behind them. */
static bool holds(const struct condition *c, const struct labels *l)
{
	for (size_t k = 0; k < l->count; k++)
		if (str_eq(l->items[k].name, c->name))
			return c->is_regex
				       ? regexec(&c->regex, l->items[k].value.p, 0, NULL, 0) == 0
				       : str_eq(l->items[k].value, c->value);
	return false;
}

static bool matches(const struct naive *t, const struct labels *l)
{
	for (size_t i = 0; i < t->count; i++)
		if (!holds(&t->items[i], l))
			return false;
	return true;
}

static struct naive *prepare(const struct declared *declared)
{
	struct naive *all = mem_array(TRIGGERS, sizeof *all);

	for (unsigned i = 0; i < TRIGGERS; i++) {
		const struct declared *d = &declared[i];

		condition(&all[i], "alertname", d->name, d->by_regex);
		condition(&all[i], "instance", d->instance, true);
		if (d->severity)
			condition(&all[i], "severity", d->severity, false);
	}
	return all;
}

static unsigned long one_by_one(const struct naive *all, const struct labels *alerts, size_t n)
{
	unsigned long hits = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < TRIGGERS; t++)
			hits += matches(&all[t], &alerts[i]);
	return hits;
}

int main(int argc, char **argv)
{
	size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 500;
	bool naive = argc > 1 && strcmp(argv[1], "naive") == 0;
	struct alert *alerts = mem_array(n, sizeof *alerts);
	struct labels *labels = mem_array(n, sizeof *labels);
	struct declared *declared = mem_array(TRIGGERS, sizeof *declared);
	struct naive *all;
	unsigned long hits;
	clock_t began;

	for (unsigned i = 0; i < TRIGGERS; i++)
		declare(i, &declared[i]);
	all = naive ? prepare(declared) : NULL;
	for (size_t i = 0; i < n; i++)
		raise_alert((unsigned)i, &alerts[i], &labels[i]);
	began = clock();
	hits = naive ? one_by_one(all, labels, n) : by_index(declared, labels, n);
	printf("%zu %.6f %lu\n", n, (double)(clock() - began) / CLOCKS_PER_SEC, hits);
	return 0;
}
