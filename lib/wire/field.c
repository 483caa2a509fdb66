#include "wire/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/when.h"

#define SECONDS_MAX 8 /* digits: three years */

/* --- Retry-After --- */

static int month_of(struct str name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (str_eq(name, (struct str){months + 3 * i, 3}))
			return i + 1;
	return 0;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT": every piece has its place. */
static int read_date(struct str s, int64_t *at)
{
	char text[40]; /* the compiler does not know how small a month is */
	int month;

	if (s.n != 29 || s.p[3] != ',' || !str_ends(s, " GMT"))
		return -1;
	month = month_of((struct str){s.p + 8, 3});
	if (!month)
		return -1;
	snprintf(text, sizeof text, "%.4s-%02d-%.2sT%.8sZ", s.p + 12, month, s.p + 5, s.p + 17);
	return when_parse(str_of(text), at);
}

int64_t field_retry_after(struct str value, int64_t now)
{
	int64_t at, seconds = 0;

	value = str_trim(value);
	if (read_date(value, &at) == 0)
		return at > now ? at - now : 0;
	if (!value.n || value.n > SECONDS_MAX)
		return -1;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return -1;
		seconds = seconds * 10 + (value.p[i] - '0');
	}
	return seconds * WHEN_SECOND;
}

/* --- Link --- */

static void skip(struct str *s, size_t n)
{
	n = n < s->n ? n : s->n;
	s->p += n;
	s->n -= n;
}

static void skip_blanks(struct str *s)
{
	while (s->n && (*s->p == ' ' || *s->p == '\t'))
		skip(s, 1);
}

/* Up to one of `ends`, which stays. */
static struct str take_until(struct str *s, const char *ends)
{
	struct str piece = {s->p, 0};

	while (s->n && !(*s->p && strchr(ends, *s->p)))
		skip(s, 1);
	piece.n = (size_t)(s->p - piece.p);
	return piece;
}

/* Behind the first quote; a backslash in front of a byte is left in. */
static struct str take_quoted(struct str *s)
{
	struct str piece = {s->p, 0};

	while (s->n && *s->p != '"')
		skip(s, *s->p == '\\' ? 2 : 1);
	piece.n = (size_t)(s->p - piece.p);
	skip(s, 1);
	return piece;
}

/* One "; name=value"; false when no further follows. */
static bool next_parameter(struct str *s, struct str *name, struct str *value)
{
	skip_blanks(s);
	if (!s->n || *s->p != ';')
		return false;
	skip(s, 1);
	skip_blanks(s);
	*name = str_trim(take_until(s, "=;,"));
	*value = STR_NONE;
	if (!s->n || *s->p != '=')
		return true;
	skip(s, 1);
	skip_blanks(s);
	if (s->n && *s->p == '"') {
		skip(s, 1);
		*value = take_quoted(s);
	} else {
		*value = str_trim(take_until(s, ";,"));
	}
	return true;
}

/* A rel is a list of words. */
static bool holds(struct str list, const char *word)
{
	struct str piece;

	while (str_split(&list, ' ', &piece))
		if (piece.n == strlen(word) && strncasecmp(piece.p, word, piece.n) == 0)
			return true;
	return false;
}

bool field_link(struct str value, const char *relation, struct buf *target)
{
	struct str url, name, word;

	while (value.n) {
		bool found = false;

		take_until(&value, "<");
		skip(&value, 1);
		url = take_until(&value, ">");
		if (!value.n)
			return false;
		skip(&value, 1);
		while (next_parameter(&value, &name, &word))
			found = found || (name.n == 3 && strncasecmp(name.p, "rel", 3) == 0 &&
						 holds(word, relation));
		if (found)
			return buf_putstr(target, url) == 0;
	}
	return false;
}
