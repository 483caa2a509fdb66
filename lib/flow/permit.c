#include "flow/permit.h"

#include <string.h>

#include "base/when.h"
#include "doc/ladder.h"
#include "doc/step.h"
#include "edge/state.h"
#include "flow/drilling.h"
#include "flow/guarding.h"
#include "flow/planner.h"

static const struct source from_case = {"case", NULL, ERR_DENIED};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static int read_approval(struct permit *p, const json_t *approval, struct err *e)
{
	const char *decision = text_of(approval, "decision");

	p->digest = text_of(approval, "digest");
	p->by = text_of(approval, "by");
	p->alone = strcmp(decision, "auto") == 0;
	if (!p->alone && strcmp(decision, "approved") != 0)
		return err_set(e, ERR_DENIED, "nobody approved it: the decision is '%s'", decision);
	if (!p->alone && (!*p->by || strcmp(text_of(approval, "via"), "policy") == 0))
		return err_set(e, ERR_DENIED, "the approval does not name a person");
	if (strcmp(p->digest, text_of(p->plan, "digest")) != 0)
		return err_set(e, ERR_DENIED, "the approval is for another plan");
	p->n = json_integer_value(json_object_get(approval, "solution"));
	p->solution = plan_solution(p->plan, p->n);
	if (!p->solution)
		return err_set(e, ERR_DENIED, "the approval is for no solution of the plan");
	if (p->alone && plan_drill(p->plan))
		return err_set(e, ERR_DENIED, "it is a drill, and no person approved it");
	if (p->alone && json_object_get(p->whole_case, "request"))
		return err_set(
			e, ERR_DENIED, "somebody asked for it, and only a person approves that");
	if (p->alone && p->solution != plan_recommended(p->plan))
		return err_set(e, ERR_DENIED, "alone, only the recommended solution may be run");
	return 0;
}

int permit_read(struct permit *p, const json_t *whole_case, struct err *e)
{
	struct node root = node_root((json_t *)whole_case, &from_case);
	struct node plan = node_get(&root, "plan"), steps;
	int count;

	*p = (struct permit){.whole_case = whole_case, .plan = plan.v};
	p->case_id = text_of(whole_case, "id");
	if (plan_check(&plan, e))
		return -1;
	if (!plan_sealed(p->case_id, p->plan))
		return err_set(e, ERR_DENIED,
			"the plan was changed after it was made: its digest is wrong");
	if (read_approval(p, json_object_get(whole_case, "approval"), e))
		return -1;
	p->drill = plan_drill(p->plan);
	p->steps = json_object_get(p->solution, "steps");
	steps = node_root((json_t *)p->steps, &from_case);
	count = plan_order(&steps, p->order, e);
	if (count == 0)
		return err_set(e, ERR_DENIED, "the solution has no steps");
	p->count = count < 0 ? 0 : (size_t)count;
	return count < 0 ? -1 : 0;
}

/* The arguments in the plan are what the declaration makes of them: checked, with defaults. */
static int check_args(const struct tool *t, const json_t *args, struct err *e)
{
	struct err why = ERR_INIT;
	json_t *checked = tool_args(t, args, &why);
	bool same = checked && json_equal(checked, args);

	json_decref(checked);
	if (why.kind != ERR_NONE)
		return err_set(e, ERR_DENIED, "tool '%s': %s", t->name, why.text);
	if (!same)
		return err_set(e, ERR_DENIED, "tool '%s' takes other arguments now", t->name);
	return 0;
}

const struct tool *permit_call(struct ops *o, const json_t *call, struct err *e)
{
	const struct catalogue *catalogue = ops_catalogue(o, e);
	const struct policy *policy = ops_policy(o, e);
	const char *name = text_of(call, "tool");
	const struct tool *t;
	char hex[SHA_HEX];

	if (!catalogue || !policy)
		return NULL;
	t = catalogue_find(catalogue, name);
	if (!t)
		err_set(e, ERR_DENIED, "tool '%s' is not in the catalogue any more", name);
	else if (policy_denies(policy, t->name))
		err_set(e, ERR_DENIED, "policy denies tool '%s'", t->name);
	else if (strcmp(plan_tool_digest(t, hex), text_of(call, "tool_digest")) != 0)
		err_set(e, ERR_DENIED, "tool '%s' is not declared as it was when the plan was made",
			t->name);
	else if (check_args(t, json_object_get(call, "args"), e) == 0)
		return t;
	return NULL;
}

/* A guard that cannot be made any more is a no, and not something to wait for. */
static int refuse_for_guard(struct err *e)
{
	struct err why = *e;

	err_clear(e);
	return err_set(e, ERR_DENIED, "%s", why.text);
}

