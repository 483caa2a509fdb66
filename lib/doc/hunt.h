/*
 * hunt: what scrub finds in a text, and what the operator's own patterns do (scrub_rules_pattern),
 * in one order: what overlaps is one span.
 *
 *	struct hunt h = hunt_open(rules, text, SCRUB_ALL);
 *	while (hunt_next(&h, &span)) ...
 *	hunt_close(&h);
 */
#ifndef HL_DOC_HUNT_H
#define HL_DOC_HUNT_H

#include "doc/scrub.h"

struct hunt {
	struct scrub_scan scan;
	struct scrub_span ahead; /* of the scan, not given yet */
	bool has_ahead;
	struct scrub_span *own; /* of the patterns, in order; NULL: there are no patterns */
	size_t count, cap, given;
};

struct hunt hunt_open(const struct scrub_rules *rules, struct str text, unsigned kinds);
bool hunt_next(struct hunt *h, struct scrub_span *span);
void hunt_close(struct hunt *h);

#endif
