#include "doc/deed.h"

#include "doc/check.h"
#include "doc/solution.h"
#include "doc/step.h"

/* A deed that is being read. */
struct reading {
	const char *id; /* of its step */
	template_each_fn *each;
	void *arg;
};

static int check_texts(
	const struct reading *r, const struct node *n, const char *const *keys, struct err *e)
{
	for (; *keys; keys++) {
		struct node member = node_get(n, *keys);

		if (node_there(&member) && template_check(&member, r->each, r->arg, e))
			return -1;
	}
	return 0;
}

static json_t *new_deed(const char *kind)
{
	return json_pack("{s:s}", "kind", kind);
}

/* The members that are there go over as they are. */
static void take(json_t *deed, const struct node *n, const char *const *keys)
{
	for (; *keys; keys++)
		if (json_object_get(n->v, *keys))
			json_object_set(deed, *keys, json_object_get(n->v, *keys));
}

static json_t *load_tool(const struct reading *r, const struct node *n, struct err *e)
{
	static const char *const members[] = {"tool", "args", NULL};
	struct node args = node_get(n, "args");
	json_t *deed;

	if (!document_name(n, "tool", e) || node_is_object(&args, e) ||
		check_texts(r, n, members, e))
		return NULL;
	deed = json_object();
	take(deed, n, members);
	if (!node_there(&args))
		json_object_set_new(deed, "args", json_object());
	return deed;
}

static json_t *load_check(const struct reading *r, const struct node *n, struct err *e)
{
	static const char *const members[] = {"tool", "args", "expect", "within", "title", NULL};
	static const char *const texts[] = {"args", "title", NULL};
	json_t *deed;

	if (check_check(n, e) || check_texts(r, n, texts, e))
		return NULL;
	deed = new_deed("check");
	take(deed, n, members);
	if (!json_object_get(deed, "args"))
		json_object_set_new(deed, "args", json_object());
	return deed;
}

static json_t *load_human(const struct reading *r, const struct node *n, struct err *e)
{
	static const char *const members[] = {"title", "ask", "details", "within", NULL};
	static const char *const texts[] = {"title", "ask", "details", NULL};
	struct node within = node_get(n, "within");
	int64_t ms;
	json_t *deed;

	if (json_is_string(n->v)) {
		if (template_check(n, r->each, r->arg, e))
			return NULL;
		return json_pack("{s:s, s:s, s:O}", "kind", "human", "title", r->id, "ask", n->v);
	}
	if (!json_is_object(n->v)) {
		node_fail(n, e, "must say what to do, such as {ask: Put the disk in, within: 14d}");
		return NULL;
	}
	if (node_known(n, members, e) || !document_title(n, "title", r->id, e) ||
		!node_text(n, "ask", NULL, e) || check_texts(r, n, texts, e))
		return NULL;
	ms = node_span(n, "within", STEP_WITHIN, e);
	if (e->kind == ERR_NONE && (ms < 1000 || ms > STEP_WITHIN_MAX))
		node_fail(&within, e, "a person has from 1s to 400d");
	if (e->kind != ERR_NONE)
		return NULL;
	deed = new_deed("human");
	take(deed, n, members);
	return deed;
}

/* 0: one of them; the document's text is in either. */
static int check_content(const struct node *n, struct err *e)
{
	struct node text = node_get(n, "text"), append = node_get(n, "append");

	if (node_there(&text) == node_there(&append))
		return node_fail(n, e,
			"needs either 'text' (the whole document) or 'append' (what goes behind "
			"it)");
	node_text_or_null(n, "text", e);
	node_text_or_null(n, "append", e);
	return e->kind == ERR_NONE ? 0 : -1;
}

/* One without placeholders can be judged now, the others when they are filled in. */
static int check_path(const struct node *path, struct err *e)
{
	const char *text = json_string_value(path->v);

	if (!text)
		return node_fail(path, e, "must be the path of a document");
	if (!strchr(text, '{') && !step_may_write(text))
		return node_fail(path, e,
			"'%s' is not " STEP_WRITES,
			text);
	return 0;
}

static json_t *load_write(const struct reading *r, const struct node *n, struct err *e)
{
	static const char *const members[] = {"path", "text", "append", "message", NULL};
	static const char *const content[] = {"path", "text", "append", NULL};
	struct node path = node_get(n, "path");
	const char *message;
	json_t *deed, *file;

	if (!json_is_object(n->v)) {
		node_fail(n, e, "must be such as {path: docs/x.md, append: a line}");
		return NULL;
	}
	if (node_known(n, members, e) || !node_text(n, "path", NULL, e) || check_path(&path, e) ||
		check_content(n, e) || check_texts(r, n, members, e))
		return NULL;
	message = node_text_or_null(n, "message", e);
	if (e->kind != ERR_NONE)
		return NULL;
	file = json_object();
	take(file, n, content);
	deed = new_deed("write");
	json_object_set_new(deed, "files", json_pack("[o]", file));
	json_object_set_new(deed, "message",
		message ? json_string(message)
			: json_sprintf("Write %s", json_string_value(path.v)));
	return deed;
}

