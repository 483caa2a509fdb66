#include "flow/applier.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lock.h"
#include "base/msg.h"
#include "base/when.h"
#include "doc/run.h"
#include "doc/step.h"
#include "doc/task.h"
#include "edge/journal.h"
#include "edge/state.h"
#include "flow/account.h"
#include "flow/permit.h"
#include "flow/runner.h"
#include "flow/scribe.h"

enum { ALONE_WAIT_MS = 60000 };

/* Why a drill goes back when nothing went wrong. */
static const char drill_turns[] = "all steps went well and all checks held";

/* One case in hand. */
struct work {
	const struct applier *a;
	struct permit permit;
	const json_t *answer; /* what a person said about the step that waits; may be NULL */
	struct journal *journal;
	struct run run;
	const struct policy *policy;
	const struct catalogue *catalogue;
	struct account_results results;
	json_t *before; /* the invariants, before the first step */
	int64_t start;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static const json_t *step_at(const struct work *w, size_t i)
{
	return json_array_get(w->permit.steps, w->permit.order[i]);
}

static const char *id_at(const struct work *w, size_t i)
{
	return text_of(step_at(w, i), "id");
}

/* Appends to the journal, and reads it anew. */
static int note(struct work *w, json_t *line, struct err *e)
{
	if (journal_write(w->journal, line, e))
		return -1;
	return run_read(&w->run, journal_lines(w->journal), w->permit.digest, e);
}

static json_t *outcome_json(const struct work *w, const char *result, const char *why)
{
	return account_outcome(
		&w->permit, &w->run, &w->results, when_tick() - w->start, result, why);
}

/* Nothing was run. It is not in the journal: what was refused may be allowed the next time. */
static json_t *refused(const struct work *w, const char *why)
{
	msg_warn("case '%s': refused: %s", w->permit.case_id, why);
	return outcome_json(w, "refused", why);
}

/* Telling memory twice changes nothing. */
static int tell_begin(const struct work *w, struct err *e)
{
	const char *id = w->permit.case_id, *dash = strrchr(id, '-');
	const char *runbook = text_of(json_object_get(w->permit.plan, "runbook"), "id");

	if (w->permit.drill) /* nothing of it is about the real thing: no budget, no breaker */
		return 0;
	return memory_action_begin(
		w->a->memory, id, runbook, dash ? dash + 1 : id, w->permit.alone, when_now(), e);
}

static void tell_end(const struct work *w, const char *result)
{
	struct err e = ERR_INIT;

	if (!w->permit.drill && memory_action_end(w->a->memory, w->permit.case_id, result, &e))
		msg_warn("case '%s': %s", w->permit.case_id, e.text);
}

__attribute__((format(printf, 4, 5))) static json_t *finish(
	struct work *w, const char *result, struct err *e, const char *fmt, ...)
{
	char why[4096];
	json_t *outcome;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	outcome = outcome_json(w, result, why);
	if (note(w, run_end_line(outcome), e)) {
		json_decref(outcome);
		return NULL;
	}
	tell_end(w, result);
	msg_say("case '%s': %s: %s", w->permit.case_id, result, why);
	return outcome;
}

/* ---- going back ---- */

/* A step that only read, or left its document to another, leaves nothing to take back. */
static bool is_read(const struct work *w, const json_t *step)
{
	int kind = step_kind(step);
	const struct tool *t;

	if (kind != STEP_TOOL)
		return kind == STEP_CHECK || (kind == STEP_WRITE && !step_commits(step));
	t = catalogue_find(w->catalogue, text_of(step, "tool"));
	return t && t->effect == EFFECT_READ;
}

/* By its own undo, or by the rollback of a guard of its. */
static bool is_taken_back(const struct work *w, size_t i)
{
	if (run_undo(&w->run, id_at(w, i), NULL) == RUN_DONE)
		return true;
	for (size_t k = 0; k < w->permit.count; k++)
		if (plan_guards(step_at(w, k), step_at(w, i)) &&
			run_undo(&w->run, id_at(w, k), NULL) == RUN_DONE)
			return true;
	return false;
}

/* Whether a step that needs this one is still done, or may be. */
static bool is_needed(const struct work *w, const char *id)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		json_t *need;
		size_t k;

