#include "flow/case_line.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/when.h"
#include "doc/title.h"
#include "json/node.h"

#define CONTEXT_OF_A_TOOL 3

static const struct pending *next_kept(const struct case_line *c, uint32_t *at)
{
	while (*at != BATCH_NONE) {
		const struct pending *p = c->batch->pending + *at;

		*at = p->next;
		if (p->n)
			return p;
	}
	return NULL;
}

static void put_text(struct buf *into, const char *key, struct str text)
{
	buf_puts(into, ",\"");
	buf_puts(into, key);
	buf_puts(into, "\":");
	scan_quote(into, text);
}

static void put_time(struct buf *into, const char *key, int64_t at)
{
	char text[WHEN_TEXT];

	put_text(into, key, str_of(when_format(at, text)));
}

/* All alerts of the case: those that fire, and those that this line says have ended. */
static uint32_t all_signals(const struct case_line *c)
{
	uint32_t ended = 0;

	for (uint32_t i = c->touched->first; i != BATCH_NONE; i = c->batch->pending[i].next)
		ended += !c->batch->pending[i].firing;
	return c->group->firing + ended;
}

static void put_title(struct buf *into, const struct case_line *c)
{
	struct buf title = BUF_INIT(4096);
	uint32_t all = all_signals(c), at = c->touched->first;
	const struct pending *first = next_kept(c, &at);
	struct err ignored = ERR_INIT;
	struct signal signal = {0};

	labels_reset(c->labels);
	if (first) {
		batch_signal(c->batch, first, &signal);
		labels_scan(c->labels, signal.member[SIGNAL_LABELS], &ignored);
	}
	title_put(&title, &signal, c->labels, all ? all - 1 : 0);
	put_text(into, "title", buf_str(&title));
	buf_clear(&title);
}

static void put_signals(struct buf *into, const struct case_line *c)
{
	uint32_t at = c->touched->first;
	size_t start = into->n;
	const struct pending *p;

	buf_puts(into, ",\"signals\":[");
	for (int n = 0;
		n < CASE_SIGNALS && (p = next_kept(c, &at)) && into->n - start + p->n < CASE_BYTES;
		n++) {
		if (n)
			buf_putc(into, ',');
		buf_put(into, c->batch->bytes.p + p->at, p->n);
	}
	buf_putc(into, ']');
}

/* The observations of the tool that a signal names: the ones that made it, as hl-gather says. */
static struct str tool_of(const struct case_line *c, const struct pending *p)
{
	struct str tool = STR_NONE;
	struct signal signal;

	batch_signal(c->batch, p, &signal);
	scan_plain(scan_member(signal.member[SIGNAL_ANNOTATIONS], "tool"), &tool);
	return tool;
}

static bool named_before(const struct case_line *c, const struct pending *last, struct str tool)
{
	uint32_t at = c->touched->first;
	const struct pending *p;

	while ((p = next_kept(c, &at)) && p != last)
		if (str_eq(tool_of(c, p), tool))
			return true;
	return false;
}

static void put_context(struct buf *into, const struct case_line *c)
{
	struct buf context = BUF_INIT(CASE_CONTEXT);
	uint32_t at = c->touched->first;
	const struct pending *p;

	buf_puts(into, ",\"context\":[");
	for (int n = 0; c->batch->observations.n && n < CASE_SIGNALS && (p = next_kept(c, &at));
		n++) {
		struct str tool = tool_of(c, p);

		if (tool.n && !named_before(c, p, tool))
			batch_context(c->batch, tool, &context, CONTEXT_OF_A_TOOL);
	}
	buf_putstr(into, buf_str(&context));
	buf_putc(into, ']');
	buf_clear(&context);
}

static void put_runbooks(struct buf *into, const struct finding *f)
{
	buf_puts(into, ",\"runbooks\":[");
	for (size_t i = 0; i < f->n_runbooks; i++) {
		if (i)
			buf_putc(into, ',');
		scan_quote(into, str_of(f->runbooks[i]));
	}
	buf_putc(into, ']');
}

/* Between the members of an object, and the elements of an array. */
static void put_comma(struct buf *into)
{
	if (into->p[into->n - 1] != '{' && into->p[into->n - 1] != '[')
		buf_putc(into, ',');
}

/* The signals that say otherwise than how their alert stands: late news. */
static void put_stale(struct buf *into, const struct case_line *c)
{
	uint32_t at = c->touched->first;
	const struct pending *p;
	bool any = false;

	for (int n = 0; n < CASE_SIGNALS && (p = next_kept(c, &at)); n++) {
		if (p->says_firing == p->firing)
			continue;
		put_comma(into);
		buf_puts(into, any ? "" : "\"stale\":[");
		buf_putf(into, "%d", n);
		any = true;
	}
	if (any)
		buf_putc(into, ']');
}

/* What was remembered and had a part in it, so that it can be judged again from the case alone. */
static void put_seen(struct buf *into, const struct case_line *c)
{
	buf_puts(into, ",\"seen\":{");
	if (!c->standing->fresh)
		buf_puts(into, "\"fresh\":false");
	if (c->standing->returns) {
		put_comma(into);
		buf_putf(into, "\"returns\":%" PRId64, c->standing->returns);
	}
	put_stale(into, c);
	buf_putc(into, '}');
}

static void put_triage(struct buf *into, const struct case_line *c)
{
	buf_puts(into, ",\"triage\":{\"verdict\":\"");
	buf_puts(into, verdict_names[c->verdict]);
	buf_putc(into, '"');
	put_text(into, "why", c->why);
	put_time(into, "at", c->at);
	put_runbooks(into, c->finding);
	buf_putf(into, ",\"signals\":%" PRIu32 ",\"count\":%" PRIu32 ",\"flapping\":%s",
		all_signals(c), c->group->fired, c->standing->flapping ? "true" : "false");
	/* The others go no further. */
	if (c->verdict == VERDICT_PROBLEM || c->verdict == VERDICT_UNSURE)
		put_seen(into, c);
	if (c->model) {
		buf_puts(into, ",\"model\":");
		json_put(into, c->model);
	}
	buf_putc(into, '}');
}

void case_line_put(struct buf *into, const struct case_line *c)
{
	buf_puts(into, "{\"kind\":\"case\"");
	put_text(into, "id", str_of(c->id));
	put_time(into, "opened_at", c->group->opened_at);
	put_title(into, c);
	put_text(into, "severity", str_of(severity_names[c->finding->severity]));
	put_signals(into, c);
	put_context(into, c);
	if (c->basis)
		put_text(into, "basis", str_of(c->basis));
	else
		buf_puts(into, ",\"basis\":null");
	put_triage(into, c);
	buf_putc(into, '}');
}
