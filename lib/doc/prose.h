/*
 * prose: paragraphs for a commit message out of words from anywhere.
 */
#ifndef HL_DOC_PROSE_H
#define HL_DOC_PROSE_H

#include "base/buf.h"

#define PROSE_WIDTH 72

/*
 * Appends `s` on one line, at most `max` characters (then "..."): control characters, line ends and
 * runs of blanks of any kind become one blank; marks that change the direction of writing, and bytes
 * that are no UTF-8, are left out.
 */
void prose_plain(struct buf *into, struct str s, size_t max);

/*
 * Appends `s`, which has been made plain, as a paragraph with lines of at most PROSE_WIDTH
 * characters (but for a longer word) and a newline at its end. Lines after the first start with
 * `indent` blanks; where that is none, with one where the word there could make the line a trailer,
 * a comment or a divider for git.
 */
void prose_wrap(struct buf *into, struct str s, unsigned indent);

#endif