		if (run_step(&w->run, id_at(w, i), NULL) == RUN_NOT ||
			run_step(&w->run, id_at(w, i), NULL) == RUN_FAILED ||
			run_step(&w->run, id_at(w, i), NULL) == RUN_WAITING ||
			is_read(w, step_at(w, i)) || is_taken_back(w, i))
			continue;
		json_array_foreach (json_object_get(step_at(w, i), "needs"), k, need)
			if (strcmp(json_string_value(need), id) == 0)
				return true;
	}
	return false;
}

/* Whether it may be done again when nobody knows whether it was done. */
static bool is_repeatable(const json_t *step)
{
	return step_kind(step) == STEP_CHECK || step_kind(step) == STEP_WRITE ||
	       step_kind(step) == STEP_COMMIT;
}

/*
 * Runs a call and writes how it ended. 1 it went well, 0 it failed, -1 the journal cannot be
 * written.
 */
static int run_call(
	struct work *w, const json_t *call, const char *id, const char *after, struct err *e)
{
	struct err why = ERR_INIT;
	const struct tool *t = permit_call(w->a->ops, call, &why);
	json_t *seen = NULL, *safe = NULL, *line;
	const char *error;
	bool ok;

	if (t)
		seen = runner_run(t, json_object_get(call, "args"), w->policy, 0, &why);
	ok = seen && json_is_true(json_object_get(seen, "ok"));
	error = ok ? NULL : seen ? text_of(seen, "error") : why.text;
	if (error)
		safe = account_text(error);
	line = run_result_line(after, id, ok, json_integer_value(json_object_get(seen, "took_ms")),
		json_string_value(safe));
	json_decref(seen);
	json_decref(safe);
	return note(w, line, e) ? -1 : ok;
}

/* ---- documents ---- */

/* What a step commits: its own files, after those of the steps that leave theirs to it. Given. */
static json_t *files_of(const struct work *w, size_t i)
{
	json_t *files = json_array();

	for (size_t k = 0; k < w->permit.count; k++)
		if (strcmp(text_of(step_at(w, k), "commit"), id_at(w, i)) == 0)
			json_array_extend(files, json_object_get(step_at(w, k), "files"));
	json_array_extend(files, json_object_get(step_at(w, i), "files"));
	return files;
}

/* Commits a step's files, or takes that back; 1, 0 or -1 as run_call. */
static int run_commit(struct work *w, size_t i, const char *after, struct err *e)
{
	const struct permit *p = &w->permit;
	json_t *files = files_of(w, i), *safe = NULL, *line;
	const json_t *did = NULL, *asked = json_object_get(p->whole_case, "request");
	struct scribe s = {.case_id = p->case_id,
		.workflow = json_string_value(json_object_get(asked, "workflow")),
		.step = id_at(w, i),
		.digest = p->digest,
		.since = text_of(p->plan, "basis"),
		.message = text_of(step_at(w, i), "message"),
		.files = files};
	int64_t start = when_tick();
	struct err why = ERR_INIT;
	char id[REPO_ID];
	int rc;

	if (strcmp(after, "did") == 0) {
		rc = scribe_write(w->a->ops, &s, id, &why);
	} else {
		run_step(&w->run, s.step, &did);
		rc = scribe_revert(w->a->ops, &s, text_of(did, "commit"), id, &why);
	}
	if (rc)
		safe = account_text(why.text);
	line = run_result_line(
		after, s.step, rc == 0, when_tick() - start, json_string_value(safe));
	if (rc == 0)
		json_object_set_new(line, "commit", json_string(id));
	json_decref(safe);
	json_decref(files);
	return note(w, line, e) ? -1 : rc == 0;
}

static int undo_one(struct work *w, size_t i, struct err *e)
{
	const json_t *step = step_at(w, i);
	const char *id = id_at(w, i);
	int ok;

	if (note(w, run_line("undo", id), e))
		return -1;
	ok = step_commits(step) ? run_commit(w, i, "undone", e)
				: run_call(w, json_object_get(step, "undo"), id, "undone", e);
	if (ok >= 0)
		msg_say("case '%s': undo of step '%s' %s", w->permit.case_id, id,
			ok ? "done" : "failed");
	return ok < 0 ? -1 : 0;
}

/*
 * Whether something that the guard is for has to be taken back and was not: a rollback destroys
 * what came since, so it is not done for nothing. A step that failed may have done half of it.
 */
static bool is_wanted(const struct work *w, size_t guard)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state state = run_step(&w->run, id_at(w, i), NULL);

		if (plan_guards(step_at(w, guard), step_at(w, i)) && !is_taken_back(w, i) &&
			(state == RUN_DONE || state == RUN_FAILED))
			return true;
	}
	return false;
}

