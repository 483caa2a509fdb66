#include "doc/prose.h"

#include <ctype.h>

#include "base/utf8.h"

/* Marks, overrides and isolates of direction, invisible ones, and line and paragraph separators. */
static bool is_trick(uint32_t c)
{
	return (c >= 0x80 && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

void prose_plain(struct buf *into, struct str s, size_t max)
{
	size_t start = into->n, count = 0;
	bool blank = false;

	while (s.n) {
		uint32_t c;
		size_t n = utf8_at(s.p, s.n, &c);

		if (n == 0 || is_trick(c) || c <= ' ' || c == 127 || utf8_is_gap(c)) {
			blank = blank || (n && (c <= ' ' || utf8_is_gap(c)));
			n = n ? n : 1;
		} else {
			if (blank && into->n > start && ++count)
				buf_putc(into, ' ');
			blank = false;
			if (++count > max) {
				buf_puts(into, "...");
				return;
			}
			buf_put(into, s.p, n);
		}
		s.p += n;
		s.n -= n;
	}
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* "Case:", "#", "---", "(cherry", "diff": git's programs read meaning into lines that begin so. */
static bool needs_indent(struct str word)
{
	return !isalnum((unsigned char)*word.p) || memchr(word.p, ':', word.n) ||
	       str_is(word, "diff");
}

void prose_wrap(struct buf *into, struct str s, unsigned indent)
{
	size_t width = 0;
	struct str word;

	while (str_split(&s, ' ', &word)) {
		size_t n = characters(word);

		if (width && width + 1 + n > PROSE_WIDTH) {
			unsigned in = indent ? indent : needs_indent(word);

			buf_putc(into, '\n');
			for (width = 0; width < in; width++)
				buf_putc(into, ' ');
		} else if (width) {
			buf_putc(into, ' ');
			width++;
		}
		buf_putstr(into, word);
		width += n;
	}
	buf_putc(into, '\n');
}
