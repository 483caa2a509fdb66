/*
 * looking: what the rules say of one signal after the other, added up in a finding (verdict.h).
 */
#ifndef HL_FLOW_LOOKING_H
#define HL_FLOW_LOOKING_H

#include "doc/signal.h"
#include "flow/verdict.h"

struct looking {
	struct rules *rules;   /* lent */
	struct labels *labels; /* lent, for scratch */
	struct buf url, expr;  /* for scratch */
};

#define LOOKING_MAX ((size_t)1 << 20) /* of a URL, and of the expression in it */

/* Adds a signal: how bad it is, and, of one whose alert fires, what is known of it. */
int looking_at(struct looking *l, const struct signal *s, bool firing, int64_t now,
	struct finding *f, struct err *e);

void looking_clear(struct looking *l);

#endif