/* Whether the rollback would also take back, unseen, what stays done of the steps after it. */
static bool is_in_the_way(const struct work *w, size_t guard)
{
	for (size_t i = guard + 1; i < w->permit.count; i++) {
		enum run_state state = run_step(&w->run, id_at(w, i), NULL);

		if ((state == RUN_DONE || state == RUN_UNKNOWN) && !is_read(w, step_at(w, i)) &&
			!plan_is_guard(step_at(w, i)) && !is_taken_back(w, i) &&
			!plan_guards(step_at(w, guard), step_at(w, i)))
			return true;
	}
	return false;
}

/* An undo that was begun is not begun again, unless that changes nothing. */
static bool may_undo(const struct work *w, size_t i)
{
	const json_t *step = step_at(w, i);
	enum run_state undo = run_undo(&w->run, id_at(w, i), NULL);

	if ((undo != RUN_NOT && !(undo == RUN_UNKNOWN && is_repeatable(step))) ||
		state_halted() || !step_undoable(step))
		return false;
	if (plan_is_guard(step) && w->permit.drill)
		return !is_in_the_way(w, i);
	if (plan_is_guard(step))
		return plan_rolls_back(step) && is_wanted(w, i) && !is_in_the_way(w, i);
	return !is_needed(w, id_at(w, i));
}

/* What counts when it is asked whether all is as it was: a snapshot that stays is no change. */
static bool did_change(const struct work *w, size_t i)
{
	return run_step(&w->run, id_at(w, i), NULL) == RUN_DONE && !is_read(w, step_at(w, i)) &&
	       !plan_is_guard(step_at(w, i));
}

/* What was begun and not brought to an end, a step or an undo, keeps all from being as it was. */
static bool all_is_back(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state undo = run_undo(&w->run, id_at(w, i), NULL);

		if (run_step(&w->run, id_at(w, i), NULL) == RUN_UNKNOWN ||
			(did_change(w, i) && !is_taken_back(w, i)) ||
			(plan_is_guard(step_at(w, i)) &&
				(undo == RUN_FAILED || undo == RUN_UNKNOWN)))
			return false;
	}
	return true;
}

static int undo_all(struct work *w, struct err *e)
{
	for (size_t i = w->permit.count; i-- > 0;)
		if (run_step(&w->run, id_at(w, i), NULL) == RUN_DONE &&
			!is_read(w, step_at(w, i)) && may_undo(w, i) && undo_one(w, i, e))
			return -1;
	return 0;
}

/* Whether there was anything to take back: a step, or what a failed one may have left. */
static bool did_any(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (did_change(w, i) || run_undo(&w->run, id_at(w, i), NULL) != RUN_NOT)
			return true;
	return false;
}

/* The first snapshot whose rollback is left to a person, or NULL. */
static const char *kept_guard(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (plan_is_guard(step_at(w, i)) &&
			run_step(&w->run, id_at(w, i), NULL) == RUN_DONE &&
			run_undo(&w->run, id_at(w, i), NULL) == RUN_NOT && is_wanted(w, i))
			return id_at(w, i);
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
		return finish(w, "drilled", e, "%s, and so did all undo: it is as it was before",
			drill_turns);
	if (broken)
		return finish(w, "failed", e, "%s; %s; after the undo '%s' does not hold: %s",
			w->run.back, how, text_of(broken, "title"), text_of(broken, "why"));
	return finish(w, "failed", e, "%s; %s", w->run.back, how);
}

/* Takes back what was done. Why is in the journal. */
static json_t *go_back(struct work *w, struct err *e)
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
	return finish(w,
		run_ran_out(&w->run) && (all || !any) ? "expired"
		: any && all                          ? "rolled_back"
						      : "failed",
		e, "%s; %s%s%s%s", w->run.back, how,
		kept ? "; the snapshot of step '" : "", kept ? kept : "",
		kept ? "' is there, and going back to it is left to a person" : "");
}

static json_t *turn_back(
	struct work *w, struct err *e, const char *what, const char *which, const char *why)
{
	char text[2048];
	json_t *safe;
	int rc;

	snprintf(text, sizeof text, "%s '%s': %s", what, which, why);
	safe = account_text(text);
	rc = note(w, run_back_line(json_string_value(safe)), e);
	json_decref(safe);
	return rc ? NULL : go_back(w, e);
}

/* ---- going on ---- */

