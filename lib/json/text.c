#include "json/text.h"

#include "base/utf8.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The sixteen bits of "\u1a2b" at p, or -1. */
static int32_t unit(const char *p, const char *end)
{
	int32_t value = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex(p[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

static size_t unicode_escape(const char *p, const char *end, uint32_t *code, const char **why)
{
	int32_t high = unit(p, end), low;

	if (high < 0)
		*why = "\\u needs four hexadecimal digits";
	else if (high == 0)
		*why = "\\u0000 cannot be held in a record";
	if (high <= 0)
		return 0;
	*code = (uint32_t)high;
	if (high >> 11 != 0x1b)
		return 6;
	low = unit(p + 6, end);
	if (high >> 10 != 0x36 || low < 0 || low >> 10 != 0x37) {
		*why = "half a surrogate pair";
		return 0;
	}
	*code = 0x10000 + (((uint32_t)high & 0x3ff) << 10 | ((uint32_t)low & 0x3ff));
	return 12;
}

size_t text_escape(const char *p, const char *end, uint32_t *code, const char **why)
{
	static const char meant[256] = {['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t'};

	if (end - p < 2) {
		*why = "the string has no end";
		return 0;
	}
	if (p[1] == 'u')
		return unicode_escape(p, end, code, why);
	*code = (unsigned char)meant[(unsigned char)p[1]];
	if (*code)
		return 2;
	*why = "unknown escape sequence";
	return 0;
}

/* Decodes the escape at r->at; its bytes wait in reverse. */
static void read_escape(struct text_reader *r)
{
	const char *why;
	char bytes[4];
	uint32_t code = 0;
	size_t n;

	r->at += text_escape(r->at, r->end, &code, &why);
	n = utf8_put(code, bytes);
	while (r->n_pending < n) {
		r->pending[r->n_pending] = bytes[n - 1 - r->n_pending];
		r->n_pending++;
	}
}

int text_next(struct text_reader *r)
{
	if (!r->n_pending) {
		if (r->at >= r->end)
			return -1;
		if (*r->at != '\\')
			return (unsigned char)*r->at++;
		read_escape(r);
	}
	return (unsigned char)r->pending[--r->n_pending];
}

bool text_same(struct str a, struct str b)
{
	struct text_reader ra = text_open(a), rb = text_open(b);
	int c;

	if (str_eq(a, b))
		return true;
	if (!memchr(a.p, '\\', a.n) && !memchr(b.p, '\\', b.n))
		return false;
	do {
		c = text_next(&ra);
		if (c != text_next(&rb))
			return false;
	} while (c >= 0);
	return true;
}

bool text_is(struct str inside, struct str bytes)
{
	struct text_reader r = text_open(inside);

	if (str_eq(inside, bytes))
		return !memchr(inside.p, '\\', inside.n);
	if (inside.n <= bytes.n) /* an escape is longer than what it stands for */
		return false;
	for (size_t i = 0; i < bytes.n; i++)
		if (text_next(&r) != (unsigned char)bytes.p[i])
			return false;
	return text_next(&r) < 0;
}
