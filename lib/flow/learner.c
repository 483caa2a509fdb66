#include "flow/learner.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
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
	size_t fresh; /* since the cache */
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

static uint32_t number_of(void *arg, struct str name)
{
	struct learner *l = arg;
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
	struct scan_error error;
	struct trial t;

	memset(&t, 0, sizeof t);
	if (!trial_of_path(&t, path))
		return 0;
	buf_reset(&l->text);
	if (repo_blob(l->repo, blob, &l->text, e))
		return -1;
	if (trial_read(&t, buf_str(&l->text), number_of, l, &error))
		return err_set(e, ERR_DATA, "decision '%s' is not JSON: %s at byte %zu", path,
			error.why, error.at + 1);
	if (l->count == UINT32_MAX - 1)
		return err_set(e, ERR_DATA, "more decisions than can be counted");
	make_room(l);
	l->all[l->count++] = t;
	l->fresh++;
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
