#include "flow/planner.h"

#include <string.h>

#include "base/when.h"
#include "doc/autonomy.h"
#include "doc/case.h"
#include "doc/plan.h"
#include "doc/solution.h"
#include "edge/state.h"
#include "flow/concern.h"
#include "flow/drilling.h"
#include "flow/guarding.h"
#include "flow/investigator.h"
#include "flow/joint.h"
#include "flow/request.h"

/* A plan in the making. */
struct making {
	const struct planner *p;
	const json_t *whole_case;
	const struct policy *policy;
	struct proposal_ground ground;
	const struct runbook *runbook;                 /* whose solutions these are; NULL: none */
	struct request request;                        /* its `by` is NULL: nobody asked */
	json_t *signals;                               /* what they are filled in from */
	const struct solution *origin[PLAN_SOLUTIONS]; /* of each solution */
	size_t targets[PLAN_SOLUTIONS];                /* of each solution */
	const char *drill_by;                          /* who asked for a drill; NULL: it is none */
	json_t *drill;                                 /* {verify} of the plan */
	struct finding finding;                        /* a model's; zeroed: none was asked */
	json_t *solutions, *invariants, *problems;
	size_t recommended; /* an index; n_solutions: none */
};

static void problem(struct making *m, const char *what, const char *name, struct err *why)
{
	proposal_problem(m->problems, "%s '%s': %s", what, name, why->text);
	err_clear(why);
}

/* The solutions of one runbook that hold up. */
static void add_solutions(struct making *m, const struct runbook *r)
{
	struct err why = ERR_INIT;

	for (size_t i = 0; i < r->count; i++) {
		size_t n = json_array_size(m->solutions);
		json_t *solution = NULL;

		if (n == PLAN_SOLUTIONS)
			err_set(&why, ERR_CONFIG, "a plan has room for %d solutions",
				PLAN_SOLUTIONS);
		else
			solution = joint_solution(&m->ground, m->signals, &r->solutions[i],
				(int)n + 1, m->problems, &m->targets[n], &why);
		if (solution && m->drill && drilling_check(&m->ground, solution, &why)) {
			json_decref(solution);
			solution = NULL;
		}
		if (!solution) {
			problem(m, "solution", r->solutions[i].id, &why);
			continue;
		}
		m->origin[n] = &r->solutions[i];
		json_array_append_new(m->solutions, solution);
	}
}

/* What a drill is made of: what it asks in the end, too, has to hold up. */
static json_t *drill_signals(struct making *m, const struct runbook *r, struct err *e)
{
	json_t *signals = json_object_get(m->whole_case, "signals"), *verify;

	if (!r->drill || !json_array_size(signals)) {
		err_set(e, ERR_CONFIG, "it declares no drill");
		return NULL;
	}
	verify = joint_checks(&m->ground, signals, json_object_get(r->drill, "verify"), e);
	if (!verify) {
		err_prefix(e, "drill: ");
		return NULL;
	}
	json_decref(m->drill);
	m->drill = json_pack("{s:o}", "verify", verify);
	return json_incref(signals);
}

/* All that the runbook offers for the alerts that it is about. */
static void use_runbook(struct making *m, const struct runbook *r)
{
	struct err why = ERR_INIT;

	json_decref(m->signals);
	m->signals = m->drill_by ? drill_signals(m, r, &why)
				 : concern_signals(m->whole_case, r, &why);
	if (m->signals)
		add_solutions(m, r);
	else
		problem(m, "runbook", r->id, &why);
}

/* The best runbook that has something to offer; one that does not load is named and passed over. */
static void choose_runbook(struct making *m)
{
	const json_t *ids = json_object_get(json_object_get(m->whole_case, "triage"), "runbooks");
	json_t *id;
	size_t i;

	json_array_foreach (ids, i, id) {
		const char *name = json_string_value(id);
		struct err why = ERR_INIT;
		const struct runbook *r = name ? ops_runbook(m->p->ops, name, &why) : NULL;

		if (!r) {
			err_set(&why, ERR_CONFIG, "it is not in the ops repo");
			problem(m, "runbook", name ? name : "?", &why);
			continue;
		}
		if (!m->runbook)
			m->runbook = r;
		use_runbook(m, r);
		if (json_array_size(m->solutions)) {
			m->runbook = r;
			return;
		}
	}
}

