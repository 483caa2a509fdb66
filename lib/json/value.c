/* The part of scan.h that reads what was validated: nothing is checked again here. */
#include "base/utf8.h"
#include "json/scan.h"
#include "json/text.h"

/* The byte behind the string that starts at p. */
static const char *after_string(const char *p, const char *end)
{
	for (p++;;) {
		p = text_plain(p, end);
		if (p >= end)
			return end;
		if (*p == '"')
			return p + 1;
		p += *p == '\\' ? 2 : 1;
	}
}

static const char *after_collection(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = after_string(p, end);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if ((*p == '}' || *p == ']') && --depth == 0)
			return p + 1;
		p++;
	}
	return end;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *after_scalar(const char *p, const char *end)
{
	while (p < end && *p != ',' && *p != '}' && *p != ']' && !is_blank(*p))
		p++;
	return p;
}

/* The value at p, which is its first byte. */
static struct scan_value value_at(const char *p, const char *end)
{
	struct scan_value v = {.type = SCAN_NUMBER, .raw = {.p = p}};

	switch (*p) {
	case '"':
		v.type = SCAN_STRING;
		v.raw.n = (size_t)(after_string(p, end) - p);
		return v;
	case '{':
	case '[':
		v.type = *p == '{' ? SCAN_OBJECT : SCAN_ARRAY;
		v.raw.n = (size_t)(after_collection(p, end) - p);
		return v;
	case 't':
		v.type = SCAN_TRUE;
		break;
	case 'f':
		v.type = SCAN_FALSE;
		break;
	case 'n':
		v.type = SCAN_NULL;
		break;
	}
	v.raw.n = (size_t)(after_scalar(p, end) - p);
	return v;
}

struct scan_iter scan_open(struct scan_value v)
{
	if (v.type != SCAN_OBJECT && v.type != SCAN_ARRAY)
		return (struct scan_iter){.at = NULL};
	/* Without the brackets. */
	return (struct scan_iter){
		.at = v.raw.p + 1, .end = v.raw.p + v.raw.n - 1, .object = v.type == SCAN_OBJECT};
}

/* The next byte that is neither blank nor one that separates values. */
static const char *next_value(const char *p, const char *end)
{
	while (p < end && (is_blank(*p) || *p == ',' || *p == ':'))
		p++;
	return p;
}

bool scan_next(struct scan_iter *it, struct scan_value *key, struct scan_value *value)
{
	*key = (struct scan_value){.type = SCAN_NONE};
	it->at = next_value(it->at, it->end);
	if (it->at == it->end || *it->at == '}')
		return false;
	if (it->object) {
		*key = value_at(it->at, it->end);
		it->at = next_value(it->at + key->raw.n, it->end);
	}
	*value = value_at(it->at, it->end);
	it->at += value->raw.n;
	return true;
}

bool scan_enter(struct scan_iter *list, struct scan_iter *members)
{
	list->at = next_value(list->at, list->end);
	if (list->at == list->end || *list->at != '{')
		return false;
	/* Its end is not known: scan_next stops at its brace. */
	*members = (struct scan_iter){.at = list->at + 1, .end = list->end, .object = true};
	return true;
}

struct scan_value scan_leave(struct scan_iter *list, const struct scan_iter *members)
{
	const char *start = list->at;

	list->at = members->at + 1;
	return (struct scan_value){SCAN_OBJECT, {start, (size_t)(list->at - start)}};
}

struct scan_value scan_member(struct scan_value object, const char *key)
{
	struct scan_value name, value;

	if (object.type == SCAN_OBJECT)
		for (struct scan_iter it = scan_open(object); scan_next(&it, &name, &value);)
			if (scan_is(name, str_of(key)))
				return value;
	return (struct scan_value){.type = SCAN_NONE};
}

static struct str inside_of(struct scan_value v)
{
	return (struct str){v.raw.p + 1, v.raw.n - 2};
}

bool scan_plain(struct scan_value v, struct str *inside)
{
	if (v.type != SCAN_STRING || memchr(v.raw.p, '\\', v.raw.n))
		return false;
	*inside = inside_of(v);
	return true;
}

bool scan_is(struct scan_value v, struct str s)
{
	return v.type == SCAN_STRING && text_is(inside_of(v), s);
}

int scan_string(struct scan_value v, struct buf *into)
{
	struct str inside;
	size_t was = into->n;

	if (v.type != SCAN_STRING)
		return -1;
	inside = inside_of(v);
	while (inside.n) {
		const char *escape = memchr(inside.p, '\\', inside.n), *why;
		size_t n = escape ? (size_t)(escape - inside.p) : inside.n;
		char bytes[4];
		uint32_t code = 0;

		if (buf_put(into, inside.p, n))
			break;
		inside.p += n;
		inside.n -= n;
		if (!inside.n)
			return 0;
		n = text_escape(inside.p, inside.p + inside.n, &code, &why);
		inside.p += n;
		inside.n -= n;
		if (buf_put(into, bytes, utf8_put(code, bytes)))
			break;
	}
	if (!into->full)
		return 0;
	into->n = was;
	return -1;
}

int scan_integer(struct scan_value v, int64_t *n)
{
	bool minus = v.type == SCAN_NUMBER && v.raw.p[0] == '-';
	uint64_t magnitude = 0;

	if (v.type != SCAN_NUMBER)
		return -1;
	for (size_t i = minus; i < v.raw.n; i++) {
		if (v.raw.p[i] < '0' || v.raw.p[i] > '9')
			return -1;
		magnitude = magnitude * 10 + (uint64_t)(v.raw.p[i] - '0');
	}
	/* Validated to fit; the least one has no positive counterpart. */
	*n = minus && magnitude ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
	return 0;
}

/* One character that cannot stand in a string as it is; returns how many bytes it took. */
static size_t quote_one(struct buf *into, struct str s)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = *s.p ? strchr(plain, *s.p) : NULL;
	uint32_t code;
	size_t n;

	if (at) {
		buf_putc(into, '\\');
		buf_putc(into, letters[at - plain]);
		return 1;
	}
	if (*s.p > 0 && *s.p < ' ') {
		buf_putf(into, "\\u%04x", (unsigned)*s.p);
		return 1;
	}
	n = *s.p ? utf8_at(s.p, s.n, &code) : 0;
	if (n)
		buf_put(into, s.p, n);
	else
		buf_puts(into, "\xef\xbf\xbd");
	return n ? n : 1;
}

int scan_quote(struct buf *into, struct str s)
{
	const char *end = s.p + s.n;

	buf_putc(into, '"');
	while (s.p < end) {
		const char *stop = text_plain(s.p, end);

		buf_put(into, s.p, (size_t)(stop - s.p));
		s.p = stop;
		if (s.p < end)
			s.p += quote_one(into, (struct str){s.p, (size_t)(end - s.p)});
	}
	buf_putc(into, '"');
	return into->full ? -1 : 0;
}
