/*
 * literals: the texts that a regular expression starts with, read off the pattern, so that an
 * expression can be looked up instead of tried.
 *
 *	web-(a|b)      "web-a", "web-b", exact
 *	Disk.*         "Disk", a prefix
 *	(?i)disk, .*x  none
 *
 * Whatever is not understood beyond doubt gives none: that costs time, while a wrong text would
 * cost a match.
 */
#ifndef HL_DOC_LITERALS_H
#define HL_DOC_LITERALS_H

#include <stdbool.h>
#include <stddef.h>

#define LITERALS_MAX    64  /* texts */
#define LITERALS_LENGTH 511 /* bytes of one; longer ones are cut, as prefixes */

/*
 * For a pattern that compiles and must match the whole text. Returns how many texts there are and
 * gives them in texts[] (the caller frees each), or 0 when the pattern cannot be indexed or has
 * more than LITERALS_MAX. exact: the texts are all that matches; else whatever matches starts
 * with one of them.
 */
size_t literals_read(const char *pattern, char *texts[LITERALS_MAX], bool *exact);

#endif
