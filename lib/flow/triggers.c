#include "flow/triggers.h"

#include <dirent.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "doc/runbook.h"
#include "doc/trigger_index.h"
#include "edge/state.h"
#include "edge/yaml.h"
#include "json/scan.h"

#define FORMAT "1"
#define CACHE_PREFIX "triggers-"
#define CACHE_MAX ((size_t)256 << 20)
#define RUNBOOK_MAX ((size_t)1 << 20)
#define MATCHES_MAX 64
#define METRICS_MAX 32

struct entry {
	char *id, *path; /* id NULL: it did not load */
	char *fault;     /* then why */
	size_t conditions;
};

struct triggers {
	struct entry *entries;
	size_t count, cap;
	struct trigger_index *index;
};

static struct entry *add(struct triggers *t, const char *path)
{
	struct entry *entry;

	t->entries = mem_room(t->entries, t->count, &t->cap, sizeof *t->entries);
	entry = &t->entries[t->count++];
	*entry = (struct entry){.path = mem_text(path)};
	return entry;
}

static void set_index(struct triggers *t, struct entry *entry, struct matchers *m)
{
	entry->conditions = m->count;
	trigger_index_take(t->index, m, (uint32_t)(entry - t->entries));
}

static void put_text(struct buf *line, const char *key, const char *text)
{
	buf_putf(line, ",\"%s\":", key);
	scan_quote(line, str_of(text));
}

/* {"v":"1","path":"..","id":"..","match":[["alertname",0,"DiskFull"],..]} or {.."fault":".."} */
static void put_line(struct buf *into, const struct entry *entry, const struct matchers *m)
{
	buf_puts(into, "{\"v\":\"" FORMAT "\"");
	put_text(into, "path", entry->path);
	if (entry->fault)
		put_text(into, "fault", entry->fault);
	if (entry->id) {
		put_text(into, "id", entry->id);
		buf_puts(into, ",\"match\":[");
		for (size_t i = 0; i < m->count; i++) {
			buf_puts(into, i ? ",[" : "[");
			scan_quote(into, str_of(m->items[i].name));
			buf_putf(into, ",%d,", (int)m->items[i].op);
			scan_quote(into, str_of(m->items[i].value));
			buf_putc(into, ']');
		}
		buf_putc(into, ']');
	}
	buf_puts(into, "}\n");
}

/* --- from the repo --- */

struct build {
	struct triggers *t;
	struct repo *repo;
	struct buf cache;
	json_t *seen; /* id -> path, to find an id that two files claim */
};

/*
 * The conditions as the index wants them: those of a metric's labels, and the metric's name as the label
 * __name__, as Prometheus has it.
 */
static struct runbook *load_runbook(struct build *b, const char *path, const char *blob, struct err *e)
{
	struct buf text = BUF_INIT(RUNBOOK_MAX);
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	struct runbook *r = NULL;
	json_t *tree = NULL;

	if (repo_blob(b->repo, blob, &text, e) == 0)
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
	struct err why = ERR_INIT;
	struct runbook *r;
	struct entry *entry;
	const json_t *other;

	(void)e;
	if (!str_ends(str_of(path), ".yaml") && !str_ends(str_of(path), ".yml"))
		return 0;
	entry = add(b->t, path);
	r = load_runbook(b, path, blob, &why);
	other = r ? json_object_get(b->seen, r->id) : NULL;
	if (other)
		err_set(&why, ERR_CONFIG, "%s: id '%s' is taken by '%s' already", path, r->id,
			json_string_value(other));
	if (why.kind != ERR_NONE) {
		entry->fault = mem_text(why.text);
		put_line(&b->cache, entry, NULL);
	} else {
		entry->id = mem_text(r->id);
		json_object_set_new(b->seen, r->id, json_string(path));
		put_line(&b->cache, entry, &r->match);
		set_index(b->t, entry, &r->match);
	}
	runbook_free(r);
	return 0;
}

/* --- the cache --- */

static char *take_text(struct scan_value object, const char *key)
{
	struct buf text = BUF_INIT(BUF_RECORD);

	if (scan_string(scan_member(object, key), &text)) {
		buf_clear(&text);
		return NULL;
	}
	return buf_take(&text);
}

