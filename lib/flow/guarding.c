#include "flow/guarding.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "doc/case.h"
#include "doc/plan.h"

/* What the placeholders of a guard stand for. */
struct values {
	const json_t *args; /* of the guarded step */
	json_t *tag;        /* of the case; NULL: it has none */
};

static const json_t *look(void *arg, struct str name, struct err *e)
{
	const struct values *v = arg;
	char *key = mem_copy(name.p, name.n);
	const json_t *value = strcmp(key, GUARD_CASE) == 0 ? v->tag
							   : json_object_get(v->args, key);

	if (!value)
		err_set(e, ERR_CONFIG, "'{%s}' is not there", key);
	free(key);
	return value;
}

static const char *rollback_word(const struct guard *g, const struct tool *rollback)
{
	bool ask = g->rollback == GUARD_ASK ||
		   (g->rollback == GUARD_UNSAID && rollback->effect == EFFECT_DESTROY);

	return ask ? "ask" : "auto";
}

/* The guard's undo, filled in from what the guard was given. */
static json_t *fill_rollback(const struct proposal_ground *g, const struct guard *guard,
	const struct tool *t, const json_t *args, json_t *step, struct err *e)
{
	struct values values = {.args = args};
	const struct tool *rollback;
	json_t *call = proposal_call(g, json_string_value(json_object_get(t->undo, "tool")),
		json_object_get(t->undo, "args"), look, &values, &rollback, e);

	if (!call) {
		err_prefix(e, "its rollback: ");
		return NULL;
	}
	json_object_set_new(step, "undo", call);
	json_object_set_new(step, "guard",
		json_pack("{s:s}", "rollback", rollback_word(guard, rollback)));
	return step;
}

/* The guard of a call of t with these arguments, as a step called `id`. NULL: it cannot be made. */
static json_t *guard_step(const struct proposal_ground *g, const struct tool *t,
	const json_t *args, const char *id, struct err *e)
{
	struct values values = {.args = args};
	char tag[CASE_SHORT];
	const struct tool *guard = NULL;
	json_t *step;

	if (g->case_id && *g->case_id)
		values.tag = json_string(case_short(g->case_id, tag));
	step = proposal_call(g, t->guard.tool, t->guard.args, look, &values, &guard, e);
	json_decref(values.tag);
	if (step && guard == t)
		err_set(e, ERR_CONFIG, "'%s' would guard itself", t->name);
	if (step && (guard == t || guard_check(guard, e))) {
		json_decref(step);
		step = NULL;
	}
	if (step) {
		json_object_set_new(step, "id", json_string(id));
		json_object_set_new(step, "needs", json_array());
	}
	if (step && !fill_rollback(g, &t->guard, guard, json_object_get(step, "args"), step, e)) {
		json_decref(step);
		step = NULL;
	}
	if (!step)
		err_prefix(e, "tool '%s' may not be used without its guard: ", t->name);
	return step;
}

static const struct tool *tool_of(const struct proposal_ground *g, const json_t *call)
{
	const char *name = json_string_value(json_object_get(call, "tool"));

	return name ? catalogue_find(g->catalogue, name) : NULL;
}

/* ---- making ---- */

static bool is_taken(const json_t *steps, const char *id)
{
	json_t *step;
	size_t i;

	json_array_foreach (steps, i, step) {
		const char *other = json_string_value(json_object_get(step, "id"));

		if (other && strcmp(other, id) == 0)
			return true;
	}
	return false;
}

/* "guard-1", or the next number that is free in both. */
static void free_id(const json_t *old, const json_t *new, char id[32])
{
	unsigned n = 1;

	do
		snprintf(id, 32, "guard-%u", n++);
	while (is_taken(old, id) || is_taken(new, id));
}

/* The guard among the steps that makes the same call, or NULL. */
static json_t *find_same(const json_t *steps, const json_t *guard)
{
	json_t *step;
	size_t i;

	json_array_foreach (steps, i, step)
		if (plan_is_guard(step) &&
			json_equal(json_object_get(step, "tool"), json_object_get(guard, "tool")) &&
			json_equal(json_object_get(step, "args"), json_object_get(guard, "args")))
			return step;
	return NULL;
}

static void raise(json_t *solution, const char *key, const char *const *names, int value)
{
	if (value > ladder_find(names, json_string_value(json_object_get(solution, key))))
		json_object_set_new(solution, key, json_string(names[value]));
}

static void widen(const struct proposal_ground *g, json_t *solution, const json_t *guard)
{
	const struct tool *t = tool_of(g, guard);
	const struct tool *rollback = tool_of(g, json_object_get(guard, "undo"));

	raise(solution, "effect", effect_names, (int)t->effect);
	raise(solution, "blast_radius", blast_names, (int)t->blast);
	raise(solution, "blast_radius", blast_names, (int)rollback->blast);
	if (plan_rolls_back(guard))
		raise(solution, "effect", effect_names, (int)rollback->effect);
}

