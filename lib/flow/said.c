#include "flow/said.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/node.h"

struct said {
	json_t *by_words; /* of the restored message, canonical: {"model", "message"} */
};

struct said *said_new(void)
{
	struct said *s = mem_new(sizeof *s);

	s->by_words = json_object();
	return s;
}

void said_free(struct said *s)
{
	if (!s)
		return;
	json_decref(s->by_words);
	free(s);
}

static json_t *calls_of(const json_t *from)
{
	json_t *calls = json_deep_copy(json_object_get(from, "calls")), *call;
	size_t i;

	json_array_foreach (calls, i, call)
		json_object_del(call, "refused");
	if (json_array_size(calls))
		return calls;
	json_decref(calls);
	return NULL;
}

/* What the assistant said, of a message ("content") or an answer ("text"). */
static json_t *message_of(const json_t *from, const char *text)
{
	const json_t *words = json_object_get(from, text);

	return json_pack("{s:s, s:O?, s:o*}", "role", "assistant", "content",
		json_is_string(words) && json_string_length(words) ? words : NULL, "calls",
		calls_of(from));
}

/* Whichever of the two forms the conversation is kept in. */
static void note(struct said *s, const json_t *form, const json_t *entry)
{
	json_t *message = message_of(form, "text");
	char *words = json_canonical(message);

	json_object_set(s->by_words, words, (json_t *)entry);
	free(words);
	json_decref(message);
}

void said_note(struct said *s, const char *model, const json_t *answer, const json_t *restored)
{
	json_t *message = message_of(answer, "text"), *entry;

	if (!json_object_get(message, "content"))
		json_object_set_new(message, "content", json_string(""));
	json_object_set(message, "native", json_object_get(answer, "native"));
	entry = json_pack("{s:s, s:o}", "model", model, "message", message);
	note(s, answer, entry);
	note(s, restored, entry);
	json_decref(entry);
}

json_t *said_find(const struct said *s, const char *model, const json_t *message)
{
	json_t *plain = message_of(message, "content"), *found;
	char *words = json_canonical(plain);
	const json_t *entry = json_object_get(s->by_words, words);
	const char *by = json_string_value(json_object_get(entry, "model"));

	found = json_copy(json_object_get(entry, "message"));
	if (found && strcmp(by, model) != 0)
		json_object_del(found, "native");
	free(words);
	json_decref(plain);
	return found;
}
