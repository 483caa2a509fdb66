/* Validation. The other half of scan.h, reading what was validated, is value.c. */
#include "json/scan.h"

#include "base/utf8.h"
#include "json/names.h"
#include "json/text.h"

_Static_assert(NAMES_DEPTH >= SCAN_DEPTH, "a set of names for each depth");

/* The functions below go on from the place they are given, to the place behind; NULL at a fault. */
struct scanner {
	const char *start, *end;
	struct scan_error *error;
	const char *const *keys; /* the members of the whole that are asked for */
	struct scan_value *values;
	size_t n_keys;
	uint64_t key_starts;       /* bit (first byte & 63) of each of them */
	struct scan_value *picked; /* the one of them that is being read */
	unsigned depth;
	enum { VALUE, NAME, AFTER_VALUE } next; /* what the grammar asks for now */
	bool is_object[SCAN_DEPTH];
	struct names names;
};

static const char *fault(const struct scanner *s, const char *at, const char *why)
{
	s->error->at = (size_t)(at - s->start);
	s->error->why = why;
	return NULL;
}

/* The character at p; NUL, which is never right outside a string, at the end. */
static inline char peek(const struct scanner *s, const char *p)
{
	return p < s->end ? *p : '\0';
}

static inline const char *skip_blanks(const struct scanner *s, const char *p)
{
	while (p < s->end && (unsigned char)*p <= ' ' &&
		(*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* From a byte inside a string that is not ordinary to behind the closing quote. */
static const char *string_rest(const struct scanner *s, const char *p)
{
	const char *why;
	uint32_t code;
	size_t n;

	for (;; p = text_plain(p + n, s->end)) {
		if (p == s->end)
			return fault(s, p, "the text ends inside a string");
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			n = text_escape(p, s->end, &code, &why);
		} else if ((signed char)*p < 0) {
			n = utf8_at(p, (size_t)(s->end - p), &code);
			why = "not UTF-8";
		} else {
			n = 0;
			why = "control character in a string";
		}
		if (!n)
			return fault(s, p, why);
	}
}

/* From the opening quote to behind the closing one. */
static inline const char *string(const struct scanner *s, const char *p)
{
	p = text_plain(p + 1, s->end);
	return peek(s, p) == '"' ? p + 1 : string_rest(s, p);
}

/* The least magnitude that rounds to infinity: 2^1024 - 2^970. */
static const char too_large[] =
	"17976931348623158079372897140530341507993413271003782693617377898044496829276475"
	"09466490179775872070963302864166928879109465555478519404026306574886715058206819"
	"08902000708383676273854845817711531764475730270069855571366959622842914819860834"
	"936475292719074168444365510704342711559699508093042880177904174497792";

/* The number behind an 'e', held to where more makes no difference. */
static int64_t exponent(const char *p, const char *end)
{
	const int64_t limit = INT64_C(1) << 40;
	bool minus = *p == '-';
	int64_t n = 0;

	for (p += *p == '-' || *p == '+'; p < end; p++)
		if (n < limit)
			n = n * 10 + (*p - '0');
	return minus ? -n : n;
}

/* Whether the digits from the first one that is not zero are those of too_large, or more. */
static bool reaches_limit(const char *p, const char *end)
{
	const char *limit = too_large;

	for (; p < end && *p != 'e' && *p != 'E'; p++) {
		char other = *limit ? *limit : '0';

		if (*p == '.')
			continue;
		if (*p != other)
			return *p > other;
		limit += *limit != '\0';
	}
	return strspn(limit, "0") == strlen(limit);
}

/* Whether a real number is beyond what a double can hold; its grammar was checked. */
static bool overflows(const char *p, const char *end)
{
	int64_t power = -1; /* of ten, of the first digit that is not zero */
	const char *first = NULL, *point = NULL;

	for (; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.') {
			point = p;
			continue;
		}
		if (!first && *p >= '1' && *p <= '9')
			first = p;
		power += (first && !point) - (!first && point);
	}
	if (!first)
		return false;
	if (p < end)
		power += exponent(p + 1, end);
	return power > 308 || (power == 308 && reaches_limit(first, end));
}

/* A whole number has to fit 64 bits and any other a double, or the next program would change it. */
static const char *number_fits(
	const struct scanner *s, const char *start, const char *end, bool whole)
{
	static const char most[] = "9223372036854775807", least[] = "9223372036854775808";
	bool minus = *start == '-';
	const char *first = start + minus;
	size_t n = (size_t)(end - first);

	if (!whole)
		return overflows(first, end) ? fault(s, start, "a number too large for a double")
					     : end;
	if (n > 19 || (n == 19 && memcmp(first, minus ? least : most, 19) > 0))
		return fault(s, start, "a whole number too large for 64 bits");
	return end;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline const char *digits(const struct scanner *s, const char *p)
{
	while (p < s->end && is_digit(*p))
		p++;
	return p;
}

static const char *number(const struct scanner *s, const char *start)
{
	const char *p = start + (*start == '-'), *from = p;
	bool whole = true, power = false;

	p = peek(s, p) == '0' ? p + 1 : digits(s, p);
	if (p == from)
		return fault(s, p, "a number without digits");
	if (peek(s, p) == '.') {
		whole = false;
		from = p + 1;
		p = digits(s, from);
		if (p == from)
			return fault(s, p, "a number without digits behind its point");
	}
	if (peek(s, p) == 'e' || peek(s, p) == 'E') {
		whole = false;
		power = true;
		from = p + 1;
		from += peek(s, from) == '+' || peek(s, from) == '-';
		p = digits(s, from);
		if (p == from)
			return fault(s, p, "a number without digits in its exponent");
	}
	/* Eighteen characters without an exponent always fit. */
	return power || p - start > 18 ? number_fits(s, start, p, whole) : p;
}

static const char *word(const struct scanner *s, const char *p, const char *literal, size_t n)
{
	if ((size_t)(s->end - p) < n || memcmp(p, literal, n) != 0)
		return fault(s, p, "not a value");
	return p + n;
}

static enum scan_type type_of(char first)
{
	switch (first) {
	case '{':
		return SCAN_OBJECT;
	case '[':
		return SCAN_ARRAY;
	case '"':
		return SCAN_STRING;
	case 't':
		return SCAN_TRUE;
	case 'f':
		return SCAN_FALSE;
	case 'n':
		return SCAN_NULL;
	default:
		return SCAN_NUMBER;
	}
}

/* A member of the whole, with this name, has its value at p: is it asked for? */
static void pick(struct scanner *s, struct str name, bool plain, const char *p)
{
	for (size_t i = 0; i < s->n_keys; i++)
		if (plain ? *name.p == s->keys[i][0] && str_is(name, s->keys[i])
			  : text_is(name, str_of(s->keys[i]))) {
			s->picked = &s->values[i];
			s->picked->type = type_of(peek(s, p));
			s->picked->raw.p = p;
			return;
		}
}

/* A member's name and colon, to where its value has to be. */
static inline const char *name(struct scanner *s, const char *start)
{
	struct str inside = {.p = start + 1};
	const char *p;
	bool plain;

	if (peek(s, start) != '"')
		return fault(s, start, "a member's name is missing");
	p = text_plain(inside.p, s->end);
	plain = peek(s, p) == '"';
	p = plain ? p + 1 : string_rest(s, p);
	if (!p)
		return NULL;
	inside.n = (size_t)(p - 1 - inside.p);
	if (!(plain ? names_add_plain(&s->names, inside) : names_add(&s->names, inside)))
		return fault(s, start, "the same name twice in an object");
	p = skip_blanks(s, p);
	if (peek(s, p) != ':')
		return fault(s, p, "a colon is missing");
	p = skip_blanks(s, p + 1);
	s->next = VALUE;
	if (s->depth == 1 && s->key_starts >> (*inside.p & 63) & 1)
		pick(s, inside, plain, p);
	return p;
}

static const char *open_collection(struct scanner *s, const char *p, bool object)
{
	if (s->depth == SCAN_DEPTH)
		return fault(s, p, "nested too deep");
	s->is_object[s->depth++] = object;
	if (object)
		names_open(&s->names);
	p = skip_blanks(s, p + 1);
	s->next = peek(s, p) == (object ? '}' : ']') ? AFTER_VALUE : object ? NAME : VALUE;
	return p;
}

static const char *not_a_value(const struct scanner *s, const char *p)
{
	if (p == s->end)
		return fault(s, p, s->depth ? "the text ends too early" : "nothing there");
	if (s->end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		return fault(s, p, "a byte order mark is not JSON");
	return fault(s, p, "not a value");
}

/* A scalar, or the start of a collection. */
static inline const char *value(struct scanner *s, const char *p)
{
	char first = peek(s, p);

	s->next = AFTER_VALUE;
	switch (first) {
	case '"':
		return string(s, p);
	case '{':
		return open_collection(s, p, true);
	case '[':
		return open_collection(s, p, false);
	case 't':
		return word(s, p, "true", 4);
	case 'f':
		return word(s, p, "false", 5);
	case 'n':
		return word(s, p, "null", 4);
	default:
		return first == '-' || is_digit(first) ? number(s, p) : not_a_value(s, p);
	}
}

static const char *not_after_value(const struct scanner *s, const char *p, bool object)
{
	return fault(s, p,
		p == s->end ? "the text ends too early"
		: object    ? "a comma or a closing brace is missing"
			    : "a comma or a closing bracket is missing");
}

/* Behind a value: closes what ends here, up to where the next thing has to be. */
static inline const char *after_value(struct scanner *s, const char *p)
{
	while (s->depth) {
		bool object = s->is_object[s->depth - 1];
		char c;

		if (s->picked && s->depth == 1) {
			s->picked->raw.n = (size_t)(p - s->picked->raw.p);
			s->picked = NULL;
		}
		p = skip_blanks(s, p);
		c = peek(s, p);
		if (c == ',') {
			s->next = object ? NAME : VALUE;
			return skip_blanks(s, p + 1);
		}
		if (c != (object ? '}' : ']'))
			return not_after_value(s, p, object);
		if (object)
			names_close(&s->names);
		s->depth--;
		p++;
	}
	return p;
}

/* From the first byte of the whole to behind it. */
static const char *walk(struct scanner *s, const char *p)
{
	do {
		p = value(s, p);
		if (p && s->next == AFTER_VALUE)
			p = after_value(s, p);
		if (p && s->next == NAME)
			p = name(s, p);
	} while (p && s->depth);
	return p;
}

static int scan(struct str text, struct scan_value *whole, const char *const *keys,
	struct scan_value *values, size_t n, struct scan_error *error)
{
	struct scanner s; /* large: only what is used is set */
	const char *end;

	s.start = text.p ? text.p : "";
	s.end = s.start + text.n;
	s.error = error;
	s.keys = keys;
	s.values = values;
	s.n_keys = n;
	s.key_starts = n ? UINT64_C(1) << ('\\' & 63) : 0; /* a name may start with an escape */
	for (size_t i = 0; i < n; i++)
		s.key_starts |= UINT64_C(1) << (keys[i][0] & 63);
	s.picked = NULL;
	s.depth = 0;
	if (text.n > UINT32_MAX) {
		fault(&s, s.start, "longer than 4 GiB");
		return -1;
	}
	names_reset(&s.names, (struct str){s.start, text.n});
	whole->raw.p = skip_blanks(&s, s.start);
	whole->type = type_of(peek(&s, whole->raw.p));
	end = walk(&s, whole->raw.p);
	names_clear(&s.names);
	if (!end)
		return -1;
	whole->raw.n = (size_t)(end - whole->raw.p);
	end = skip_blanks(&s, end);
	if (end < s.end)
		fault(&s, end, "something follows the value");
	return end < s.end ? -1 : 0;
}

int scan_text(struct str text, struct scan_value *whole, struct scan_error *error)
{
	return scan(text, whole, NULL, NULL, 0, error);
}

int scan_object(struct str text, const char *const *keys, struct scan_value *values, size_t n,
	struct scan_error *error)
{
	struct scan_value whole;

	for (size_t i = 0; i < n; i++)
		values[i] = (struct scan_value){.type = SCAN_NONE};
	if (scan(text, &whole, keys, values, n, error))
		return -1;
	if (whole.type == SCAN_OBJECT)
		return 0;
	*error = (struct scan_error){(size_t)(whole.raw.p - text.p), "not an object"};
	return -1;
}
