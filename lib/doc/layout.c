#include "doc/layout.h"

#include "base/msg.h"
#include "base/when.h"

#define WIDTH 80
#define LABEL 9 /* columns for "Impact" and its like */

void layout_time(const struct notice *n, struct buf *to, const char *rfc3339)
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
		buf_putc(into, word.p[i] == LAYOUT_HELD ? ' ' : word.p[i]);
}

void layout_wrapped(struct buf *into, struct str text, size_t at, size_t hang)
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

void layout_line(const struct notice *n, int indent, const char *label, struct str text)
{
	size_t start = (size_t)indent + (label[0] ? LABEL : 0);

	if (!text.n)
		return;
	if (label[0])
		buf_putf(n->into, "%*s%-*s", indent, "", LABEL, label);
	else
		buf_putf(n->into, "%*s", indent, "");
	layout_wrapped(n->into, text, start, start);
}

void layout_safe(struct buf *to, const char *s)
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

void layout_safe_line(const struct notice *n, int indent, const char *label, const char *s)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	layout_safe(&text, s);
	layout_line(n, indent, label, buf_str(&text));
	buf_clear(&text);
}

void layout_each(const struct notice *n, int indent, const char *label, const json_t *list,
	void (*put)(struct buf *to, const json_t *one))
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);
	size_t i;
	json_t *one;

	json_array_foreach (list, i, one) {
		buf_reset(&text);
		put(&text, one);
		layout_line(n, indent, i ? " " : label, buf_str(&text));
	}
	buf_clear(&text);
}

void layout_text(struct buf *to, const json_t *one)
{
	layout_safe(to, json_is_string(one) ? json_string_value(one) : "");
}

void layout_bold(const struct notice *n, bool on)
{
	if (n->colour)
		buf_puts(n->into, on ? "\033[1m" : "\033[0m");
}
