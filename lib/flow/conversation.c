#include "flow/conversation.h"

#include <stdlib.h>

#include "base/when.h"
#include "doc/chat.h"
#include "doc/extract.h"
#include "doc/schema.h"
#include "flow/talk.h"
#include "flow/thinker.h"
#include "flow/transcript.h"

/* --- an answer that is held to a schema --- */

/* The value that the answer is, with placeholders; NULL with what is wrong with it. Given. */
static json_t *value_of(struct talk *t, struct err *why)
{
	json_t *read, *restored;
	int rc;

	if (chat_ended(t->answer, "length")) {
		err_set(why, ERR_DATA, "it is cut off, as it is too long");
		return NULL;
	}
	read = extract_json(str_of(chat_text(t->answer)));
	if (!read) {
		err_set(why, ERR_DATA, "it is no JSON");
		return NULL;
	}
	restored = egress_restore_value(t->egress, read, t->c->secrets);
	rc = schema_fits(t->q->schema, restored, why);
	json_decref(restored);
	if (rc == 0)
		return read;
	json_decref(read);
	return NULL;
}

static void complain(struct talk *t, const struct err *why)
{
	struct buf words = BUF_INIT(2000);

	buf_putf(&words,
		"That does not satisfy the JSON Schema: %s. Answer once more, with the JSON value "
		"alone.",
		why->text);
	json_array_append_new(t->messages, chat_said(t->restored));
	json_array_append_new(t->messages, chat_message("user", buf_str(&words)));
	buf_clear(&words);
}

/* 1 with the value, 0: why is noted, -1. */
static int hold_to_schema(struct talk *t, json_t **value, struct err *e)
{
	struct err why = ERR_INIT;
	int rc;

	*value = value_of(t, &why);
	if (*value)
		return 1;
	if (!talk_may_go_on(t))
		return 0;
	complain(t, &why);
	rc = talk_ask(t, false, e);
	if (rc <= 0)
		return rc;
	why = (struct err)ERR_INIT;
	*value = value_of(t, &why);
	if (!*value)
		talk_failed(t, "invalid", "the answer does not satisfy the schema: %.400s",
			why.text);
	return *value != NULL;
}

/* --- with one model --- */

/* Asks, and looks, until there is an answer in words. */
static int converse(struct talk *t, struct err *e)
{
	for (;;) {
		int rc;

		if (!talk_may_go_on(t))
			return 0;
		rc = talk_ask(t, t->steps > 0, e);
		if (rc <= 0 || !chat_ended(t->answer, "calls"))
			return rc;
		if (t->steps < 0) {
			talk_failed(t, "invalid", "it goes on asking for looks, and has none left");
			return 0;
		}
		talk_look(t);
	}
}

static int ask_one(struct talk *t, json_t **value, struct err *e)
{
	int rc = converse(t, e);

	if (rc <= 0)
		return rc;
	if (chat_ended(t->answer, "refused")) {
		talk_failed(t, "invalid", "the model refuses: %.300s", chat_text(t->answer));
		return 0;
	}
	return t->q->schema ? hold_to_schema(t, value, e) : 1;
}

/* Whether another model could do better. */
static bool is_over(const struct talk *t)
{
	return strcmp(t->reason, "bounds") == 0 || strcmp(t->reason, "invalid") == 0;
}

static size_t candidates(const struct conversation *c, const struct inquiry *q,
	const char **role, const struct model *list[ROUTE_MOST])
{
	struct route_ask ask = {q->role, q->goal, q->stage, q->prompt};
	size_t n, kept = 0;

	*role = c->model ? NULL : route_role(&c->lineup->routes, &ask);
	n = c->model ? route_from(&c->lineup->routes, c->model, list)
		     : route_models(&c->lineup->routes, *role, list);
	for (size_t i = 0; i < n; i++)
		if (!inquiry_excludes(q, list[i]->name))
			list[kept++] = list[i];
	return kept;
}

