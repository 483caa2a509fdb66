#include "flow/account.h"

#include "base/msg.h"
#include "base/when.h"
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

static json_t *call_json(
	const json_t *call, const char *id, enum run_state state, const json_t *line)
{
	json_t *one = json_pack("{s:s, s:s, s:b}", "id", id, "tool", text_of(call, "tool"), "ok",
		state == RUN_DONE);

	if (json_object_get(line, "took_ms"))
		json_object_set(one, "took_ms", json_object_get(line, "took_ms"));
	if (json_object_get(line, "learnt"))
		json_object_set_new(one, "learnt", json_true());
	if (json_object_get(line, "error"))
		json_object_set(one, "error", json_object_get(line, "error"));
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
			json_array_append_new(list, call_json(step, id, state, line));
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
				list, call_json(json_object_get(step, "undo"), id, state, line));
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
