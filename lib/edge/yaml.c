#include "edge/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/mem.h"

#define TAG "tag:yaml.org,2002:"

struct build {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; advance() releases it */
	struct str text;
	const char *name;
	struct places *places;
	unsigned depth;
	size_t chars, bytes; /* an index and its byte offset: libyaml counts characters */
	size_t content_end;  /* of the last thing read that is no blank and no comment */
	struct err *e;
};

static int fail_at(struct build *b, size_t line, size_t column, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int fail_at(struct build *b, size_t line, size_t column, const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	return err_set(b->e, ERR_CONFIG, "%s:%zu:%zu: %s", b->name, line, column, why);
}

#define fail_here(b, ...)                                                                          \
	fail_at(b, (b)->event.start_mark.line + 1, (b)->event.start_mark.column + 1, __VA_ARGS__)

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* A byte that libyaml's reader refuses: only its offset is known. */
static int fail_byte(struct build *b, size_t offset, const char *why)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < offset && i < b->text.n; i++) {
		if (b->text.p[i] == '\n') {
			line++;
			column = 1;
		} else if (!is_continuation(b->text.p[i])) {
			column++;
		}
	}
	if (offset < b->text.n && b->text.p[offset] == '\0')
		why = "a NUL byte";
	return fail_at(b, line, column, "%s", why);
}

/*
 * Marks come nearly in order, so the cursor is moved a little each time, not counted from the
 * start.
 */
static size_t byte_of(struct build *b, yaml_mark_t mark)
{
	while (b->chars < mark.index && b->bytes < b->text.n) {
		for (b->bytes++; b->bytes < b->text.n && is_continuation(b->text.p[b->bytes]);)
			b->bytes++;
		b->chars++;
	}
	while (b->chars > mark.index && b->bytes > 0) {
		for (b->bytes--; b->bytes > 0 && is_continuation(b->text.p[b->bytes]);)
			b->bytes--;
		b->chars--;
	}
	return b->bytes;
}

static int fail_parser(struct build *b)
{
	const yaml_parser_t *p = &b->parser;
	yaml_mark_t at = p->problem_mark;
	size_t offset;

	if (p->error == YAML_READER_ERROR)
		return fail_byte(b, p->problem_offset, p->problem);
	if (p->error == YAML_MEMORY_ERROR)
		return err_set(b->e, ERR_BUG, "out of memory");
	offset = byte_of(b, at);
	if (offset < b->text.n && b->text.p[offset] == '\t')
		return fail_at(b, at.line + 1, at.column + 1, "a tab; indent with blanks");
	return fail_at(b, at.line + 1, at.column + 1, "%s%s%s", p->problem, p->context ? " " : "",
		p->context ? p->context : "");
}

static int advance(struct build *b)
{
	yaml_event_delete(&b->event);
	if (yaml_parser_parse(&b->parser, &b->event))
		return 0;
	memset(&b->event, 0, sizeof b->event);
	return fail_parser(b);
}

/* YAML 1.2.2, chapter 10.3.2: what a plain scalar means. */

static bool one_of(struct str s, const char *a, const char *b, const char *c)
{
	return str_is(s, a) || str_is(s, b) || str_is(s, c);
}

static size_t count_of(struct str s, size_t from, const char *set)
{
	size_t n = 0;

	while (from + n < s.n && s.p[from + n] && strchr(set, s.p[from + n]))
		n++;
	return n;
}

#define DIGITS "0123456789"

static bool has_sign(struct str s)
{
	return s.n && (s.p[0] == '-' || s.p[0] == '+');
}

/* The base of a whole number, 0 when it is none. */
static int integer_base(struct str s)
{
	size_t sign = has_sign(s);

	if (str_starts(s, "0o"))
		return s.n > 2 && count_of(s, 2, "01234567") == s.n - 2 ? 8 : 0;
	if (str_starts(s, "0x"))
		return s.n > 2 && count_of(s, 2, DIGITS "abcdefABCDEF") == s.n - 2 ? 16 : 0;
	return s.n > sign && count_of(s, sign, DIGITS) == s.n - sign ? 10 : 0;
}

static bool is_decimal(struct str s)
{
	size_t at = has_sign(s), whole = count_of(s, at, DIGITS), fraction = 0, exponent;

	at += whole;
	if (at < s.n && s.p[at] == '.') {
		fraction = count_of(s, at + 1, DIGITS);
		at += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
		at++;
		at += at < s.n && (s.p[at] == '-' || s.p[at] == '+');
		exponent = count_of(s, at, DIGITS);
		if (!exponent)
			return false;
		at += exponent;
	}
	return at == s.n;
}

static bool is_not_finite(struct str s)
{
	struct str unsigned_part = has_sign(s) ? (struct str){s.p + 1, s.n - 1} : s;

	return one_of(unsigned_part, ".inf", ".Inf", ".INF") || one_of(s, ".nan", ".NaN", ".NAN");
}

