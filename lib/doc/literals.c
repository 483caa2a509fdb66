#include "doc/literals.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NEST_MAX 16

/*
 * A set of texts grows while the pattern is read from left to right. A text is open once something
 * follows that is not a literal: then it is a prefix of what matches, and grows no more.
 */
struct literal {
	char *text;
	bool open;
};

struct set {
	struct literal items[LITERALS_MAX];
	size_t count;
};

struct reader {
	const char *at;
	int depth; /* of groups */
};

static void set_clear(struct set *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->items[i].text);
	s->count = 0;
}

/* A text that grows too long is cut, and is a prefix from then on. */
static void literal_put(struct literal *l, char *text_taken)
{
	free(l->text);
	l->text = text_taken;
	if (strlen(text_taken) > LITERALS_LENGTH) {
		text_taken[LITERALS_LENGTH] = '\0';
		l->open = true;
	}
}

static bool set_add(struct set *s, char *text_taken, bool open)
{
	if (s->count == LITERALS_MAX) {
		free(text_taken);
		return false;
	}
	s->items[s->count] = (struct literal){NULL, open};
	literal_put(&s->items[s->count++], text_taken);
	return true;
}

static void set_open(struct set *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->items[i].open = true;
}

static char *joined(const char *a, const char *b, size_t nb)
{
	size_t na = strlen(a);
	char *text = mem_new(na + nb + 1);

	memcpy(text, a, na);
	memcpy(text + na, b, nb);
	return text;
}

static void set_append(struct set *s, const char *bytes, size_t n)
{
	for (size_t i = 0; i < s->count; i++)
		if (!s->items[i].open)
			literal_put(&s->items[i], joined(s->items[i].text, bytes, n));
}

/* Each closed text followed by each of `tails`. More than fit: the texts stay as they are, open. */
static void set_cross(struct set *s, const struct set *tails)
{
	struct set all = {.count = 0};

	for (size_t i = 0; i < s->count; i++) {
		const struct literal *head = &s->items[i];
		size_t n = head->open ? 1 : tails->count;

		for (size_t k = 0; k < n; k++) {
			const char *tail = head->open ? "" : tails->items[k].text;

			if (!set_add(&all, joined(head->text, tail, strlen(tail)),
				    head->open || tails->items[k].open)) {
				set_clear(&all);
				set_open(s);
				return;
			}
		}
	}
	set_clear(s);
	*s = all;
}

static size_t character(const char *p)
{
	size_t n = 1;

	while (((unsigned char)p[0] & 0xc0) == 0xc0 && ((unsigned char)p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* Whether the atom just read is repeated or optional; passes over the sign. */
static bool quantified(struct reader *r)
{
	bool is = false;

	while (*r->at && strchr("*+?", *r->at)) {
		r->at++;
		is = true;
	}
	return is || *r->at == '{';
}

static void put_literal(struct reader *r, struct set *s, const char *bytes, size_t n)
{
	if (quantified(r))
		set_open(s);
	else
		set_append(s, bytes, n);
}

/* After the backslash. Escapes whose length is in doubt are not understood. */
static bool read_escape(struct reader *r, struct set *s)
{
	const char *c = r->at;

	if (!*c || (unsigned char)*c >= 0x80)
		return false;
	r->at++;
	if (strchr("dDwWsSbB", *c)) {
		quantified(r);
		set_open(s);
		return true;
	}
	if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
		return false;
	put_literal(r, s, c, 1);
	return true;
}

/* After the bracket. A class of one plain character is that character. */
static bool read_class(struct reader *r, struct set *s)
{
	const char *start = r->at, *p = start;

	if (*p == '^')
		p++;
	if (*p == ']')
		p++;
	for (; *p != ']'; p++) {
		if (*p == '\0' || (*p == '[' && p[1] && strchr(":.=", p[1])))
			return false;
		if (*p == '\\' && (*++p == '\0' || strchr("QE", *p)))
			return false;
	}
	r->at = p + 1;
	if (p - start == 1 && *start != '^') {
		put_literal(r, s, start, 1);
		return true;
	}
	quantified(r);
	set_open(s);
	return true;
}

static bool read_alternatives(struct reader *r, struct set *into);

/* After the parenthesis. */
static bool read_group(struct reader *r, struct set *s)
{
	struct set inner = {.count = 0};
	bool ok = false;

	if (strncmp(r->at, "?:", 2) == 0)
		r->at += 2;
	if (*r->at == '?' || *r->at == '*' || ++r->depth > NEST_MAX)
		return false;
	if (read_alternatives(r, &inner) && *r->at == ')') {
		r->at++;
		r->depth--;
		if (quantified(r))
			set_open(s);
		else
			set_cross(s, &inner);
		ok = true;
	}
	set_clear(&inner);
	return ok;
}

/* The bytes of the plain characters from here; one that is repeated stands alone. */
static size_t plain_run(const char *p)
{
	size_t n = character(p);

	while (p[n] && !strchr("\\[](){}.*+?^$|", p[n])) {
		size_t more = character(p + n);

		if (p[n + more] && strchr("*+?{", p[n + more]))
			break;
		n += more;
	}
	return n;
}

static bool read_atom(struct reader *r, struct set *s)
{
	const char *c = r->at;
	size_t n;

	switch (*c) {
	case '\\':
		r->at++;
		return read_escape(r, s);
	case '[':
		r->at++;
		return read_class(r, s);
	case '(':
		r->at++;
		return read_group(r, s);
	case '*':
	case '+':
	case '?':
	case '^':
		return false;
	case '{': /* a repetition, or a literal that ends what we know */
	case '.':
	case '$': /* asserts the end; what follows it does not lengthen the text */
		r->at++;
		quantified(r);
		set_open(s);
		return true;
	default:
		n = plain_run(c);
		r->at += n;
		put_literal(r, s, c, n);
		return true;
	}
}

static bool read_sequence(struct reader *r, struct set *s)
{
	set_add(s, mem_text(""), false);
	if (r->depth == 0 && *r->at == '^') /* it must match from the start anyway */
		r->at++;
	while (*r->at && *r->at != '|' && *r->at != ')')
		if (!read_atom(r, s))
			return false;
	return true;
}

static bool set_take_all(struct set *into, struct set *from)
{
	bool ok = true;

	for (size_t i = 0; i < from->count; i++)
		ok = set_add(into, from->items[i].text, from->items[i].open) && ok;
	from->count = 0;
	return ok;
}

static bool read_alternatives(struct reader *r, struct set *into)
{
	for (;;) {
		struct set one = {.count = 0};
		bool ok = read_sequence(r, &one);

		ok = set_take_all(into, &one) && ok;
		if (!ok || *r->at != '|')
			return ok;
		r->at++;
	}
}

size_t literals_read(const char *pattern, char *texts[LITERALS_MAX], bool *exact)
{
	struct set all = {.count = 0};
	struct reader r = {.at = pattern, .depth = 0};
	size_t n = 0;
	bool ok = read_alternatives(&r, &all) && *r.at == '\0';

	*exact = true;
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i].open)
			*exact = false;
		if (all.items[i].open && !*all.items[i].text)
			ok = false;
	}
	for (size_t i = 0; ok && i < all.count; i++)
		texts[n++] = all.items[i].text;
	if (ok)
		all.count = 0;
	set_clear(&all);
	return n;
}
