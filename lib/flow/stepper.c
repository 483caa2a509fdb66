#include "flow/stepper.h"

#include <string.h>

#include "base/msg.h"
#include "base/when.h"
#include "doc/step.h"
#include "flow/runner.h"
#include "flow/scribe.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/*
 * Runs a call and writes how it ended. 1 it went well, 0 it failed, -1 the journal cannot be
 * written.
 */
static int run_call(
	struct work *w, const json_t *call, const char *id, const char *after, struct err *e)
{
	struct err why = ERR_INIT;
	const struct tool *t = permit_call(w->ops, call, &why);
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
	return work_note(w, line, e) ? -1 : ok;
}

/* What a step commits: its own files, after those of the steps that leave theirs to it. Given. */
static json_t *files_of(const struct work *w, size_t i)
{
	json_t *files = json_array();

	for (size_t k = 0; k < w->permit.count; k++)
		if (strcmp(text_of(work_step(w, k), "commit"), work_id(w, i)) == 0)
			json_array_extend(files, json_object_get(work_step(w, k), "files"));
	json_array_extend(files, json_object_get(work_step(w, i), "files"));
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
		.step = work_id(w, i),
		.digest = p->digest,
		.since = text_of(p->plan, "basis"),
		.message = text_of(work_step(w, i), "message"),
		.files = files};
	int64_t start = when_tick();
	struct err why = ERR_INIT;
	char id[REPO_ID];
	int rc;

	if (strcmp(after, "did") == 0) {
		rc = scribe_write(w->ops, &s, id, &why);
	} else {
		run_step(&w->run, s.step, &did);
		rc = scribe_revert(w->ops, &s, text_of(did, "commit"), id, &why);
	}
	if (rc)
		safe = account_text(why.text);
	line = run_result_line(
		after, s.step, rc == 0, when_tick() - start, json_string_value(safe));
	if (rc == 0)
		json_object_set_new(line, "commit", json_string(id));
	json_decref(safe);
	json_decref(files);
	return work_note(w, line, e) ? -1 : rc == 0;
}

/* It has to hold, within its time. 1, 0 or -1 as run_call. */
static int run_look(struct work *w, const json_t *step, const char *id, struct err *e)
{
	struct buf why = BUF_INIT(BUF_RECORD);
	struct err bad = ERR_INIT;
	int64_t start = when_tick();
	json_t *safe = NULL, *line;
	int holds = permit_call(w->ops, step, &bad)
			    ? runner_check(w->catalogue, step, w->policy, &why, NULL, &bad)
			    : -1;

	if (holds <= 0)
		safe = account_text(holds < 0 ? bad.text : buf_text(&why));
	line = run_result_line("did", id, holds > 0, when_tick() - start, json_string_value(safe));
	json_decref(safe);
	buf_clear(&why);
	return work_note(w, line, e) ? -1 : holds > 0;
}

static int run_step_of(struct work *w, size_t i, struct err *e)
{
	const json_t *step = work_step(w, i);

	if (step_commits(step))
		return run_commit(w, i, "did", e);
	if (step_kind(step) == STEP_WRITE)
		return work_note(w, run_result_line("did", work_id(w, i), true, 0, NULL), e) ? -1
											     : 1;
	if (step_kind(step) == STEP_CHECK)
		return run_look(w, step, work_id(w, i), e);
	return run_call(w, step, work_id(w, i), "did", e);
}

int stepper_do(struct work *w, size_t i, struct err *e)
{
	const char *id = work_id(w, i);
	int64_t start = when_tick();
	int ok;

	msg_progress(
		"case '%s': step %zu of %zu '%s'", w->permit.case_id, i + 1, w->permit.count, id);
	if (work_note(w, run_line("try", id), e))
		return -1;
	ok = run_step_of(w, i, e);
	if (ok >= 0)
		msg_say("case '%s': step %zu of %zu '%s' %s in %lld ms", w->permit.case_id, i + 1,
			w->permit.count, id, ok ? "done" : "failed",
			(long long)(when_tick() - start));
	return ok;
}

int stepper_undo(struct work *w, size_t i, struct err *e)
{
	const json_t *step = work_step(w, i);
	const char *id = work_id(w, i);
	int ok;

	if (work_note(w, run_line("undo", id), e))
		return -1;
	ok = step_commits(step) ? run_commit(w, i, "undone", e)
				: run_call(w, json_object_get(step, "undo"), id, "undone", e);
	if (ok >= 0)
		msg_say("case '%s': undo of step '%s' %s", w->permit.case_id, id,
			ok ? "done" : "failed");
	return ok < 0 ? -1 : 0;
}
