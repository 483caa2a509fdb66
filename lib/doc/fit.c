#include "doc/fit.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "doc/args.h"
#include "doc/template.h"

struct fitting {
	const struct runbook *runbook;
	const struct catalogue *catalogue;
	const struct policy *policy;
	fit_found_fn *found;
	void *arg;
	size_t wrong;
	const struct node *at; /* of the text whose placeholders are looked at */
};

/* The label names that most alerts have; with those of the trigger, what a misspelling is near to.
 */
static const char *const usual_labels[] = {"alertname", "instance", "job", "severity", "namespace",
	"pod", "container", "deployment", "service", "mountpoint", "device", "unit", "host", "node",
	"name"};
enum { USUAL = sizeof usual_labels / sizeof *usual_labels };

/* Tells the error, if there is one, and forgets it. */
static void tell(struct fitting *f, enum fit_weight weight, struct err *e)
{
	if (e->kind == ERR_NONE)
		return;
	f->wrong += weight == FIT_WRONG;
	f->found(f->arg, weight, e->text);
	err_clear(e);
}

/* Placeholders. */

static bool is_label(const char *s)
{
	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return !*s;
}

static void doubt_label(struct fitting *f, const char *name)
{
	const struct matchers *m = &f->runbook->match;
	const char **names = mem_array(m->count + USUAL + 1, sizeof *names);
	struct err e = ERR_INIT;
	const char *near;

	for (size_t i = 0; i < m->count; i++)
		names[i] = m->items[i].name;
	memcpy(names + m->count, usual_labels, sizeof usual_labels);
	near = str_nearest(name, names);
	if (near && strcmp(near, name) != 0) {
		node_fail(f->at, &e, "'{labels.%s}': did you mean '{labels.%s}'?", name, near);
		tell(f, FIT_DOUBT, &e);
	}
	free(names);
}

static int check_placeholder(void *arg, struct str name, struct err *e)
{
	struct fitting *f = arg;
	size_t skip = str_starts(name, "labels.") ? strlen("labels.") : strlen("annotations.");
	char *word;
	int rc = 0;

	if (!str_starts(name, "labels.") && !str_starts(name, "annotations."))
		return err_set(e, ERR_CONFIG,
			"'{%.*s}' cannot be filled in: use {labels.NAME} or {annotations.NAME}; "
			"'{{' is a brace",
			STR_ARG(name));
	word = mem_copy(name.p + skip, name.n - skip);
	if (!is_label(word))
		rc = err_set(e, ERR_CONFIG, "'%s' cannot be the name of a label", word);
	else if (*name.p == 'l')
		doubt_label(f, word);
	free(word);
	return rc;
}

static int is_placeholder(void *arg, struct str name, struct err *e)
{
	(void)name;
	(void)e;
	*(bool *)arg = true;
	return 0;
}

static bool has_placeholder(const struct node *n)
{
	struct err none = ERR_INIT;
	bool has = false;

	template_check(n, is_placeholder, &has, &none);
	return has;
}

/* Arguments. */

static json_t *only(const char *name, const json_t *value)
{
	json_t *o = json_object();

	if (value)
		json_object_set(o, name, (json_t *)value);
	return o;
}

/* One argument against its declaration, so that each fault is told at its own place. */
static void check_value(
	struct fitting *f, const struct tool *t, const struct node *args, const char *name)
{
	const json_t *declared = json_object_get(t->args, name);
	struct node value = node_get(args, name);
	json_t *declaration = only(name, declared), *given = only(name, value.v), *fitted = NULL;
	struct err why = ERR_INIT, e = ERR_INIT;

	if (!declared || !has_placeholder(&value))
		fitted = args_check(declared ? declaration : t->args, given, &why);
	if (why.kind != ERR_NONE)
		node_fail(value.v ? &value : args, &e, "tool '%s': %s", t->name, why.text);
	tell(f, FIT_WRONG, &e);
	json_decref(fitted);
	json_decref(declaration);
	json_decref(given);
}

/* A schema tells of all arguments together; what is filled in later is checked then. */
static void check_whole(struct fitting *f, const struct tool *t, const struct node *args)
{
	struct err why = ERR_INIT, e = ERR_INIT;
	json_t *fitted = has_placeholder(args) ? NULL : tool_args(t, args->v, &why);

	if (why.kind)
		node_fail(args, &e, "tool '%s': %s", t->name, why.text);
	tell(f, FIT_WRONG, &e);
	json_decref(fitted);
}