/* Whether a step was a check: it held, or we would not be here. */
static bool has_look(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (step_kind(step_at(w, i)) == STEP_CHECK)
			return true;
	return false;
}

/* All steps are done: did it help? */
static json_t *verify(struct work *w, struct err *e)
{
	const json_t *checks = json_object_get(w->permit.solution, "verify"), *broken;

	json_decref(w->results.verify);
	w->results.verify = account_checks(w->catalogue, w->policy, checks);
	broken = account_broken(w->results.verify, NULL);
	if (broken)
		return turn_back(
			w, e, "verification", text_of(broken, "title"), text_of(broken, "why"));
	w->results.invariants = account_checks(
		w->catalogue, w->policy, json_object_get(w->permit.plan, "invariants"));
	broken = account_broken(w->results.invariants, w->before);
	if (broken)
		return turn_back(
			w, e, "invariant", text_of(broken, "title"), text_of(broken, "why"));
	if (w->permit.drill)
		return note(w, run_back_line(drill_turns), e) ? NULL : go_back(w, e);
	if (json_array_size(checks) == 0 && !has_look(w))
		return finish(w, "unverified", e,
			"all steps went well, and no check says whether it helped");
	return finish(w, "fixed", e, "all steps went well and all checks hold");
}

/* It has to hold, within its time. 1, 0 or -1 as run_call. */
static int run_look(struct work *w, const json_t *step, const char *id, struct err *e)
{
	struct buf why = BUF_INIT(BUF_RECORD);
	struct err bad = ERR_INIT;
	int64_t start = when_tick();
	json_t *safe = NULL, *line;
	int holds = permit_call(w->a->ops, step, &bad)
			    ? runner_check(w->catalogue, step, w->policy, &why, NULL, &bad)
			    : -1;

	if (holds <= 0)
		safe = account_text(holds < 0 ? bad.text : buf_text(&why));
	line = run_result_line(
		"did", id, holds > 0, when_tick() - start, json_string_value(safe));
	json_decref(safe);
	buf_clear(&why);
	return note(w, line, e) ? -1 : holds > 0;
}

static int run_step_of(struct work *w, size_t i, struct err *e)
{
	const json_t *step = step_at(w, i);

	if (step_commits(step))
		return run_commit(w, i, "did", e);
	if (step_kind(step) == STEP_WRITE)
		return note(w, run_result_line("did", id_at(w, i), true, 0, NULL), e) ? -1 : 1;
	if (step_kind(step) == STEP_CHECK)
		return run_look(w, step, id_at(w, i), e);
	return run_call(w, step, id_at(w, i), "did", e);
}

/* 1 it went well, 0 it failed, -1 error. */
static int do_step(struct work *w, size_t i, struct err *e)
{
	const char *id = id_at(w, i);
	int64_t start = when_tick();
	int ok;

	msg_progress(
		"case '%s': step %zu of %zu '%s'", w->permit.case_id, i + 1, w->permit.count, id);
	if (note(w, run_line("try", id), e))
		return -1;
	ok = run_step_of(w, i, e);
	if (ok >= 0)
		msg_say("case '%s': step %zu of %zu '%s' %s in %lld ms", w->permit.case_id, i + 1,
			w->permit.count, id, ok ? "done" : "failed",
			(long long)(when_tick() - start));
	return ok;
}

/* ---- a person's step ---- */

/* Not journalled as an end: it is none. */
static json_t *waiting(const struct work *w, const json_t *wait, const char *why)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (strcmp(id_at(w, i), text_of(wait, "step")) == 0)
			return account_waiting(outcome_json(w, "waiting", why), step_at(w, i), wait);
	return NULL;
}

static json_t *begin_wait(struct work *w, size_t i, struct err *e)
{
	const json_t *step = step_at(w, i);
	int64_t now = when_now();
	char at[WHEN_TEXT], until[WHEN_TEXT];

	if (note(w,
		    run_wait_line(id_at(w, i), when_format(now, at),
			    when_format(now + step_within(step), until)),
		    e))
		return NULL;
	msg_say("case '%s': step %zu of %zu '%s' waits for a person until %s", w->permit.case_id,
		i + 1, w->permit.count, id_at(w, i), until);
	return waiting(w, run_waits(&w->run), "a person has the next step");
}

