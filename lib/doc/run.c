#include "doc/run.h"

#include <string.h>

static const char *text_of(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text ? text : "";
}

static bool is_event(const json_t *line, const char *event)
{
	return strcmp(text_of(line, "event"), event) == 0;
}

/* Takes one line of the run into account. */
static void follow(struct run *r, const json_t *line)
{
	if (is_event(line, "back"))
		r->back = text_of(line, "why");
	else if (is_event(line, "end"))
		r->outcome = json_object_get(line, "outcome");
}

/* Starts over: another run begins at `at`. */
static int begin(struct run *r, const json_t *line, size_t at, struct err *e)
{
	if (r->begin && !r->outcome)
		return err_set(e, ERR_DATA, "line %zu begins a run while one is open", at + 1);
	if (!json_is_object(json_object_get(line, "case")) || !*text_of(line, "digest"))
		return err_set(e, ERR_DATA, "line %zu begins a run without case or digest", at + 1);
	*r = (struct run){.begin = line, .lines = r->lines, .first = at + 1};
	return 0;
}

/* The last run that the lines hold. */
static int read_last(
	struct run *r, const json_t *lines, const char *digest, struct run *named, struct err *e)
{
	json_t *line;
	size_t i;

	json_array_foreach (lines, i, line) {
		if (is_event(line, "begin") && begin(r, line, i, e))
			return -1;
		if (!r->begin || (r->outcome && !is_event(line, "end")))
			return err_set(e, ERR_DATA, "line %zu belongs to no run", i + 1);
		follow(r, line);
		if (is_event(line, "end") && strcmp(text_of(r->begin, "digest"), digest) == 0)
			*named = *r;
	}
	return 0;
}

int run_read(struct run *r, const json_t *lines, const char *digest, struct err *e)
{
	struct run last = {.lines = lines}, named = {.lines = lines};

	if (read_last(&last, lines, digest, &named, e))
		return -1;
	if (!*digest || (last.begin && strcmp(text_of(last.begin, "digest"), digest) == 0)) {
		*r = last;
		return 0;
	}
	if (last.begin && !last.outcome)
		return err_set(e, ERR_DATA, "another plan of this case was begun and did not end");
	*r = named;
	return 0;
}

/* The newest word on a step: `before` announces it, `after` says how it ended. */
static enum run_state state_of(const struct run *r, const char *step, const char *before,
	const char *after, const json_t **line)
{
	enum run_state state = RUN_NOT;

	if (line)
		*line = NULL;
	for (size_t i = r->first; r->begin && i < json_array_size(r->lines); i++) {
		const json_t *one = json_array_get(r->lines, i);

		if (is_event(one, "begin"))
			break;
		if (strcmp(text_of(one, "step"), step) != 0)
			continue;
		if (is_event(one, before))
			state = RUN_UNKNOWN;
		if (is_event(one, "wait") && strcmp(before, "try") == 0)
			state = RUN_WAITING;
		if (is_event(one, after)) {
			state = json_is_true(json_object_get(one, "ok")) ? RUN_DONE : RUN_FAILED;
			if (line)
				*line = one;
		}
	}
	return state;
}

enum run_state run_step(const struct run *r, const char *step, const json_t **line)
{
	return state_of(r, step, "try", "did", line);
}

static bool any(const struct run *r, const char *event, const char *key)
{
	for (size_t i = r->first; r->begin && i < json_array_size(r->lines); i++) {
		const json_t *one = json_array_get(r->lines, i);

		if (is_event(one, "begin"))
			break;
		if (is_event(one, event) && (!key || json_is_true(json_object_get(one, key))))
			return true;
	}
	return false;
}

bool run_waited(const struct run *r)
{
	return any(r, "wait", NULL);
}

bool run_ran_out(const struct run *r)
{
	return any(r, "did", "expired");
}

const json_t *run_waits(const struct run *r)
{
	for (size_t i = json_array_size(r->lines); r->begin && !r->outcome && i-- > r->first;) {
		const json_t *one = json_array_get(r->lines, i);

		if (is_event(one, "wait") && !r->back &&
			run_step(r, text_of(one, "step"), NULL) == RUN_WAITING)
			return one;
	}
	return NULL;
}

enum run_state run_undo(const struct run *r, const char *step, const json_t **line)
{
	return state_of(r, step, "undo", "undone", line);
}

json_t *run_begin_line(const json_t *whole_case, const char *digest, const char *at,
	const json_t *preflight, const json_t *before)
{
	return json_pack("{s:s, s:s, s:O, s:s, s:O, s:O}", "event", "begin", "at", at, "case",
		whole_case, "digest", digest, "preflight", preflight, "before", before);
}

json_t *run_line(const char *event, const char *step)
{
	return json_pack("{s:s, s:s}", "event", event, "step", step);
}

json_t *run_wait_line(const char *step, const char *at, const char *until)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "event", "wait", "step", step, "at", at, "until",
		until);
}

json_t *run_result_line(
	const char *event, const char *step, int ok, int64_t took_ms, const char *error)
{
	json_t *line = json_pack("{s:s, s:s, s:b, s:I}", "event", event, "step", step, "ok", ok,
		"took_ms", (json_int_t)took_ms);

	if (error)
		json_object_set_new(line, "error", json_string(error));
	return line;
}

json_t *run_back_line(const char *why)
{
	return json_pack("{s:s, s:s}", "event", "back", "why", why);
}

json_t *run_end_line(const json_t *outcome)
{
	return json_pack("{s:s, s:O}", "event", "end", "outcome", outcome);
}
