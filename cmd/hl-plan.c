/* hl-plan: works out what could be done about a case; hl-plan(1). */
#include "base/msg.h"
#include "base/prog.h"
#include "base/when.h"
#include "doc/case.h"
#include "doc/given.h"
#include "edge/person.h"
#include "edge/state.h"
#include "flow/drilling.h"
#include "flow/investigator.h"
#include "flow/planner.h"
#include "flow/request.h"
#include "flow/toolsets.h"
#include "flow/workflows.h"
#include "json/stream.h"

static struct {
	const char *tool, *workflow, *check, *args, *drill;
} option;

static const struct opt options[] = {
	{'t', "tool", "NAME", "open a case that runs this tool", OPT_TEXT, &option.tool},
	{'w', "workflow", "NAME", "open a case that runs this workflow", OPT_TEXT,
		&option.workflow},
	{'c', "check-workflow", "FILE", "say whether this file is a workflow that could be run",
		OPT_TEXT, &option.check},
	{'a', "args", "JSON", "the arguments of either as a JSON object", OPT_TEXT, &option.args},
	{'d', "drill", "RUNBOOK", "open a case that exercises the undo of this runbook", OPT_TEXT,
		&option.drill},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-plan",
	.purpose = "work out what could be done about each case",
	.synopsis = "[KEY=VALUE ...]",
	.options = options,
	.see = "hl(7), hl-case(5), hl-runbook(5), hl-workflow(5), hl-policy(5)",
};

/* Opened by the first case that needs them. */
struct ground {
	struct ops *ops;
	struct memory *memory;
};

static int stand(struct ground *g, struct err *e)
{
	g->ops = ops_refresh(g->ops, e);
	if (g->ops && !g->memory)
		g->memory = memory_open(e);
	return g->ops && g->memory ? 0 : -1;
}

static void say_plan(const char *id, const json_t *plan)
{
	const json_t *autonomy = json_object_get(plan, "autonomy");
	const json_t *model = json_object_get(plan, "model");
	const char *failed = json_string_value(json_object_get(model, "failed"));
	json_t *text;
	size_t i;

	if (failed)
		msg_warn("case '%s': no model could help (%s: %s)", id, failed,
			json_string_value(json_object_get(model, "error")));
	msg_why("case '%s': %s; level %s", id, json_string_value(json_object_get(plan, "why")),
		json_string_value(json_object_get(autonomy, "level")));
	json_array_foreach (json_object_get(plan, "problems"), i, text)
		msg_warn("case '%s': %s", id, json_string_value(text));
	json_array_foreach (json_object_get(plan, "gaps"), i, text)
		msg_say("case '%s': no tool can do '%s': hl-record notes it in gaps/", id,
			json_string_value(json_object_get(text, "wanted")));
}

static json_t *make_plan(struct ground *g, const json_t *whole_case, struct err *e)
{
	struct thinker t = {.memory = NULL};
	struct planner p = {.thinker = &t};
	const struct policy *policy = stand(g, e) ? NULL : ops_policy(g->ops, e);

	if (!policy)
		return NULL;
	p.now = t.now = when_now();
	p.ops = g->ops;
	p.memory = t.memory = g->memory;
	t.an_hour = policy->models.an_hour;
	return planner_plan(&p, whole_case, e);
}

/*
 * A case that cannot be planned now goes on without a plan: nothing is lost, and whoever feeds it
 * in again gets what is missing. The first reason makes the exit status.
 */
static int plan_one(struct ground *g, struct stream *s, const struct record *r, struct err *first,
	struct err *e)
{
	json_t *whole_case = record_load(r), *plan;
	const char *id = json_string_value(json_object_get(whole_case, "id"));
	struct err why = ERR_INIT;
	int rc;

	plan = make_plan(g, whole_case, &why);
	if (plan) {
		say_plan(id, plan);
		rc = stream_put_with(s, r, "plan", plan, e);
	} else {
		if (first->kind != ERR_NONE)
			msg_warn("case '%s' goes on without a plan: %s", id, why.text);
		err_set(first, why.kind, "case '%s' goes on without a plan: %s", id, why.text);
		rc = stream_pass(s, r, e);
	}
	json_decref(plan);
	json_decref(whole_case);
	return rc;
}

