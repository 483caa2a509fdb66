#include "flow/talk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/msg.h"
#include "base/when.h"
#include "doc/chat.h"
#include "flow/trickle.h"

#define WHY_MAX     4000
#define TEXT_MAX    ((size_t)16 << 20)
#define PATIENCE_MS 5000 /* waiting for a model where there is another to ask */

void talk_begin(struct talk *t, struct conversation *c, const struct inquiry *q)
{
	*t = (struct talk){.c = c,
		.q = q,
		.looks = {c->ground->catalogue, c->ground->policy, q->tools},
		.exchanges = json_array(),
		.calls = json_array(),
		.began = when_tick(),
		.steps = q->steps,
		.why = BUF_INIT(WHY_MAX)};
	t->until = t->began + q->time_ms;
	t->tools = looks_declarations(&t->looks);
}

static void forget_answer(struct talk *t)
{
	json_decref(t->answer);
	json_decref(t->restored);
	t->answer = t->restored = NULL;
}

void talk_clear(struct talk *t)
{
	forget_answer(t);
	json_decref(t->tools);
	json_decref(t->exchanges);
	json_decref(t->calls);
	json_decref(t->messages);
	egress_free(t->egress);
	buf_clear(&t->why);
}

void talk_turn_to(struct talk *t, const struct model *m, bool last)
{
	forget_answer(t);
	json_decref(t->messages);
	t->messages = json_deep_copy(t->q->messages);
	t->told = 0;
	t->model = m;
	t->last = last;
}

void talk_failed(struct talk *t, const char *reason, const char *fmt, ...)
{
	char text[600];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	/* That something may not leave is said, whatever failed after it. */
	if (!t->reason || strcmp(t->reason, "privacy") != 0)
		t->reason = reason;
	buf_putf(&t->why, "%s%s: %s", t->why.n ? "; " : "", t->model->name, text);
	msg_why("%s: %s", t->model->name, text);
}

bool talk_may_go_on(struct talk *t)
{
	if (when_tick() >= t->until)
		talk_failed(t, "bounds", "the time is up");
	else if (t->input + t->output >= t->q->tokens)
		talk_failed(t, "bounds", "%" PRId64 " of %" PRId64 " tokens are used up",
			t->input + t->output, t->q->tokens);
	else
		return true;
	return false;
}

/* --- what is sent --- */

static json_t *ask_of(const struct talk *t, bool with_tools)
{
	const struct model *m = t->model;
	json_t *ask = json_pack("{s:s,s:O,s:I}", "model", m->id, "messages", t->messages,
		"max_tokens", (json_int_t)m->max_tokens);

	if (with_tools && json_array_size(t->tools) && !m->run)
		json_object_set(ask, "tools", t->tools);
	if (t->q->schema)
		json_object_set(ask, "schema", (json_t *)t->q->schema);
	if (t->c->streams && !t->q->schema && !m->run)
		json_object_set_new(ask, "stream", json_true());
	return ask;
}

static size_t size_of(const json_t *v)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	size_t n;

	json_put(&text, v);
	n = text.full ? TEXT_MAX : text.n;
	buf_clear(&text);
	return n;
}

/* Four bytes are about a token; three keep a budget on the safe side. */
static struct quota_use expected(const struct talk *t, const json_t *sendable)
{
	int64_t input = (int64_t)(size_of(sendable) / 3 + 1);
	int64_t money = model_cost(t->model, input, t->model->max_tokens);

	return (struct quota_use){.calls = 1,
		.tokens = input + t->model->max_tokens,
		.money = money > 0 ? money : 0};
}

/* --- what came of it --- */

static int64_t told_tokens(const json_t *answer, const char *key)
{
	return json_integer_value(json_object_get(json_object_get(answer, "usage"), key));
}

static struct quota_use used(
	struct talk *t, const struct service_result *r, struct quota_use expect)
{
	struct quota_use u = {.calls = 1};
	int64_t input, output, money;

	if (!r->answer) /* what was sent may have been thought about */
		return r->sent ? (struct quota_use){.calls = 1,
					 .tokens = expect.tokens - t->model->max_tokens}
			       : u;
	input = told_tokens(r->answer, "input");
	output = told_tokens(r->answer, "output");
	if (!json_object_get(r->answer, "usage")) {
		input = expect.tokens - t->model->max_tokens;
		output = (int64_t)(size_of(r->answer) / 3);
	}
	money = r->money >= 0 ? r->money : model_cost(t->model, input, output);
	u.tokens = input + output;
	u.money = money > 0 ? money : 0;
	t->input += input;
	t->output += output;
	t->money += u.money;
	return u;
}

