/*
 * utf8: the well-formed byte sequences of The Unicode Standard, table 3-7: no overlong form, no
 * surrogate, nothing past U+10FFFF.
 */
#ifndef HL_BASE_UTF8_H
#define HL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* The length of the sequence that starts the n > 0 bytes at p, and its code point; 0 when
 * ill-formed. */
size_t utf8_at(const char *p, size_t n, uint32_t *code);

/* Whether it is one line of text that shows: well-formed, without control characters, not empty. */
bool utf8_is_line(struct str s);

/* Well-formed all through, without NUL. */
bool utf8_is_text(struct str s);

/* Writes a code point that is no surrogate; returns the length, 1 to 4. */
size_t utf8_put(uint32_t code, char out[4]);

/* Whether it shows as nothing, or as a gap, other than ' ': no-break, wide and thin blanks, fillers. */
bool utf8_is_gap(uint32_t code);

/* The columns of a terminal that it takes at most: 1 or 2. */
unsigned utf8_columns(uint32_t code);

#endif
