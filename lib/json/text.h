/*
 * text: the insides of JSON strings (RFC 8259, section 7), between the quotes.
 */
#ifndef HL_JSON_TEXT_H
#define HL_JSON_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/str.h"

/*
 * The first byte from p that is not an ordinary ASCII character: a quote, a backslash, a control
 * character or a byte of a longer UTF-8 sequence; `end` when there is none. Most of a record goes
 * through here, 16 bytes at a time where the machine can.
 */
static inline const char *text_plain(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i blank = _mm_set1_epi8(' ');

	for (; end - p >= 16; p += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
						       _mm_cmpeq_epi8(bytes, backslash)),
			_mm_cmplt_epi8(bytes, blank)); /* signed: from 0x80 on is less too */
		unsigned mask = (unsigned)_mm_movemask_epi8(special);

		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	while (p < end && *p != '"' && *p != '\\' && *p >= ' ' && (signed char)*p > 0)
		p++;
	return p;
}

/*
 * The escape sequence at p, which is a backslash before `end`: its length and its code point. 0
 * when it is none, with why as static text. \u0000 is refused, and half a surrogate pair.
 */
size_t text_escape(const char *p, const char *end, uint32_t *code, const char **why);

/* The decoded bytes of a validated inside, one by one. */
struct text_reader {
	const char *at, *end;
	char pending[4];
	size_t n_pending;
};

static inline struct text_reader text_open(struct str inside)
{
	return (struct text_reader){.at = inside.p, .end = inside.p + inside.n};
}

int text_next(struct text_reader *r); /* 0 to 255, or -1 at the end */

/* Whether two validated insides decode to the same bytes. */
bool text_same(struct str a, struct str b);

/* Whether a validated inside decodes to these bytes. */
bool text_is(struct str inside, struct str bytes);

#endif