/* What somebody asked for, and nothing else: no runbook is about it. */
static void use_request(struct making *m)
{
	struct buf what = BUF_INIT(1024);
	struct err why = ERR_INIT;
	json_t *solution = request_solution(m->p->ops, &m->ground, &m->request, m->problems, &why);

	if (solution && guarding_add(&m->ground, NULL, solution, &why) == 0) {
		json_array_append(m->solutions, solution);
		m->targets[0] = 1;
	} else {
		request_what(&m->request, &what);
		proposal_problem(m->problems, "%s: %s", buf_text(&what), why.text);
	}
	json_decref(solution);
	buf_clear(&what);
}

/* No runbook helps, nobody asked for it, and it is about something. */
static bool may_ask_model(const struct making *m)
{
	return m->p->thinker && !json_array_size(m->solutions) && !m->request.by && !m->drill_by &&
	       json_array_size(json_object_get(m->whole_case, "signals")) &&
	       m->policy->models.plan;
}

static int ask_model(struct making *m, struct err *e)
{
	struct investigator i = {
		.ops = m->p->ops, .thinker = m->p->thinker, .ground = &m->ground};
	json_t *solution;
	size_t n;

	if (investigator_find(&i, m->whole_case, m->problems, &m->finding, e))
		return -1;
	json_array_foreach (m->finding.solutions, n, solution) {
		json_array_append(m->solutions, solution);
		m->targets[n] = 1;
	}
	if (finding_model(&m->finding))
		m->runbook = NULL; /* it is about the case, but these are not its solutions */
	return 0;
}

/* What policy's checks are filled in from: as the solutions, else the first signal. */
static void fall_back(struct making *m)
{
	json_t *first = json_array_get(json_object_get(m->whole_case, "signals"), 0);

	if (!m->signals)
		m->signals = first ? json_pack("[O]", first) : json_pack("[n]");
}

/* Policy-wide checks. One that cannot be used is a problem of policy, and makes everything ask. */
static void add_invariants(struct making *m)
{
	json_t *check;
	size_t i;

	fall_back(m);
	m->invariants = json_array();
	json_array_foreach (m->policy->invariants, i, check) {
		const char *title = json_string_value(json_object_get(check, "title"));
		json_t *one = json_pack("[O]", check), *filled;
		struct err why = ERR_INIT;

		filled = joint_checks(&m->ground, m->signals, one, &why);
		if (json_array_size(m->invariants) + json_array_size(filled) > PLAN_CHECKS)
			err_set(&why, ERR_CONFIG, "a plan has room for %d of them", PLAN_CHECKS);
		if (why.kind == ERR_NONE)
			json_array_extend(m->invariants, filled);
		else
			problem(m, "policy: invariant", title ? title : "?", &why);
		json_decref(one);
		json_decref(filled);
	}
}

static void recommend(struct making *m)
{
	m->recommended = 0;
	for (size_t i = 1; i < json_array_size(m->solutions) && m->runbook; i++)
		if (solution_better(m->origin[i], m->origin[m->recommended]))
			m->recommended = i;
}

/* The part of a case's id that says what it is about. */
static const char *target_of(const json_t *whole_case)
{
	const char *id = json_string_value(json_object_get(whole_case, "id"));
	const char *dash = id ? strrchr(id, '-') : NULL;

	return dash ? dash + 1 : "";
}

static int remember(const struct making *m, struct autonomy *a, struct err *e)
{
	const struct planner *p = m->p;

	if (p->seen)
		return autonomy_read_seen(a, p->seen, e);
	a->halted = state_halted();
	if (memory_failures(p->memory, p->now - m->policy->breaker.window_ms, &a->failures, e))
		return -1;
	if (p->begun)
		return 0;
	if (memory_actions(p->memory, p->now - WHEN_HOUR, &a->actions, e))
		return -1;
	if (!m->runbook)
		return 0;
	return memory_last_action(
		       p->memory, m->runbook->id, target_of(m->whole_case), &a->last_action, e) < 0
		       ? -1
		       : 0;
}

static int word(const json_t *solution, const char *key, const char *const *names)
{
	return ladder_find(names, json_string_value(json_object_get(solution, key)));
}

static json_t *decide(const struct making *m, struct err *e)
{
	const json_t *best = json_array_get(m->solutions, m->recommended);
	struct autonomy a = {.policy = m->policy,
		.asked_by = m->request.by ? m->request.by : m->drill_by,
		.model = finding_model(&m->finding),
		.sure = case_is_sure(m->whole_case),
		.problems = json_array_size(m->problems),
		.human_selected = 1,
		.claimed = -1,
		.last_action = WHEN_NEVER,
		.now = m->p->now};

	if (best && m->runbook) {
		a.runbook = m->runbook->id;
		a.level = m->runbook->level;
		a.claimed = m->runbook->criteria.blast;
		a.human_selected = m->origin[m->recommended]->human_selected;
	}
	if (best) {
		a.effect = (enum effect)word(best, "effect", effect_names);
		a.blast = (enum blast)word(best, "blast_radius", blast_names);
		a.targets = m->targets[m->recommended];
		a.undoable = proposal_undoable(best, m->ground.catalogue);
	}
	return remember(m, &a, e) ? NULL : autonomy_json(&a);
}

