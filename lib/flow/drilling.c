#include "flow/drilling.h"

#include <stdlib.h>

#include "base/sha.h"
#include "base/when.h"
#include "doc/case.h"
#include "doc/drill.h"
#include "doc/plan.h"

/* Not that of a real alert with these labels: a drill is no recurrence of anything. */
static uint64_t fingerprint_of(const struct runbook *r)
{
	json_t *subject = json_pack("{s:s, s:O}", "drill", r->id, "labels",
		json_object_get(r->drill, "labels"));
	char *text = json_canonical(subject), hex[SHA_HEX];

	sha_hex(str_of(text), hex);
	free(text);
	json_decref(subject);
	hex[16] = '\0';
	return strtoull(hex, NULL, 16);
}

static json_t *signal_of(const struct runbook *r, const char *at)
{
	const json_t *labels = json_object_get(r->drill, "labels"),
		     *annotations = json_object_get(r->drill, "annotations");
	const char *name = json_string_value(json_object_get(labels, "alertname"));

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:o}", "kind", "signal", "status",
		"firing", "source", "hl-plan", "name", name && *name ? name : r->id, "severity",
		"info", "starts_at", at, "labels", labels, "annotations",
		annotations ? json_deep_copy(annotations) : json_object());
}

json_t *drilling_case(
	struct ops *o, const char *runbook, const char *by, int64_t now, struct err *e)
{
	const struct runbook *r = ops_runbook(o, runbook, e);
	char id[CASE_ID], at[WHEN_TEXT];

	if (!r) {
		err_set(e, ERR_USAGE, "no runbook '%s' in the ops repo", runbook);
		return NULL;
	}
	if (!r->drill) {
		err_set(e, ERR_CONFIG,
			"runbook '%s' declares no drill: say in 'drill' which labels to drill with, "
			"and what holds after the undo",
			r->id);
		return NULL;
	}
	when_format(now, at);
	return json_pack("{s:s, s:s, s:s, s:o, s:s, s:[o], s:[], s:s, s:{s:s, s:s, s:s}, "
			 "s:{s:s, s:o, s:s, s:[s], s:i, s:i, s:b}}",
		"kind", "case", "id", case_id(now, fingerprint_of(r), id), "opened_at", at, "title",
		json_sprintf("Drill: %.150s", r->title), "severity", "info", "signals",
		signal_of(r, at), "context", "basis", ops_commit(o), "drill", "by", by, "at", at,
		"runbook", r->id, "triage", "verdict", "problem", "why",
		json_sprintf("a drill, asked for by %s", by), "at", at, "runbooks", r->id,
		"signals", 1, "count", 1, "flapping", 0);
}

const char *drilling_by(const json_t *whole_case)
{
	const json_t *drill = json_object_get(whole_case, "drill");
	const char *by = json_string_value(json_object_get(drill, "by"));

	return !drill ? NULL : by ? by : "?";
}

static int check_call(const struct proposal_ground *g, const json_t *call, struct err *e)
{
	const char *name = json_string_value(json_object_get(call, "tool"));
	const struct tool *t = name ? catalogue_find(g->catalogue, name) : NULL;

	if ((t && t->effect == EFFECT_READ) ||
		drill_is_throwaway(g->policy->drill_targets, json_object_get(call, "args")))
		return 0;
	return err_set(e, ERR_DENIED,
		"'%s' would not be on a throwaway target: policy's drill_targets name none that its "
		"arguments match",
		name ? name : "?");
}

static bool is_guarded(const json_t *steps, const json_t *step)
{
	json_t *other;
	size_t i;

	json_array_foreach (steps, i, other)
		if (plan_guards(other, step))
			return true;
	return false;
}

static int check_step(
	const struct proposal_ground *g, const json_t *steps, const json_t *step, struct err *e)
{
	const char *name = json_string_value(json_object_get(step, "tool"));
	const struct tool *t = name ? catalogue_find(g->catalogue, name) : NULL;
	const json_t *undo = json_object_get(step, "undo");

	if (check_call(g, step, e) || (json_is_object(undo) && check_call(g, undo, e)))
		return -1;
	if ((t && t->effect == EFFECT_READ) || json_is_object(undo) || is_guarded(steps, step))
		return 0;
	return err_set(e, ERR_DENIED, "it has no undo, so there is nothing to drill");
}

int drilling_check(const struct proposal_ground *g, const json_t *solution, struct err *e)
{
	const json_t *steps = json_object_get(solution, "steps");
	json_t *step;
	size_t i;

	json_array_foreach (steps, i, step)
		if (check_step(g, steps, step, e))
			return err_prefix(e, "step '%s': ",
				json_string_value(json_object_get(step, "id")));
	return 0;
}
