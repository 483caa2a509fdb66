#include "flow/recall.h"

#include <string.h>

#include "flow/archive.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *asks_of(const struct recall *r)
{
	return json_object_get(
		json_object_get(json_object_get(r->whole, r->asker), "model"), "asks");
}

/* It asks what was not asked then. */
static json_t *ask_other(struct recall *r, const char *asked, struct err *e)
{
	const json_t *then = json_object_get(json_array_get(asks_of(r), r->asked - 1), "asked");
	json_t *again = json_string(asked);
	struct buf at = BUF_INIT(256);

	buf_putf(&at, "/%s/model/asks/%zu/asked", r->asker, r->asked - 1);
	r->other = json_pack("{s:s, s:O*, s:o}", "at", buf_text(&at), "recorded", then, "again",
		again);
	buf_clear(&at);
	err_set(e, r->of_other,
		"it would ask a model something else, and its answer to that is not recorded");
	return NULL;
}

/* From the history, else from where hl-llm kept it. */
static json_t *read_transcript(const struct recall *r, const char *digest, struct err *e)
{
	struct buf bytes = BUF_INIT(ARCHIVE_MAX);
	struct err why = ERR_INIT;
	json_t *transcript = NULL;
	int rc = archive_read_recorded(r->repo, r->commit, digest, &bytes, &why);

	if (rc == 0)
		rc = archive_read_kept(digest, &bytes, &why);
	if (rc > 0)
		transcript = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, NULL);
	if (rc == 0)
		err_set(e, ERR_CASE,
			"transcript '%s' is neither in the history nor in the state directory",
			digest);
	else if (!transcript)
		err_set(e, ERR_CASE, "%s", rc < 0 ? why.text : "a transcript is not JSON");
	buf_clear(&bytes);
	return transcript;
}

/* thinker_kept_fn: the answer that was recorded; no model is asked. */
static json_t *answer(void *arg, const char *asked, struct err *e)
{
	struct recall *r = arg;
	json_t *one;
	size_t i;

	r->asked++;
	json_array_foreach (asks_of(r), i, one) {
		const char *transcript = json_string_value(json_object_get(one, "transcript"));

		if (strcmp(text_of(one, "asked"), asked) != 0)
			continue;
		if (transcript)
			return read_transcript(r, transcript, e);
		return json_pack("{s:s, s:b, s:O*, s:O*}", "kind", "answer", "ok", 0, "reason",
			json_object_get(one, "reason"), "error", json_object_get(one, "error"));
	}
	return ask_other(r, asked, e);
}

struct thinker recall_thinker(struct recall *r)
{
	return (struct thinker){.kept = answer, .arg = r};
}

void recall_clear(struct recall *r)
{
	json_decref(r->other);
	r->other = NULL;
}
