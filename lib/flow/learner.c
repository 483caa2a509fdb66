#include "flow/learner.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "doc/case.h"
#include "edge/changes.h"
#include "flow/kept.h"

#define DECISION_MAX ((size_t)32 << 20)
#define KEPT_ROOM    4096 /* trials that can be added before they are moved */

struct learner {
	struct repo *repo;
	char commit[REPO_ID];
	struct kept kept; /* while it is mapped, `all` lies in it */
	struct trial *all;
	size_t count, cap;
	size_t fresh, read; /* since the cache; files read in all */
	char **names;
	size_t n_names, cap_names;
	struct table numbers; /* hash of a name, probed on from there, to its number */
	/* made by sort_out */
	bool sorted;
	int64_t linked; /* trials that ended from here on have their `again` */
	uint32_t *again, *order,
		*first; /* first[name]: where its runbook's trials start in order */
	struct buf text;
};

/* --- names --- */

static uint32_t find_name(const struct learner *l, struct str name, uint64_t *key)
{
	uint32_t number;

	for (*key = hash_add(HASH_START, name);; ++*key) {
		number = table_get(&l->numbers, *key);
		if (number == TABLE_NONE || str_is(name, l->names[number]))
			return number;
	}
}

static uint32_t number_of(struct learner *l, struct str name)
{
	uint64_t key;
	uint32_t number = find_name(l, name, &key);

	if (number != TABLE_NONE)
		return number;
	l->names = mem_room(l->names, l->n_names, &l->cap_names, sizeof *l->names);
	l->names[l->n_names] = mem_copy(name.p, name.n);
	table_put(&l->numbers, key, (uint32_t)l->n_names);
	return (uint32_t)l->n_names++;
}

uint32_t learner_name(const struct learner *l, const char *name)
{
	uint64_t key;
	uint32_t number = find_name(l, str_of(name), &key);

	return number == TABLE_NONE ? TRIAL_NONE : number;
}

/* --- one decision --- */

static int digits(const char *p, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

/* "20261121T041300Z" in seconds since 1970; -1: it is none. */
static int64_t opened_of(const char *id)
{
	char text[WHEN_TEXT];
	int64_t at;

	snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", id, id + 4, id + 6, id + 9,
		id + 11, id + 13);
	if (id[8] != 'T' || id[15] != 'Z' || when_parse(str_of(text), &at) || at < 0)
		return -1;
	at /= WHEN_SECOND;
	return at < UINT32_MAX ? at : -1;
}

/*
 * What the path says: decisions/YYYY/MM/DD/<case>.json, or <case>.N.json for a later event, or one
 * directory further down on a crowded day. False when the file is no decision's.
 */
static bool read_path(struct trial *t, const char *path)
{
	const char *id = strrchr(path, '/'), *end;
	struct str hex;
	int64_t opened;
	int event = 1;

	if (!id || strlen(++id) < 38)
		return false;
	opened = opened_of(id);
	hex = (struct str){id + 17, 16};
	if (opened < 0 || id[16] != '-' || fingerprint_parse(hex, &t->group))
		return false;
	end = id + 33;
	if (strcmp(end, ".json") != 0) {
		size_t n = strcspn(end + 1, ".");

		event = *end == '.' && n >= 1 && n <= 4 ? digits(end + 1, (int)n) : -1;
		if (event < 2 || strcmp(end + 1 + n, ".json") != 0)
			return false;
	}
	t->opened = (uint32_t)opened;
	t->event = (uint16_t)event;
	if (id - path == sizeof "decisions/2026/11/21/9c/" - 1)
		t->flags |= TRIAL_CROWDED;
	return true;
}

void learner_path(const struct trial *t, struct buf *into)
{
	char id[CASE_ID];

	case_id((int64_t)t->opened * WHEN_SECOND, t->group, id);
	buf_putf(into, "decisions/%.4s/%.2s/%.2s/", id, id + 4, id + 6);
	if (t->flags & TRIAL_CROWDED)
		buf_putf(into, "%.2s/", id + 17);
	buf_puts(into, id);
	if (t->event > 1)
		buf_putf(into, ".%u", t->event);
	buf_puts(into, ".json");
}

/* The position of a text among words, counted from 1; 0 when it is none of them. */
static unsigned word_of(struct scan_value v, const char *const *words)
{
	struct str text;

	if (scan_plain(v, &text))
		for (unsigned i = 0; words[i]; i++)
			if (str_is(text, words[i]))
				return i + 1;
	return 0;
}

static uint32_t time_of(struct scan_value v, uint32_t fallback)
{
	struct str text;
	int64_t at;

	if (!scan_plain(v, &text) || when_parse(text, &at) || at < 0 ||
		at / WHEN_SECOND >= UINT32_MAX)
		return fallback;
	return (uint32_t)(at / WHEN_SECOND);
}

