#include "flow/trigger_cache.h"

#include <stdlib.h>
#include <string.h>

#include "doc/runbook.h"
#include "edge/yaml.h"
#include "flow/cached.h"

#define KIND        "triggers 3"
#define CACHE_MAX   ((size_t)256 << 20)
#define RUNBOOK_MAX ((size_t)1 << 20)

/*
 * An entry is texts, each with its NUL: path, id, fault, metric, then op, name and value of each
 * condition, and an empty text. op is one of "0" to "3", so no condition looks like the end.
 */

static void put_text(struct buf *into, const char *text)
{
	buf_put(into, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void put_runbook(struct buf *into, const struct runbook *r)
{
	put_text(into, r->path);
	put_text(into, r->id);
	put_text(into, NULL);
	put_text(into, r->by_metric ? r->metric_name : NULL);
	for (size_t i = 0; i < r->match.count; i++) {
		const struct matcher *m = &r->match.items[i];

		buf_putc(into, (char)('0' + (int)m->op));
		buf_putc(into, '\0');
		put_text(into, m->name);
		put_text(into, m->value);
	}
	put_text(into, NULL);
}

static void put_fault(struct buf *into, const char *path, const char *fault)
{
	put_text(into, path);
	put_text(into, NULL);
	put_text(into, fault);
	put_text(into, NULL);
	put_text(into, NULL);
}

const char *trigger_cache_begin(const struct buf *bytes)
{
	return bytes->p;
}

/* NULL past the end. */
static const char *take_text(const char **at, const char *end)
{
	const char *text = *at, *nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;

	*at = nul ? nul + 1 : end;
	return nul ? text : NULL;
}

bool trigger_cache_next(const struct buf *bytes, const char **at, struct trigger_entry *entry)
{
	const char *end = bytes->p + bytes->n, *op;

	*entry = (struct trigger_entry){.path = take_text(at, end),
		.id = take_text(at, end),
		.fault = take_text(at, end),
		.metric = take_text(at, end)};
	if (!entry->metric)
		return false;
	while ((op = take_text(at, end)) && *op) {
		const char *name = take_text(at, end), *value = take_text(at, end);

		if (name && value)
			matchers_add_checked(
				&entry->match, name, (enum matcher_op)(*op - '0'), value);
	}
	return true;
}

/* From the runbooks. */

struct build {
	struct repo *repo;
	struct buf *into;
	json_t *paths; /* by id, to find an id that two files claim */
};

static struct runbook *load_runbook(
	struct build *b, const char *path, const char *blob, struct err *e)
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
	places_free(places);
	buf_clear(&text);
	return r;
}

/* The index knows a metric's name as the label __name__, as Prometheus does. */
static int take_runbook(struct build *b, struct runbook *r, struct err *e)
{
	const char *other = json_string_value(json_object_get(b->paths, r->id));

	if (other)
		return err_set(e, ERR_CONFIG,
			"%s: its id '%s' is that of '%s' too; ids must differ", r->path, r->id,
			other);
	if (r->by_metric && matchers_add(&r->match, "__name__", MATCHER_EQUAL, r->metric_name, e))
		return -1;
	json_object_set_new(b->paths, r->id, json_string(r->path));
	put_runbook(b->into, r);
	return 0;
}

static int add_runbook(void *arg, const char *path, const char *blob, struct err *e)
{
	struct build *b = arg;
	struct err why = ERR_INIT;
	struct runbook *r;

	if (!str_ends(str_of(path), ".yaml") && !str_ends(str_of(path), ".yml"))
		return 0;
	r = load_runbook(b, path, blob, &why);
	if (!r || take_runbook(b, r, &why))
		put_fault(b->into, path, why.text);
	runbook_free(r);
	return b->into->full ? err_set(e, ERR_DATA, "the runbooks are more than can be held") : 0;
}

static int build(struct repo *r, const char *commit, struct buf *into, struct err *e)
{
	struct build b = {.repo = r, .into = into, .paths = json_object()};
	int rc;

	buf_reset(into);
	rc = repo_each(r, commit, "runbooks", add_runbook, &b, e);
	json_decref(b.paths);
	return rc;
}

int trigger_cache_load(
	struct repo *r, const char *commit, bool keep, struct buf *into, struct err *e)
{
	char tree[REPO_ID];
	int found = repo_find(r, commit, "runbooks", tree, e), rc;

	*into = BUF_INIT(CACHE_MAX);
	if (found < 0)
		return -1;
	if (found > 0 && cached_read(KIND, tree, into))
		return 0;
	rc = build(r, commit, into, e);
	if (rc == 0 && found > 0 && keep)
		cached_write(KIND, tree, buf_str(into));
	return rc;
}