static int ask_each(struct talk *t, const struct model *const *list, size_t n, json_t **value,
	struct err *e)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++) {
		bool last = i + 1 == n;

		talk_turn_to(t, list[i], last);
		rc = ask_one(t, value, e);
		if (rc == 0 && (is_over(t) || t->last != last))
			break;
	}
	return rc;
}

/* --- what is answered --- */

static json_t *refusal(const char *reason, const char *why)
{
	return json_pack("{s:s,s:b,s:s,s:s}", "kind", "answer", "ok", 0, "reason", reason, "error",
		why);
}

static json_t *text_of(const struct talk *t, bool secrets)
{
	struct buf text = BUF_INIT((size_t)64 << 20);
	json_t *made;

	egress_restore_text(t->egress, str_of(chat_text(t->answer)), secrets, &text);
	made = json_stringn(buf_text(&text), text.n);
	buf_clear(&text);
	return made;
}

static json_t *said(const struct talk *t, const char *role, const json_t *value, bool secrets)
{
	json_t *line = json_pack("{s:s,s:b,s:o,s:s,s:s,s:{s:I,s:I},s:O}", "kind", "answer", "ok", 1,
		"text", text_of(t, secrets), "model", t->model->name, "where",
		t->model->local ? "local" : "cloud", "usage", "input", (json_int_t)t->input,
		"output", (json_int_t)t->output, "calls", t->calls);

	if (value)
		json_object_set_new(
			line, "value", egress_restore_value(t->egress, value, secrets));
	if (role)
		json_object_set_new(line, "role", json_string(role));
	if (t->money)
		json_object_set_new(line, "money", json_real((double)t->money / MODEL_MILLION));
	if (chat_ended(t->answer, "length"))
		json_object_set_new(line, "cut", json_true());
	return line;
}

/* The transcript, where anything was sent. -1. */
static int keep(const struct talk *t, const json_t *result, json_t *line, struct err *e)
{
	char asked[SHA_HEX], hex[SHA_HEX];
	json_t *transcript;
	int rc;

	if (!json_array_size(t->exchanges))
		return 0;
	transcript = json_pack("{s:s,s:s,s:s,s:s,s:s,s:O,s:O}", "kind", "transcript", "asked",
		thinker_digest(t->q->tree, asked), "model", t->model->name, "provider",
		t->model->provider, "where", t->model->local ? "local" : "cloud", "exchanges",
		t->exchanges, "result", result);
	rc = transcript_keep(transcript, hex, e);
	if (rc == 0)
		json_object_set_new(line, "transcript", json_string(hex));
	json_decref(transcript);
	return rc;
}

/* What is kept has no secrets, whatever the answer has. */
static json_t *conclude(struct talk *t, bool ok, const char *role, const json_t *value,
	struct err *e)
{
	json_t *result = ok ? said(t, role, value, false)
			    : refusal(t->reason ? t->reason : "none", buf_text(&t->why));
	json_t *line = ok && t->c->secrets ? said(t, role, value, true) : json_copy(result);

	if (keep(t, result, line, e)) {
		json_decref(line);
		line = NULL;
	}
	json_decref(result);
	return line;
}

json_t *conversation_hold(struct conversation *c, const struct inquiry *q, struct err *e)
{
	const struct model *list[ROUTE_MOST];
	const char *role;
	size_t n = candidates(c, q, &role, list);
	struct err none = ERR_INIT;
	json_t *value = NULL, *line = NULL;
	struct talk t;
	int rc;

	if (!n) {
		lineup_none(c->lineup, &none);
		return refusal("none", c->lineup->models->count
					       ? "no model that is configured can be asked this"
					       : none.text);
	}
	talk_begin(&t, c, q);
	t.egress = egress_new(c->ground->ops, e);
	rc = t.egress ? ask_each(&t, list, n, &value, e) : -1;
	if (rc >= 0)
		line = conclude(&t, rc > 0, role, value, e);
	json_decref(value);
	talk_clear(&t);
	return line;
}