/* The step as it is, or one that needs its guard, which stands in `into` by then. */
static int put_step(const struct proposal_ground *g, json_t *solution, json_t *step, json_t *into,
	struct err *e)
{
	const struct tool *t = tool_of(g, step);
	json_t *guard, *same, *needs;
	char id[32];

	if (!t || !t->guard.tool)
		return json_array_append(into, step);
	free_id(json_object_get(solution, "steps"), into, id);
	guard = guard_step(g, t, json_object_get(step, "args"), id, e);
	if (!guard)
		return err_prefix(
			e, "step '%s': ", json_string_value(json_object_get(step, "id")));
	same = find_same(into, guard);
	if (!same) {
		widen(g, solution, guard);
		json_array_append(into, guard);
	}
	needs = json_copy(json_object_get(step, "needs"));
	json_array_append(needs, json_object_get(same ? same : guard, "id"));
	step = json_copy(step);
	json_object_set_new(step, "needs", needs);
	json_array_append_new(into, step);
	json_decref(guard);
	return 0;
}

/* Whether there is a way back from every step that changes something. */
static bool is_covered(const struct proposal_ground *g, const json_t *steps)
{
	json_t *step;
	size_t i;

	json_array_foreach (steps, i, step) {
		const struct tool *t = tool_of(g, step);

		if (!(t && t->effect == EFFECT_READ) && !plan_has_way_back(steps, step))
			return false;
	}
	return true;
}

int guarding_add(const struct proposal_ground *g, const struct solution *s, json_t *solution,
	struct err *e)
{
	static const struct source source = {"steps", NULL, ERR_CONFIG};
	json_t *old = json_object_get(solution, "steps"), *steps = json_array();
	struct node root = node_root(old, &source);
	size_t order[PLAN_STEPS];
	int n = plan_order(&root, order, e), rc = n < 0 ? -1 : 0;

	for (int i = 0; i < n && rc == 0; i++)
		rc = put_step(g, solution, json_array_get(old, order[i]), steps, e);
	if (rc == 0 && json_array_size(steps) > PLAN_STEPS)
		rc = err_set(e, ERR_CONFIG,
			"with its guards it has %zu steps, at most %d are possible",
			json_array_size(steps), PLAN_STEPS);
	if (rc == 0 && json_array_size(steps) > json_array_size(old)) {
		if (is_covered(g, steps) && !(s && s->reversible == 0))
			json_object_set_new(solution, "reversible", json_true());
		json_object_set(solution, "steps", steps);
	}
	json_decref(steps);
	return rc;
}

/* ---- asking again ---- */

/* Whether `guard` is just the guard that `step` must have. -1: that cannot be made any more. */
static int is_guard_of(const struct proposal_ground *g, const json_t *guard, const json_t *step,
	struct err *e)
{
	const struct tool *t = tool_of(g, step);
	json_t *wanted;
	int same;

	if (!t || !t->guard.tool)
		return 0;
	wanted = guard_step(g, t, json_object_get(step, "args"),
		json_string_value(json_object_get(guard, "id")), e);
	if (!wanted)
		return -1;
	same = json_equal(wanted, guard);
	json_decref(wanted);
	return same;
}

/* Each guard that the step needs is its own; with one, if it has to have one. */
static int check_guarded(
	const struct proposal_ground *g, const json_t *steps, const json_t *step, struct err *e)
{
	const char *id = json_string_value(json_object_get(step, "id"));
	const struct tool *t = tool_of(g, step);
	bool found = false;
	json_t *other;
	size_t i;

	json_array_foreach (steps, i, other) {
		int own;

		if (!plan_guards(other, step))
			continue;
		own = is_guard_of(g, other, step, e);
		if (own < 0)
			return -1;
		if (!own)
			return err_set(e, ERR_DENIED,
				"step '%s' says that '%s' guards it, which it does not", id,
				json_string_value(json_object_get(other, "id")));
		found = true;
	}
	if (t && t->guard.tool && !found)
		return err_set(e, ERR_DENIED,
			"step '%s' has to be guarded by '%s', and the plan does not do that first",
			id, t->guard.tool);
	return 0;
}

/* Else anything could say that it is a guard, and so need none. */
static int check_guard(
	const struct proposal_ground *g, const json_t *steps, const json_t *guard, struct err *e)
{
	json_t *step;
	size_t i;

	json_array_foreach (steps, i, step) {
		int own = plan_guards(guard, step) ? is_guard_of(g, guard, step, e) : 0;

		if (own)
			return own < 0 ? -1 : 0;
	}
	return err_set(e, ERR_DENIED, "step '%s' says that it is a guard, and guards nothing",
		json_string_value(json_object_get(guard, "id")));
}

int guarding_check(
	const struct proposal_ground *g, const json_t *steps, const json_t *step, struct err *e)
{
	return plan_is_guard(step) ? check_guard(g, steps, step, e)
				   : check_guarded(g, steps, step, e);
}
