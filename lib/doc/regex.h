/*
 * regex: regular expressions by PCRE2, with limits on matching and depth so that no pattern and no
 * text can make a tool slow. To machine code after many uses. UTF-8; no \C, at most 4096 bytes of
 * pattern.
 */
#ifndef HL_DOC_REGEX_H
#define HL_DOC_REGEX_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct regex;

/*
 * whole: must match the whole text, as Prometheus' and Alertmanager's matchers do. NULL:
 * ERR_CONFIG.
 */
struct regex *regex_new(const char *pattern, bool whole, struct err *e);
void regex_free(struct regex *r); /* accepts NULL */

/*
 * To be looked for in any bytes: what is not UTF-8 is matched by nothing. NULL: ERR_CONFIG.
 */
struct regex *regex_seek_new(const char *pattern, bool any_case, struct err *e);

/*
 * The same for a pattern that was checked before (from a cache): compiled on first use. One that
 * turns out not to compile matches nothing.
 */
struct regex *regex_lazy(const char *pattern, bool whole);

/* A limit that is hit counts as no match. */
bool regex_match(struct regex *r, struct str text);

/*
 * 1, 0, or -1: neither yes nor no, since a limit was hit, the text is not UTF-8 or a lazy pattern
 * is wrong.
 */
int regex_try(struct regex *r, struct str text);

/*
 * The first match that begins at or behind `from`, in bytes of `text`; what stands before `from` is
 * looked back at. 1, 0 or -1 as regex_try.
 */
int regex_find(struct regex *r, struct str text, size_t from, size_t *at, size_t *n);

/*
 * The literal texts it starts with (literals.h), lent, and how many; 0 when it cannot be looked up.
 */
size_t regex_texts(const struct regex *r, char *const **texts, bool *exact);

/* Appends a pattern that matches exactly `text`. */
void regex_quote(struct buf *into, struct str text);

#endif
