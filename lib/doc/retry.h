/*
 * retry: whether a request that came to nothing is made again, and when. A pure decision; see
 * hl-toolset(5).
 */
#ifndef HL_DOC_RETRY_H
#define HL_DOC_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#define RETRY_NEVER (-1)

enum retry_end {
	RETRY_ANSWERED,  /* with `status` */
	RETRY_UNREACHED, /* no connection was made: surely nothing happened */
	RETRY_LOST,      /* it broke after that */
	RETRY_FINAL,     /* asking again would give the same */
};

struct retry_try {
	enum retry_end end;
	int status;
	int64_t after_ms; /* Retry-After; -1: it did not say */
	int tries;        /* made so far, this one included */
	int64_t left_ms;  /* until nobody waits any more */
	bool repeatable;  /* doing it twice is doing it once: it only reads, or is idempotent */
	uint32_t random;  /* any; spreads those who fail together */
};

/*
 * Milliseconds to wait before the next try, or RETRY_NEVER: it is no use, it could happen twice, or
 * the wait would go past the end. Doubles from half a second up to 30 s, at most 5 tries; a server
 * that says when is asked then.
 */
int64_t retry_pause(const struct retry_try *t);

#endif