/*
 * Every step and every undo, before the first is run; and nothing reaches further than was shown.
 */
static int check_calls(const struct permit *p, struct ops *o, struct err *e)
{
	int effect = ladder_find(effect_names, text_of(p->solution, "effect"));
	int blast = ladder_find(blast_names, text_of(p->solution, "blast_radius"));
	struct proposal_ground ground = {.case_id = p->case_id};
	json_t *step;
	size_t i;

	ground.catalogue = ops_catalogue(o, e);
	ground.policy = ops_policy(o, e);
	if (!ground.catalogue || !ground.policy)
		return -1;
	json_array_foreach (p->steps, i, step) {
		const json_t *undo = json_object_get(step, "undo");
		const struct tool *t = step_calls(step) ? permit_call(o, step, e) : NULL;

		if (!step_calls(step)) /* its shape was checked, and needs no more */
			continue;
		if (!t)
			return -1;
		if (step_kind(step) == STEP_CHECK && t->effect != EFFECT_READ)
			return err_set(
				e, ERR_DENIED, "tool '%s' does more than look", t->name);
		if ((int)t->effect > effect || (int)t->blast > blast)
			return err_set(
				e, ERR_DENIED, "tool '%s' can do more than the plan says", t->name);
		if (json_is_object(undo) && !permit_call(o, undo, e))
			return -1;
		if (guarding_check(&ground, p->steps, step, e))
			return refuse_for_guard(e);
	}
	return p->drill ? drilling_check(&ground, p->solution, e) : 0;
}

/* Nothing may be run at observe, whoever approved it. */
static int check_observe(const struct permit *p, struct ops *o, struct err *e)
{
	const char *id = json_string_value(pointer_get((json_t *)p->plan, "/runbook/id"));
	int blast = ladder_find(blast_names, text_of(p->solution, "blast_radius"));
	const struct policy *policy = ops_policy(o, e);
	const struct runbook *runbook;

	if (!policy)
		return -1;
	if (policy->caps[blast] == LEVEL_OBSERVE)
		return err_set(e, ERR_DENIED, "policy caps a blast radius of %s at observe",
			blast_names[blast]);
	runbook = id ? ops_runbook(o, id, e) : NULL;
	if (e->kind != ERR_NONE)
		return -1;
	if (runbook && runbook->level == LEVEL_OBSERVE)
		return err_set(e, ERR_DENIED, "runbook '%s' is at observe", id);
	return 0;
}

static int compare(const struct permit *p, const json_t *plan, struct err *e)
{
	const json_t *why = json_array_get(pointer_get((json_t *)plan, "/autonomy/why"), 0);

	if (!json_equal(plan_recommended(plan), (json_t *)p->solution) ||
		!json_equal(json_object_get(plan, "invariants"),
			json_object_get(p->plan, "invariants")))
		return err_set(e, ERR_DENIED, "hl would not recommend the same steps now");
	if (plan_level(plan) < LEVEL_AUTO_NOTIFY)
		return err_set(e, ERR_DENIED, "hl may not act alone now: %s",
			json_is_string(why) ? json_string_value(why) : "its level was lowered");
	return 0;
}

/* What hl decided alone, it must decide again. */
static int check_alone(const struct permit *p, struct ops *o, struct memory *m, int64_t now,
	bool begun, struct err *e)
{
	const struct planner planner = {.ops = o, .memory = m, .now = now, .begun = begun};
	json_t *plan = planner_plan(&planner, p->whole_case, e);
	int rc = plan ? compare(p, plan, e) : -1;

	json_decref(plan);
	return rc;
}

int permit_check(const struct permit *p, struct ops *o, struct memory *m, int64_t now, bool begun,
	struct err *e)
{
	char until[WHEN_TEXT];

	if (state_halted())
		return err_set(
			e, ERR_DENIED, "the halt file is there: nothing acts until it is gone");
	if (!p->waited && now >= plan_expires(p->plan))
		return err_set(e, ERR_DENIED, "the plan expired at %s",
			when_format(plan_expires(p->plan), until));
	if (plan_level(p->plan) < (p->alone ? LEVEL_AUTO_NOTIFY : LEVEL_ASK_HUMAN))
		return err_set(
			e, ERR_DENIED, "the plan is at %s", level_names[plan_level(p->plan)]);
	if (check_calls(p, o, e) || check_observe(p, o, e))
		return -1;
	return p->alone ? check_alone(p, o, m, now, begun, e) : 0;
}