static uint32_t name_of(struct learner *l, struct scan_value v)
{
	struct str text;

	return scan_plain(v, &text) && text.n ? number_of(l, text) : TRIAL_NONE;
}

static void read_plan(struct learner *l, struct trial *t, struct scan_value plan, int64_t chosen)
{
	struct scan_value runbook = scan_member(plan, "runbook"), key, one;
	int64_t recommended, n;
	unsigned level = word_of(scan_member(runbook, "level"), level_names);

	t->runbook = name_of(l, scan_member(runbook, "id"));
	t->steps = name_of(l, scan_member(runbook, "steps_digest"));
	t->level = level ? (level - 1) & 15 : LEVEL_ASK_HUMAN;
	if (scan_integer(scan_member(plan, "recommended"), &recommended) == 0 &&
		recommended == chosen)
		t->flags |= TRIAL_CHOSEN_BY_HL;
	for (struct scan_iter it = scan_open(scan_member(plan, "solutions"));
		scan_next(&it, &key, &one);)
		if (scan_integer(scan_member(one, "n"), &n) == 0 && n == chosen)
			t->solution = name_of(l, scan_member(one, "id"));
}

static bool any_ok(struct scan_value list)
{
	struct scan_value key, one;

	for (struct scan_iter it = scan_open(list); scan_next(&it, &key, &one);)
		if (scan_member(one, "ok").type == SCAN_TRUE)
			return true;
	return false;
}

static int read_case(struct learner *l, struct trial *t, const char *path, struct err *e)
{
	static const char *const keys[] = {"plan", "approval", "outcome"};
	static const char *const decisions[] = {
		"approved", "rejected", "ignored", "snoozed", "auto", "expired", NULL};
	static const char *const results[] = {
		"fixed", "failed", "rolled_back", "unverified", "waiting", "refused", NULL};
	struct scan_value member[3];
	struct scan_error error;
	int64_t chosen = 0;

	if (scan_object(buf_str(&l->text), keys, member, 3, &error))
		return err_set(e, ERR_DATA, "decision '%s' is not JSON: %s at byte %zu", path,
			error.why, error.at + 1);
	t->runbook = t->solution = t->steps = TRIAL_NONE;
	t->decision = word_of(scan_member(member[1], "decision"), decisions) & 15;
	t->result = word_of(scan_member(member[2], "result"), results) & 15;
	t->at = time_of(scan_member(member[1], "at"), t->opened);
	t->at = time_of(scan_member(member[2], "at"), t->at);
	if (scan_integer(scan_member(member[1], "solution"), &chosen))
		chosen = 0;
	if (any_ok(scan_member(member[2], "undo")))
		t->flags |= TRIAL_UNDONE;
	read_plan(l, t, member[0], chosen);
	return 0;
}

static void release_trials(struct learner *l)
{
	if (!l->kept.map)
		free(l->all);
	kept_close(&l->kept);
}

static void make_room(struct learner *l)
{
	if (l->kept.map && l->count == l->cap) {
		struct trial *copy = mem_array(l->count + KEPT_ROOM, sizeof *copy);

		memcpy(copy, l->all, l->count * sizeof *copy);
		release_trials(l);
		l->all = copy;
		l->cap = l->count + KEPT_ROOM;
	}
	l->all = mem_room(l->all, l->count, &l->cap, sizeof *l->all);
}

static int read_decision(void *arg, const char *path, const char *blob, struct err *e)
{
	struct learner *l = arg;
	struct trial t;

	memset(&t, 0, sizeof t);
	if (!read_path(&t, path))
		return 0;
	buf_reset(&l->text);
	if (repo_blob(l->repo, blob, &l->text, e) || read_case(l, &t, path, e))
		return -1;
	if (l->count == UINT32_MAX - 1)
		return err_set(e, ERR_DATA, "more decisions than can be counted");
	make_room(l);
	l->all[l->count++] = t;
	l->fresh++;
	l->read++;
	return 0;
}

/* --- the order of time --- */

/* What was there is in order, and what came is mostly newer: sort that, and merge. */
static void sort_trials(struct learner *l, size_t before)
{
	struct trial *merged;
	size_t i = 0, k = before;

	qsort(l->all + before, l->count - before, sizeof *l->all, trial_order);
	if (!before || before == l->count || trial_order(&l->all[before - 1], &l->all[before]) < 0)
		return;
	merged = mem_array(l->count, sizeof *merged);
	for (size_t n = 0; n < l->count; n++) {
		bool old = k == l->count || (i < before && trial_order(&l->all[i], &l->all[k]) < 0);

		merged[n] = old ? l->all[i++] : l->all[k++];
	}
	release_trials(l);
	l->all = merged;
	l->cap = l->count;
}

