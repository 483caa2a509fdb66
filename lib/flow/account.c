#include "flow/account.h"

#include "base/msg.h"
#include "base/when.h"
#include "doc/step.h"
#include "doc/task.h"
#include "flow/runner.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

json_t *account_text(const char *text)
{
	struct buf safe = BUF_INIT(BUF_RECORD);
	json_t *v;

	msg_safe(&safe, str_of(text), false);
	v = json_string(buf_text(&safe));
	buf_clear(&safe);
	return v;
}

static json_t *check_result(const struct catalogue *c, const struct policy *p, const json_t *check)
{
	const char *title = text_of(check, "title");
	struct buf why = BUF_INIT(BUF_RECORD);
	struct err e = ERR_INIT;
	int holds = runner_check(c, check, p, &why, NULL, &e);
	json_t *result = json_pack("{s:s, s:b, s:o}", "title",
		*title ? title : text_of(check, "tool"), "holds", holds > 0, "why",
		account_text(holds < 0 ? e.text : buf_text(&why)));

	buf_clear(&why);
	return result;
}

json_t *account_checks(const struct catalogue *c, const struct policy *p, const json_t *checks)
{
	json_t *results = json_array(), *check;
	size_t i;

	json_array_foreach (checks, i, check)
		json_array_append_new(results, check_result(c, p, check));
	return results;
}

const json_t *account_broken(const json_t *results, const json_t *before)
{
	json_t *one;
	size_t i;

	json_array_foreach (results, i, one)
		if (!json_is_true(json_object_get(one, "holds")) &&
			!json_is_false(json_object_get(json_array_get(before, i), "holds")))
			return one;
	return NULL;
}

/* A step or its undo. What is no call has a kind, and no tool. */
static json_t *act_json(
	const json_t *step, const json_t *call, enum run_state state, const json_t *line)
{
	static const char *const said[] = {
		"took_ms", "learnt", "by", "via", "at", "note", "commit", "error", NULL};
	json_t *one = json_pack("{s:s}", "id", text_of(step, "id"));

	if (step_kind(step) != STEP_TOOL)
		json_object_set(one, "kind", json_object_get(step, "kind"));
	if (json_object_get(call, "tool"))
		json_object_set(one, "tool", json_object_get(call, "tool"));
	json_object_set_new(one, "ok", json_boolean(state == RUN_DONE));
	for (size_t i = 0; said[i]; i++)
		if (json_object_get(line, said[i]))
			json_object_set(one, said[i], json_object_get(line, said[i]));
	if (!line && state == RUN_WAITING)
		json_object_set_new(one, "error", json_string("a person has it"));
	else if (json_object_get(line, "error"))
		return one;
	else if (state == RUN_UNKNOWN)
		json_object_set_new(
			one, "error", json_string("interrupted: nobody knows whether it was done"));
	return one;
}

static json_t *steps_json(const struct permit *p, const struct run *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->count; i++) {
		const json_t *line, *step = json_array_get(p->steps, p->order[i]);
		const char *id = text_of(step, "id");
		enum run_state state = run_step(r, id, &line);

		if (state != RUN_NOT)
			json_array_append_new(list, act_json(step, step, state, line));
	}
	return list;
}

/* As they were run: that of the last step first. */
static json_t *undo_json(const struct permit *p, const struct run *r)
{
	json_t *list = json_array();

	for (size_t i = p->count; i-- > 0;) {
		const json_t *line, *step = json_array_get(p->steps, p->order[i]);
		const char *id = text_of(step, "id");
		enum run_state state = run_undo(r, id, &line);

		if (state != RUN_NOT)
			json_array_append_new(
				list, act_json(step, json_object_get(step, "undo"), state, line));
	}
	return list;
}

static json_t *or_empty(json_t *list)
{
	return list ? json_incref(list) : json_array();
}

json_t *account_outcome(const struct permit *p, const struct run *r,
	const struct account_results *checks, int64_t took_ms, const char *result, const char *why)
{
	char at[WHEN_TEXT];
	json_t *outcome = json_pack("{s:s, s:o, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "result",
		result, "why", account_text(why), "at", when_format(when_now(), at), "took_ms",
		(json_int_t)took_ms, "solution", p->solution ? json_integer(p->n) : json_null(),
		"steps", steps_json(p, r), "preflight", or_empty(checks->preflight), "verify",
		or_empty(checks->verify), "invariants", or_empty(checks->invariants), "undo",
		undo_json(p, r));

	if (checks->restored)
		json_object_set(outcome, "restored", checks->restored);
	return outcome;
}

json_t *account_waiting(json_t *outcome, const json_t *step, const json_t *wait)
{
	json_object_set_new(outcome, "waiting", task_json(step, wait));
	return outcome;
}