static int check_paths(const struct node *n, struct err *e)
{
	struct node paths = node_get(n, "paths");

	if (!node_there(&paths))
		return 0;
	for (size_t i = 0; json_is_array(paths.v) && i < node_count(&paths); i++) {
		struct node one = node_at(&paths, i);

		if (check_path(&one, e))
			return -1;
	}
	if (!json_is_array(paths.v) && !json_is_string(paths.v))
		return node_fail(&paths, e, "must be a list of paths");
	return check_content(n, e);
}

static json_t *load_commit(const struct reading *r, const struct node *n, struct err *e)
{
	static const char *const members[] = {"message", "paths", "text", "append", NULL};
	json_t *deed;

	if (!json_is_object(n->v)) {
		node_fail(n, e, "must be such as {message: Note the new disk}");
		return NULL;
	}
	if (node_known(n, members, e) || !node_text(n, "message", NULL, e) || check_paths(n, e) ||
		check_texts(r, n, members, e))
		return NULL;
	deed = new_deed("commit");
	take(deed, n, members);
	return deed;
}

json_t *deed_load(
	const struct node *n, const char *id, template_each_fn *each, void *arg, struct err *e)
{
	static const char *const known[] = {
		"id", "needs", "tool", "args", "check", "human", "write", "commit", NULL};
	static const struct {
		const char *key;
		json_t *(*load)(const struct reading *r, const struct node *n, struct err *e);
	} ways[] = {{"check", load_check}, {"human", load_human}, {"write", load_write},
		{"commit", load_commit}};
	const struct reading r = {id, each, arg};
	size_t way = 0, found = json_object_get(n->v, "tool") != NULL;
	struct node inner;

	if (!json_is_object(n->v)) {
		node_fail(n, e, "must be a step such as {tool: systemd.restart, args: {..}}");
		return NULL;
	}
	if (node_known(n, known, e))
		return NULL;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (json_object_get(n->v, ways[i].key)) {
			way = i;
			found++;
		}
	if (found != 1 || (json_object_get(n->v, "args") && !json_object_get(n->v, "tool"))) {
		node_fail(n, e,
			"does %s: it needs one of 'tool' (with 'args'), 'check', 'human', 'write' and "
			"'commit'",
			found ? "more than one thing" : "nothing");
		return NULL;
	}
	if (json_object_get(n->v, "tool"))
		return load_tool(&r, n, e);
	inner = node_get(n, ways[way].key);
	return ways[way].load(&r, &inner, e);
}

/* ---- filled in ---- */

/* What stays as it is: names, and expectations, whose expressions have braces of their own. */
static bool is_literal(const char *key)
{
	static const char *const literal[] = {
		"id", "kind", "needs", "tool", "commit", "expect", "within", NULL};

	for (size_t i = 0; literal[i]; i++)
		if (strcmp(key, literal[i]) == 0)
			return true;
	return false;
}

/* A commit's paths, and what goes into each, as files. */
static int spread(json_t *step, struct err *e)
{
	json_t *paths = json_object_get(step, "paths"), *files = json_array(), *path;
	size_t i;

	if (paths && !json_is_array(paths))
		err_set(e, ERR_DATA, "'paths' becomes no list");
	json_array_foreach (paths, i, path) {
		json_t *file = json_object();

		json_object_set(file, "path", path);
		if (json_object_get(step, "text"))
			json_object_set(file, "text", json_object_get(step, "text"));
		if (json_object_get(step, "append"))
			json_object_set(file, "append", json_object_get(step, "append"));
		json_array_append_new(files, file);
	}
	json_object_del(step, "text");
	json_object_del(step, "append");
	json_object_del(step, "paths");
	json_object_set_new(step, "files", files);
	return e->kind == ERR_NONE ? 0 : -1;
}

json_t *deed_fill(const json_t *deed, template_lookup_fn *lookup, void *arg, struct err *e)
{
	json_t *step = json_object(), *v;
	const char *key;

	json_object_foreach ((json_t *)deed, key, v) {
		json_t *filled = is_literal(key) ? json_incref(v)
						 : template_tree(v, lookup, arg, e);

		if (!filled)
			goto failed;
		json_object_set_new(step, key, filled);
	}
	if (step_kind(step) != STEP_COMMIT || spread(step, e) == 0)
		return step;
failed:
	json_decref(step);
	return NULL;
}
