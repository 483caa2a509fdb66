#include "flow/applier.h"

#include <stdlib.h>
#include <string.h>

#include "base/lock.h"
#include "base/msg.h"
#include "base/when.h"
#include "doc/step.h"
#include "doc/task.h"
#include "edge/state.h"
#include "flow/retreat.h"
#include "flow/stepper.h"

enum { ALONE_WAIT_MS = 60000 };

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* ---- going on ---- */

/* All steps are done: did it help? */
static json_t *verify(struct work *w, struct err *e)
{
	const json_t *checks = json_object_get(w->permit.solution, "verify"), *broken;

	json_decref(w->results.verify);
	w->results.verify = account_checks(w->catalogue, w->policy, checks);
	broken = account_broken(w->results.verify, NULL);
	if (broken)
		return retreat_turn(
			w, e, "verification", text_of(broken, "title"), text_of(broken, "why"));
	w->results.invariants = account_checks(
		w->catalogue, w->policy, json_object_get(w->permit.plan, "invariants"));
	broken = account_broken(w->results.invariants, w->before);
	if (broken)
		return retreat_turn(
			w, e, "invariant", text_of(broken, "title"), text_of(broken, "why"));
	if (w->permit.drill)
		return retreat_drill(w, e);
	if (!work_has_checks(w))
		return work_finish(w, "unverified", e,
			"all steps went well, and no check says whether it helped");
	return work_finish(w, "fixed", e, "all steps went well and all checks hold");
}

/* ---- a person's step ---- */

/* Not journalled as an end: it is none. */
static json_t *waiting(const struct work *w, const json_t *wait, const char *why)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (strcmp(work_id(w, i), text_of(wait, "step")) == 0)
			return account_waiting(
				work_outcome(w, "waiting", why), work_step(w, i), wait);
	return NULL;
}

static json_t *begin_wait(struct work *w, size_t i, struct err *e)
{
	const json_t *step = work_step(w, i);
	int64_t now = when_now();
	char at[WHEN_TEXT], until[WHEN_TEXT];

	if (work_note(w,
		    run_wait_line(work_id(w, i), when_format(now, at),
			    when_format(now + step_within(step), until)),
		    e))
		return NULL;
	msg_say("case '%s': step %zu of %zu '%s' waits for a person until %s", w->permit.case_id,
		i + 1, w->permit.count, work_id(w, i), until);
	return waiting(w, run_waits(&w->run), "a person has the next step");
}

static json_t *go_on(struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state state = run_step(&w->run, work_id(w, i), NULL);
		const json_t *line;
		int ok;

		if (state == RUN_DONE)
			continue;
		if (state == RUN_NOT ||
			(state == RUN_UNKNOWN && work_is_repeatable(work_step(w, i)))) {
			if (state_halted())
				return work_finish(w, "unverified", e,
					"the halt file stopped it before step '%s': nothing more "
					"was done or undone",
					work_id(w, i));
			if (step_kind(work_step(w, i)) == STEP_HUMAN)
				return begin_wait(w, i, e);
			ok = stepper_do(w, i, e);
			if (ok < 0)
				return NULL;
			if (ok)
				continue;
		}
		run_step(&w->run, work_id(w, i), &line);
		return retreat_turn(w, e, "step", work_id(w, i), text_of(line, "error"));
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
	return work_note(w, line, e) ? -1 : 1;
}

static json_t *unknown(struct work *w, size_t lost, struct err *e)
{
	const char *id = work_id(w, lost);

	if (plan_is_guard(work_step(w, lost)))
		return work_finish(w, "unverified", e,
			"step '%s' was interrupted, and nobody knows whether there is a snapshot: "
			"nothing more was done or undone",
			id);
	return work_finish(w, "unverified", e,
		"step '%s' was interrupted, and the checks do not say that it was done: it was not "
		"run "
		"again, nothing was undone, and a person has to look",
		id);
}

/* The first step in this state, or -1. What may be done again is as one that was not begun. */
static int first_in(const struct work *w, enum run_state state)
{
	for (size_t i = 0; i < w->permit.count; i++) {
		enum run_state is = run_step(&w->run, work_id(w, i), NULL);

		if (is == RUN_UNKNOWN && work_is_repeatable(work_step(w, i)))
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
	return work_note(w, line, e) ? -1 : 1;
}

/* A run that a crash cut off, or that waits for a person. */
static json_t *take_up(struct work *w, struct err *e)
{
	int lost = first_in(w, RUN_UNKNOWN), known = 1, heard = 1;
	const json_t *wait = run_waits(&w->run);
	struct err why = ERR_INIT;

	w->results.preflight = json_incref(json_object_get(w->run.begin, "preflight"));
	w->before = json_incref(json_object_get(w->run.begin, "before"));
	if (work_tell_begin(w, e))
		return NULL;
	if (wait && state_halted())
		return waiting(
			w, wait, "the halt file is there: no answer is taken until it is gone");
	if (wait)
		heard = hear(w, wait, e);
	if (heard <= 0)
		return heard ? NULL : waiting(w, wait, "a person has the next step");
	if (w->run.back)
		return retreat_go(w, e);
	if (lost >= 0) /* checks of the end know nothing of a snapshot */
		known = plan_is_guard(work_step(w, (size_t)lost))
				? 0
				: learn(w, work_id(w, (size_t)lost), e);
	if (known <= 0)
		return known ? NULL : unknown(w, (size_t)lost, e);
	if (first_in(w, RUN_NOT) < 0 ||
		permit_check(&w->permit, w->ops, w->memory, when_now(), true, &why) == 0)
		return go_on(w, e);
	if (why.kind != ERR_DENIED)
		return err_set(e, why.kind, "%s", why.text), NULL;
	return work_finish(w, "unverified", e,
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
	if (permit_check(&w->permit, w->ops, w->memory, when_now(), false, e) == 0)
		rc = work_tell_begin(w, e);
out:
	lock_drop(lock);
	free(path);
	return rc;
}

static json_t *refused_or_not(const struct work *w, const struct err *why, struct err *e)
{
	if (why->kind == ERR_DENIED)
		return work_refused(w, why->text);
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
		return work_refused(
			w, "it says that it waits for a person, but no journal here says so");
	if (permit_check(p, w->ops, w->memory, when_now(), false, &why))
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
	if (work_note(w,
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
		work_tell_end(w, text_of(w->run.outcome, "result"));
		return json_incref((json_t *)w->run.outcome);
	}
	if (!w->run.begin)
		return begin(w, e);
	/* What was begun is what the journal says, whatever the case says that brings the answer.
	 */
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
	struct work w = {.ops = a->ops,
		.memory = a->memory,
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