static void check_args(struct fitting *f, const struct tool *t, const struct node *args)
{
	const char *name;
	json_t *v;

	json_object_foreach (args->v, name, v) {
		struct node value = node_get(args, name);
		struct err e = ERR_INIT;

		f->at = &value;
		template_check(&value, check_placeholder, f, &e);
		tell(f, FIT_WRONG, &e);
		if (!t->schema)
			check_value(f, t, args, name);
	}
	if (t->schema)
		check_whole(f, t, args);
	json_object_foreach ((json_t *)t->args, name, v)
		if (!json_object_get(args->v, name) && !json_object_get(v, "default") &&
			!args_may_be_absent(v))
			check_value(f, t, args, name);
}

/* Tools. */

/* The tool that the node names, when it can be used; what cannot is told. */
static const struct tool *find_tool(struct fitting *f, const struct node *name)
{
	const char *word = json_string_value(name->v);
	const struct tool *t = catalogue_find(f->catalogue, word);
	const char *near = t ? NULL : catalogue_nearest(f->catalogue, word);
	struct err e = ERR_INIT;

	if (!t)
		node_fail(name, &e, "no tool '%s' in the catalogue%s%s%s", word,
			near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	else if (policy_denies(f->policy, t->name))
		node_fail(name, &e, "policy denies tool '%s'", t->name);
	tell(f, FIT_WRONG, &e);
	return t;
}

/* A call as a step or a check has it; returns the tool, or NULL when there is none. */
static const struct tool *check_call(
	struct fitting *f, const struct node *call, const char *tool_key)
{
	struct node name = node_get(call, tool_key), args = node_get(call, "args");
	const struct tool *t = find_tool(f, &name);

	if (t)
		check_args(f, t, &args);
	return t;
}

static void check_checks(struct fitting *f, const struct node *solution, const char *key)
{
	struct node list = node_get(solution, key);

	for (size_t i = 0; i < node_count(&list); i++) {
		struct node check = node_at(&list, i), name = node_get(&check, "tool");
		const struct tool *t = check_call(f, &check, "tool");
		struct err e = ERR_INIT;

		if (t && t->effect != EFFECT_READ)
			node_fail(&name, &e, "tool '%s' changes something; a check may only read",
				t->name);
		tell(f, FIT_WRONG, &e);
	}
}

/* Whether the step does more than read. */
static bool check_step(struct fitting *f, const struct node *step, const char *tool_key)
{
	const struct tool *t = check_call(f, step, tool_key);
	int claimed = f->runbook->criteria.blast;
	struct err e = ERR_INIT;

	if (t && claimed >= 0 && (int)t->blast > claimed)
		node_fail(step, &e,
			"tool '%s' reaches a %s, wider than promotion_criteria.blast_radius, %s: "
			"it will always be asked about",
			t->name, blast_names[t->blast], blast_names[claimed]);
	tell(f, FIT_DOUBT, &e);
	return t && t->effect != EFFECT_READ;
}

static bool check_steps(struct fitting *f, const struct node *solution)
{
	struct node steps = node_get(solution, "steps");
	bool changes = false;

	if (!node_there(&steps))
		return check_step(f, solution, "action");
	for (size_t i = 0; i < node_count(&steps); i++) {
		struct node step = node_at(&steps, i);

		changes |= check_step(f, &step, "tool");
	}
	return changes;
}

static void check_solution(struct fitting *f, const struct node *solution)
{
	struct node verify = node_get(solution, "verify");
	struct err e = ERR_INIT;
	bool changes = check_steps(f, solution);

	check_checks(f, solution, "preflight");
	check_checks(f, solution, "verify");
	if (changes && !node_count(&verify))
		node_fail(solution, &e,
			"nothing verifies that it worked: add 'verify', or it can never count "
			"as a success");
	tell(f, FIT_DOUBT, &e);
}

size_t runbook_fit(const struct runbook *r, const struct source *source, const struct catalogue *c,
	const struct policy *p, fit_found_fn *found, void *arg)
{
	struct fitting f = {.runbook = r, .catalogue = c, .policy = p, .found = found, .arg = arg};
	struct node root = node_root(r->tree, source), solutions = node_get(&root, "solutions");

	for (size_t i = 0; i < node_count(&solutions); i++) {
		struct node one = node_at(&solutions, i);

		check_solution(&f, &one);
	}
	return f.wrong;
}
