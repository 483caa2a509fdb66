#include "doc/workflow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "doc/args.h"
#include "doc/check.h"
#include "doc/deed.h"
#include "doc/kro.h"
#include "doc/plan.h"
#include "doc/solution.h"
#include "doc/step.h"

/* ---- the table of types ---- */

static int check_type(const struct node *mapping, const char *type, struct err *e)
{
	json_t *deed;

	if (json_is_string(mapping->v)) {
		if (strcmp(json_string_value(mapping->v), "human") == 0)
			return 0;
		return node_fail(mapping, e,
			"must be 'human', or a step such as {tool: NAME, args: {..}}");
	}
	deed = deed_load(mapping, type, NULL, NULL, e);
	json_decref(deed);
	return deed ? 0 : -1;
}

int workflow_types_add(json_t *types, json_t *tree, const struct source *source, struct err *e)
{
	static const char *const known[] = {"types", NULL};
	struct node root = node_root(tree, source), list = node_get(&root, "types");
	const char *type;
	json_t *mapping;

	if (node_is_object(&root, e) || node_known(&root, known, e) || node_is_object(&list, e))
		return -1;
	json_object_foreach (list.v, type, mapping) {
		struct node one = node_get(&list, type);

		(void)mapping;
		if (check_type(&one, type, e))
			return -1;
		json_object_set(types, type, one.v);
	}
	return 0;
}

/* ---- our form ---- */

static int check_argument(void *arg, struct str name, struct err *e)
{
	const struct workflow *w = arg;
	char *key = mem_copy(name.p, name.n);
	const json_t *one = json_object_get(w->args, key);

	if (!one)
		err_set(e, ERR_CONFIG, "'{%s}' is no argument of the workflow", key);
	else if (args_may_be_absent(one))
		err_set(e, ERR_CONFIG,
			"'{%s}' may be left out, and then there is nothing to put here: give it a "
			"default",
			key);
	free(key);
	return e->kind == ERR_NONE ? 0 : -1;
}

static json_t *load_step(
	const struct workflow *w, const struct node *step, size_t at, struct err *e)
{
	struct node needs = node_get(step, "needs");
	const char *id;
	json_t *deed;

	if (!json_is_object(step->v)) {
		node_fail(step, e, "must be a step such as {id: grow, tool: NAME, args: {..}}");
		return NULL;
	}
	if (!json_object_get(step->v, "id"))
		json_object_set_new(step->v, "id", json_sprintf("%zu", at + 1));
	id = document_name(step, "id", e);
	deed = id && node_is_array(&needs, e) == 0
		       ? deed_load(step, id, check_argument, (void *)w, e)
		       : NULL;
	if (!deed)
		return NULL;
	json_object_set_new(deed, "id", json_string(id));
	if (node_there(&needs))
		json_object_set(deed, "needs", needs.v);
	else
		json_object_set_new(deed, "needs", json_array());
	return deed;
}

static json_t *load_steps(const struct workflow *w, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "steps");
	json_t *steps = json_array();

	if (node_is_array(&list, e) == 0 && !node_count(&list))
		node_fail(root, e, "'steps' is missing: say what is to be done");
	for (size_t i = 0; i < node_count(&list) && e->kind == ERR_NONE; i++) {
		struct node one = node_at(&list, i);
		json_t *step = load_step(w, &one, i, e);

		if (step)
			json_array_append_new(steps, step);
	}
	if (e->kind == ERR_NONE)
		return steps;
	json_decref(steps);
	return NULL;
}