static json_t *integer_of(struct build *b, struct str s, int base)
{
	long long n;

	errno = 0;
	n = strtoll(s.p + (base == 10 ? 0 : 2), NULL, base);
	if (errno == 0)
		return json_integer(n);
	fail_here(
		b, "'%.*s' is more than a whole number can hold; a text needs quotes", STR_ARG(s));
	return NULL;
}

static json_t *decimal_of(struct build *b, struct str s)
{
	double d = is_not_finite(s) ? HUGE_VAL : strtod(s.p, NULL);

	if (isfinite(d))
		return json_real(d);
	fail_here(b, "'%.*s' is more than a number can hold; a text needs quotes", STR_ARG(s));
	return NULL;
}

/* s is NUL-terminated behind its end: libyaml sees to that. NULL without error: a text. */
static json_t *plain_of(struct build *b, struct str s)
{
	int base;

	if (s.n && !strchr("~nNtTfF+-.0123456789", s.p[0])) /* most are words */
		return NULL;
	if (s.n == 0 || str_is(s, "~") || one_of(s, "null", "Null", "NULL"))
		return json_null();
	if (one_of(s, "true", "True", "TRUE"))
		return json_true();
	if (one_of(s, "false", "False", "FALSE"))
		return json_false();
	base = integer_base(s);
	if (base)
		return integer_of(b, s, base);
	if (is_decimal(s) || is_not_finite(s))
		return decimal_of(b, s);
	return NULL;
}

static json_t *text_of(struct build *b, struct str s)
{
	json_t *v;

	if (memchr(s.p, '\0', s.n)) {
		fail_here(b, "a text with a NUL");
		return NULL;
	}
	v = json_stringn(s.p, s.n);
	if (!v)
		fail_here(b, "a text that is not UTF-8");
	return v;
}

static bool tag_fits(const json_t *v, const char *kind)
{
	if (strcmp(kind, "null") == 0)
		return json_is_null(v);
	if (strcmp(kind, "bool") == 0)
		return json_is_boolean(v);
	if (strcmp(kind, "int") == 0)
		return json_is_integer(v);
	return strcmp(kind, "float") == 0 && json_is_number(v);
}

/* With a tag, the quotes do not matter: !!int "5" is 5. */
static json_t *tagged_of(struct build *b, struct str s, const char *tag)
{
	const char *kind = strncmp(tag, TAG, strlen(TAG)) == 0 ? tag + strlen(TAG) : "";
	json_t *v;

	if (strcmp(kind, "str") == 0)
		return text_of(b, s);
	v = plain_of(b, s);
	if (v && tag_fits(v, kind))
		return v;
	json_decref(v);
	fail_here(b, "the tag '%s' is not one for this value; leave it out", tag);
	return NULL;
}

