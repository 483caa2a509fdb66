#include "doc/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/when.h"
#include "doc/ladder.h"
#include "doc/step.h"

char *plan_digest(const char *case_id, const json_t *plan, char hex[SHA_HEX])
{
	json_t *bare = json_copy((json_t *)plan);
	json_t *whole;
	char *text;

	json_object_del(bare, "digest");
	whole = json_pack("{s:s, s:o}", "case", case_id, "plan", bare);
	text = json_canonical(whole);
	sha_hex(str_of(text), hex);
	free(text);
	json_decref(whole);
	return hex;
}

bool plan_sealed(const char *case_id, const json_t *plan)
{
	const char *digest = json_string_value(json_object_get(plan, "digest"));
	char hex[SHA_HEX];

	return digest && strcmp(digest, plan_digest(case_id, plan, hex)) == 0;
}

char *plan_tool_digest(const struct tool *t, char hex[SHA_HEX])
{
	json_t *what = json_pack("{s:s, s:O?, s:O?, s:s?, s:s, s:s, s:O*, s:O*}", "tool", t->name,
		"run", t->run, "env", t->env, "cwd", t->cwd, "effect", effect_names[t->effect],
		"blast_radius", blast_names[t->blast], "contain", t->contain, "call", t->call);
	char *text = json_canonical(what);

	sha_hex(str_of(text), hex);
	free(text);
	json_decref(what);
	return hex;
}

json_t *plan_solution(const json_t *plan, int64_t n)
{
	const json_t *list = json_object_get(plan, "solutions");
	json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		if (json_integer_value(json_object_get(one, "n")) == n && n > 0)
			return one;
	return NULL;
}

json_t *plan_recommended(const json_t *plan)
{
	return plan_solution(plan, json_integer_value(json_object_get(plan, "recommended")));
}

int64_t plan_expires(const json_t *plan)
{
	const char *text = json_string_value(json_object_get(plan, "expires_at"));
	int64_t at;

	return text && when_parse(str_of(text), &at) == 0 ? at : WHEN_NEVER;
}

int plan_level(const json_t *plan)
{
	const json_t *autonomy = json_object_get(plan, "autonomy");
	const char *text = json_string_value(json_object_get(autonomy, "level"));
	int level = text ? ladder_find(level_names, text) : -1;

	return level < 0 ? LEVEL_OBSERVE : level;
}

/* The position of the step called `id`, or -1. Steps are few: PLAN_STEPS bounds the walk. */
static int step_called(const struct node *steps, const char *id)
{
	for (size_t i = 0; i < node_count(steps); i++) {
		const char *name = json_string_value(
			json_object_get(json_array_get(steps->v, i), "id"));

		if (name && strcmp(name, id) == 0)
			return (int)i;
	}
	return -1;
}

static int check_needs(const struct node *steps, const struct node *step, struct err *e)
{
	struct node needs = node_get(step, "needs");

	if (node_is_array(&needs, e))
		return -1;
	for (size_t i = 0; i < node_count(&needs); i++) {
		struct node need = node_at(&needs, i);

		if (!json_is_string(need.v))
			return node_fail(&need, e, "not the id of a step");
		if (step_called(steps, json_string_value(need.v)) < 0)
			return node_fail(&need, e, "no step '%s'", json_string_value(need.v));
	}
	return 0;
}

static int check_step(const struct node *steps, const struct node *step, size_t at, struct err *e)
{
	const char *id;

	if (!json_is_object(step->v))
		return node_fail(step, e, "not a step");
	id = node_text(step, "id", NULL, e);
	if (!id || step_check(step, e))
		return -1;
	if (!path_is_name(id))
		return node_fail(step, e, "id '%s' is not a name", id);
	if (step_called(steps, id) != (int)at)
		return node_fail(step, e, "id '%s' occurs twice", id);
	return check_needs(steps, step, e);
}

/* Whether all that the step needs has been taken. */
static bool step_ready(const struct node *steps, size_t at, const bool *taken)
{
	const json_t *needs = json_object_get(json_array_get(steps->v, at), "needs");
	json_t *need;
	size_t i;

	json_array_foreach (needs, i, need)
		if (!taken[step_called(steps, json_string_value(need))])
			return false;
	return true;
}

int plan_order(const struct node *steps, size_t *order, struct err *e)
{
	bool taken[PLAN_STEPS] = {false};
	size_t count = node_count(steps), n = 0;

	if (node_is_array(steps, e))
		return -1;
	if (count > PLAN_STEPS)
		return node_fail(steps, e, "%zu steps, at most %d are possible", count, PLAN_STEPS);
	for (size_t i = 0; i < count; i++) {
		struct node step = node_at(steps, i);

		if (check_step(steps, &step, i, e))
			return -1;
	}
	while (n < count) {
		size_t i = 0;

		while (i < count && (taken[i] || !step_ready(steps, i, taken)))
			i++;
		if (i == count)
			return node_fail(steps, e, "steps need each other in a circle");
		taken[i] = true;
		order[n++] = i;
	}
	return (int)n;
}

