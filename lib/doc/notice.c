#include "doc/notice.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/msg.h"
#include "base/when.h"
#include "doc/plan.h"
#include "doc/step.h"
#include "doc/task.h"
#include "json/node.h"

#define WIDTH      80
#define LABEL      9    /* columns for "Impact" and its like */
#define HELD       '\1' /* a blank that does not break a line; msg_safe lets none in */
#define TEXT_MAX   (1 << 20)
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

/* "2026-11-21 04:13 UTC (13m ago)" */
static void put_time(const struct notice *n, struct buf *to, const char *rfc3339)
{
	char text[WHEN_TEXT], span[16];
	int64_t at;

	if (when_parse(str_of(rfc3339), &at) || at == WHEN_NEVER) {
		buf_puts(to, "a time unknown");
		return;
	}
	when_format(at, text);
	if (at > n->now)
		buf_putf(to, "%.10s %.5s UTC (in %s)", text, text + 11,
			notice_span(at - n->now, span));
	else
		buf_putf(to, "%.10s %.5s UTC (%s ago)", text, text + 11,
			notice_span(n->now - at, span));
}

/* Columns, taking each character for one. */
static size_t columns(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void put_word(struct buf *into, struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		buf_putc(into, word.p[i] == HELD ? ' ' : word.p[i]);
}

/* Words of safe text from column `at` on; what does not fit goes on below, at column `hang`. */
static void put_wrapped(struct buf *into, struct str text, size_t at, size_t hang)
{
	struct str word;
	bool first = true;

	while (str_split(&text, ' ', &word)) {
		size_t width = columns(word);

		if (!width)
			continue;
		if (!first && at + 1 + width > WIDTH) {
			buf_putf(into, "\n%*s", (int)hang, "");
			at = hang;
		} else if (!first) {
			buf_putc(into, ' ');
			at++;
		}
		put_word(into, word);
		at += width;
		first = false;
	}
	buf_putc(into, '\n');
}

/* A labelled line; nothing when there is nothing to say. Line ends in the text become blanks. */
static void put_line(const struct notice *n, int indent, const char *label, struct str text)
{
	size_t start = (size_t)indent + (label[0] ? LABEL : 0);

	if (!text.n)
		return;
	if (label[0])
		buf_putf(n->into, "%*s%-*s", indent, "", LABEL, label);
	else
		buf_putf(n->into, "%*s", indent, "");
	put_wrapped(n->into, text, start, start);
}

/* Safe text, on one line. */
static void put_safe(struct buf *to, const char *s)
{
	struct str rest = str_of(s), line;
	bool first = true;

	while (str_split(&rest, '\n', &line)) {
		if (!first)
			buf_putc(to, ' ');
		msg_safe(to, line, false);
		first = false;
	}
}

static void put_safe_line(const struct notice *n, int indent, const char *label, const char *s)
{
	struct buf text = BUF_INIT(TEXT_MAX);

	put_safe(&text, s);
	put_line(n, indent, label, buf_str(&text));
	buf_clear(&text);
}

/* Calls, checks. */

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

/*
 * A value as one word: bare where that cannot be misread, else as JSON, which is not broken
 * over lines.
 */
static void put_value(struct buf *to, const json_t *v)
{
	size_t from = to->n;
	char *json;

	if (json_is_string(v) && is_bare(json_string_value(v))) {
		buf_puts(to, json_string_value(v));
		return;
	}
	json = json_canonical(v);
	msg_safe(to, str_of(json), false);
	free(json);
	for (size_t i = from; i < to->n; i++)
		if (to->p[i] == ' ')
			to->p[i] = HELD;
}

/* "systemd.restart unit=nginx.service" */
static void put_call(struct buf *to, const json_t *call)
{
	const char *key;
	json_t *v;

	put_safe(to, text_at(call, "tool"));
	json_object_foreach (json_object_get(call, "args"), key, v) {
		buf_putc(to, ' ');
		put_safe(to, key);
		buf_putc(to, '=');
		put_value(to, v);
	}
}

static void put_check(struct buf *to, const json_t *check)
{
	const json_t *expect = json_object_get(check, "expect");
	const char *title = text_at(check, "title");

	if (title[0]) {
		put_safe(to, title);
	} else {
		put_call(to, check);
		if (expect) {
			buf_puts(to, " gives ");
			put_value(to, expect);
		}
	}
	if (text_at(check, "within")[0]) {
		buf_puts(to, " within ");
		put_safe(to, text_at(check, "within"));
	}
}

/* Each element on a line of its own, the label at the first. */
static void put_each(const struct notice *n, int indent, const char *label, const json_t *list,
	void (*put)(struct buf *to, const json_t *one))
{
	struct buf text = BUF_INIT(TEXT_MAX);
	size_t i;
	json_t *one;

	json_array_foreach (list, i, one) {
		buf_reset(&text);
		put(&text, one);
		put_line(n, indent, i ? " " : label, buf_str(&text));
	}
	buf_clear(&text);
}

static void put_text(struct buf *to, const json_t *one)
{
	put_safe(to, json_is_string(one) ? json_string_value(one) : "");
}

/* A document, whole: what is approved is what is written. */
static void put_files(struct buf *to, const json_t *files)
{
	const json_t *file;
	size_t i;

	json_array_foreach (files, i, file) {
		const json_t *text = json_object_get(file, "text");

		buf_puts(to, i ? ", " : " ");
		put_safe(to, text_at(file, "path"));
		buf_puts(to, text ? " text=" : " append=");
		put_value(to, text ? text : json_object_get(file, "append"));
	}
}

/* What a step does, by its kind. */
static void put_act(struct buf *to, const json_t *step)
{
	switch (step_kind(step)) {
	case STEP_CHECK:
		buf_puts(to, "check: ");
		put_call(to, step);
		if (json_object_get(step, "expect")) {
			buf_puts(to, " gives ");
			put_value(to, json_object_get(step, "expect"));
		}
		break;
	case STEP_HUMAN:
		buf_puts(to, "a person: ");
		put_safe(to, text_at(step, "title"));
		buf_puts(to, ": ");
		put_safe(to, text_at(step, "ask"));
		if (json_object_get(step, "details")) {
			buf_puts(to, " details=");
			put_value(to, json_object_get(step, "details"));
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
		put_value(to, json_object_get(step, "message"));
		return;
	default:
		put_call(to, step);
		return;
	}
	if (text_at(step, "within")[0]) {
		buf_puts(to, " within ");
		put_safe(to, text_at(step, "within"));
	}
}

static void put_undo(struct buf *to, const json_t *step)
{
	const json_t *undo = json_object_get(step, "undo");

	if (json_is_object(undo))
		put_call(to, undo);
	else if (step_commits(step))
		buf_puts(to, "revert the commit");
	else
		buf_puts(to, "(a step without)");
	if (plan_is_guard(step) && !plan_rolls_back(step))
		buf_puts(to, " (by a person only)");
}

/* The undo of each step, in the order they would be done: backwards. */
static void put_undos(const struct notice *n, int indent, const json_t *solution)
{
	const json_t *steps = json_object_get(solution, "steps");
	json_t *undos = json_array();
	bool any = false;

	for (size_t i = json_array_size(steps); i > 0; i--) {
		json_t *step = json_array_get(steps, i - 1);

		any = any || step_undoable(step);
		json_array_append(undos, step);
	}
	if (any)
		put_each(n, indent, "Undo", undos, put_undo);
	else
		put_line(n, indent, "Undo", STR("none"));
	json_decref(undos);
}

static void put_risk(const struct notice *n, int indent, const json_t *solution)
{
	const json_t *reversible = json_object_get(solution, "reversible");
	const char *risk = text_at(solution, "risk"), *effect = text_at(solution, "effect");
	struct buf text = BUF_INIT(TEXT_MAX);

	put_safe(&text, risk[0] ? risk : "not said");
	if (json_is_boolean(reversible))
		buf_puts(&text,
			json_is_true(reversible) ? ", reversible" : ", cannot be taken back");
	if (strcmp(effect, "destroy") == 0)
		buf_puts(&text, ", DESTROYS");
	put_line(n, indent, "Risk", buf_str(&text));
	put_safe_line(n, indent, "Blast", text_at(solution, "blast_radius"));
	buf_clear(&text);
}

static void put_bold(const struct notice *n, bool on)
{
	if (n->colour)
		buf_puts(n->into, on ? "\033[1m" : "\033[0m");
}

/* "zfs.snapshot dataset=tank/vm, rolled back when it fails" */
static void put_guard(struct buf *to, const json_t *guard)
{
	put_call(to, guard);
	buf_puts(to, plan_rolls_back(guard)
			     ? ", rolled back when it fails: what came since is lost"
			     : ", rolled back by a person only");
}

/* The guards, or the other steps. */
static void put_steps(const struct notice *n, const json_t *solution, bool guards)
{
	json_t *list = json_array(), *step;
	size_t i;

	json_array_foreach (json_object_get(solution, "steps"), i, step)
		if (plan_is_guard(step) == guards)
			json_array_append(list, step);
	if (guards && json_array_size(list))
		put_line(n, 5, "Snapshot", STR("first:"));
	put_each(n, 5, guards ? " " : "Runs", list, guards ? put_guard : put_act);
	json_decref(list);
}

void notice_solution(const struct notice *n, const json_t *solution, bool recommended)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	const char *title = text_at(solution, "title");

	buf_putf(&text, "%lld.%c", (long long)json_integer_value(json_object_get(solution, "n")),
		HELD);
	put_safe(&text, title[0] ? title : text_at(solution, "id"));
	if (recommended)
		buf_puts(&text, " (recommended)");
	put_bold(n, true);
	buf_puts(n->into, "  ");
	put_wrapped(n->into, buf_str(&text), 2, 5);
	put_bold(n, false);
	buf_clear(&text);
	put_safe_line(n, 5, "Impact", text_at(solution, "impact"));
	put_risk(n, 5, solution);
	put_each(n, 5, "Before", json_object_get(solution, "preflight"), put_check);
	put_steps(n, solution, true);
	put_steps(n, solution, false);
	put_each(n, 5, "Verify", json_object_get(solution, "verify"), put_check);
	put_undos(n, 5, solution);
}

void notice_plan(const struct notice *n, const json_t *plan)
{
	const json_t *solutions = json_object_get(plan, "solutions");
	const json_t *drill = plan_drill(plan);
	json_int_t recommended = json_integer_value(json_object_get(plan, "recommended"));
	const json_t *autonomy = json_object_get(plan, "autonomy");
	struct buf text = BUF_INIT(TEXT_MAX);
	size_t i;
	json_t *one;

	json_array_foreach (solutions, i, one) {
		notice_solution(
			n, one, json_integer_value(json_object_get(one, "n")) == recommended);
		buf_putc(n->into, '\n');
	}
	put_safe_line(n, 2, "Plan", text_at(plan, "why"));
	put_each(n, 2, "Restored", json_object_get(drill, "verify"), put_check);
	put_each(n, 2, "Always", json_object_get(plan, "invariants"), put_check);
	put_each(n, 2, "Asks", json_object_get(autonomy, "why"), put_text);
	put_each(n, 2, "Problem", json_object_get(plan, "problems"), put_text);
	put_time(n, &text, text_at(plan, "expires_at"));
	put_line(n, 2, "Expires", buf_str(&text));
	buf_clear(&text);
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
	struct buf text = BUF_INIT(TEXT_MAX);

	buf_puts(&text, "resolved meanwhile, ");
	put_time(n, &text, at);
	buf_puts(&text, ": there may be nothing left to do");
	put_line(n, 2, "", buf_str(&text));
	buf_clear(&text);
}

/* Who asked, and when: what a program calls itself proves nothing. */
static void put_asked(const struct notice *n, const json_t *request)
{
	struct buf text = BUF_INIT(TEXT_MAX);

	if (json_is_object(request)) {
		put_safe(&text, text_at(request, "by"));
		buf_puts(&text, text.n ? ", " : "somebody, ");
		put_time(n, &text, text_at(request, "at"));
		if (str_starts(str_of(text_at(request, "by")), "mcp:"))
			buf_puts(&text, "; a program, under the name it gave");
		put_line(n, 2, "Asked", buf_str(&text));
	}
	buf_clear(&text);
}

void notice_head(const struct notice *n, const json_t *whole_case)
{
	const json_t *triage = json_object_get(whole_case, "triage");
	struct buf text = BUF_INIT(TEXT_MAX);

	put_safe(&text, text_at(whole_case, "title"));
	if (!text.n)
		buf_puts(&text, "(a case without a title)");
	put_bold(n, true);
	put_line(n, 0, "", buf_str(&text));
	put_bold(n, false);
	buf_reset(&text);
	put_safe(&text, text_at(whole_case, "severity"));
	buf_puts(&text, text.n ? ", since " : "since ");
	put_time(n, &text, since(whole_case));
	put_often(&text, triage);
	put_line(n, 2, "", buf_str(&text));
	put_safe_line(n, 2, "", text_at(triage, "why"));
	put_asked(n, json_object_get(whole_case, "request"));
	if (*resolved_at(whole_case))
		put_resolved(n, resolved_at(whole_case));
	buf_reset(&text);
	buf_puts(&text, "case ");
	put_safe(&text, text_at(whole_case, "id"));
	put_line(n, 2, "", buf_str(&text));
	buf_clear(&text);
}

void notice_line(const struct notice *n, const json_t *whole_case)
{
	const json_t *task = task_of(whole_case);
	const char *expires = task ? text_at(task, "until")
				   : text_at(json_object_get(whole_case, "plan"), "expires_at");
	char span[16];
	int64_t at;

	put_safe(n->into, text_at(whole_case, "id"));
	if (when_parse(str_of(task ? text_at(task, "since") : since(whole_case)), &at) == 0 &&
		at <= n->now)
		buf_putf(n->into, "  since %s", notice_span(n->now - at, span));
	if (when_parse(str_of(expires), &at) == 0)
		buf_putf(n->into, ", %s%s", at > n->now ? "expires in " : "expired",
			at > n->now ? notice_span(at - n->now, span) : "");
	if (*resolved_at(whole_case))
		buf_puts(n->into, ", resolved meanwhile");
	buf_puts(n->into, "  ");
	put_safe(n->into, text_at(whole_case, "title"));
	if (task) {
		buf_puts(n->into, ": task: ");
		put_safe(n->into, text_at(task, "title"));
	}
}

/* Details. */

static void put_pairs(const struct notice *n, const char *heading, const json_t *pairs)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	const char *key;
	json_t *v;

	if (json_object_size(pairs))
		put_line(n, 4, "", str_of(heading));
	json_object_foreach ((json_t *)pairs, key, v) {
		buf_reset(&text);
		put_safe(&text, key);
		buf_puts(&text, ": ");
		if (json_is_string(v))
			put_safe(&text, json_string_value(v));
		else
			put_value(&text, v);
		put_line(n, 6, "", buf_str(&text));
	}
	buf_clear(&text);
}

