#include "doc/disguise.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"

/* ---- escapes ---- */

static int digit_of(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : 16;
}

/* As many digits of the base as there are, `most` of them at most; how many. */
static size_t number(struct str s, int base, size_t most, uint32_t *value)
{
	size_t n = 0;

	for (*value = 0; n < most && n < s.n && digit_of(s.p[n]) < base; n++)
		*value = *value * (uint32_t)base + (uint32_t)digit_of(s.p[n]);
	return n;
}

static struct str behind(struct str s, size_t n)
{
	return n < s.n ? (struct str){s.p + n, s.n - n} : STR_NONE;
}

/* One escape at the start of `s`: its length, or 0. What it says is put to `out`, in bytes. */
struct said {
	char bytes[4];
	size_t n;
};

static size_t as_byte(struct said *said, uint32_t value, size_t length)
{
	said->bytes[0] = (char)(unsigned char)value;
	said->n = 1;
	return length;
}

static size_t as_code(struct said *said, uint32_t code, size_t length)
{
	bool surrogate = code >= 0xd800 && code <= 0xdfff;

	said->n = utf8_put(surrogate || code > 0x10ffff ? 0xfffd : code, said->bytes);
	return length;
}

static size_t unicode(struct str s, struct said *said)
{
	uint32_t high, low;

	if (number(behind(s, 2), 16, 4, &high) != 4)
		return 0;
	if (high >= 0xd800 && high < 0xdc00 && s.n >= 12 && s.p[6] == '\\' && s.p[7] == 'u' &&
		number(behind(s, 8), 16, 4, &low) == 4 && low >= 0xdc00 && low < 0xe000)
		return as_code(said, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12);
	return as_code(said, high, 6);
}

static size_t backslash(struct str s, struct said *said)
{
	static const char letters[] = "nrtbf/\\\"'", mean[] = "\n\r\t\b\f/\\\"'";
	const char *letter = s.n > 1 && s.p[1] ? strchr(letters, s.p[1]) : NULL;
	uint32_t value;
	size_t n;

	if (letter)
		return as_byte(said, (unsigned char)mean[letter - letters], 2);
	if (s.n > 1 && s.p[1] == 'u')
		return unicode(s, said);
	if (s.n > 1 && s.p[1] == 'x')
		return number(behind(s, 2), 16, 2, &value) == 2 ? as_byte(said, value, 4) : 0;
	n = number(behind(s, 1), 8, 3, &value);
	return n == 3 ? as_byte(said, value, 4) : 0;
}

static size_t entity(struct str s, struct said *said)
{
	static const struct {
		const char *name;
		char means;
	} named[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
	bool hex = s.n > 2 && s.p[2] == 'x';
	size_t start = hex ? 3 : 2, n;
	uint32_t code;

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (str_starts(s, named[i].name))
			return as_byte(said, (unsigned char)named[i].means, strlen(named[i].name));
	if (s.n < 4 || s.p[1] != '#')
		return 0;
	n = number(behind(s, start), hex ? 16 : 10, 7, &code);
	return n && start + n < s.n && s.p[start + n] == ';' ? as_code(said, code, start + n + 1) : 0;
}

static size_t escape(struct str s, struct said *said)
{
	uint32_t value;

	switch (*s.p) {
	case '\\':
		return backslash(s, said);
	case '&':
		return entity(s, said);
	case '%':
		return number(behind(s, 1), 16, 2, &value) == 2 ? as_byte(said, value, 3) : 0;
	}
	return 0;
}

bool disguise_escapes(struct str text, struct decoded *d)
{
	struct said said;
	bool any = false;

	*d = (struct decoded){.text = BUF_INIT(text.n + 4),
		.from = mem_array(text.n + 5, sizeof *d->from)};
	for (size_t i = 0, n; i < text.n; i += n) {
		n = memchr("\\&%", text.p[i], 3) ? escape(behind(text, i), &said) : 0;
		if (!n)
			decoded_put(d, text.p[i], text.p + i);
		for (size_t k = 0; n && k < said.n; k++)
			decoded_put(d, said.bytes[k], text.p + i);
		any = any || n;
		n += !n;
	}
	d->from[d->text.n] = text.p + text.n;
	if (!any)
		decoded_clear(d);
	return any;
}

/* ---- base64 (RFC 4648) ---- */

static int sextet(char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c >= '0' && c <= '9' ? c - '0' + 52
	       : c == '+' || c == '-' ? 62
	       : c == '/' || c == '_' ? 63
				      : -1;
}

bool disguise_run(struct str text, size_t *at, size_t *n)
{
	size_t start = *at, end;

	for (; start < text.n; start = end + 1) {
		for (end = start; end < text.n && sextet(text.p[end]) >= 0;)
			end++;
		if (end - start < DISGUISE_LEAST)
			continue;
		*at = start;
		for (int pad = 0; pad < 2 && end < text.n && text.p[end] == '='; pad++)
			end++;
		*n = end - start;
		return true;
	}
	return false;
}

void disguise_decode(struct str run, size_t skip, struct buf *into)
{
	uint32_t bits = 0;
	int held = 0;

	for (size_t i = skip; i < run.n && run.p[i] != '='; i++) {
		bits = bits << 6 | (uint32_t)sextet(run.p[i]);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		buf_putc(into, (char)(unsigned char)(bits >> held & 0xff));
	}
}
