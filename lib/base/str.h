/*
 * str: a view of bytes that somebody else owns. Not NUL-terminated, may hold
 * any byte. An empty view may have a NULL pointer.
 */
#ifndef HL_BASE_STR_H
#define HL_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})

/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_of(const char *s)
{
	return (struct str){s, s ? strlen(s) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *s)
{
	return a.n == strlen(s) && (a.n == 0 || memcmp(a.p, s, a.n) == 0);
}

bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* Byte order, shorter first when one is the other's prefix; for qsort-like use. */
int str_cmp(struct str a, struct str b);

/* Without blanks (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the next piece up to `sep` off the front of *rest. False when *rest is
 * used up. "a,,b" gives "a", "", "b"; a separator at the
 * end starts no further piece.
 */
bool str_split(struct str *rest, char sep, struct str *piece);

/*
 * Did you mean: the name among `names` (NULL-terminated) nearest to `word` by
 * edit distance, or NULL where none is near enough to be worth offering.
 */
const char *str_nearest(const char *word, const char *const *names);

#endif