void notice_task(const struct notice *n, const json_t *task)
{
	const json_t *details = json_object_get(task, "details");
	struct buf text = BUF_INIT(TEXT_MAX);

	put_bold(n, true);
	put_safe_line(n, 2, "Task", text_at(task, "title"));
	put_bold(n, false);
	put_safe_line(n, 2, "", text_at(task, "ask"));
	if (json_is_object(details)) {
		put_pairs(n, "details", details);
	} else if (details) {
		put_value(&text, details);
		put_line(n, 4, "", buf_str(&text));
		buf_reset(&text);
	}
	put_time(n, &text, text_at(task, "since"));
	put_line(n, 2, "Since", buf_str(&text));
	buf_reset(&text);
	put_time(n, &text, text_at(task, "until"));
	put_line(n, 2, "Until", buf_str(&text));
	buf_clear(&text);
}

static void put_signal(const struct notice *n, const json_t *signal)
{
	struct buf text = BUF_INIT(TEXT_MAX);

	buf_puts(&text, "Signal ");
	put_safe(&text, text_at(signal, "name"));
	buf_puts(&text, ", ");
	put_safe(&text, text_at(signal, "status"));
	buf_puts(&text, " since ");
	put_time(n, &text, text_at(signal, "starts_at"));
	put_line(n, 2, "", buf_str(&text));
	put_pairs(n, "labels", json_object_get(signal, "labels"));
	put_pairs(n, "annotations", json_object_get(signal, "annotations"));
	put_safe_line(n, 4, "", text_at(signal, "url"));
	buf_clear(&text);
}