/* ---- asked for on the command line ---- */

static int put_asked(struct ground *g, json_t *whole_case, struct err *e)
{
	json_t *plan = json_object_get(whole_case, "plan") ? NULL : make_plan(g, whole_case, e);
	struct stream out;

	if (plan) {
		say_plan(json_string_value(json_object_get(whole_case, "id")), plan);
		json_object_set_new(whole_case, "plan", plan);
	}
	if (e->kind != ERR_NONE)
		return -1;
	stream_open(&out, -1, "stdout", 1, NULL, 0, NULL, NULL);
	stream_put(&out, whole_case, e);
	return stream_close(&out, e);
}

/* One case, planned: what waits already comes as it waits. */
static void ask_for(struct ground *g, int n, char *const *words, struct err *e)
{
	json_t *args = given_read(option.args, n, words, e), *whole_case = NULL;
	struct request r = {.tool = option.tool, .workflow = option.workflow, .args = args};
	char by[REQUEST_BY + 1];

	snprintf(by, sizeof by, "cli:%s", person_name());
	r.by = by;
	if (args && stand(g, e) == 0)
		whole_case = request_case(g->ops, &r, when_now(), e);
	if (whole_case)
		put_asked(g, whole_case, e);
	json_decref(whole_case);
	json_decref(args);
}

static void ask_for_drill(struct ground *g, struct err *e)
{
	json_t *whole_case = NULL;
	char by[REQUEST_BY + 1];

	snprintf(by, sizeof by, "cli:%s", person_name());
	if (stand(g, e) == 0)
		whole_case = drilling_case(g->ops, option.drill, by, when_now(), e);
	if (whole_case)
		put_asked(g, whole_case, e);
	json_decref(whole_case);
}

/* Against the types and tools in force, or the installed ones where there is no ops repo. */
static void check_workflow(struct ground *g, struct err *e)
{
	struct err none = ERR_INIT;
	struct catalogue *catalogue;
	struct workflow *w;

	g->ops = ops_open(&none);
	catalogue = toolsets_load(g->ops, e);
	w = catalogue ? workflows_load_file(g->ops, option.check, e) : NULL;
	if (w && workflows_check(w, catalogue, e) == 0)
		msg_say("%s: workflow '%s', %zu steps", option.check, w->name,
			json_array_size(w->steps));
	workflow_free(w);
	catalogue_free(catalogue);
}

/* ---- cases on standard input ---- */

static void plan_all(struct ground *g, struct err *e)
{
	struct err first = ERR_INIT;
	struct stream s;
	struct record r;
	int rc = 0;

	stream_open(&s, 0, "stdin", 1, case_members, CASE_MEMBERS, state_reject, NULL);
	while (rc == 0 && stream_next(&s, &r, e) > 0) {
		const char *fault = r.kind == KIND_CASE ? case_fault(r.value) : NULL;

		if (fault)
			rc = stream_reject(&s, &r, e, "%s", fault);
		else if (r.kind == KIND_CASE && case_next(r.value) == CASE_TO_PLAN)
			rc = plan_one(g, &s, &r, &first, e);
		else
			rc = stream_pass(&s, &r, e);
	}
	stream_flush(&s, e);
	if (first.kind != ERR_NONE)
		err_set(e, first.kind, "%s", first.text);
	stream_close(&s, e);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct ground g = {NULL, NULL};
	int first = prog_begin(&program, argc, argv);

	if (!!option.tool + !!option.workflow + !!option.check + !!option.drill > 1)
		return prog_usage("--tool, --workflow, --check-workflow and --drill exclude each other");
	if (first < argc && !option.tool && !option.workflow)
		return prog_usage("operands go with --tool and --workflow: other cases come on "
				  "standard input");
	if (option.check)
		check_workflow(&g, &e);
	else if (option.drill)
		ask_for_drill(&g, &e);
	else if (option.tool || option.workflow)
		ask_for(&g, argc - first, argv + first, &e);
	else
		plan_all(&g, &e);
	memory_close(g.memory);
	ops_free(g.ops);
	return prog_end(&e);
}
