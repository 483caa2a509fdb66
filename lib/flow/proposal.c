#include "flow/proposal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "doc/ladder.h"
#include "doc/plan.h"
#include "doc/step.h"
#include "doc/template.h"

/* What the steps of a solution come to. */
struct reach {
	enum effect effect;
	enum blast blast;
	bool undoable;
};

void proposal_problem(json_t *problems, const char *fmt, ...)
{
	char text[2048];
	struct buf safe = BUF_INIT(sizeof text * 4);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	msg_safe(&safe, str_of(text), false);
	json_array_append_new(problems, json_string(buf_text(&safe)));
	buf_clear(&safe);
}

/* labels.NAME and annotations.NAME of the signal. */
static const json_t *look_in_signal(void *arg, struct str name, struct err *e)
{
	const struct proposal_ground *g = arg;
	const char *where = str_starts(name, "labels.")        ? "labels"
			    : str_starts(name, "annotations.") ? "annotations"
							       : NULL;
	const json_t *value = NULL;
	char *key;

	if (!where) {
		err_set(e, ERR_DATA, "'{%.*s}' is neither labels.NAME nor annotations.NAME",
			STR_ARG(name));
		return NULL;
	}
	key = mem_copy(name.p + strlen(where) + 1, name.n - strlen(where) - 1);
	value = json_object_get(json_object_get(g->signal, where), key);
	if (!value)
		err_set(e, ERR_DATA, "the signal has no %s '%s'",
			*where == 'l' ? "label" : "annotation", key);
	free(key);
	return value;
}

/* The arguments of a step, for the templates of its tool's undo. */
static const json_t *look_in_args(void *arg, struct str name, struct err *e)
{
	char *key = mem_copy(name.p, name.n);
	const json_t *value = json_object_get(arg, key);

	if (!value)
		err_set(e, ERR_CONFIG, "'{%s}' is no argument of the tool", key);
	free(key);
	return value;
}

