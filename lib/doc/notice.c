#include "doc/notice.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/msg.h"
#include "base/when.h"
#include "doc/layout.h"
#include "doc/task.h"
#include "doc/wording.h"
#include "json/node.h"

#define SHOWN      10  /* signals and observations in the details */
#define DATA_SHOWN 400 /* bytes of an observation's data */

static const char *text_at(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

char *notice_span(int64_t ms, char text[16])
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = {{WHEN_DAY, 'd'}, {WHEN_HOUR, 'h'}, {WHEN_MINUTE, 'm'}, {WHEN_SECOND, 's'}};
	size_t i = 0;

	/* Two of a unit, before it is used: "90m" says more than "1h". */
	while (i < 3 && ms < 2 * units[i].ms)
		i++;
	snprintf(text, 16, "%lld%c", (long long)(ms < 0 ? 0 : ms / units[i].ms) % 1000000,
		units[i].unit);
	return text;
}

/* The earliest start of the signals. */
static const char *since(const json_t *whole_case)
{
	const char *first = text_at(whole_case, "opened_at");
	const json_t *signals = json_object_get(whole_case, "signals");
	int64_t least, at;
	json_t *one;
	size_t i;

	if (when_parse(str_of(first), &least))
		least = INT64_MAX;
	json_array_foreach (signals, i, one) {
		const char *text = text_at(one, "starts_at");

		if (when_parse(str_of(text), &at) == 0 && at != WHEN_NEVER && at < least) {
			least = at;
			first = text;
		}
	}
	return first;
}

static void put_often(struct buf *to, const json_t *triage)
{
	json_int_t count = json_integer_value(json_object_get(triage, "count"));
	json_int_t signals = json_integer_value(json_object_get(triage, "signals"));

	if (signals > 1)
		buf_putf(to, ", %lld signals", (long long)signals);
	if (count > 1)
		buf_putf(to, ", fired %lld times", (long long)count);
	if (json_is_true(json_object_get(triage, "flapping")))
		buf_puts(to, ", flapping");
}

/* When its alerts ended while it was parked; "" when they did not. */
static const char *resolved_at(const json_t *whole_case)
{
	return text_at(json_object_get(whole_case, "resolved"), "at");
}

static void put_resolved(const struct notice *n, const char *at)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	buf_puts(&text, "resolved meanwhile, ");
	layout_time(n, &text, at);
	buf_puts(&text, ": there may be nothing left to do");
	layout_line(n, 2, "", buf_str(&text));
	buf_clear(&text);
}

/* Who asked, and when: what a program calls itself proves nothing. */
static void put_asked(const struct notice *n, const json_t *request)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	if (json_is_object(request)) {
		layout_safe(&text, text_at(request, "by"));
		buf_puts(&text, text.n ? ", " : "somebody, ");
		layout_time(n, &text, text_at(request, "at"));
		if (str_starts(str_of(text_at(request, "by")), "mcp:"))
			buf_puts(&text, "; a program, under the name it gave");
		layout_line(n, 2, "Asked", buf_str(&text));
	}
	buf_clear(&text);
}

/* What a model thinks of it: beside what the rules say, and never in their place. */
static void put_opinion(const struct notice *n, const json_t *model)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);
	size_t i, idle = 0;
	json_t *one;

	if (*text_at(model, "name")) {
		json_array_foreach (json_object_get(model, "claims"), i, one)
			idle += !json_is_true(json_object_get(one, "supported"));
		layout_safe(&text, text_at(model, "name"));
		buf_puts(&text, ": ");
		layout_safe(&text, text_at(model, "verdict"));
		buf_puts(&text, ", ");
		layout_safe(&text, text_at(model, "severity"));
		if (idle)
			buf_putf(&text, " (%zu claim%s on nothing that was seen)", idle,
				idle == 1 ? "" : "s");
		buf_puts(&text, ": ");
		layout_said(&text, text_at(model, "cause"));
		layout_line(n, 2, "Model", buf_str(&text));
	}
	buf_clear(&text);
}

void notice_head(const struct notice *n, const json_t *whole_case)
{
	const json_t *triage = json_object_get(whole_case, "triage");
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	layout_safe(&text, text_at(whole_case, "title"));
	if (!text.n)
		buf_puts(&text, "(a case without a title)");
	layout_bold(n, true);
	layout_line(n, 0, "", buf_str(&text));
	layout_bold(n, false);
	buf_reset(&text);
	layout_safe(&text, text_at(whole_case, "severity"));
	buf_puts(&text, text.n ? ", since " : "since ");
	layout_time(n, &text, since(whole_case));
	put_often(&text, triage);
	layout_line(n, 2, "", buf_str(&text));
	layout_safe_line(n, 2, "", text_at(triage, "why"));
	put_opinion(n, json_object_get(triage, "model"));
	put_asked(n, json_object_get(whole_case, "request"));
	if (*resolved_at(whole_case))
		put_resolved(n, resolved_at(whole_case));
	buf_reset(&text);
	buf_puts(&text, "case ");
	layout_safe(&text, text_at(whole_case, "id"));
	layout_line(n, 2, "", buf_str(&text));
	buf_clear(&text);
}