bool plan_is_guard(const json_t *step)
{
	return json_is_object(json_object_get(step, "guard"));
}

bool plan_guards(const json_t *guard, const json_t *step)
{
	const json_t *id = json_object_get(guard, "id");
	json_t *need;
	size_t i;

	if (!plan_is_guard(guard) || plan_is_guard(step))
		return false;
	json_array_foreach (json_object_get(step, "needs"), i, need)
		if (json_equal(need, (json_t *)id))
			return true;
	return false;
}

bool plan_rolls_back(const json_t *guard)
{
	const char *how = json_string_value(
		json_object_get(json_object_get(guard, "guard"), "rollback"));

	return how && strcmp(how, "auto") == 0;
}

bool plan_has_way_back(const json_t *steps, const json_t *step)
{
	json_t *other;
	size_t i;

	if (json_is_object(json_object_get(step, "undo")))
		return true;
	json_array_foreach (steps, i, other)
		if (plan_guards(other, step) && plan_rolls_back(other))
			return true;
	return false;
}

const json_t *plan_drill(const json_t *plan)
{
	const json_t *drill = json_object_get(plan, "drill");

	return json_is_object(drill) ? drill : NULL;
}

static int check_undo(const struct node *steps, struct err *e)
{
	for (size_t i = 0; i < node_count(steps); i++) {
		struct node step = node_at(steps, i), undo = node_get(&step, "undo");
		struct node args = node_get(&undo, "args");

		if (node_there(&undo) && (node_is_object(&undo, e) || node_is_object(&args, e) ||
						 !node_text(&undo, "tool", NULL, e)))
			return -1;
	}
	return 0;
}

static int check_checks(const struct node *owner, const char *key, struct err *e)
{
	struct node list = node_get(owner, key);

	if (node_is_array(&list, e))
		return -1;
	if (node_count(&list) > PLAN_CHECKS)
		return node_fail(&list, e, "more than %d checks", PLAN_CHECKS);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);

		if (step_check_check(&one, e))
			return -1;
	}
	return 0;
}

static int check_solution(const struct node *plan, const struct node *one, size_t at, struct err *e)
{
	struct node steps = node_get(one, "steps");
	size_t order[PLAN_STEPS];
	int64_t n;

	if (!json_is_object(one->v))
		return node_fail(one, e, "not a solution");
	n = node_integer(one, "n", 0, e);
	if (plan_solution(plan->v, n) != json_array_get(json_object_get(plan->v, "solutions"), at))
		return node_fail(one, e, "its number is missing or occurs twice");
	if (!node_text(one, "id", NULL, e) || node_choice(one, "effect", effect_names, -1, e) < 0 ||
		node_choice(one, "blast_radius", blast_names, -1, e) < 0)
		return -1;
	if (plan_order(&steps, order, e) < 0 || check_undo(&steps, e))
		return -1;
	return check_checks(one, "preflight", e) || check_checks(one, "verify", e) ? -1 : 0;
}

int plan_check(const struct node *plan, struct err *e)
{
	struct node solutions = node_get(plan, "solutions"), autonomy = node_get(plan, "autonomy");
	struct node recommended = node_get(plan, "recommended"), drill = node_get(plan, "drill");

	if (!json_is_object(plan->v))
		return node_fail(plan, e, "not a plan");
	if (node_is_array(&solutions, e) || node_is_object(&autonomy, e) ||
		node_is_object(&drill, e) || check_checks(&drill, "verify", e))
		return -1;
	if (node_count(&solutions) > PLAN_SOLUTIONS)
		return node_fail(&solutions, e, "more than %d solutions", PLAN_SOLUTIONS);
	for (size_t i = 0; i < node_count(&solutions); i++) {
		struct node one = node_at(&solutions, i);

		if (check_solution(plan, &one, i, e))
			return -1;
	}
	if (node_there(&recommended) && !plan_recommended(plan->v))
		return node_fail(&recommended, e, "no such solution");
	if (!node_text(plan, "digest", NULL, e) ||
		node_choice(&autonomy, "level", level_names, -1, e) < 0)
		return -1;
	if (plan_expires(plan->v) == WHEN_NEVER)
		return node_fail(plan, e, "expires_at is missing or is no time");
	return check_checks(plan, "invariants", e);
}