static void put_observation(const struct notice *n, const json_t *seen)
{
	const json_t *got = json_object_get(seen, "data");
	struct buf text = BUF_INIT(TEXT_MAX);
	char *data = got ? json_canonical(got) : NULL;

	buf_puts(&text, "Seen ");
	put_call(&text, seen);
	buf_puts(&text, json_is_false(json_object_get(seen, "ok")) ? " failed:" : " at ");
	if (text_at(seen, "error")[0]) {
		buf_putc(&text, ' ');
		put_safe(&text, text_at(seen, "error"));
	} else {
		put_time(n, &text, text_at(seen, "at"));
	}
	put_line(n, 2, "", buf_str(&text));
	buf_reset(&text);
	if (data) {
		struct str shown = str_of(data);

		msg_safe(&text, (struct str){shown.p, shown.n > DATA_SHOWN ? DATA_SHOWN : shown.n},
			false);
		buf_puts(&text, shown.n > DATA_SHOWN ? " ..." : "");
		put_line(n, 4, "", buf_str(&text));
	}
	free(data);
	buf_clear(&text);
}

static void put_step(const struct notice *n, const json_t *step)
{
	const json_t *needs = json_object_get(step, "needs");
	struct buf text = BUF_INIT(TEXT_MAX);
	size_t i;
	json_t *need;

	buf_puts(&text, "step ");
	put_safe(&text, text_at(step, "id"));
	buf_puts(&text, ": ");
	put_act(&text, step);
	json_array_foreach (needs, i, need) {
		buf_puts(&text, i ? ", " : ", after ");
		put_text(&text, need);
	}
	put_line(n, 4, "", buf_str(&text));
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
