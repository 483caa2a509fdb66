#include "doc/execution.h"

#include <string.h>

#include "doc/plan.h"

struct execution {
	const json_t *plan, *outcome, *steps; /* steps: of the solution */
	size_t order[PLAN_STEPS];
	size_t count;
};

static const char *text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static json_t *find(const json_t *list, const char *id)
{
	json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		if (strcmp(text(one, "id"), id) == 0)
			return one;
	return NULL;
}

/* As it was recorded, with what the plan says it is. */
static json_t *as_planned(const json_t *ran, const json_t *step, const json_t *call)
{
	static const char *const said[] = {"kind", "tool"};
	json_t *one = json_deep_copy(ran);
	const json_t *from[] = {step, call};

	for (int i = 0; i < 2; i++) {
		json_t *v = json_object_get(from[i], said[i]);

		if (i == 0 && strcmp(text(step, "kind"), "tool") == 0)
			v = NULL; /* it goes without saying */
		if (v)
			json_object_set(one, said[i], v);
		else
			json_object_del(one, said[i]);
	}
	return one;
}

static json_t *steps_as_planned(const struct execution *x)
{
	const json_t *ran = json_object_get(x->outcome, "steps");
	json_t *list = json_array();

	for (size_t i = 0; i < x->count; i++) {
		const json_t *step = json_array_get(x->steps, x->order[i]);
		const json_t *one = find(ran, text(step, "id"));

		if (one)
			json_array_append_new(list, as_planned(one, step, step));
	}
	return list;
}

/* That of the last step first. */
static json_t *undo_as_planned(const struct execution *x)
{
	const json_t *ran = json_object_get(x->outcome, "undo");
	json_t *list = json_array();

	for (size_t i = x->count; i-- > 0;) {
		const json_t *step = json_array_get(x->steps, x->order[i]);
		const json_t *one = find(ran, text(step, "id"));

		if (one)
			json_array_append_new(
				list, as_planned(one, step, json_object_get(step, "undo")));
	}
	return list;
}

/* Results are of the first checks, by their titles. */
static json_t *checks_as_planned(const json_t *results, const json_t *checks, const json_t *more)
{
	json_t *list = json_array(), *one;
	size_t i, n = json_array_size(checks);

	json_array_foreach (results, i, one) {
		const json_t *check = i < n ? json_array_get(checks, i)
					    : json_array_get(more, i - n);
		const char *title = text(check, "title");

		if (!check)
			break;
		one = json_deep_copy(one);
		json_object_set_new(
			one, "title", json_string(*title ? title : text(check, "tool")));
		json_array_append_new(list, one);
	}
	return list;
}

static void put_checks(const struct execution *x, const json_t *solution, json_t *planned)
{
	const json_t *drill = json_object_get(plan_drill(x->plan), "verify");
	const struct {
		const char *key;
		const json_t *checks, *more;
	} lists[] = {
		{"preflight", json_object_get(solution, "preflight"), drill},
		{"verify", json_object_get(solution, "verify"), NULL},
		{"invariants", json_object_get(x->plan, "invariants"), NULL},
		{"restored", drill, json_object_get(x->plan, "invariants")},
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const json_t *results = json_object_get(x->outcome, lists[i].key);

		if (results)
			json_object_set_new(planned, lists[i].key,
				checks_as_planned(results, lists[i].checks, lists[i].more));
	}
}

json_t *execution_as_planned(const json_t *whole_case)
{
	const json_t *approval = json_object_get(whole_case, "approval"), *solution;
	struct execution x = {.plan = json_object_get(whole_case, "plan"),
		.outcome = json_object_get(whole_case, "outcome")};
	const char *decision = text(approval, "decision");
	struct err ignored = ERR_INIT;
	struct node steps;
	json_t *planned;
	int count;

	if (strcmp(decision, "approved") != 0 && strcmp(decision, "auto") != 0)
		return NULL;
	planned = json_copy((json_t *)x.outcome);
	solution = plan_solution(
		x.plan, json_integer_value(json_object_get(approval, "solution")));
	x.steps = json_object_get(solution, "steps");
	steps = node_root((json_t *)x.steps, NULL);
	count = solution ? plan_order(&steps, x.order, &ignored) : 0;
	x.count = count < 0 ? 0 : (size_t)count;
	/* What was refused at sight names no solution. */
	if (!json_is_null(json_object_get(planned, "solution")))
		json_object_set(planned, "solution", json_object_get(approval, "solution"));
	json_object_set_new(planned, "steps", steps_as_planned(&x));
	json_object_set_new(planned, "undo", undo_as_planned(&x));
	put_checks(&x, solution, planned);
	return planned;
}