static const char *unsure_of(const struct making *m)
{
	return case_is_sure(m->whole_case) ? "" : "triage is not sure that it is a problem; ";
}

static json_t *why_without(const struct making *m)
{
	const char *unsure = unsure_of(m);
	size_t n = json_array_size(m->solutions);

	if (m->request.by)
		return json_sprintf(
			n ? "%s asked for it" : "%s asked for it, but it cannot be done",
			m->request.by);
	if (m->drill && n)
		return json_sprintf("%s asked for a drill of runbook '%s': all is undone at its end",
			m->drill_by, m->runbook->id);
	if (!m->runbook)
		return json_sprintf(
			"%sno runbook matches: investigate it, ignore it, or say what to do",
			unsure);
	if (n == 0)
		return json_sprintf(
			"%srunbook '%s' matches, but none of its solutions can be used here",
			unsure, m->runbook->id);
	return json_sprintf("%srunbook '%s' matches and offers %zu solution%s", unsure,
		m->runbook->id, n, n == 1 ? "" : "s");
}

static json_t *why_text(const struct making *m)
{
	json_t *lead, *why;

	if (!m->finding.model)
		return why_without(m);
	lead = finding_model(&m->finding) ? json_sprintf("%sno runbook helps", unsure_of(m))
					  : why_without(m);
	why = finding_why(&m->finding, json_string_value(lead));
	json_decref(lead);
	return why;
}

static json_t *runbook_json(const struct runbook *r)
{
	if (!r)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:s}", "id", r->id, "path", r->path, "level",
		level_names[r->level], "steps_digest", r->steps_digest);
}

static json_t *assemble(const struct making *m, json_t *autonomy)
{
	char at[WHEN_TEXT], until[WHEN_TEXT], hex[SHA_HEX];
	json_t *recommended = json_array_size(m->solutions) && !m->finding.doubted
				      ? json_integer((json_int_t)m->recommended + 1)
				      : json_null();
	json_t *plan = json_pack("{s:s, s:s, s:o, s:O, s:o, s:O, s:[s,s,s], s:o, s:O, s:o, s:s}",
		"at", when_format(m->p->now, at), "basis", ops_commit(m->p->ops), "runbook",
		runbook_json(m->runbook), "solutions", m->solutions, "recommended", recommended,
		"invariants", m->invariants, "offers", "investigate", "ignore", "custom",
		"autonomy", autonomy, "problems", m->problems, "why", why_text(m), "expires_at",
		when_format(m->p->now + m->policy->plan_expires_ms, until));

	if (m->drill)
		json_object_set(plan, "drill", m->drill);
	finding_put(&m->finding, plan);
	json_object_set_new(plan, "digest",
		json_string(plan_digest(
			json_string_value(json_object_get(m->whole_case, "id")), plan, hex)));
	return plan;
}

json_t *planner_plan(const struct planner *p, const json_t *whole_case, struct err *e)
{
	struct making m = {.p = p, .whole_case = whole_case};
	json_t *autonomy = NULL, *plan = NULL;
	int asked = request_read(&m.request, whole_case, e);

	if (asked < 0)
		return NULL;
	m.policy = ops_policy(p->ops, e);
	m.ground.policy = m.policy;
	m.ground.case_id = json_string_value(json_object_get(whole_case, "id"));
	m.ground.catalogue = ops_catalogue(p->ops, e);
	if (!m.policy || !m.ground.catalogue)
		return NULL;
	m.drill_by = asked ? NULL : drilling_by(whole_case);
	m.solutions = json_array();
	m.problems = json_array();
	if (asked)
		use_request(&m);
	else
		choose_runbook(&m);
	if (!may_ask_model(&m) || ask_model(&m, e) == 0) {
		add_invariants(&m);
		recommend(&m);
		autonomy = decide(&m, e);
	}
	if (autonomy)
		plan = assemble(&m, autonomy);
	finding_clear(&m.finding);
	json_decref(m.signals);
	json_decref(m.drill);
	json_decref(m.solutions);
	json_decref(m.invariants);
	json_decref(m.problems);
	return plan;
}
