#include "doc/solution.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/path.h"
#include "doc/check.h"
#include "doc/plan.h"
#include "doc/template.h"

const char *document_title(const struct node *n, const char *key, const char *id, struct err *e)
{
	const char *text = node_text_or_null(n, key, e);
	char *words;

	if (text || e->kind)
		return text;
	words = mem_text(id);
	for (char *p = words; *p; p++)
		if (*p == '_' || *p == '-')
			*p = ' ';
	json_object_set_new(n->v, key, json_string(words));
	free(words);
	return json_string_value(json_object_get(n->v, key));
}

const char *document_name(const struct node *n, const char *key, struct err *e)
{
	struct node member = node_get(n, key);
	const char *name = node_text(n, key, NULL, e);

	if (name && !path_is_name(name)) {
		node_fail(&member, e,
			"'%s' is not a name: letters, digits and . _ - : @, not starting with a "
			"dot",
			name);
		return NULL;
	}
	return name;
}

/* Fills in what a step need not say: an id (its number), no arguments, no needs. */
static int complete_step(const struct node *step, size_t at, struct err *e)
{
	static const char *const known[] = {"id", "tool", "args", "needs", NULL};
	struct node args = node_get(step, "args");

	if (!json_is_object(step->v))
		return node_fail(step, e,
			"must be a step such as {tool: systemd.restart, args: {unit: nginx}}");
	if (node_known(step, known, e) || node_is_object(&args, e) ||
		!document_name(step, "tool", e) || template_check(&args, NULL, NULL, e))
		return -1;
	if (!json_object_get(step->v, "id"))
		json_object_set_new(step->v, "id", json_sprintf("%zu", at + 1));
	if (!node_there(&args))
		json_object_set_new(step->v, "args", json_object());
	if (!json_object_get(step->v, "needs"))
		json_object_set_new(step->v, "needs", json_array());
	return document_name(step, "id", e) ? 0 : -1;
}

/* plan_order says what is missing; this says what may have been meant. */
static int check_needs(const struct node *steps, const struct node *step, struct err *e)
{
	struct node needs = node_get(step, "needs");
	const char *ids[PLAN_STEPS + 1] = {NULL};

	if (node_is_array(&needs, e))
		return -1;
	for (size_t i = 0; i < node_count(steps); i++)
		ids[i] = json_string_value(json_object_get(json_array_get(steps->v, i), "id"));
	for (size_t i = 0; i < node_count(&needs); i++) {
		struct node need = node_at(&needs, i);
		const char *word = json_string_value(need.v),
			   *near = word ? str_nearest(word, ids) : NULL;

		if (near && strcmp(near, word) != 0)
			return node_fail(&need, e, "no step '%s': did you mean '%s'?", word, near);
	}
	return 0;
}

static int load_steps(struct solution *s, const struct node *steps, struct err *e)
{
	size_t order[PLAN_STEPS];

	if (node_is_array(steps, e))
		return -1;
	if (!node_count(steps))
		return node_fail(steps, e, "has no step");
	if (node_count(steps) > PLAN_STEPS)
		return node_fail(steps, e, "%zu steps, at most %d are possible", node_count(steps),
			PLAN_STEPS);
	for (size_t i = 0; i < node_count(steps); i++) {
		struct node step = node_at(steps, i);

		if (complete_step(&step, i, e))
			return -1;
	}
	for (size_t i = 0; i < node_count(steps); i++) {
		struct node step = node_at(steps, i);

		if (check_needs(steps, &step, e))
			return -1;
	}
	if (plan_order(steps, order, e) < 0)
		return -1;
	s->steps = json_incref(steps->v);
	return 0;
}

/* `action: NAME`, as the seeds write it, is one step. */
static int load_action(struct solution *s, const struct node *n, struct err *e)
{
	struct node args = node_get(n, "args");
	const char *action = document_name(n, "action", e);
	json_t *given;

	if (!action || node_is_object(&args, e) || template_check(&args, NULL, NULL, e))
		return -1;
	given = node_there(&args) ? json_incref(args.v) : json_object();
	s->steps = json_pack(
		"[{s:s, s:s, s:o, s:[]}]", "id", action, "tool", action, "args", given, "needs");
	return 0;
}

static int load_doing(struct solution *s, const struct node *n, struct err *e)
{
	struct node action = node_get(n, "action"), steps = node_get(n, "steps"),
		    args = node_get(n, "args");

	if (node_there(&action) && node_there(&steps))
		return node_fail(&action, e, "either 'action' or 'steps', not both");
	if (node_there(&action))
		return load_action(s, n, e);
	if (node_there(&args))
		return node_fail(&args, e, "belongs to 'action'; a step has its own");
	if (!node_there(&steps))
		return node_fail(n, e, "says neither 'steps' nor 'action'");
	return load_steps(s, &steps, e);
}

static int load_checks(const struct node *n, const char *key, const json_t **into, struct err *e)
{
	struct node list = node_get(n, key);

	if (checks_check(&list, e))
		return -1;
	if (node_count(&list) > PLAN_CHECKS)
		return node_fail(&list, e, "more than %d checks", PLAN_CHECKS);
	*into = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_said(struct solution *s, const struct node *n, struct err *e)
{
	struct node risk = node_get(n, "risk"), reversible = node_get(n, "reversible");

	s->title = document_title(n, "title", s->id, e);
	node_text_or_null(n, "description", e);
	s->impact = node_text_or_null(n, "impact", e);
	if (node_there(&risk)) {
		int i = node_choice(n, "risk", risk_names, 0, e);

		s->risk = risk_names[i];
	}
	s->reversible = node_there(&reversible) ? node_bool(n, "reversible", false, e) : -1;
	return e->kind ? -1 : 0;
}

static int load_record(struct solution *s, const struct node *n, struct err *e)
{
	struct node selected = node_get(n, "human_selected"), rate = node_get(n, "success_rate");

	s->human_selected = node_integer(n, "human_selected", 0, e);
	s->success_rate = node_number(n, "success_rate", -1, e);
	if (e->kind)
		return -1;
	if (s->human_selected < 0)
		return node_fail(&selected, e, "cannot be negative");
	if (node_there(&rate) && !(s->success_rate >= 0 && s->success_rate <= 1))
		return node_fail(&rate, e, "must be from 0 to 1");
	return 0;
}

int solution_load(struct solution *s, const struct node *n, struct err *e)
{
	static const char *const known[] = {"id", "title", "description", "impact", "risk",
		"reversible", "action", "args", "steps", "preflight", "verify", "human_selected",
		"success_rate", NULL};

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be a solution, with 'id' and 'steps'");
	if (node_known(n, known, e) || !(s->id = document_name(n, "id", e)))
		return -1;
	if (load_said(s, n, e) || load_doing(s, n, e) || load_record(s, n, e))
		return -1;
	return load_checks(n, "preflight", &s->preflight, e) ||
			       load_checks(n, "verify", &s->verify, e)
		       ? -1
		       : 0;
}

static double record_of(const struct solution *s)
{
	double n = s->success_rate < 0 || s->human_selected < 0 ? 0 : (double)s->human_selected;

	return (n * s->success_rate + 1) / (n + 2);
}

bool solution_better(const struct solution *a, const struct solution *b)
{
	double by = record_of(a) - record_of(b);

	return by != 0 ? by > 0 : a->human_selected > b->human_selected;
}
