/*
 * regex: regular expressions by PCRE2, with limits on matching and depth so that no pattern and no
 * text can make a tool slow. Compiled on first use, to machine code after many.
 */
#ifndef HL_DOC_REGEX_H
#define HL_DOC_REGEX_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct regex;

/* whole: must match the whole text, as Prometheus' and Alertmanager's matchers do. NULL: ERR_CONFIG. */
struct regex *regex_new(const char *pattern, bool whole, struct err *e);
void regex_free(struct regex *r); /* accepts NULL */

/* A limit that is hit counts as no match. */
bool regex_match(struct regex *r, struct str text);

/*
 * The texts a whole-match pattern starts with: writes up to max alternatives as given strings and
 * returns how many; each is the whole of what matches (*exact) or a prefix of it. 0 when the
 * pattern cannot be indexed. "web-(a|b)" gives "web-a", "web-b"; "Disk.*" gives "Disk".
 */
size_t regex_literals(const char *pattern, char **texts, size_t max, bool *exact);

#endif
