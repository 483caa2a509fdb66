/*
 * permit: may what was approved be run now? Asked again at the moment of acting, because the
 * plan, the approval, policy, the catalogue and the clock may all have changed since it was shown.
 *
 * No: ERR_DENIED, and the text says why. Another kind: it could not be found out, which is no yes.
 */
#ifndef HL_FLOW_PERMIT_H
#define HL_FLOW_PERMIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "doc/plan.h"
#include "flow/memory.h"
#include "flow/ops.h"

/* What was approved; all lent from the case. */
struct permit {
	const char *case_id, *digest, *by;
	const json_t *whole_case, *plan, *solution, *steps;
	int64_t n;                /* of the solution */
	size_t order[PLAN_STEPS]; /* positions of the steps, as they have to run */
	size_t count;
	bool alone;  /* no person approved it */
	bool waited; /* it was begun in time and waited for a person since: set by who runs it */
	const json_t *drill; /* plan_drill; NULL: it is the real thing */
};

/*
 * What can be seen on the case alone: the plan has the shape of one, its digest is right, the
 * approval names this digest, says yes, and is for a solution of this plan.
 */
int permit_read(struct permit *p, const json_t *whole_case, struct err *e);

/*
 * The rest: not expired (unless it waited: a person's step
 * has its own time), not halted, policy and runbook allow it today, each tool is declared as
 * it was when the plan was shown, each step that has to be guarded is. What hl decided alone must
 * be what it would decide now: the plan is made again, has to recommend the same steps, and has to
 * reach auto_notify. `begun`: the action began already and does not count against itself.
 */
int permit_check(const struct permit *p, struct ops *o, struct memory *m, int64_t now, bool begun,
	struct err *e);

/*
 * The tool of one call {tool, args, tool_digest}, a step or its undo, if it may be run: it is in
 * the catalogue, not denied, declared as it was, and takes these arguments just as they are. NULL
 * otherwise.
 */
const struct tool *permit_call(struct ops *o, const json_t *call, struct err *e);

#endif