/* A tool that may be used at all. */
static const struct tool *find_tool(
	const struct proposal_ground *g, const char *name, struct err *e)
{
	const struct tool *t = name ? catalogue_find(g->catalogue, name) : NULL;
	const char *near = name && !t ? catalogue_nearest(g->catalogue, name) : NULL;

	if (!name)
		err_set(e, ERR_CONFIG, "no tool is named");
	else if (!t)
		err_set(e, ERR_CONFIG, "no tool '%s' in the catalogue%s%s%s", name,
			near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
	else if (policy_denies(g->policy, t->name))
		err_set(e, ERR_DENIED, "policy denies tool '%s'", t->name);
	else
		return t;
	return NULL;
}

/*
 * The arguments filled in and checked: what a step, its undo and a check have in common. Without
 * `look` they are no templates.
 */
static json_t *fill_args(const struct tool *t, const json_t *args, template_lookup_fn *look,
	void *arg, struct err *e)
{
	json_t *filled = !args  ? json_object()
			 : look ? template_tree(args, look, arg, e)
				: json_deep_copy(args);
	json_t *checked = filled ? tool_args(t, filled, e) : NULL;

	json_decref(filled);
	if (!checked)
		err_prefix(e, "tool '%s': ", t->name);
	return checked;
}

json_t *proposal_call(const struct proposal_ground *g, const char *name, const json_t *args,
	template_lookup_fn *look, void *arg, const struct tool **t, struct err *e)
{
	json_t *filled = NULL;
	char hex[SHA_HEX];

	*t = find_tool(g, name, e);
	if (*t)
		filled = fill_args(*t, args, look, arg, e);
	if (!filled)
		return NULL;
	return json_pack("{s:s, s:o, s:s}", "tool", (*t)->name, "args", filled, "tool_digest",
		plan_tool_digest(*t, hex));
}

static json_t *fill_undo(const struct proposal_ground *g, const struct tool *t, json_t *args,
	struct reach *reach, struct err *e)
{
	const struct tool *undo;
	json_t *call = proposal_call(g, json_string_value(json_object_get(t->undo, "tool")),
		json_object_get(t->undo, "args"), look_in_args, args, &undo, e);

	if (!call)
		err_prefix(e, "its undo: ");
	else if (undo->blast > reach->blast)
		reach->blast = undo->blast;
	return call;
}

static json_t *fill_call(const struct proposal_ground *g, const json_t *step, struct reach *reach,
	struct err *undo_error, struct err *e)
{
	const struct tool *t = find_tool(g, json_string_value(json_object_get(step, "tool")), e);
	json_t *args = NULL, *undo = NULL, *needs = json_object_get(step, "needs");
	char hex[SHA_HEX];

	if (t)
		args = fill_args(t, json_object_get(step, "args"),
			g->literal ? NULL : look_in_signal, (void *)g, e);
	if (!args)
		return NULL;
	if (t->effect > reach->effect)
		reach->effect = t->effect;
	if (t->blast > reach->blast)
		reach->blast = t->blast;
	if (t->undo)
		undo = fill_undo(g, t, args, reach, undo_error);
	if (t->effect != EFFECT_READ && !undo)
		reach->undoable = false;
	return json_pack("{s:O, s:s, s:o, s:o, s:o?, s:s}", "id", json_object_get(step, "id"),
		"tool", t->name, "args", args, "needs", needs ? json_incref(needs) : json_array(),
		"undo", undo, "tool_digest", plan_tool_digest(t, hex));
}

static json_t *fill_check(const struct proposal_ground *g, const json_t *check, struct err *e)
{
	const struct tool *t = find_tool(g, json_string_value(json_object_get(check, "tool")), e);
	json_t *args, *filled;

	if (!t)
		return NULL;
	if (t->effect != EFFECT_READ) {
		err_set(e, ERR_CONFIG, "tool '%s' is no read tool", t->name);
		return NULL;
	}
	args = fill_args(t, json_object_get(check, "args"), g->literal ? NULL : look_in_signal,
		(void *)g, e);
	if (!args)
		return NULL;
	filled = json_copy((json_t *)check);
	json_object_set_new(filled, "tool", json_string(t->name));
	json_object_set_new(filled, "args", args);
	return filled;
}

/* A look has to be the look that was shown. */
static json_t *fill_look(const struct proposal_ground *g, const json_t *step, struct err *e)
{
	json_t *filled = fill_check(g, step, e);
	char hex[SHA_HEX];

	if (filled)
		json_object_set_new(filled, "tool_digest",
			json_string(plan_tool_digest(
				find_tool(g, json_string_value(json_object_get(filled, "tool")), e),
				hex)));
	return filled;
}

static json_t *fill_step(const struct proposal_ground *g, const json_t *step, struct reach *reach,
	struct err *undo_error, struct err *e)
{
	int kind = step_kind(step);

	if (kind == STEP_TOOL)
		return fill_call(g, step, reach, undo_error, e);
	if (kind == STEP_CHECK)
		return fill_look(g, step, e);
	/* What no tool does comes filled in, from a workflow. */
	if (reach->effect < EFFECT_CHANGE)
		reach->effect = EFFECT_CHANGE;
	if (kind == STEP_HUMAN)
		reach->undoable = false;
	return json_copy((json_t *)step);
}

static json_t *fill_steps(const struct proposal_ground *g, const struct solution *s,
	struct reach *reach, json_t *problems, struct err *e)
{
	json_t *steps = json_array(), *step;
	size_t i;

	json_array_foreach (s->steps, i, step) {
		const char *id = json_string_value(json_object_get(step, "id"));
		struct err undo_error = ERR_INIT;
		json_t *filled = fill_step(g, step, reach, &undo_error, e);

		if (undo_error.kind != ERR_NONE)
			proposal_problem(problems, "solution '%s': step '%s': %s", s->id,
				id ? id : "?", undo_error.text);
		if (!filled) {
			err_prefix(e, "step '%s': ", id ? id : "?");
			json_decref(steps);
			return NULL;
		}
		json_array_append_new(steps, filled);
	}
	return steps;
}

static int check_order(json_t *steps, struct err *e)
{
	const struct source source = {"steps", NULL, ERR_CONFIG};
	struct node root = node_root(steps, &source);
	size_t order[PLAN_STEPS];

	if (json_array_size(steps) == 0)
		return err_set(e, ERR_CONFIG, "it has no steps");
	return plan_order(&root, order, e) < 0 ? -1 : 0;
}

json_t *proposal_checks(const struct proposal_ground *g, const json_t *checks, struct err *e)
{
	json_t *list = json_array(), *check;
	size_t i;

	json_array_foreach (checks, i, check) {
		json_t *filled = fill_check(g, check, e);

		if (!filled) {
			err_prefix(e, "check %zu: ", i + 1);
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, filled);
	}
	return list;
}

/* What can be undone may be called reversible; what a runbook merely says is not known. */
static json_t *reversible(const struct reach *reach, const struct solution *s)
{
	if (reach->undoable)
		return json_boolean(s->reversible != 0);
	return s->reversible == 1 ? json_null() : json_false();
}

json_t *proposal_solution(const struct proposal_ground *g, const struct solution *s, int n,
	json_t *problems, struct err *e)
{
	struct reach reach = {EFFECT_READ, BLAST_NONE, true};
	json_t *steps = fill_steps(g, s, &reach, problems, e);
	json_t *preflight = NULL, *verify = NULL, *solution = NULL;

	if (!steps || check_order(steps, e))
		goto out;
	if (!(preflight = proposal_checks(g, s->preflight, e))) {
		err_prefix(e, "preflight: ");
		goto out;
	}
	if (!(verify = proposal_checks(g, s->verify, e))) {
		err_prefix(e, "verify: ");
		goto out;
	}
	solution = json_pack("{s:i, s:s, s:s, s:s?, s:s?, s:o, s:s, s:s, s:O, s:O, s:O}", "n", n,
		"id", s->id, "title", s->title, "impact", s->impact, "risk", s->risk, "reversible",
		reversible(&reach, s), "effect", effect_names[reach.effect], "blast_radius",
		blast_names[reach.blast], "steps", steps, "preflight", preflight, "verify", verify);
out:
	json_decref(steps);
	json_decref(preflight);
	json_decref(verify);
	return solution;
}

bool proposal_undoable(const json_t *solution, const struct catalogue *c)
{
	const json_t *steps = json_object_get(solution, "steps");
	json_t *step;
	size_t i;

	json_array_foreach (steps, i, step) {
		const char *name = json_string_value(json_object_get(step, "tool"));
		const struct tool *t = name ? catalogue_find(c, name) : NULL;

		if (step_kind(step) == STEP_HUMAN)
			return false;
		if (t && t->effect != EFFECT_READ && !plan_has_way_back(steps, step))
			return false;
	}
	return true;
}