static int load_checks(const struct workflow *w, const struct node *root, const char *key,
	const json_t **into, struct err *e)
{
	struct node list = node_get(root, key);

	if (checks_check(&list, e))
		return -1;
	if (node_count(&list) > PLAN_CHECKS)
		return node_fail(&list, e, "more than %d checks", PLAN_CHECKS);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i), args = node_get(&one, "args");

		if (template_check(&args, check_argument, (void *)w, e))
			return -1;
	}
	*into = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_own(struct workflow *w, const struct node *root, struct err *e)
{
	static const char *const known[] = {
		"workflow", "description", "args", "steps", "preflight", "verify", NULL};
	struct node args = node_get(root, "args");

	if (!json_is_object(root->v))
		return node_fail(root, e, "must be a workflow, with 'workflow' and 'steps'");
	if (node_known(root, known, e) || !(w->name = document_name(root, "workflow", e)) ||
		args_check_declaration(&args, e))
		return -1;
	w->description = node_text_or_null(root, "description", e);
	if (e->kind != ERR_NONE)
		return -1;
	w->args = node_there(&args) ? json_incref(args.v) : NULL;
	w->steps = load_steps(w, root, e);
	return !w->steps || load_checks(w, root, "preflight", &w->preflight, e) ||
			       load_checks(w, root, "verify", &w->verify, e)
		       ? -1
		       : 0;
}

/* ---- the other form ---- */

static int load_kro(struct workflow *w, const struct node *root, const json_t *types,
	json_t *problems, struct err *e)
{
	size_t before = json_array_size(problems), bad;

	if (!(w->name = kro_name(root, e)) || !(w->args = kro_args(root, e)) ||
		!(w->steps = kro_steps(root, types, w->args, problems, e)))
		return -1;
	bad = json_array_size(problems) - before;
	if (bad)
		return err_set(e, ERR_CONFIG, "%s: %zu resource%s of a type that means nothing yet",
			w->path, bad, bad == 1 ? " is" : "s are");
	return 0;
}

/* ---- both ---- */

static size_t find_step(const json_t *steps, const char *id)
{
	size_t i = 0;

	while (i < json_array_size(steps) &&
		strcmp(json_string_value(json_object_get(json_array_get(steps, i), "id")), id) != 0)
		i++;
	return i;
}

