/*
 * pattern: a regular expression (regex.h) that is looked for in text of any size. It is matched
 * within one line, and the time is linear in the text: a line is looked at in windows of
 * PATTERN_WINDOW bytes, which overlap.
 *
 * It errs on the safe side: where a limit of matching is hit, the whole line counts as the match,
 * and where a match begins near the end of a window and does not end in it, the rest of the line
 * belongs to it.
 */
#ifndef HL_DOC_PATTERN_H
#define HL_DOC_PATTERN_H

#include "doc/regex.h"

enum { PATTERN_WINDOW = 4096, PATTERN_OVERLAP = 1024 };

/* The first match that is not empty and begins at or behind `from`. */
bool pattern_find(struct regex *r, struct str text, size_t from, size_t *at, size_t *n);

#endif