static json_t *build_scalar(struct build *b)
{
	const char *tag = (const char *)b->event.data.scalar.tag;
	struct str s = {(const char *)b->event.data.scalar.value, b->event.data.scalar.length};
	json_t *v;

	if (tag)
		return tagged_of(b, s, tag);
	if (b->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return text_of(b, s);
	v = plain_of(b, s);
	return v || b->e->kind ? v : text_of(b, s);
}

static json_t *build_value(struct build *b, struct place *at);

/* The key of the next member, given; NULL at the end of the mapping or on error. */
static char *build_key(struct build *b, const json_t *object)
{
	struct str s;

	if (advance(b) || b->event.type == YAML_MAPPING_END_EVENT)
		return NULL;
	if (b->event.type != YAML_SCALAR_EVENT) {
		fail_here(b, "a key must be a plain word or a text; does a '{' need quotes?");
		return NULL;
	}
	s.p = (const char *)b->event.data.scalar.value;
	s.n = b->event.data.scalar.length;
	if (memchr(s.p, '\0', s.n)) {
		fail_here(b, "a key with a NUL");
		return NULL;
	}
	if (json_object_get(object, s.p)) {
		fail_here(b, "the key '%.*s' is here twice", STR_ARG(s));
		return NULL;
	}
	return mem_copy(s.p, s.n);
}

static bool is_flow(const yaml_event_t *event)
{
	return (event->type == YAML_MAPPING_START_EVENT &&
		       event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE) ||
	       (event->type == YAML_SEQUENCE_START_EVENT &&
		       event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
}

/* "{name}" is for YAML a mapping with a key and no value, not even a colon; nobody means that. */
static int check_colon(struct build *b, const char *key)
{
	const yaml_event_t *v = &b->event;
	size_t at = byte_of(b, v->start_mark);

	if (v->type != YAML_SCALAR_EVENT || v->data.scalar.length || v->data.scalar.tag ||
		v->start_mark.index != v->end_mark.index)
		return 0;
	while (at > 0 && strchr(" \t\r\n", b->text.p[at - 1]))
		at--;
	if (at > 0 && b->text.p[at - 1] == ':')
		return 0;
	return fail_here(
		b, "'%s' has no value; a placeholder needs quotes: \"{%s}\"", key, key);
}

static int build_member(struct build *b, json_t *object, const char *key, bool flow)
{
	unsigned line = (unsigned)b->event.start_mark.line + 1;
	unsigned column = (unsigned)b->event.start_mark.column + 1;
	struct place at;
	json_t *v;

	if (advance(b) || (flow && check_colon(b, key)))
		return -1;
	v = build_value(b, &at);
	if (!v)
		return -1;
	if (json_object_set_new(object, key, v))
		return fail_at(b, line, column, "a key that is not UTF-8");
	at.line = line;
	at.column = column;
	if (b->places)
		places_put(b->places, object, key, 0, at);
	return 0;
}

static int build_mapping(struct build *b, json_t *object)
{
	bool flow = is_flow(&b->event);
	char *key;

	while ((key = build_key(b, object))) {
		int rc = build_member(b, object, key, flow);

		free(key);
		if (rc)
			return -1;
	}
	return b->e->kind ? -1 : 0;
}

static int build_sequence(struct build *b, json_t *array)
{
	struct place at;
	json_t *v;

	for (size_t i = 0;; i++) {
		if (advance(b))
			return -1;
		if (b->event.type == YAML_SEQUENCE_END_EVENT)
			return 0;
		v = build_value(b, &at);
		if (!v)
			return -1;
		json_array_append_new(array, v);
		if (b->places)
			places_put(b->places, array, NULL, i, at);
	}
}

static json_t *build_collection(struct build *b, bool mapping)
{
	const char *tag = (const char *)(mapping ? b->event.data.mapping_start.tag
						 : b->event.data.sequence_start.tag);
	json_t *v;
	int rc;

	if (tag && strcmp(tag, mapping ? TAG "map" : TAG "seq") != 0) {
		fail_here(b, "the tag '%s' is not one for this value; leave it out", tag);
		return NULL;
	}
	if (b->depth >= YAML_DEPTH) {
		fail_here(b, "nested more than %d deep", YAML_DEPTH);
		return NULL;
	}
	b->depth++;
	v = mapping ? json_object() : json_array();
	rc = mapping ? build_mapping(b, v) : build_sequence(b, v);
	b->depth--;
	if (rc == 0)
		return v;
	json_decref(v);
	return NULL;
}

/*
 * A block collection ends, for libyaml, where the next thing begins; for us, behind its last
 * content.
 */
static json_t *build_value(struct build *b, struct place *at)
{
	bool has_end = b->event.type == YAML_SCALAR_EVENT || is_flow(&b->event);
	json_t *v = NULL;

	at->line = (unsigned)b->event.start_mark.line + 1;
	at->column = (unsigned)b->event.start_mark.column + 1;
	at->start = byte_of(b, b->event.start_mark);
	if (b->event.type == YAML_SCALAR_EVENT)
		v = build_scalar(b);
	else if (b->event.type == YAML_MAPPING_START_EVENT)
		v = build_collection(b, true);
	else if (b->event.type == YAML_SEQUENCE_START_EVENT)
		v = build_collection(b, false);
	else
		fail_here(b, "an alias; write the value out");
	if (v && has_end)
		b->content_end = byte_of(b, b->event.end_mark);
	at->end = b->content_end;
	return v;
}

/* What follows the first document: nothing, or it is one too many. */
static int build_end(struct build *b)
{
	if (advance(b) || advance(b))
		return -1;
	if (b->event.type == YAML_STREAM_END_EVENT)
		return 0;
	return fail_here(b, "a second document; one file holds one");
}

static json_t *build_document(struct build *b)
{
	struct place at;
	json_t *v;

	if (advance(b) || advance(b)) /* the stream's start, the document's */
		return NULL;
	if (b->event.type == YAML_STREAM_END_EVENT)
		return json_null();
	if (advance(b))
		return NULL;
	v = build_value(b, &at);
	if (v && b->places)
		places_put(b->places, NULL, NULL, 0, at);
	if (v && build_end(b)) {
		json_decref(v);
		v = NULL;
	}
	return v;
}

json_t *yaml_load(struct str text, const char *name, struct places *places, struct err *e)
{
	struct build b = {.text = text, .name = name, .places = places, .e = e};
	json_t *v;

	if (text.n > YAML_MAX) {
		err_set(e, ERR_CONFIG, "%s: longer than %zu MiB", name, YAML_MAX >> 20);
		return NULL;
	}
	if (!yaml_parser_initialize(&b.parser)) {
		err_set(e, ERR_BUG, "out of memory");
		return NULL;
	}
	/* Said, not guessed: a text with a UTF-16 mark is bytes that are not UTF-8. */
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&b.parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
	v = build_document(&b);
	yaml_event_delete(&b.event);
	yaml_parser_delete(&b.parser);
	return v;
}