void notice_line(const struct notice *n, const json_t *whole_case)
{
	const json_t *task = task_of(whole_case);
	const char *expires = task ? text_at(task, "until")
				   : text_at(json_object_get(whole_case, "plan"), "expires_at");
	char span[16];
	int64_t at;

	layout_safe(n->into, text_at(whole_case, "id"));
	if (when_parse(str_of(task ? text_at(task, "since") : since(whole_case)), &at) == 0 &&
		at <= n->now)
		buf_putf(n->into, "  since %s", notice_span(n->now - at, span));
	if (when_parse(str_of(expires), &at) == 0)
		buf_putf(n->into, ", %s%s", at > n->now ? "expires in " : "expired",
			at > n->now ? notice_span(at - n->now, span) : "");
	if (*resolved_at(whole_case))
		buf_puts(n->into, ", resolved meanwhile");
	buf_puts(n->into, "  ");
	layout_safe(n->into, text_at(whole_case, "title"));
	if (task) {
		buf_puts(n->into, ": task: ");
		layout_safe(n->into, text_at(task, "title"));
	}
}

static void put_pairs(const struct notice *n, const char *heading, const json_t *pairs)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);
	const char *key;
	json_t *v;

	if (json_object_size(pairs))
		layout_line(n, 4, "", str_of(heading));
	json_object_foreach ((json_t *)pairs, key, v) {
		buf_reset(&text);
		layout_safe(&text, key);
		buf_puts(&text, ": ");
		if (json_is_string(v))
			layout_safe(&text, json_string_value(v));
		else
			wording_value(&text, v);
		layout_line(n, 6, "", buf_str(&text));
	}
	buf_clear(&text);
}

void notice_task(const struct notice *n, const json_t *task)
{
	const json_t *details = json_object_get(task, "details");
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	layout_bold(n, true);
	layout_safe_line(n, 2, "Task", text_at(task, "title"));
	layout_bold(n, false);
	layout_safe_line(n, 2, "", text_at(task, "ask"));
	if (json_is_object(details)) {
		put_pairs(n, "details", details);
	} else if (details) {
		wording_value(&text, details);
		layout_line(n, 4, "", buf_str(&text));
		buf_reset(&text);
	}
	layout_time(n, &text, text_at(task, "since"));
	layout_line(n, 2, "Since", buf_str(&text));
	buf_reset(&text);
	layout_time(n, &text, text_at(task, "until"));
	layout_line(n, 2, "Until", buf_str(&text));
	buf_clear(&text);
}

static void put_url(const struct notice *n, const char *url)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	if (*url) {
		buf_puts(&text, "url: ");
		layout_safe(&text, url);
		layout_line(n, 4, "", buf_str(&text));
	}
	buf_clear(&text);
}

static void put_signal(const struct notice *n, const json_t *signal)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	buf_puts(&text, "Signal ");
	layout_safe(&text, text_at(signal, "name"));
	buf_puts(&text, ", ");
	layout_safe(&text, text_at(signal, "status"));
	buf_puts(&text, " since ");
	layout_time(n, &text, text_at(signal, "starts_at"));
	layout_line(n, 2, "", buf_str(&text));
	put_pairs(n, "labels", json_object_get(signal, "labels"));
	put_pairs(n, "annotations", json_object_get(signal, "annotations"));
	put_url(n, text_at(signal, "url"));
	buf_clear(&text);
}

static void put_observation(const struct notice *n, const json_t *seen)
{
	const json_t *got = json_object_get(seen, "data");
	struct buf text = BUF_INIT(LAYOUT_TEXT);
	char *data = got ? json_canonical(got) : NULL;

	buf_puts(&text, "Seen ");
	wording_call(&text, seen);
	buf_puts(&text, json_is_false(json_object_get(seen, "ok")) ? " failed:" : " at ");
	if (text_at(seen, "error")[0]) {
		buf_putc(&text, ' ');
		layout_safe(&text, text_at(seen, "error"));
	} else {
		layout_time(n, &text, text_at(seen, "at"));
	}
	layout_line(n, 2, "", buf_str(&text));
	buf_reset(&text);
	if (data) {
		struct str shown = str_of(data);

		msg_safe(&text, (struct str){shown.p, shown.n > DATA_SHOWN ? DATA_SHOWN : shown.n},
			false);
		buf_puts(&text, shown.n > DATA_SHOWN ? " ..." : "");
		layout_line(n, 4, "", buf_str(&text));
	}
	free(data);
	buf_clear(&text);
}

static void put_step(const struct notice *n, const json_t *step)
{
	const json_t *needs = json_object_get(step, "needs");
	struct buf text = BUF_INIT(LAYOUT_TEXT);
	size_t i;
	json_t *need;

	buf_puts(&text, "step ");
	layout_safe(&text, text_at(step, "id"));
	buf_puts(&text, ": ");
	wording_act(&text, step);
	json_array_foreach (needs, i, need) {
		buf_puts(&text, i ? ", " : ", after ");
		layout_text(&text, need);
	}
	layout_line(n, 4, "", buf_str(&text));
	buf_clear(&text);
}

static void put_more(const struct notice *n, size_t all, const char *of)
{
	if (all > SHOWN)
		buf_putf(n->into, "  and %zu more %s\n", all - SHOWN, of);
}

void notice_details(const struct notice *n, const json_t *whole_case)
{
	const json_t *signals = json_object_get(whole_case, "signals"), *solution, *step;
	const json_t *context = json_object_get(whole_case, "context");
	const json_t *solutions = json_object_get(json_object_get(whole_case, "plan"), "solutions");
	size_t i, j;

	for (i = 0; i < json_array_size(signals) && i < SHOWN; i++)
		put_signal(n, json_array_get(signals, i));
	put_more(n, json_array_size(signals), "signals");
	for (i = 0; i < json_array_size(context) && i < SHOWN; i++)
		put_observation(n, json_array_get(context, i));
	put_more(n, json_array_size(context), "observations");
	json_array_foreach (solutions, i, solution) {
		buf_putf(n->into, "  Solution %lld\n",
			(long long)json_integer_value(json_object_get(solution, "n")));
		json_array_foreach (json_object_get(solution, "steps"), j, step)
			put_step(n, step);
	}
}
