/*
 * batch_memory: what of a batch goes into memory, to be known in the next run.
 */
#ifndef HL_FLOW_BATCH_MEMORY_H
#define HL_FLOW_BATCH_MEMORY_H

#include "doc/policy.h"
#include "flow/batch.h"
#include "flow/roster.h"

/* The alerts that came back, so that flapping can be told; in a transaction of its own. */
int batch_remember_comebacks(const struct batch *b, struct memory *m, struct err *e);

/*
 * Everything else, in one transaction: the alerts and cases as they stand in the roster. What ended
 * before `before` is forgotten; WHEN_NEVER: nothing.
 */
int batch_remember(const struct batch *b, const struct roster *r, struct memory *m, int64_t before,
	struct err *e);

/* How long what has ended still matters: a week, or as long as policy looks back. */
int64_t batch_kept_ms(const struct policy *p);

#endif
