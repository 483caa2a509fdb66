/*
 * field: what two fields of an HTTP answer say.
 */
#ifndef HL_WIRE_FIELD_H
#define HL_WIRE_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Retry-After (RFC 9110, section 10.2.3): seconds, or a date (IMF-fixdate, "Sun, 06 Nov 1994
 * 08:49:37 GMT"). Milliseconds from `now` (a point in time), 0 for one that is past; -1: neither.
 */
int64_t field_retry_after(struct str value, int64_t now);

/*
 * Link (RFC 8288): appends the target of the first link whose rel holds `relation`. False: there is
 * none.
 */
bool field_link(struct str value, const char *relation, struct buf *target);

#endif
