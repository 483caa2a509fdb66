#include "flow/work.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/msg.h"
#include "base/when.h"
#include "doc/step.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

const json_t *work_step(const struct work *w, size_t i)
{
	return json_array_get(w->permit.steps, w->permit.order[i]);
}

const char *work_id(const struct work *w, size_t i)
{
	return text_of(work_step(w, i), "id");
}

bool work_only_reads(const struct work *w, const json_t *step)
{
	int kind = step_kind(step);
	const struct tool *t;

	if (kind != STEP_TOOL)
		return kind == STEP_CHECK || (kind == STEP_WRITE && !step_commits(step));
	t = catalogue_find(w->catalogue, text_of(step, "tool"));
	return t && t->effect == EFFECT_READ;
}

bool work_is_repeatable(const json_t *step)
{
	return step_kind(step) == STEP_CHECK || step_kind(step) == STEP_WRITE ||
	       step_kind(step) == STEP_COMMIT;
}

bool work_has_checks(const struct work *w)
{
	bool has = json_array_size(json_object_get(w->permit.solution, "verify")) > 0;

	for (size_t i = 0; i < w->permit.count; i++)
		has = has || step_kind(work_step(w, i)) == STEP_CHECK;
	return has;
}

int work_note(struct work *w, json_t *line, struct err *e)
{
	if (journal_write(w->journal, line, e))
		return -1;
	return run_read(&w->run, journal_lines(w->journal), w->permit.digest, e);
}

json_t *work_outcome(const struct work *w, const char *result, const char *why)
{
	return account_outcome(
		&w->permit, &w->run, &w->results, when_tick() - w->start, result, why);
}

json_t *work_refused(const struct work *w, const char *why)
{
	msg_warn("case '%s': refused: %s", w->permit.case_id, why);
	return work_outcome(w, "refused", why);
}

int work_tell_begin(const struct work *w, struct err *e)
{
	const char *id = w->permit.case_id, *dash = strrchr(id, '-');
	const char *runbook = text_of(json_object_get(w->permit.plan, "runbook"), "id");

	if (w->permit.drill) /* nothing of it is about the real thing: no budget, no breaker */
		return 0;
	return memory_action_begin(
		w->memory, id, runbook, dash ? dash + 1 : id, w->permit.alone, when_now(), e);
}

/* Somebody asked for it, it was done to the end, and there was nothing to check it by. */
static bool is_unchecked(const struct work *w)
{
	for (size_t i = 0; i < w->permit.count; i++)
		if (run_step(&w->run, work_id(w, i), NULL) != RUN_DONE)
			return false;
	return json_object_get(w->permit.whole_case, "request") && !work_has_checks(w);
}

/* A request without a check is no failure: else a few would keep runbooks from acting alone. */
void work_tell_end(const struct work *w, const char *result)
{
	struct err e = ERR_INIT;

	if (strcmp(result, "unverified") == 0 && is_unchecked(w))
		result = "unchecked";
	if (!w->permit.drill && memory_action_end(w->memory, w->permit.case_id, result, &e))
		msg_warn("case '%s': %s", w->permit.case_id, e.text);
}

json_t *work_finish(struct work *w, const char *result, struct err *e, const char *fmt, ...)
{
	char why[4096];
	json_t *outcome;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	outcome = work_outcome(w, result, why);
	if (work_note(w, run_end_line(outcome), e)) {
		json_decref(outcome);
		return NULL;
	}
	work_tell_end(w, result);
	msg_say("case '%s': %s: %s", w->permit.case_id, result, why);
	return outcome;
}
