/* The plan, and each of its solutions. */
#include <string.h>

#include "doc/layout.h"
#include "doc/notice.h"
#include "doc/plan.h"
#include "doc/step.h"
#include "doc/wording.h"

static const char *text_at(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

/* The undo of each step, in the order they would be done: backwards. */
static void put_undos(const struct notice *n, int indent, const json_t *solution)
{
	const json_t *steps = json_object_get(solution, "steps");
	json_t *undos = json_array();
	bool any = false;

	for (size_t i = json_array_size(steps); i > 0; i--) {
		json_t *step = json_array_get(steps, i - 1);

		any = any || step_undoable(step);
		json_array_append(undos, step);
	}
	if (any)
		layout_each(n, indent, "Undo", undos, wording_undo);
	else
		layout_line(n, indent, "Undo", STR("none"));
	json_decref(undos);
}

static void put_risk(const struct notice *n, int indent, const json_t *solution, const char *model)
{
	const json_t *reversible = json_object_get(solution, "reversible");
	const char *risk = text_at(solution, "risk"), *effect = text_at(solution, "effect");
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	if (risk[0] && model)
		layout_said(&text, risk);
	else
		layout_safe(&text, risk[0] ? risk : "not said");
	if (json_is_boolean(reversible))
		buf_puts(&text,
			json_is_true(reversible) ? ", reversible" : ", cannot be taken back");
	if (strcmp(effect, "destroy") == 0)
		buf_puts(&text, ", DESTROYS");
	layout_line(n, indent, "Risk", buf_str(&text));
	layout_safe_line(n, indent, "Blast", text_at(solution, "blast_radius"));
	buf_clear(&text);
}

/* The guards, or the other steps. */
static void put_steps(const struct notice *n, const json_t *solution, bool guards)
{
	json_t *list = json_array(), *step;
	size_t i;

	json_array_foreach (json_object_get(solution, "steps"), i, step)
		if (plan_is_guard(step) == guards)
			json_array_append(list, step);
	if (guards && json_array_size(list))
		layout_line(n, 5, "Snapshot", STR("first:"));
	layout_each(n, 5, guards ? " " : "Runs", list, guards ? wording_guard : wording_act);
	json_decref(list);
}

/* "1. Restart it (recommended)", or "1. qwen: "Restart it"" */
static void put_title(const struct notice *n, const json_t *solution, bool recommended,
	const char *model)
{
	const char *title = text_at(solution, "title");
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	buf_putf(&text, "%lld.%c", (long long)json_integer_value(json_object_get(solution, "n")),
		LAYOUT_HELD);
	if (model) {
		layout_safe(&text, model);
		buf_puts(&text, ": ");
		layout_said(&text, title);
	} else {
		layout_safe(&text, title[0] ? title : text_at(solution, "id"));
	}
	if (recommended)
		buf_puts(&text, " (recommended)");
	layout_bold(n, true);
	buf_puts(n->into, "  ");
	layout_wrapped(n->into, buf_str(&text), 2, 8);
	layout_bold(n, false);
	buf_clear(&text);
}

/* model: whose words the title, the impact and the risk are; NULL: no model's. */
static void put_solution(const struct notice *n, const json_t *solution, bool recommended,
	const char *model)
{
	put_title(n, solution, recommended, model);
	(model ? layout_said_line : layout_safe_line)(n, 5, "Impact", text_at(solution, "impact"));
	put_risk(n, 5, solution, model);
	layout_each(n, 5, "Before", json_object_get(solution, "preflight"), wording_check);
	put_steps(n, solution, true);
	put_steps(n, solution, false);
	layout_each(n, 5, "Verify", json_object_get(solution, "verify"), wording_check);
	put_undos(n, 5, solution);
}

void notice_solution(const struct notice *n, const json_t *solution, bool recommended)
{
	put_solution(n, solution, recommended, NULL);
}

/* Whose words these are, and how many of them rest on nothing. */
static void put_model(const struct notice *n, const json_t *model)
{
	size_t claims = 0, idle = 0, dropped = json_array_size(json_object_get(model, "dropped")), i;
	struct buf text = BUF_INIT(LAYOUT_TEXT);
	json_t *one;

	json_array_foreach (json_object_get(model, "claims"), i, one) {
		claims++;
		idle += !json_is_true(json_object_get(one, "supported"));
	}
	layout_safe(&text, text_at(model, "name"));
	buf_puts(&text, ", whose words stand in quotes");
	if (claims)
		buf_putf(&text, ", %zu claim%s", claims, claims == 1 ? "" : "s");
	if (idle)
		buf_putf(&text, ", %zu of them on nothing that was seen", idle);
	if (dropped)
		buf_putf(&text, ", %zu solution%s left out", dropped, dropped == 1 ? "" : "s");
	layout_line(n, 2, "Model", buf_str(&text));
	buf_clear(&text);
}

/* What a second model says. */
static void put_validator(const struct notice *n, const json_t *validator)
{
	bool agrees = json_is_true(json_object_get(validator, "agrees"));
	const char *failed = text_at(validator, "failed");
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	if (!json_is_object(validator))
		return;
	if (*failed) {
		buf_puts(&text, "no second model could check that: ");
		layout_said(&text, text_at(validator, "error"));
	} else {
		layout_safe(&text, text_at(validator, "name"));
		buf_puts(&text, agrees ? " agrees: " : " does NOT agree: ");
		layout_said(&text, text_at(validator, "why"));
	}
	layout_line(n, 2, agrees ? "Checked" : "Doubt", buf_str(&text));
	buf_clear(&text);
}

static void put_gap(struct buf *to, const json_t *gap)
{
	layout_said(to, text_at(gap, "wanted"));
	if (*text_at(gap, "why")) {
		buf_puts(to, ": ");
		layout_said(to, text_at(gap, "why"));
	}
}

static void put_placement(const struct notice *n, const json_t *placement)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	if (json_is_object(placement)) {
		layout_safe(&text, text_at(placement, "where"));
		buf_puts(&text, ": ");
		layout_said(&text, text_at(placement, "why"));
		layout_line(n, 2, "Place", buf_str(&text));
	}
	buf_clear(&text);
}

