#include "flow/retreat.h"

#include <stdio.h>
#include <string.h>

#include "doc/step.h"
#include "edge/state.h"
#include "flow/stepper.h"

/* Why a drill goes back when nothing went wrong. */
static const char drill_turns[] = "all steps went well and all checks held";

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* By its own undo, or by the rollback of a guard of its. */
static bool is_taken_back(const struct work *w, size_t i)
{
	if (run_undo(&w->run, work_id(w, i), NULL) == RUN_DONE)
		return true;
	for (size_t k = 0; k < w->permit.count; k++)
		if (plan_guards(work_step(w, k), work_step(w, i)) &&
			run_undo(&w->run, work_id(w, k), NULL) == RUN_DONE)
			return true;
	return false;
}

/* Whether a step that needs this one is still done, or may be. */
static bool is_needed(const struct work *w, const char *id)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		json_t *need;
		size_t k;

		if (run_step(&w->run, work_id(w, i), NULL) == RUN_NOT ||
			run_step(&w->run, work_id(w, i), NULL) == RUN_FAILED ||
			run_step(&w->run, work_id(w, i), NULL) == RUN_WAITING ||
			work_only_reads(w, work_step(w, i)) || is_taken_back(w, i))
			continue;
		json_array_foreach (json_object_get(work_step(w, i), "needs"), k, need)
			if (strcmp(json_string_value(need), id) == 0)
				return true;
	}
	return false;
}

/*
 * Whether something that the guard is for has to be taken back and was not: a rollback destroys
 * what came since, so it is not done for nothing. A step that failed may have done half of it.
 */
static bool is_wanted(const struct work *w, size_t guard)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state state = run_step(&w->run, work_id(w, i), NULL);

		if (plan_guards(work_step(w, guard), work_step(w, i)) && !is_taken_back(w, i) &&
			(state == RUN_DONE || state == RUN_FAILED))
			return true;
	}
	return false;
}

/* Whether the rollback would also take back, unseen, what stays done of the steps after it. */
static bool is_in_the_way(const struct work *w, size_t guard)
{
	for (size_t i = guard + 1; i < w->permit.count; i++) {
		enum run_state state = run_step(&w->run, work_id(w, i), NULL);

		if ((state == RUN_DONE || state == RUN_UNKNOWN) &&
			!work_only_reads(w, work_step(w, i)) && !plan_is_guard(work_step(w, i)) &&
			!is_taken_back(w, i) && !plan_guards(work_step(w, guard), work_step(w, i)))
			return true;
	}
	return false;
}

/* An undo that was begun is not begun again, unless that changes nothing. */
static bool may_undo(const struct work *w, size_t i)
{
	const json_t *step = work_step(w, i);
	enum run_state undo = run_undo(&w->run, work_id(w, i), NULL);

	if ((undo != RUN_NOT && !(undo == RUN_UNKNOWN && work_is_repeatable(step))) ||
		state_halted() || !step_undoable(step))
		return false;
	if (plan_is_guard(step) && w->permit.drill)
		return !is_in_the_way(w, i);
	if (plan_is_guard(step))
		return plan_rolls_back(step) && is_wanted(w, i) && !is_in_the_way(w, i);
	return !is_needed(w, work_id(w, i));
}

/* What counts when it is asked whether all is as it was: a snapshot that stays is no change. */
static bool did_change(const struct work *w, size_t i)
{
	return run_step(&w->run, work_id(w, i), NULL) == RUN_DONE &&
	       !work_only_reads(w, work_step(w, i)) && !plan_is_guard(work_step(w, i));
}

/* What was begun and not brought to an end, a step or an undo, keeps all from being as it was. */
static bool all_is_back(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state undo = run_undo(&w->run, work_id(w, i), NULL);

		if (run_step(&w->run, work_id(w, i), NULL) == RUN_UNKNOWN ||
			(did_change(w, i) && !is_taken_back(w, i)) ||
			(plan_is_guard(work_step(w, i)) &&
				(undo == RUN_FAILED || undo == RUN_UNKNOWN)))
			return false;
	}
	return true;
}