static json_t *go_on(struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state state = run_step(&w->run, id_at(w, i), NULL);
		const json_t *line;
		int ok;

		if (state == RUN_DONE)
			continue;
		if (state == RUN_NOT || (state == RUN_UNKNOWN && is_repeatable(step_at(w, i)))) {
			if (state_halted())
				return finish(w, "unverified", e,
					"the halt file stopped it before step '%s': nothing more "
					"was done or undone",
					id_at(w, i));
			if (step_kind(step_at(w, i)) == STEP_HUMAN)
				return begin_wait(w, i, e);
			ok = do_step(w, i, e);
			if (ok < 0)
				return NULL;
			if (ok)
				continue;
		}
		run_step(&w->run, id_at(w, i), &line);
		return turn_back(w, e, "step", id_at(w, i), text_of(line, "error"));
	}
	return verify(w, e);
}

/* ---- after a crash ---- */

/*
 * A step that was begun and of which nobody knows the end: do the checks know? 1 it was done, 0
 * nobody knows, -1 error.
 */
static int learn(struct work *w, const char *id, struct err *e)
{
	const json_t *checks = json_object_get(w->permit.solution, "verify");
	json_t *line;

	msg_warn("case '%s': step '%s' was interrupted: it is not run again, the checks are asked",
		w->permit.case_id, id);
	w->results.verify = account_checks(w->catalogue, w->policy, checks);
	if (json_array_size(checks) == 0 || account_broken(w->results.verify, NULL))
		return 0;
	line = run_result_line("did", id, true, 0, NULL);
	json_object_set_new(line, "learnt", json_true());
	return note(w, line, e) ? -1 : 1;
}

static json_t *unknown(struct work *w, size_t lost, struct err *e)
{
	const char *id = id_at(w, lost);

	if (plan_is_guard(step_at(w, lost)))
		return finish(w, "unverified", e,
			"step '%s' was interrupted, and nobody knows whether there is a snapshot: "
			"nothing more was done or undone",
			id);
	return finish(w, "unverified", e,
		"step '%s' was interrupted, and the checks do not say that it was done: it was not "
		"run "
		"again, nothing was undone, and a person has to look",
		id);
}

/* The first step in this state, or -1. What may be done again is as one that was not begun. */
static int first_in(const struct work *w, enum run_state state)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state is = run_step(&w->run, id_at(w, i), NULL);

		if (is == RUN_UNKNOWN && is_repeatable(step_at(w, i)))
			is = RUN_NOT;
		if (is == state)
			return (int)i;
	}
	return -1;
}

/*
 * A step that a person has: 1 when that is over and noted, 0 when it goes on waiting, -1 error. An
 * answer counts by when it was given; an expired step fails, and why is in its line.
 */
static int hear(struct work *w, const json_t *wait, struct err *e)
{
	struct task_end said;
	json_t *line;

	if (!task_over(wait, w->answer, w->permit.digest, when_now(), &said))
		return 0;
	line = run_result_line("did", text_of(wait, "step"), said.done, 0, NULL);
	task_note(&said, wait, line);
	return note(w, line, e) ? -1 : 1;
}

/* A run that a crash cut off, or that waits for a person. */
static json_t *take_up(struct work *w, struct err *e)
{
	int lost = first_in(w, RUN_UNKNOWN), known = 1, heard = 1;
	const json_t *wait = run_waits(&w->run);
	struct err why = ERR_INIT;

	w->results.preflight = json_incref(json_object_get(w->run.begin, "preflight"));
	w->before = json_incref(json_object_get(w->run.begin, "before"));
	if (tell_begin(w, e))
		return NULL;
	if (wait && state_halted())
		return waiting(w, wait, "the halt file is there: no answer is taken until it is gone");
	if (wait)
		heard = hear(w, wait, e);
	if (heard <= 0)
		return heard ? NULL : waiting(w, wait, "a person has the next step");
	if (w->run.back)
		return go_back(w, e);
	if (lost >= 0) /* checks of the end know nothing of a snapshot */
		known = plan_is_guard(step_at(w, (size_t)lost))
				? 0
				: learn(w, id_at(w, (size_t)lost), e);
	if (known <= 0)
		return known ? NULL : unknown(w, (size_t)lost, e);
	if (first_in(w, RUN_NOT) < 0 ||
		permit_check(&w->permit, w->a->ops, w->a->memory, when_now(), true, &why) == 0)
		return go_on(w, e);
	if (why.kind != ERR_DENIED)
		return err_set(e, why.kind, "%s", why.text), NULL;
	return finish(w, "unverified", e,
		"it was interrupted, and may not go on: %s; nothing was undone", why.text);
}

