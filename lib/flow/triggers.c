#include "flow/triggers.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/msg.h"
#include "doc/trigger_index.h"
#include "flow/trigger_cache.h"

#define MATCHES_MAX 64
#define WORDS_MAX   256

struct entry {
	const char *id, *path; /* in the bytes; id empty: it did not load */
	size_t conditions;
};

struct triggers {
	struct buf bytes;
	struct entry *entries;
	size_t count, cap;
	struct trigger_index *index;
	struct table metrics; /* hash of the name of each metric that triggers something */
	struct table ids;     /* hash of the id, to the first entry; made on first use */
};

static void add(struct triggers *t, struct trigger_entry *entry, bool in_force)
{
	t->entries = mem_room(t->entries, t->count, &t->cap, sizeof *t->entries);
	t->entries[t->count++] = (struct entry){entry->id, entry->path, entry->match.count};
	if (*entry->metric)
		table_put(&t->metrics, hash_add(HASH_START, str_of(entry->metric)), 1);
	if (*entry->id)
		trigger_index_take(t->index, &entry->match, (uint32_t)(t->count - 1));
	else if (in_force)
		msg_warn("%s: this runbook is left out", entry->fault);
}

struct triggers *triggers_load(struct repo *r, const char *commit, bool in_force, struct err *e)
{
	struct triggers *t = mem_new(sizeof *t);
	struct trigger_entry entry;
	const char *at;

	t->index = trigger_index_new();
	if (trigger_cache_load(r, commit, in_force, &t->bytes, e)) {
		triggers_free(t);
		return NULL;
	}
	at = trigger_cache_begin(&t->bytes);
	while (trigger_cache_next(&t->bytes, &at, &entry))
		add(t, &entry, in_force);
	return t;
}

void triggers_free(struct triggers *t)
{
	if (!t)
		return;
	free(t->entries);
	trigger_index_free(t->index);
	table_clear(&t->metrics);
	table_clear(&t->ids);
	buf_clear(&t->bytes);
	free(t);
}

size_t triggers_count(const struct triggers *t)
{
	return t->count;
}

bool triggers_name_metrics(const struct triggers *t)
{
	return t->metrics.count > 0;
}

const char *triggers_path(const struct triggers *t, size_t i)
{
	return t->entries[i].path;
}

static void index_ids(struct triggers *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (*t->entries[i].id)
			table_put(&t->ids, hash_add(HASH_START, str_of(t->entries[i].id)),
				(uint32_t)i);
}

size_t triggers_find(struct triggers *t, const char *id)
{
	uint32_t i;

	if (!t->ids.count)
		index_ids(t);
	i = table_get(&t->ids, hash_add(HASH_START, str_of(id)));
	return i != TABLE_NONE && strcmp(t->entries[i].id, id) == 0 ? i : t->count;
}

struct matches {
	uint32_t tags[MATCHES_MAX];
	size_t count;
};

static void add_match(struct matches *m, uint32_t tag)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->tags[i] == tag)
			return;
	if (m->count < MATCHES_MAX)
		m->tags[m->count++] = tag;
}

static void find(struct triggers *t, const struct labels *l, struct matches *m)
{
	uint32_t tags[MATCHES_MAX];
	size_t n = trigger_index_find(t->index, l, tags, MATCHES_MAX);

	for (size_t i = 0; i < n; i++)
		add_match(m, tags[i]);
}

static bool is_name(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
	       (!first && c >= '0' && c <= '9');
}

/* Of a text in quotes, with both; or what is left when the closing one is missing. */
static size_t quoted_length(struct str s)
{
	size_t n = 1;

	while (n < s.n && s.p[n] != s.p[0])
		n += s.p[n] == '\\' ? 2 : 1;
	return n < s.n ? n + 1 : s.n;
}

/* The next word of an expression that could be a metric's name; words in quotes are none. */
static bool next_word(struct str *expr, struct str *word)
{
	while (expr->n && !is_name(expr->p[0], true)) {
		size_t skip = expr->p[0] == '"' || expr->p[0] == '\'' ? quoted_length(*expr) : 1;

		expr->p += skip;
		expr->n -= skip;
	}
	*word = (struct str){expr->p, 0};
	while (expr->n && is_name(expr->p[0], false)) {
		expr->p++;
		expr->n--;
		word->n++;
	}
	return word->n > 0;
}

/* Once for each word of the expression that is the metric of a runbook, as if the alert bore the
 * metric's name. */
static void find_by_metric(
	struct triggers *t, const struct labels *l, struct str expr, struct matches *m)
{
	struct labels with = LABELS_INIT;
	struct str word;

	for (size_t i = 0; i < l->count; i++)
		labels_set(&with, l->items[i].name, l->items[i].value);
	for (int words = 0; words < WORDS_MAX && next_word(&expr, &word); words++) {
		if (table_get(&t->metrics, hash_add(HASH_START, word)) == TABLE_NONE)
			continue;
		labels_set(&with, STR("__name__"), word);
		find(t, &with, m);
	}
	labels_clear(&with);
}

/* Whether a goes before b: more conditions say more about the alert. */
static bool goes_before(const struct entry *a, const struct entry *b)
{
	if (a->conditions != b->conditions)
		return a->conditions > b->conditions;
	return strcmp(a->id, b->id) < 0;
}

size_t triggers_match(
	struct triggers *t, const struct labels *l, struct str expr, const char **ids, size_t max)
{
	struct matches m = {.count = 0};
	size_t n;

	find(t, l, &m);
	if (expr.n && t->metrics.count)
		find_by_metric(t, l, expr, &m);
	for (size_t i = 1; i < m.count; i++) /* few: insertion sort */
		for (size_t j = i;
			j && goes_before(&t->entries[m.tags[j]], &t->entries[m.tags[j - 1]]); j--) {
			uint32_t was = m.tags[j];

			m.tags[j] = m.tags[j - 1];
			m.tags[j - 1] = was;
		}
	n = m.count < max ? m.count : max;
	for (size_t i = 0; i < n; i++)
		ids[i] = t->entries[m.tags[i]].id;
	return n;
}