/* Old evidence is not asked for, so the older part of a long history need not be linked. */
static void link_groups(struct learner *l, int64_t since)
{
	struct table latest = TABLE_INIT;
	size_t first = 0;

	if (since >= l->linked)
		return;
	while (first < l->count && l->all[first].at < since)
		first++;
	for (size_t i = l->count; i > first; i--) {
		l->again[i - 1] = table_get(&latest, l->all[i - 1].group);
		table_put(&latest, l->all[i - 1].group, (uint32_t)(i - 1));
	}
	table_clear(&latest);
	l->linked = since;
}

/* The trials of each runbook side by side, by counting. */
static void sort_out(struct learner *l)
{
	if (l->sorted)
		return;
	free(l->again);
	free(l->order);
	free(l->first);
	l->again = mem_array(l->count, sizeof *l->again);
	memset(l->again, 0xff, l->count * sizeof *l->again); /* TRIAL_NONE */
	l->order = mem_array(l->count, sizeof *l->order);
	l->first = mem_array(l->n_names + 2, sizeof *l->first);
	l->linked = INT64_MAX;
	for (size_t i = 0; i < l->count; i++)
		if (l->all[i].runbook != TRIAL_NONE)
			l->first[l->all[i].runbook + 2]++;
	for (size_t i = 2; i < l->n_names + 2; i++)
		l->first[i] += l->first[i - 1];
	for (size_t i = 0; i < l->count; i++)
		if (l->all[i].runbook != TRIAL_NONE)
			l->order[l->first[l->all[i].runbook + 1]++] = (uint32_t)i;
	l->sorted = true;
}

struct trials learner_trials(struct learner *l, uint32_t runbook, int64_t since)
{
	struct trials t = {.all = l->all};

	sort_out(l);
	link_groups(l, since);
	t.again = l->again;
	if (runbook != TRIAL_NONE) {
		t.mine = l->order + l->first[runbook];
		t.count = l->first[runbook + 1] - l->first[runbook];
	}
	return t;
}

int learner_runbooks(struct learner *l, learner_each_fn *each, void *arg, struct err *e)
{
	sort_out(l);
	for (size_t i = 0; i < l->n_names; i++)
		if (l->first[i + 1] > l->first[i] && each(arg, l->names[i], e))
			return -1;
	return 0;
}

/* --- from commit to commit --- */

static void forget(struct learner *l)
{
	for (size_t i = 0; i < l->n_names; i++)
		free(l->names[i]);
	table_clear(&l->numbers);
	release_trials(l);
	l->all = NULL;
	l->n_names = l->count = l->cap = l->fresh = 0;
	l->commit[0] = '\0';
	l->sorted = false;
}

/* What is kept is used where it lies, until there is no more room behind it. */
static void take_up(struct learner *l)
{
	struct str names, name;

	kept_open(&l->kept, KEPT_ROOM);
	if (!l->kept.map)
		return;
	names = l->kept.names;
	for (size_t i = 0; i < l->kept.n_names && str_split(&names, '\0', &name); i++)
		number_of(l, name);
	memcpy(l->commit, l->kept.commit, REPO_ID);
	l->all = l->kept.all;
	l->count = l->kept.count;
	l->cap = l->kept.cap;
}

int learner_move(struct learner *l, const char *commit, struct err *e)
{
	size_t before = l->count;
	int rc = changes_each(l->repo, l->commit, commit, "decisions", read_decision, l, e);

	if (rc > 0) {
		forget(l);
		before = 0;
		rc = changes_each(l->repo, "", commit, "decisions", read_decision, l, e);
	}
	if (rc)
		return -1;
	memcpy(l->commit, commit, REPO_ID);
	if (l->count != before) {
		sort_trials(l, before);
		l->sorted = false;
	}
	return 0;
}

struct learner *learner_open(
	struct repo *r, const char *commit, enum learner_cache use, struct err *e)
{
	struct learner *l = mem_new(sizeof *l);

	l->repo = r;
	l->text = BUF_INIT(DECISION_MAX);
	if (use == LEARNER_CACHE)
		take_up(l);
	if (learner_move(l, commit, e)) {
		learner_free(l);
		return NULL;
	}
	/* A few new ones are sooner read again than all is written again. */
	if (use == LEARNER_CACHE && l->fresh > l->count / 64)
		kept_write(l->commit, l->names, l->n_names, l->all, l->count);
	return l;
}

void learner_free(struct learner *l)
{
	if (!l)
		return;
	forget(l);
	free(l->names);
	free(l->again);
	free(l->order);
	free(l->first);
	buf_clear(&l->text);
	free(l);
}

size_t learner_count(const struct learner *l)
{
	return l->count;
}

size_t learner_read(const struct learner *l)
{
	return l->read;
}