/* ---- a new run ---- */

/*
 * Takes the permission and the place in the budget at once: two that act alone at the same moment
 * must not both find room for one.
 */
static int take_leave(struct work *w, struct err *e)
{
	char *path = NULL;
	int lock = -1, rc = -1;

	if (w->permit.alone) {
		path = state_path("runs/.alone.lock");
		if ((lock = lock_take(path, ALONE_WAIT_MS, e)) < 0)
			goto out;
	}
	if (permit_check(&w->permit, w->a->ops, w->a->memory, when_now(), false, e) == 0)
		rc = tell_begin(w, e);
out:
	lock_drop(lock);
	free(path);
	return rc;
}

static json_t *refused_or_not(const struct work *w, const struct err *why, struct err *e)
{
	if (why->kind == ERR_DENIED)
		return refused(w, why->text);
	err_set(e, why->kind, "%s", why->text);
	return NULL;
}

static void add_checks(const struct work *w, json_t *results, const json_t *checks)
{
	json_t *more = account_checks(w->catalogue, w->policy, checks);

	json_array_extend(results, more);
	json_decref(more);
}

static json_t *begin(struct work *w, struct err *e)
{
	const struct permit *p = &w->permit;
	const json_t *broken;
	struct err why = ERR_INIT;
	char at[WHEN_TEXT];

	if (json_object_get(p->whole_case, "outcome") || w->answer)
		return refused(w, "it says that it waits for a person, but no journal here says so");
	if (permit_check(p, w->a->ops, w->a->memory, when_now(), false, &why))
		return refused_or_not(w, &why, e);
	w->results.preflight = account_checks(
		w->catalogue, w->policy, json_object_get(p->solution, "preflight"));
	if (p->drill) /* what has to hold after the undo has to hold before */
		add_checks(w, w->results.preflight, json_object_get(p->drill, "verify"));
	broken = account_broken(w->results.preflight, NULL);
	if (broken)
		err_set(&why, ERR_DENIED, "pre-flight check '%s': %s", text_of(broken, "title"),
			text_of(broken, "why"));
	w->before = account_checks(w->catalogue, w->policy, json_object_get(p->plan, "invariants"));
	if (broken || take_leave(w, &why))
		return refused_or_not(w, &why, e);
	if (note(w,
		    run_begin_line(p->whole_case, p->digest, when_format(when_now(), at),
			    w->results.preflight, w->before),
		    e))
		return NULL;
	return go_on(w, e);
}

static json_t *apply(struct work *w, struct err *e)
{
	if (run_read(&w->run, journal_lines(w->journal), w->permit.digest, e)) {
		err_prefix(e, "the journal of case '%s': ", w->permit.case_id);
		return NULL;
	}
	if (w->run.outcome) {
		msg_why("case '%s': it was applied before", w->permit.case_id);
		tell_end(w, text_of(w->run.outcome, "result"));
		return json_incref((json_t *)w->run.outcome);
	}
	if (!w->run.begin)
		return begin(w, e);
	/* What was begun is what the journal says, whatever the case says that brings the answer. */
	if (permit_read(&w->permit, json_object_get(w->run.begin, "case"), e))
		return NULL;
	w->permit.waited = run_waited(&w->run);
	return take_up(w, e);
}

static void put_away(struct work *w)
{
	struct err ignored = ERR_INIT;

	/* Nothing was begun: an empty file would only be in the way. */
	if (w->journal && json_array_size(journal_lines(w->journal)) == 0)
		journal_remove(w->journal, &ignored);
	else
		journal_close(w->journal);
	json_decref(w->results.preflight);
	json_decref(w->before);
	json_decref(w->results.verify);
	json_decref(w->results.invariants);
	json_decref(w->results.restored);
}

json_t *applier_apply(const struct applier *a, const json_t *whole_case, struct err *e)
{
	struct work w = {.a = a,
		.answer = json_object_get(whole_case, "answer"),
		.start = when_tick()};
	struct err why = ERR_INIT;
	json_t *outcome = NULL;

	w.policy = ops_policy(a->ops, e);
	w.catalogue = ops_catalogue(a->ops, e);
	if (!w.policy || !w.catalogue)
		return NULL;
	if (permit_read(&w.permit, whole_case, &why))
		outcome = refused_or_not(&w, &why, e);
	else if ((w.journal = journal_open(w.permit.case_id, a->wait_ms, e)))
		outcome = apply(&w, e);
	put_away(&w);
	return outcome;
}
