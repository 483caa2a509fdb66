#include "flow/triggers.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "doc/runbook.h"
#include "doc/trigger_index.h"
#include "edge/state.h"
#include "edge/yaml.h"
#include "flow/trigger_cache.h"

#define RUNBOOK_MAX ((size_t)1 << 20)
#define MATCHES_MAX 64
#define METRICS_MAX 32

struct entry {
	char *id, *path; /* id NULL: it did not load */
	size_t conditions;
};

struct triggers {
	struct entry *entries;
	size_t count, cap;
	struct trigger_index *index;
};

static struct triggers *triggers_new(void)
{
	struct triggers *t = mem_new(sizeof *t);

	t->index = trigger_index_new();
	return t;
}

/* A trigger_line_fn. A runbook that did not load is named each time: it would be missed at night. */
static void add_line(void *arg, struct trigger_line *line)
{
	struct triggers *t = arg;
	struct entry *entry;

	t->entries = mem_room(t->entries, t->count, &t->cap, sizeof *t->entries);
	entry = &t->entries[t->count];
	*entry = (struct entry){.id = line->id, .path = line->path, .conditions = line->match.count};
	if (line->id)
		trigger_index_take(t->index, &line->match, (uint32_t)t->count);
	if (line->fault)
		msg_warn("%s: this runbook is left out", line->fault);
	line->id = line->path = NULL;
	t->count++;
}

struct build {
	struct triggers *triggers;
	struct repo *repo;
	struct buf cache;
	json_t *seen; /* id -> path, to find an id that two files claim */
};

/*
 * The conditions as the index wants them: of a metric's trigger those of its labels, and the metric's name
 * as the label __name__, as Prometheus has it.
 */
static struct runbook *load_runbook(struct repo *repo, const char *path, const char *blob, struct err *e)
{
	struct buf text = BUF_INIT(RUNBOOK_MAX);
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	struct runbook *r = NULL;
	json_t *tree = NULL;

	if (repo_blob(repo, blob, &text, e) == 0)
		tree = yaml_load(buf_str(&text), path, places, e);
	if (tree)
		r = runbook_take(tree, &source, e);
	if (r && r->by_metric && matchers_add(&r->match, "__name__", MATCHER_EQUAL, r->metric_name, e)) {
		runbook_free(r);
		r = NULL;
	}
	places_free(places);
	buf_clear(&text);
	return r;
}

static int add_runbook(void *arg, const char *path, const char *blob, struct err *e)
{
	struct build *b = arg;
	struct trigger_line line = {.path = NULL};
	struct err why = ERR_INIT;
	struct runbook *r;
	const char *other;

	(void)e;
	if (!str_ends(str_of(path), ".yaml") && !str_ends(str_of(path), ".yml"))
		return 0;
	r = load_runbook(b->repo, path, blob, &why);
	other = r ? json_string_value(json_object_get(b->seen, r->id)) : NULL;
	if (other)
		err_set(&why, ERR_CONFIG, "%s: id '%s' is taken by '%s' already", path, r->id, other);
	line.path = mem_text(path);
	if (why.kind != ERR_NONE) {
		line.fault = mem_text(why.text);
	} else {
		line.id = mem_text(r->id);
		line.match = r->match;
		r->match = (struct matchers)MATCHERS_INIT;
		json_object_set_new(b->seen, line.id, json_string(path));
	}
	trigger_line_put(&b->cache, &line);
	add_line(b->triggers, &line);
	trigger_line_clear(&line);
	runbook_free(r);
	return 0;
}

static struct triggers *build(struct repo *r, const char *commit, const char *dir, const char *path,
	struct err *e)
{
	struct build b = {.triggers = triggers_new(), .repo = r, .cache = BUF_INIT(TRIGGER_CACHE_MAX)};

	b.seen = json_object();
	if (repo_each(r, commit, "runbooks", add_runbook, &b, e)) {
		triggers_free(b.triggers);
		b.triggers = NULL;
	} else if (path) {
		trigger_cache_write(dir, path, &b.cache);
	}
	json_decref(b.seen);
	buf_clear(&b.cache);
	return b.triggers;
}

static struct triggers *from_cache(const char *path)
{
	struct triggers *t = triggers_new();

	if (trigger_cache_read(path, add_line, t) == 0)
		return t;
	triggers_free(t);
	return NULL;
}

struct triggers *triggers_load(struct repo *r, const char *commit, struct err *e)
{
	struct triggers *t = NULL;
	struct err none = ERR_INIT;
	char tree[REPO_ID], name[sizeof TRIGGER_CACHE_PREFIX + REPO_ID], *dir, *path;
	int found = repo_find(r, commit, "runbooks", tree, e);

	if (found < 0)
		return NULL;
	if (found == 0)
		return triggers_new();
	dir = state_make("cache", &none);
	snprintf(name, sizeof name, TRIGGER_CACHE_PREFIX "%s", tree);
	path = dir ? path_join(dir, name) : NULL;
	if (path)
		t = from_cache(path);
	if (!t)
		t = build(r, commit, dir, path, e);
	free(dir);
	free(path);
	return t;
}

void triggers_free(struct triggers *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++) {
		free(t->entries[i].id);
		free(t->entries[i].path);
	}
	free(t->entries);
	trigger_index_free(t->index);
	free(t);
}

size_t triggers_count(const struct triggers *t)
{
	return t->count;
}

const char *triggers_id(const struct triggers *t, size_t i)
{
	return t->entries[i].id;
}

const char *triggers_path(const struct triggers *t, size_t i)
{
	return t->entries[i].path;
}

/* --- matching --- */

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

/* The next word of an expression that could be a metric's name; words in quotes are none. */
static bool next_word(struct str *expr, struct str *word)
{
	while (expr->n && !is_name(expr->p[0], true)) {
		const char *close = NULL;

		if (expr->p[0] == '"' || expr->p[0] == '\'')
			close = memchr(expr->p + 1, expr->p[0], expr->n - 1);
		if (close) {
			expr->n -= (size_t)(close - expr->p);
			expr->p = close;
		}
		expr->p++;
		expr->n--;
	}
	*word = (struct str){expr->p, 0};
	while (expr->n && is_name(expr->p[0], false)) {
		expr->p++;
		expr->n--;
		word->n++;
	}
	return word->n > 0;
}

/* Once for each word of the expression, as if the alert bore the metric's name. */
static void find_by_metric(struct triggers *t, const struct labels *l, struct str expr,
	struct matches *m)
{
	struct labels with = LABELS_INIT;
	struct str word;

	for (size_t i = 0; i < l->count; i++)
		labels_set(&with, l->items[i].name, l->items[i].value);
	for (int i = 0; i < METRICS_MAX && next_word(&expr, &word); i++) {
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

size_t triggers_match(struct triggers *t, const struct labels *l, struct str expr, const char **ids,
	size_t max)
{
	struct matches m = {.count = 0};
	size_t n;

	find(t, l, &m);
	if (expr.n)
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
