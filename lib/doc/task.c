#include "doc/task.h"

#include <string.h>

#include "base/when.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool time_of(const json_t *object, const char *key, int64_t *at)
{
	return when_parse(str_of(text_of(object, key)), at) == 0;
}

int64_t task_until(const json_t *wait)
{
	int64_t until;

	return time_of(wait, "until", &until) ? until : INT64_MIN;
}

/* Whether it is an answer of a person to this, given while it could be. */
static bool fits(const json_t *wait, const json_t *answer, const char *digest)
{
	const char *said = text_of(answer, "said");
	int64_t at, since;

	return strcmp(text_of(answer, "step"), text_of(wait, "step")) == 0 &&
	       strcmp(text_of(answer, "digest"), digest) == 0 && *text_of(answer, "by") &&
	       strcmp(text_of(answer, "via"), "policy") != 0 &&
	       (strcmp(said, "done") == 0 || strcmp(said, "failed") == 0) &&
	       time_of(answer, "at", &at) && time_of(wait, "at", &since) && at >= since &&
	       at < task_until(wait);
}

bool task_over(const json_t *wait, const json_t *answer, const char *digest, int64_t now,
	struct task_end *end)
{
	*end = (struct task_end){.expired = true};
	if (!fits(wait, answer, digest))
		return now >= task_until(wait);
	*end = (struct task_end){.done = strcmp(text_of(answer, "said"), "done") == 0,
		.by = text_of(answer, "by"),
		.via = text_of(answer, "via"),
		.at = text_of(answer, "at"),
		.why = json_string_value(json_object_get(answer, "why"))};
	return true;
}

void task_note(const struct task_end *end, const json_t *wait, json_t *line)
{
	if (end->expired) {
		json_object_set_new(line, "expired", json_true());
		json_object_set_new(line, "error",
			json_sprintf("nobody had done it by %s", text_of(wait, "until")));
		return;
	}
	json_object_set_new(line, "by", json_string(end->by));
	json_object_set_new(line, "via", json_string(end->via));
	json_object_set_new(line, "at", json_string(end->at));
	if (end->done && end->why)
		json_object_set_new(line, "note", json_string(end->why));
	if (!end->done)
		json_object_set_new(line, "error",
			json_sprintf("%s says that it failed%s%s", end->by, end->why ? ": " : "",
				end->why ? end->why : ""));
}

json_t *task_json(const json_t *step, const json_t *wait)
{
	json_t *task = json_pack("{s:s, s:s, s:s}", "step", text_of(step, "id"), "title",
		text_of(step, "title"), "ask", text_of(step, "ask"));

	if (json_object_get(step, "details"))
		json_object_set(task, "details", json_object_get(step, "details"));
	json_object_set_new(task, "since", json_string(text_of(wait, "at")));
	json_object_set_new(task, "until", json_string(text_of(wait, "until")));
	return task;
}

const json_t *task_of(const json_t *whole_case)
{
	const json_t *outcome = json_object_get(whole_case, "outcome"),
		     *task = json_object_get(outcome, "waiting");

	return strcmp(text_of(outcome, "result"), "waiting") == 0 && json_is_object(task) ? task
											  : NULL;
}
