#include "doc/asking.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"

#define DAY 1440

/* "07:30", or "24:00" for the end of a day. 0, or -1. */
static int read_minute(struct str s, int *minute)
{
	int hour, min;

	if (s.n != 5 || s.p[2] != ':')
		return -1;
	for (size_t i = 0; i < 5; i++)
		if (i != 2 && (s.p[i] < '0' || s.p[i] > '9'))
			return -1;
	hour = (s.p[0] - '0') * 10 + s.p[1] - '0';
	min = (s.p[3] - '0') * 10 + s.p[4] - '0';
	if (min > 59 || hour * 60 + min > DAY)
		return -1;
	*minute = (hour * 60 + min) % DAY;
	return 0;
}

static int load_hours(
	struct asking_hours *h, const struct node *owner, bool needed, struct err *e)
{
	struct node at = node_get(owner, "hours");
	const char *text = needed ? node_text(owner, "hours", NULL, e)
				  : node_text_or_null(owner, "hours", e);
	struct str rest = str_of(text), from;

	*h = (struct asking_hours){0, 0};
	if (e->kind || !text)
		return e->kind ? -1 : 0;
	if (!str_split(&rest, '-', &from) || read_minute(str_trim(from), &h->from) ||
		read_minute(str_trim(rest), &h->to))
		return node_fail(&at, e, "'%s' is not hours such as 22:00-07:00", text);
	return 0;
}

/* A list of severities, or one. */
static int load_severities(unsigned *bits, const struct node *n, struct err *e)
{
	struct node list = node_get(n, "severity");

	*bits = 0;
	if (node_is_array(&list, e))
		return -1;
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);
		const char *word = json_string_value(one.v);
		int which = word ? ladder_find(severity_names, word) : -1;

		if (which < 0)
			return node_fail(&one, e, "must be one of info, warning, critical");
		*bits |= 1U << which;
	}
	return 0;
}

static int load_names(const struct channels *channels, const struct node *n, const json_t **list,
	struct err *e)
{
	return channels_load_names(channels, n, "channels", list, e) ||
			       node_require(n, "channels", e)
		       ? -1
		       : 0;
}

static int load_to(
	struct asking *a, const struct channels *channels, const struct node *n, struct err *e)
{
	static const char *const known[] = {"severity", "hours", "channels", NULL};
	struct node list = node_get(n, "to");

	if (node_is_array(&list, e))
		return -1;
	a->to = mem_array(node_count(&list) + 1, sizeof *a->to);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);
		struct asking_route *r = &a->to[a->n_to++];

		if (node_is_object(&one, e) || node_known(&one, known, e) ||
			load_severities(&r->severities, &one, e) ||
			load_hours(&r->hours, &one, false, e) ||
			load_names(channels, &one, &r->channels, e))
			return -1;
	}
	return 0;
}

static int load_escalate(
	struct asking *a, const struct channels *channels, const struct node *n, struct err *e)
{
	static const char *const known[] = {"after", "channels", NULL};
	struct node list = node_get(n, "escalate");
	int64_t before = 0;

	if (node_is_array(&list, e))
		return -1;
	a->escalate = mem_array(node_count(&list) + 1, sizeof *a->escalate);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i), after = node_get(&one, "after");
		struct asking_level *l = &a->escalate[a->n_escalate++];

		if (node_is_object(&one, e) || node_known(&one, known, e) ||
			node_require(&one, "after", e) ||
			load_names(channels, &one, &l->channels, e))
			return -1;
		l->after_ms = node_span(&one, "after", 0, e);
		if (!e->kind && l->after_ms <= before)
			return node_fail(&after, e, "must be later than what stands before it");
		before = l->after_ms;
	}
	return e->kind ? -1 : 0;
}

static int load_quiet(struct asking *a, const struct node *n, struct err *e)
{
	static const char *const known[] = {"hours", "but", NULL};
	struct node quiet = node_get(n, "quiet");

	if (node_is_object(&quiet, e) || node_known(&quiet, known, e))
		return -1;
	a->quiet.set = node_there(&quiet);
	a->quiet.but = (enum severity)node_choice(
		&quiet, "but", severity_names, SEVERITY_CRITICAL, e);
	return e->kind || (a->quiet.set && load_hours(&a->quiet.hours, &quiet, true, e)) ? -1 : 0;
}

