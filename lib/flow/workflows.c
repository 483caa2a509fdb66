#include "flow/workflows.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "doc/args.h"
#include "edge/yaml.h"
#include "flow/installed.h"

#define ROOT         "workflows"
#define TYPES        ROOT "/types.yaml"
#define DOCUMENT_MAX ((size_t)1 << 20)

enum { NAMES_SHOWN = 200 };

/* ---- the table of types ---- */

static int add_installed_types(json_t *types, struct err *e)
{
	struct buf text = BUF_INIT(DOCUMENT_MAX);
	struct places *places = places_new();
	char *path = path_join(installed_dir(), TYPES);
	struct source source = {path, places, ERR_CONFIG};
	json_t *tree = NULL;
	int rc = 0;

	if (file_exists(path)) {
		rc = file_read(path, &text, e);
		tree = rc ? NULL : yaml_load(buf_str(&text), path, places, e);
		rc = tree ? workflow_types_add(types, tree, &source, e) : -1;
	}
	json_decref(tree);
	buf_clear(&text);
	places_free(places);
	free(path);
	return rc;
}

static int add_repo_types(struct ops *o, json_t *types, struct err *e)
{
	struct source source;
	json_t *tree = ops_yaml(o, TYPES, &source, e);
	int rc = e->kind == ERR_NONE ? 0 : -1;

	if (tree)
		rc = workflow_types_add(types, tree, &source, e);
	json_decref(tree);
	return rc;
}

static json_t *load_types(struct ops *o, struct err *e)
{
	json_t *types = json_object();

	if (add_installed_types(types, e) == 0 && (!o || add_repo_types(o, types, e) == 0))
		return types;
	json_decref(types);
	return NULL;
}

/* ---- one workflow ---- */

static struct workflow *take(
	struct ops *o, json_t *tree, const struct source *source, struct err *e)
{
	json_t *types = load_types(o, e), *problems = json_array(), *one;
	struct workflow *w = NULL;
	size_t i;

	if (types)
		w = workflow_take(tree, source, types, problems, e);
	else
		json_decref(tree);
	json_array_foreach (problems, i, one)
		msg_error("%s", json_string_value(one));
	json_decref(problems);
	json_decref(types);
	return w;
}

static int add_name(void *arg, const char *path, const char *id, struct err *e)
{
	struct str rest = {path + strlen(ROOT "/"), strlen(path) - strlen(ROOT "/")};

	(void)id;
	(void)e;
	if (strcmp(path, TYPES) != 0 && str_ends(rest, ".yaml") && !memchr(rest.p, '/', rest.n))
		json_array_append_new(arg, json_stringn(rest.p, rest.n - strlen(".yaml")));
	return 0;
}

json_t *workflows_names(struct ops *o, struct err *e)
{
	json_t *names = json_array();

	if (repo_each(ops_repo(o), ops_commit(o), ROOT, add_name, names, e) == 0)
		return names;
	json_decref(names);
	return NULL;
}

static void no_such(struct ops *o, const char *name, struct err *e)
{
	const char *names[NAMES_SHOWN + 1] = {NULL}, *near;
	json_t *all = workflows_names(o, e);

	for (size_t i = 0; i < json_array_size(all) && i < NAMES_SHOWN; i++)
		names[i] = json_string_value(json_array_get(all, i));
	near = str_nearest(name, names);
	err_set(e, ERR_USAGE, "no workflow '%s': " ROOT "/%s.yaml is not committed in the ops repo%s%s%s",
		name, name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	json_decref(all);
}

struct workflow *workflows_load(struct ops *o, const char *name, struct err *e)
{
	struct buf path = BUF_INIT(512);
	struct workflow *w = NULL;
	struct source source;
	json_t *tree;

	if (!path_is_name(name) || strcmp(name, "types") == 0) {
		err_set(e, ERR_USAGE, "'%s' is no workflow's name", name);
		return NULL;
	}
	buf_putf(&path, ROOT "/%s.yaml", name);
	tree = ops_yaml(o, buf_text(&path), &source, e);
	if (tree)
		w = take(o, tree, &source, e);
	else if (e->kind == ERR_NONE)
		no_such(o, name, e);
	if (w && strcmp(w->name, name) != 0) {
		err_set(e, ERR_CONFIG,
			"%s: its name is '%s', which should be that of its file, '%s'", w->path,
			w->name, name);
		workflow_free(w);
		w = NULL;
	}
	buf_clear(&path);
	return w;
}

struct workflow *workflows_load_file(struct ops *o, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(DOCUMENT_MAX);
	struct places *places = places_new();
	struct source source = {path, places, ERR_CONFIG};
	struct workflow *w = NULL;
	json_t *tree = NULL;

	if (file_read(path, &text, e) == 0)
		tree = yaml_load(buf_str(&text), path, places, e);
	if (tree)
		w = take(o, tree, &source, e);
	buf_clear(&text);
	places_free(places);
	return w;
}

static int check_tool(const struct workflow *w, const struct catalogue *c, const json_t *call,
	const char *where, struct err *e)
{
	const char *name = json_string_value(json_object_get(call, "tool")), *near;

	if (!name || catalogue_find(c, name))
		return 0;
	near = catalogue_nearest(c, name);
	msg_error("%s: %s: no tool '%s' in the catalogue%s%s%s", w->path, where, name,
		near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	return err_set(e, ERR_CONFIG, "%s: it names tools that are not in the catalogue", w->path);
}

int workflows_check(const struct workflow *w, const struct catalogue *c, struct err *e)
{
	json_t *one;
	size_t i;

	json_array_foreach (w->steps, i, one)
		check_tool(w, c, one, json_string_value(json_object_get(one, "id")), e);
	json_array_foreach (w->preflight, i, one)
		check_tool(w, c, one, "preflight", e);
	json_array_foreach (w->verify, i, one)
		check_tool(w, c, one, "verify", e);
	return e->kind == ERR_NONE ? 0 : -1;
}

/* ---- what it comes to ---- */

static json_t *fill(const struct proposal_ground *g, const struct workflow *w, const json_t *args,
	json_t *problems, struct err *e)
{
	struct proposal_ground literal = *g;
	struct solution s = {.id = w->name,
		.title = w->description ? w->description : w->name,
		.reversible = -1,
		.success_rate = -1};
	json_t *preflight = workflow_checks(w->preflight, args, e),
	       *verify = workflow_checks(w->verify, args, e), *solution = NULL;

	literal.literal = true;
	s.preflight = preflight;
	s.verify = verify;
	s.steps = preflight && verify ? workflow_steps(w, args, e) : NULL;
	if (s.steps)
		solution = proposal_solution(&literal, &s, 1, problems, e);
	json_decref(s.steps);
	json_decref(preflight);
	json_decref(verify);
	return solution;
}

json_t *workflows_solution(struct ops *o, const struct proposal_ground *g, const char *name,
	const json_t *args, json_t *problems, struct err *e)
{
	struct workflow *w = workflows_load(o, name, e);
	json_t *checked = w ? args_check(w->args, args, e) : NULL, *solution = NULL;

	if (checked)
		solution = fill(g, w, checked, problems, e);
	json_decref(checked);
	workflow_free(w);
	return solution;
}
