#include "doc/title.h"

#include "base/msg.h"

#define ELLIPSIS "…"
#define ENOUGH   ((size_t)2 * TITLE_MAX) /* of any text: what is behind it will be cut anyway */

/* The text of a value, decoded into `into` where it has escapes; empty when it is none. */
static struct str text_of(struct scan_value v, struct buf *into)
{
	struct str plain;

	buf_reset(into);
	if (scan_plain(v, &plain))
		return plain;
	return scan_string(v, into) == 0 ? buf_str(into) : STR_NONE;
}

static struct str first_of(struct str a, struct str b)
{
	return a.n ? a : b;
}

static bool mentions(struct str text, struct str word)
{
	if (!word.n)
		return true;
	for (size_t i = 0; text.p && i + word.n <= text.n; i++)
		if (memcmp(text.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

/* On one line, and of no use against a terminal. */
static void put_safe(struct buf *into, struct str text)
{
	struct buf line = BUF_INIT(ENOUGH);

	text = str_trim(text);
	if (text.n > ENOUGH)
		for (text.n = ENOUGH; text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80;)
			text.n--;
	buf_putstr(&line, text);
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '\n' || line.p[i] == '\r' || line.p[i] == '\t')
			line.p[i] = ' ';
	msg_safe(into, buf_str(&line), false);
	buf_clear(&line);
}

/* Cuts to `most` bytes, between characters. */
static void cut(struct buf *b, size_t from, size_t most)
{
	size_t end = from + most - strlen(ELLIPSIS);

	if (b->n - from <= most)
		return;
	while (end > from && ((unsigned char)b->p[end] & 0xc0) == 0x80)
		end--;
	b->n = end;
	buf_puts(b, ELLIPSIS);
}

void title_put(struct buf *into, const struct signal *s, const struct labels *l, size_t more)
{
	struct buf text[2] = {BUF_INIT(BUF_RECORD), BUF_INIT(BUF_RECORD)};
	struct str name = first_of(
		text_of(s->member[SIGNAL_NAME], &text[0]), labels_get(l, STR("alertname")));
	struct str where = first_of(labels_get(l, STR("instance")), labels_get(l, STR("host")));
	struct str summary = text_of(
		scan_member(s->member[SIGNAL_ANNOTATIONS], "summary"), &text[1]);
	size_t from = into->n;

	if (!summary.n)
		summary = text_of(
			scan_member(s->member[SIGNAL_ANNOTATIONS], "description"), &text[1]);
	if (!name.n)
		name = STR("alert");
	if (!mentions(summary, name) || !mentions(summary, where)) {
		put_safe(into, name);
		if (where.n) {
			buf_puts(into, " on ");
			put_safe(into, where);
		}
		if (summary.n)
			buf_puts(into, ": ");
	}
	put_safe(into, summary);
	cut(into, from, TITLE_MAX);
	if (more)
		buf_putf(into, " (and %zu more)", more);
	buf_clear(&text[0]);
	buf_clear(&text[1]);
}