/* All of it is what a model said: a person is to see that, and what speaks against it. */
static void put_thought(const struct notice *n, const json_t *plan)
{
	const json_t *model = json_object_get(plan, "model");

	if (*text_at(model, "name"))
		put_model(n, model);
	put_validator(n, json_object_get(model, "validator"));
	layout_each(n, 2, "Concern", json_object_get(plan, "concerns"), layout_said_text);
	layout_each(n, 2, "Instead", json_object_get(plan, "alternatives"), layout_said_text);
	put_placement(n, json_object_get(plan, "placement"));
	layout_each(n, 2, "Missing", json_object_get(plan, "gaps"), put_gap);
}

void notice_plan(const struct notice *n, const json_t *plan)
{
	const json_t *solutions = json_object_get(plan, "solutions");
	const json_t *drill = plan_drill(plan);
	json_int_t recommended = json_integer_value(json_object_get(plan, "recommended"));
	const json_t *autonomy = json_object_get(plan, "autonomy");
	const char *model = text_at(json_object_get(plan, "model"), "name");
	struct buf text = BUF_INIT(LAYOUT_TEXT);
	size_t i;
	json_t *one;

	json_array_foreach (solutions, i, one) {
		put_solution(n, one, json_integer_value(json_object_get(one, "n")) == recommended,
			*model ? model : NULL);
		buf_putc(n->into, '\n');
	}
	layout_safe_line(n, 2, "Plan", text_at(plan, "why"));
	put_thought(n, plan);
	layout_each(n, 2, "Restored", json_object_get(drill, "verify"), wording_check);
	layout_each(n, 2, "Always", json_object_get(plan, "invariants"), wording_check);
	layout_each(n, 2, "Asks", json_object_get(autonomy, "why"), layout_text);
	layout_each(n, 2, "Problem", json_object_get(plan, "problems"), layout_text);
	layout_time(n, &text, text_at(plan, "expires_at"));
	layout_line(n, 2, "Expires", buf_str(&text));
	buf_clear(&text);
}