static int load_digest(struct asking *a, const struct node *n, struct err *e)
{
	static const char *const known[] = {"severity", "at", NULL};
	struct node digest = node_get(n, "digest"), at = node_get(&digest, "at");

	a->digest.severity = -1;
	if (node_is_object(&digest, e) || node_known(&digest, known, e) || !node_there(&digest))
		return e->kind ? -1 : 0;
	a->digest.severity = node_choice(&digest, "severity", severity_names, SEVERITY_INFO, e);
	if (e->kind || node_is_array(&at, e) || node_require(&digest, "at", e))
		return -1;
	if (!node_count(&at) || node_count(&at) > ASKING_TIMES)
		return node_fail(&at, e, "must be one to %d times", ASKING_TIMES);
	for (size_t i = 0; i < node_count(&at); i++) {
		struct node one = node_at(&at, i);

		if (read_minute(str_of(json_string_value(one.v)), &a->digest.at[a->digest.n_at++]))
			return node_fail(&one, e, "must be a time in quotes, such as '08:00'");
	}
	return 0;
}

static int load_rate(struct asking *a, const struct node *n, struct err *e)
{
	static const char *const rate_known[] = {"messages", "each", NULL};
	static const char *const remind_known[] = {"after", "times", NULL};
	struct node rate = node_get(n, "rate"), remind = node_get(n, "remind");

	if (node_is_object(&rate, e) || node_known(&rate, rate_known, e) ||
		node_is_object(&remind, e) || node_known(&remind, remind_known, e))
		return -1;
	a->rate_messages = node_integer(&rate, "messages", 20, e);
	a->rate_each_ms = node_span(&rate, "each", WHEN_HOUR, e);
	a->remind_ms = node_span(&remind, "after", 2 * (int64_t)WHEN_HOUR, e);
	a->remind_times = node_integer(&remind, "times", 3, e);
	if (!e->kind && (a->rate_messages < 1 || a->rate_each_ms < 1))
		return node_fail(&rate, e, "must let at least one message through");
	if (!e->kind && (a->remind_ms < WHEN_MINUTE || a->remind_times < 0))
		return node_fail(&remind, e, "must be a minute or longer, and 0 times or more");
	return e->kind ? -1 : 0;
}

int asking_load(
	struct asking *a, const struct channels *channels, const struct node *n, struct err *e)
{
	static const char *const known[] = {"to", "fallback", "quiet", "digest", "rate", "remind",
		"escalate", "two_persons", NULL};
	static const char *const destroy[] = {"destroy", NULL};

	*a = (struct asking){.to = NULL};
	if (node_is_object(n, e) || node_known(n, known, e))
		return -1;
	a->two_to_destroy = node_choice(n, "two_persons", destroy, 1, e) == 0;
	return e->kind || load_to(a, channels, n, e) || load_escalate(a, channels, n, e) ||
			       channels_load_names(channels, n, "fallback", &a->fallback, e) ||
			       load_quiet(a, n, e) || load_digest(a, n, e) || load_rate(a, n, e)
		       ? -1
		       : 0;
}

void asking_clear(struct asking *a)
{
	free(a->to);
	free(a->escalate);
	*a = (struct asking){.to = NULL};
}

bool asking_is_in(const struct asking_hours *h, int minute)
{
	if (h->from == h->to)
		return true;
	return h->from < h->to ? minute >= h->from && minute < h->to
			       : minute >= h->from || minute < h->to;
}

const json_t *asking_channels(const struct asking *a, enum severity s, int minute)
{
	for (size_t i = 0; i < a->n_to; i++) {
		const struct asking_route *r = &a->to[i];

		if ((!r->severities || r->severities & 1U << s) && asking_is_in(&r->hours, minute))
			return r->channels;
	}
	return NULL;
}

bool asking_is_quiet(const struct asking *a, enum severity s, int minute)
{
	return a->quiet.set && s < a->quiet.but && asking_is_in(&a->quiet.hours, minute);
}

bool asking_is_collected(const struct asking *a, enum severity s)
{
	return (int)s <= a->digest.severity;
}

static int until(int minute, int then)
{
	return (then - minute + DAY) % DAY;
}

int asking_quiet_left(const struct asking *a, int minute)
{
	return a->quiet.set && asking_is_in(&a->quiet.hours, minute)
		       ? until(minute, a->quiet.hours.to)
		       : 0;
}

int asking_digest_left(const struct asking *a, int minute)
{
	int least = DAY;

	for (size_t i = 0; i < a->digest.n_at; i++) {
		int left = until(minute, a->digest.at[i]);

		least = left && left < least ? left : least;
	}
	return least;
}