static void note(struct talk *t, const json_t *sendable, const struct service_result *r)
{
	json_t *messages = json_object_get(sendable, "messages"), *sent = json_array(), *one;

	for (; t->told < json_array_size(messages); t->told++)
		json_array_append(sent, json_array_get(messages, t->told));
	one = json_pack("{s:s,s:o,s:s}", "model", t->model->name, "sent", sent, "digest", r->digest);
	if (r->answer)
		json_object_set(one, "answer", r->answer);
	else
		json_object_set_new(one, "fault", json_string(r->fault.text));
	json_array_append_new(t->exchanges, one);
}

/* Who failed rests; until tomorrow, where the day's budget is spent. */
static int blame(struct talk *t, const struct fault *f, int64_t now, struct err *e)
{
	int64_t until = f->after_ms > 0 ? now + f->after_ms : 0;
	int64_t tomorrow = (now / WHEN_DAY + 1) * WHEN_DAY;

	talk_failed(t, f->kind == FAULT_SPENT ? "quota" : "unreachable", "%s", f->text);
	if (f->kind == FAULT_WRONG)
		return 0;
	if (f->kind == FAULT_SPENT && until < tomorrow)
		until = tomorrow;
	return quota_rest(t->c->quota, t->model, now, until, f->text, e);
}

static int warn(struct talk *t, int64_t now, struct err *e)
{
	char text[256];
	int rc;

	while ((rc = quota_alert(t->c->quota, t->model, now, text, e)) > 0)
		msg_warn("%s", text);
	return rc;
}

/* --- one question --- */

static int take_result(struct talk *t, struct service_result *r, int64_t now, struct err *e)
{
	forget_answer(t);
	if (!r->answer)
		return blame(t, &r->fault, now, e) ? -1 : 0;
	t->answer = r->answer;
	t->restored = egress_restore(t->egress, t->answer, false);
	return 1;
}

static int send(struct talk *t, const json_t *sendable, struct err *e)
{
	struct quota_use expect = expected(t, sendable);
	struct service *s = &t->c->service;
	struct service_result r;
	struct quota_verdict v;
	struct trickle trickle;
	int64_t now = when_now();
	int rc = quota_begin(t->c->quota, t->model, now, expect, &v, e);

	if (rc == 0)
		talk_failed(t, "quota", "%s", v.why);
	if (rc <= 0)
		return rc;
	msg_progress("asking %s", t->model->name);
	trickle_begin(&trickle, t->egress, t->c->secrets, t->c->show, t->c->arg);
	s->each = trickle_feed;
	s->arg = &trickle;
	service_ask(s, t->model, sendable, t->last ? t->q->time_ms : PATIENCE_MS, t->until, &r);
	msg_progress("%s", "");
	if (r.answer)
		trickle_end(&trickle);
	trickle_clear(&trickle);
	if (r.shown && !r.answer)
		t->last = true; /* half of it was seen: another answer would be a second one */
	note(t, sendable, &r);
	if (quota_end(t->c->quota, t->model, now, expect, used(t, &r, expect), r.answer != NULL, e) ||
		warn(t, now, e)) {
		json_decref(r.answer);
		return -1;
	}
	return take_result(t, &r, now, e);
}

int talk_ask(struct talk *t, bool with_tools, struct err *e)
{
	json_t *ask = ask_of(t, with_tools), *sendable = NULL;
	struct buf why = BUF_INIT(WHY_MAX);
	int rc = egress_pass(t->egress, ask, t->model->local, &sendable, &why, e);

	if (rc == 0)
		talk_failed(t, "privacy", "%s", buf_text(&why));
	if (rc > 0)
		rc = send(t, sendable, e);
	json_decref(sendable);
	json_decref(ask);
	buf_clear(&why);
	return rc;
}

/* --- looks --- */

static void look_once(struct talk *t, const json_t *call)
{
	struct buf found = BUF_INIT(TEXT_MAX);
	bool ok = false;

	if (t->steps > 0)
		ok = looks_at(&t->looks, call, t->until - when_tick(), &found);
	else
		buf_puts(&found, "{\"error\":\"there are no more looks: answer now\"}");
	if (t->steps-- > 0)
		json_array_append_new(t->calls,
			json_pack("{s:O,s:O*,s:b}", "tool", json_object_get(call, "name"), "args",
				json_object_get(call, "args"), "ok", ok));
	json_array_append_new(t->messages, chat_result(call, buf_str(&found), !ok));
	buf_clear(&found);
}

void talk_look(struct talk *t)
{
	json_t *one;
	size_t i;

	json_array_append_new(t->messages, chat_said(t->restored));
	json_array_foreach (json_object_get(t->restored, "calls"), i, one)
		look_once(t, one);
}