static int check_needs(const json_t *steps, const struct node *list, size_t i, struct err *e)
{
	const char *ids[PLAN_STEPS + 1] = {NULL}, *near;
	const json_t *needs = json_object_get(json_array_get(steps, i), "needs");
	struct node place = node_at(list, i);
	json_t *need;
	size_t k;

	json_array_foreach (steps, k, need)
		ids[k] = json_string_value(json_object_get(need, "id"));
	json_array_foreach (needs, k, need) {
		const char *word = json_string_value(need);

		if (!word)
			return node_fail(&place, e, "what it needs must be ids of steps");
		if (find_step(steps, word) < json_array_size(steps))
			continue;
		near = str_nearest(word, ids);
		return node_fail(&place, e, "it needs '%s', and there is no such step%s%s%s", word,
			near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	return find_step(steps, ids[i]) == i ? 0
					     : node_fail(&place, e, "id '%s' occurs twice", ids[i]);
}

/* A commit takes the documents of the steps that it needs. */
static int gather(json_t *steps, const struct node *list, size_t i, struct err *e)
{
	json_t *commit = json_array_get(steps, i), *need, *write;
	struct node place = node_at(list, i);
	size_t k, taken = 0;

	json_array_foreach (json_object_get(commit, "needs"), k, need) {
		write = json_array_get(steps, find_step(steps, json_string_value(need)));
		if (step_kind(write) != STEP_WRITE)
			continue;
		if (json_object_get(write, "commit"))
			return node_fail(&place, e, "the document of '%s' is in another commit",
				json_string_value(need));
		json_object_set(write, "commit", json_object_get(commit, "id"));
		taken++;
	}
	if (!taken && !json_object_get(commit, "paths"))
		return node_fail(&place, e,
			"there is nothing to commit: it needs no step that writes, and has no "
			"'paths'");
	return 0;
}

/* Whether steps need each other in a circle: then some are never ready. */
static int check_order(const json_t *steps, const struct node *list, struct err *e)
{
	bool ready[PLAN_STEPS] = {false}, moved = true;
	size_t n = json_array_size(steps), left = n;

	while (moved) {
		moved = false;
		for (size_t i = 0; i < n; i++) {
			const json_t *needs = json_object_get(json_array_get(steps, i), "needs");
			size_t k = 0, all = json_array_size(needs);

			while (k < all && ready[find_step(steps,
						  json_string_value(json_array_get(needs, k)))])
				k++;
			if (!ready[i] && k == all) {
				ready[i] = moved = true;
				left--;
			}
		}
	}
	return left ? node_fail(list, e, "steps need each other in a circle") : 0;
}

static int join(const struct workflow *w, const struct node *list, struct err *e)
{
	size_t n = json_array_size(w->steps);

	if (n > PLAN_STEPS)
		return node_fail(list, e, "%zu steps, at most %d are possible", n, PLAN_STEPS);
	for (size_t i = 0; i < n; i++)
		if (check_needs(w->steps, list, i, e))
			return -1;
	for (size_t i = 0; i < n; i++)
		if (step_kind(json_array_get(w->steps, i)) == STEP_COMMIT &&
			gather(w->steps, list, i, e))
			return -1;
	return check_order(w->steps, list, e);
}

static int load(struct workflow *w, const struct node *root, const json_t *types, json_t *problems,
	struct err *e)
{
	struct node spec = node_get(root, "spec"),
		    list = kro_is(root->v) ? node_get(&spec, "resources") : node_get(root, "steps");

	if (kro_is(root->v) ? load_kro(w, root, types, problems, e) : load_own(w, root, e))
		return -1;
	return join(w, &list, e);
}

struct workflow *workflow_take(json_t *tree, const struct source *source, const json_t *types,
	json_t *problems, struct err *e)
{
	struct workflow *w = mem_new(sizeof *w);
	struct node root = node_root(tree, source);

	w->tree = tree;
	w->path = mem_text(source->name);
	if (load(w, &root, types, problems, e) == 0)
		return w;
	workflow_free(w);
	return NULL;
}

void workflow_free(struct workflow *w)
{
	if (!w)
		return;
	json_decref(w->args);
	json_decref(w->steps);
	json_decref(w->tree);
	free(w->path);
	free(w);
}

/* ---- filled in ---- */

struct filling_in {
	const json_t *args;
	json_t *resource; /* its texts filled in; NULL in our form */
};

static const json_t *look_up(void *arg, struct str name, struct err *e)
{
	const struct filling_in *f = arg;
	bool own = f->resource && str_starts(name, "resource.");
	char *key = own ? mem_copy(name.p + 9, name.n - 9) : mem_copy(name.p, name.n);
	const json_t *v = json_object_get(own ? f->resource : f->args, key);

	if (!v)
		err_set(e, ERR_DATA, "nothing here is called '%.*s'", STR_ARG(name));
	free(key);
	return v;
}

static json_t *fill_step(const json_t *deed, const json_t *args, struct err *e)
{
	json_t *bare = json_copy((json_t *)deed), *step = NULL;
	struct filling_in f = {.args = args};
	const json_t *resource = json_object_get(deed, "resource");

	if (resource)
		f.resource = kro_fill(resource, args, e);
	json_object_del(bare, "resource");
	if (e->kind == ERR_NONE)
		step = deed_fill(bare, look_up, &f, e);
	if (!step)
		err_prefix(e, "step '%s': ", json_string_value(json_object_get(deed, "id")));
	json_decref(f.resource);
	json_decref(bare);
	return step;
}

json_t *workflow_steps(const struct workflow *w, const json_t *args, struct err *e)
{
	json_t *steps = json_array(), *deed;
	size_t i;

	json_array_foreach (w->steps, i, deed) {
		json_t *step = fill_step(deed, args, e);

		if (!step) {
			json_decref(steps);
			return NULL;
		}
		json_array_append_new(steps, step);
	}
	return steps;
}

json_t *workflow_checks(const json_t *checks, const json_t *args, struct err *e)
{
	json_t *list = json_array(), *check;
	struct filling_in f = {.args = args};
	size_t i;

	json_array_foreach (checks, i, check) {
		json_t *one = deed_fill(check, look_up, &f, e);

		if (!one) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, one);
	}
	return list;
}
