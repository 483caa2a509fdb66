/*
 * planner: turns a case and the runbook that matches it into a plan; doc/plan.h.
 *
 * Everything a plan says was checked against the catalogue: each step's tool exists, policy does
 * not deny it, and it takes the arguments as they were filled in, from each signal of the case that
 * fires and that the runbook's trigger matches (flow/joint.h).
 * Effect, blast radius and undo come from the tools, not from the runbook's word. What does not
 * hold up is left out and named in the plan's `problems`.
 *
 * Where no runbook offers anything, a model may be asked (flow/investigator.h) when policy says so:
 * what comes of that is always asked about.
 *
 * The solution recommended is the one with the best record: (k + 1) / (n + 2), Laplace's rule,
 * with n the times a person chose it and k those of them that worked, so that one lucky use does
 * not beat ninety-nine of a hundred and the untried one beats the one that failed; then the one
 * chosen more often; then the first.
 */
#ifndef HL_FLOW_PLANNER_H
#define HL_FLOW_PLANNER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/memory.h"
#include "flow/ops.h"
#include "flow/thinker.h"

struct planner {
	struct ops *ops;
	struct memory *memory;
	int64_t now;
	bool begun; /* the case's action has begun: it does not count against itself */
	const json_t *seen; /* a plan's autonomy.seen, instead of asking memory and the halt file:
			       for a replay; NULL */
	const struct thinker *thinker; /* NULL: none is asked */
};

/*
 * The plan, with its digest. The same case at the same commit, time and memory gives the same
 * bytes, and so do a model's same answers. NULL: something that concerns every case is amiss, such
 * as a policy that does not load. Caller decrefs.
 */
json_t *planner_plan(const struct planner *p, const json_t *whole_case, struct err *e);

#endif
