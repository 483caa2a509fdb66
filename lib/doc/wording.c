#include "doc/wording.h"

#include <stdlib.h>

#include "base/msg.h"
#include "base/utf8.h"
#include "doc/layout.h"
#include "doc/plan.h"
#include "doc/step.h"
#include "json/node.h"

static const char *text_at(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

/* A text that cannot be taken for anything else: "true" is no truth, "5" no number. */
static bool is_bare(const char *s)
{
	json_t *read = json_loads(s, JSON_DECODE_ANY, NULL);

	json_decref(read);
	if (!*s || read)
		return false;
	for (; *s; s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
			    (*s >= '0' && *s <= '9') || strchr("._/@:+-", *s)))
			return false;
	return true;
}

/* What could be taken for a blank is spelt. */
static void put_exact(struct buf *to, struct str s)
{
	while (s.n) {
		uint32_t c;
		size_t n = utf8_at(s.p, s.n, &c);

		if (n && utf8_is_gap(c))
			buf_putf(to, "\\u%04x", (unsigned)c);
		else
			msg_safe(to, (struct str){s.p, n ? n : 1}, false);
		n = n ? n : 1;
		s = (struct str){s.p + n, s.n - n};
	}
}

void wording_value(struct buf *to, const json_t *v)
{
	size_t from = to->n;
	char *json;

	if (json_is_string(v) && is_bare(json_string_value(v))) {
		buf_puts(to, json_string_value(v));
		return;
	}
	json = json_canonical(v);
	put_exact(to, str_of(json));
	free(json);
	for (size_t i = from; i < to->n; i++)
		if (to->p[i] == ' ')
			to->p[i] = LAYOUT_HELD;
}

void wording_call(struct buf *to, const json_t *call)
{
	const char *key;
	json_t *v;

	layout_safe(to, text_at(call, "tool"));
	json_object_foreach (json_object_get(call, "args"), key, v) {
		buf_putc(to, ' ');
		layout_safe(to, key);
		buf_putc(to, '=');
		wording_value(to, v);
	}
}

void wording_check(struct buf *to, const json_t *check)
{
	const json_t *expect = json_object_get(check, "expect");
	const char *title = text_at(check, "title");

	if (title[0]) {
		layout_safe(to, title);
	} else {
		wording_call(to, check);
		if (expect) {
			buf_puts(to, " gives ");
			wording_value(to, expect);
		}
	}
	if (text_at(check, "within")[0]) {
		buf_puts(to, " within ");
		layout_safe(to, text_at(check, "within"));
	}
}

/* A document, whole: what is approved is what is written. */
static void put_files(struct buf *to, const json_t *files)
{
	const json_t *file;
	size_t i;

	json_array_foreach (files, i, file) {
		const json_t *text = json_object_get(file, "text");

		buf_puts(to, i ? ", " : " ");
		layout_safe(to, text_at(file, "path"));
		buf_puts(to, text ? " text=" : " append=");
		wording_value(to, text ? text : json_object_get(file, "append"));
	}
}

void wording_act(struct buf *to, const json_t *step)
{
	switch (step_kind(step)) {
	case STEP_CHECK:
		buf_puts(to, "check: ");
		wording_call(to, step);
		if (json_object_get(step, "expect")) {
			buf_puts(to, " gives ");
			wording_value(to, json_object_get(step, "expect"));
		}
		break;
	case STEP_HUMAN:
		buf_puts(to, "a person: ");
		layout_safe(to, text_at(step, "title"));
		buf_puts(to, ": ");
		layout_safe(to, text_at(step, "ask"));
		if (json_object_get(step, "details")) {
			buf_puts(to, " details=");
			wording_value(to, json_object_get(step, "details"));
		}
		break;
	case STEP_WRITE:
		buf_puts(to, "write");
		put_files(to, json_object_get(step, "files"));
		return;
	case STEP_COMMIT:
		buf_puts(to, "commit");
		put_files(to, json_object_get(step, "files"));
		buf_puts(to, " message=");
		wording_value(to, json_object_get(step, "message"));
		return;
	default:
		wording_call(to, step);
		return;
	}
	if (text_at(step, "within")[0]) {
		buf_puts(to, " within ");
		layout_safe(to, text_at(step, "within"));
	}
}

void wording_undo(struct buf *to, const json_t *step)
{
	const json_t *undo = json_object_get(step, "undo");

	if (json_is_object(undo))
		wording_call(to, undo);
	else if (step_commits(step))
		buf_puts(to, "revert the commit");
	else
		buf_puts(to, "(a step without)");
	if (plan_is_guard(step) && !plan_rolls_back(step))
		buf_puts(to, " (by a person only)");
}

void wording_guard(struct buf *to, const json_t *guard)
{
	wording_call(to, guard);
	buf_puts(to, plan_rolls_back(guard)
			     ? ", rolled back when it fails: what came since is lost"
			     : ", rolled back by a person only");
}
