/*
 * when: points in time and spans of time, both in milliseconds.
 *
 * A point is milliseconds since 1970-01-01T00:00:00Z; a span is a count of
 * milliseconds. On the wire a point is RFC 3339 in UTC, and a span is a number
 * in a key that names the unit (took_ms). In files that people write a span is
 * "90s", "5m", "2h", "1d", "1w", "1h30m".
 */
#ifndef HL_BASE_WHEN_H
#define HL_BASE_WHEN_H

#include <stdint.h>

#include "base/str.h"

#define WHEN_NEVER INT64_MIN /* Go's zero time 0001-01-01T00:00:00Z reads as this */
#define WHEN_TEXT  25        /* "2026-11-21T04:13:00.123Z" and its NUL */

enum { WHEN_SECOND = 1000, WHEN_MINUTE = 60000, WHEN_HOUR = 3600000, WHEN_DAY = 86400000 };

/* Now; or the time in $HL_NOW (RFC 3339), which fixes the clock for tests and replays. */
int64_t when_now(void);

/* Milliseconds that only go forward, for measuring; not moved by $HL_NOW. */
int64_t when_tick(void);

/*
 * RFC 3339 with any offset and 0 to 9 digits of a second (Go's RFC3339Nano).
 * Digits past the millisecond are dropped. 0, or -1 when it is no such time.
 */
int when_parse(struct str text, int64_t *at);

/* Writes RFC 3339 UTC; milliseconds only where they are not zero. Returns `text`. */
char *when_format(int64_t at, char text[WHEN_TEXT]);

/* The calendar day in UTC. */
void when_date(int64_t at, int *year, int *month, int *day);

/* "90s", "1h30m", "500ms", "1d". 0, or -1. A bare number is refused: it has no unit. */
int span_parse(struct str text, int64_t *ms);

/* The exact form from days down: "1m30s", "14d", "0s" for none or less. Needs 48 bytes. Returns
 * `text`. */
char *span_format(int64_t ms, char text[48]);

#endif
