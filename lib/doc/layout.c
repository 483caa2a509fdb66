#include "doc/layout.h"

#include "base/msg.h"
#include "base/utf8.h"
#include "base/when.h"

#define WIDTH 80
#define LABEL 9 /* columns for "Impact" and its like */
#define HANG  4 /* more, where there is no label */

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

/* The bytes of its first character, and the columns. */
static size_t step(struct str s, size_t *columns)
{
	uint32_t c;
	size_t n = utf8_at(s.p, s.n, &c);

	*columns = n ? utf8_columns(c) : 1;
	return n ? n : 1;
}

static size_t columns_of(struct str s)
{
	size_t all = 0, one;

	while (s.n) {
		size_t n = step(s, &one);

		all += one;
		s = (struct str){s.p + n, s.n - n};
	}
	return all;
}

/* One that is wider than a line is broken with a '\\', so that the terminal does not: where it ends. */
static size_t put_word(struct buf *into, struct str word, size_t at, size_t hang)
{
	while (word.n) {
		size_t columns, n = step(word, &columns);

		if (at + columns > (word.n > n ? WIDTH - 1 : WIDTH)) {
			buf_putf(into, "\\\n%*s", (int)hang, "");
			at = hang;
		}
		if (*word.p == LAYOUT_HELD)
			buf_putc(into, ' ');
		else
			buf_put(into, word.p, n);
		at += columns;
		word = (struct str){word.p + n, word.n - n};
	}
	return at;
}

void layout_wrapped(struct buf *into, struct str text, size_t at, size_t hang)
{
	struct str word;
	bool first = true;

	while (str_split(&text, ' ', &word)) {
		size_t width = columns_of(word);

		if (!width)
			continue;
		if (!first && at + 1 + width > WIDTH) {
			buf_putf(into, "\n%*s", (int)hang, "");
			at = hang;
		} else if (!first) {
			buf_putc(into, ' ');
			at++;
		}
		at = put_word(into, word, at, hang);
		first = false;
	}
	buf_putc(into, '\n');
}

void layout_line(const struct notice *n, int indent, const char *label, struct str text)
{
	size_t start = (size_t)indent + (label[0] ? LABEL : 0);
	size_t hang = label[0] ? start : start + HANG;

	if (!text.n)
		return;
	if (label[0])
		buf_putf(n->into, "%*s%-*s", indent, "", LABEL, label);
	else
		buf_putf(n->into, "%*s", indent, "");
	layout_wrapped(n->into, text, start, hang);
}

/* Line ends and gaps of any kind are blanks. */
void layout_safe(struct buf *to, const char *s)
{
	struct buf plain = BUF_INIT(LAYOUT_TEXT);
	struct str rest = str_of(s);

	while (rest.n) {
		uint32_t c;
		size_t n = utf8_at(rest.p, rest.n, &c);

		if (n && (c == '\n' || utf8_is_gap(c)))
			buf_putc(&plain, ' ');
		else
			buf_put(&plain, rest.p, n ? n : 1);
		n = n ? n : 1;
		rest = (struct str){rest.p + n, rest.n - n};
	}
	msg_safe(to, buf_str(&plain), false);
	buf_clear(&plain);
}

void layout_said(struct buf *to, const char *s)
{
	size_t from = to->n + 1;

	buf_putc(to, '"');
	layout_safe(to, s);
	for (size_t i = from; i < to->n; i++)
		if (to->p[i] == '"')
			to->p[i] = '\'';
	buf_putc(to, '"');
}

void layout_said_line(const struct notice *n, int indent, const char *label, const char *s)
{
	struct buf text = BUF_INIT(LAYOUT_TEXT);

	if (*s)
		layout_said(&text, s);
	layout_line(n, indent, label, buf_str(&text));
	buf_clear(&text);
}

void layout_said_text(struct buf *to, const json_t *one)
{
	layout_said(to, json_is_string(one) ? json_string_value(one) : "");
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