static void read_matchers(struct scan_value list, struct matchers *m)
{
	struct scan_value key, one;

	for (struct scan_iter it = scan_open(list); scan_next(&it, &key, &one);) {
		struct scan_iter parts = scan_open(one);
		struct scan_value part[3] = {{.type = SCAN_NONE}};
		struct buf name = BUF_INIT(BUF_RECORD), value = BUF_INIT(BUF_RECORD);
		int64_t op;

		for (int i = 0; i < 3 && scan_next(&parts, &key, &part[i]); i++)
			;
		if (scan_string(part[0], &name) == 0 && scan_string(part[2], &value) == 0 &&
			scan_integer(part[1], &op) == 0 && op >= MATCHER_EQUAL && op <= MATCHER_NOT_REGEX)
			matchers_add_checked(m, buf_text(&name), (enum matcher_op)op, buf_text(&value));
		buf_clear(&name);
		buf_clear(&value);
	}
}

static int read_line(struct triggers *t, struct str line)
{
	struct scan_error fault;
	struct scan_value object;
	struct matchers m = MATCHERS_INIT;
	struct entry *entry;
	char *path;

	if (scan_text(line, &object, &fault) || !scan_is(scan_member(object, "v"), STR(FORMAT)))
		return -1;
	path = take_text(object, "path");
	if (!path)
		return -1;
	entry = add(t, path);
	free(path);
	entry->id = take_text(object, "id");
	entry->fault = take_text(object, "fault");
	if (entry->id) {
		read_matchers(scan_member(object, "match"), &m);
		set_index(t, entry, &m);
	}
	return entry->id || entry->fault ? 0 : -1;
}

/* The last line is "end": a cache that was cut off is not taken for whole. */
static int read_cache(struct triggers *t, const char *path)
{
	struct buf text = BUF_INIT(CACHE_MAX);
	struct err none = ERR_INIT;
	struct str rest, line;
	int rc = -1;

	if (file_read(path, &text, &none) == 0) {
		rest = buf_str(&text);
		while (str_split(&rest, '\n', &line) && !str_is(line, "end") && read_line(t, line) == 0)
			;
		rc = str_is(line, "end") ? 0 : -1;
	}
	buf_clear(&text);
	return rc;
}

/* A cache that cannot be written costs time, nothing else. */
static void write_cache(const char *dir, const char *path, struct buf *text)
{
	struct err e = ERR_INIT;
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char *old = path_join(dir, entry->d_name);

		if (str_starts(str_of(entry->d_name), CACHE_PREFIX))
			unlink(old);
		free(old);
	}
	if (d)
		closedir(d);
	buf_puts(text, "end\n");
	if (file_replace(path, buf_str(text), &e))
		msg_why("%s", e.text);
}

/* --- */

static struct triggers *triggers_new(void)
{
	struct triggers *t = mem_new(sizeof *t);

	t->index = trigger_index_new();
	return t;
}

static struct triggers *build(struct repo *r, const char *commit, const char *dir, const char *path,
	struct err *e)
{
	struct build b = {.t = triggers_new(), .repo = r, .cache = BUF_INIT(CACHE_MAX)};

	b.seen = json_object();
	if (repo_each(r, commit, "runbooks", add_runbook, &b, e)) {
		triggers_free(b.t);
		b.t = NULL;
	} else if (path) {
		write_cache(dir, path, &b.cache);
	}
	json_decref(b.seen);
	buf_clear(&b.cache);
	return b.t;
}

struct triggers *triggers_load(struct repo *r, const char *commit, struct err *e)
{
	struct triggers *t = triggers_new();
	struct err none = ERR_INIT;
	char tree[REPO_ID], name[sizeof CACHE_PREFIX + REPO_ID], *dir = NULL, *path = NULL;
	int found = repo_find(r, commit, "runbooks", tree, e);

	if (found > 0) {
		dir = state_make("cache", &none);
		snprintf(name, sizeof name, CACHE_PREFIX "%s", tree);
		path = dir ? path_join(dir, name) : NULL;
	}
	if (found < 0 || (found > 0 && (!path || read_cache(t, path)))) {
		triggers_free(t);
		t = found < 0 ? NULL : build(r, commit, dir, path, e);
	}
	for (size_t i = 0; t && i < t->count; i++)
		if (t->entries[i].fault)
			msg_warn("%s: this runbook is left out", t->entries[i].fault);
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
		free(t->entries[i].fault);
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