static int undo_all(struct work *w, struct err *e)
{
	for (size_t i = w->permit.count; i-- > 0;)
		if (run_step(&w->run, work_id(w, i), NULL) == RUN_DONE &&
			!work_only_reads(w, work_step(w, i)) && may_undo(w, i) &&
			stepper_undo(w, i, e))
			return -1;
	return 0;
}

/* Whether there was anything to take back: a step, or what a failed one may have left. */
static bool did_any(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (did_change(w, i) || run_undo(&w->run, work_id(w, i), NULL) != RUN_NOT)
			return true;
	return false;
}

/* The first snapshot whose rollback is left to a person, or NULL. */
static const char *kept_guard(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (plan_is_guard(work_step(w, i)) &&
			run_step(&w->run, work_id(w, i), NULL) == RUN_DONE &&
			run_undo(&w->run, work_id(w, i), NULL) == RUN_NOT && is_wanted(w, i))
			return work_id(w, i);
	return NULL;
}

/* What held before the drill and does not after it, or NULL. */
static const json_t *ask_restored(struct work *w)
{
	const json_t *verify = json_object_get(w->permit.drill, "verify"),
		     *invariants = json_object_get(w->permit.plan, "invariants");
	const json_t *broken;
	json_t *after;

	w->results.restored = account_checks(w->catalogue, w->policy, verify);
	broken = account_broken(w->results.restored, NULL);
	after = account_checks(w->catalogue, w->policy, invariants);
	json_array_extend(w->results.restored, after);
	if (!broken)
		broken = account_broken(after, w->before);
	json_decref(after); /* its elements live on */
	return broken;
}

/* Everything is undone that can be: was it a good drill? */
static json_t *end_drill(struct work *w, const char *how, bool all, struct err *e)
{
	const json_t *broken = ask_restored(w);

	if (strcmp(w->run.back, drill_turns) == 0 && all && !broken)
		return work_finish(w, "drilled", e,
			"%s, and so did all undo: it is as it was before", drill_turns);
	if (broken)
		return work_finish(w, "failed", e, "%s; %s; after the undo '%s' does not hold: %s",
			w->run.back, how, text_of(broken, "title"), text_of(broken, "why"));
	return work_finish(w, "failed", e, "%s; %s", w->run.back, how);
}

json_t *retreat_go(struct work *w, struct err *e)
{
	const char *how, *kept;
	bool any, all;

	if (undo_all(w, e))
		return NULL;
	any = did_any(w);
	all = all_is_back(w);
	kept = kept_guard(w);
	how = !any             ? "there was nothing to undo"
	      : all            ? "all that was done was undone"
	      : state_halted() ? "the halt file stopped the undo"
			       : "not all that was done could be undone";
	if (w->permit.drill)
		return end_drill(w, how, any && all, e);
	return work_finish(w,
		run_ran_out(&w->run) && (all || !any) ? "expired"
		: any && all                          ? "rolled_back"
						      : "failed",
		e, "%s; %s%s%s%s", w->run.back, how, kept ? "; the snapshot of step '" : "",
		kept ? kept : "",
		kept ? "' is there, and going back to it is left to a person" : "");
}

json_t *retreat_turn(
	struct work *w, struct err *e, const char *what, const char *which, const char *why)
{
	char text[2048];
	json_t *safe;
	int rc;

	snprintf(text, sizeof text, "%s '%s': %s", what, which, why);
	safe = account_text(text);
	rc = work_note(w, run_back_line(json_string_value(safe)), e);
	json_decref(safe);
	return rc ? NULL : retreat_go(w, e);
}

json_t *retreat_drill(struct work *w, struct err *e)
{
	return work_note(w, run_back_line(drill_turns), e) ? NULL : retreat_go(w, e);
}
