/*
 * applier: runs what was approved, once, and finds out what came of it; hl-apply(1).
 *
 * The order of things for one case:
 *	 the plan and its approval are read        permit_read: else refused
 *	 the case's journal is opened, and locked  what it says has ended is not done again
 *	 may it be run now?                        permit_check: else refused
 *	 pre-flight checks                         all must hold: else refused
 *	 may it still be run?                      one acts alone at a time, on one budget
 *	 each step                                 halt file, journal, run, journal: stepper.h
 *	 verification, then invariants             all must hold (that held before)
 *	 what failed goes back                     undo of the steps done, last first: retreat.h
 *
 * Results: fixed; refused: no step was run; failed, or rolled_back when all that was done was
 * undone; unverified: nobody knows (no check says, a halt came between two steps, or a crash came
 * and the checks do not hold).
 *
 * After a crash: a step of which the journal knows the beginning and not the end is never run
 * again. The verification checks are asked: if they hold, it was done and the rest goes on; if
 * not, nothing more is done, not even undo, and a person is told which step it was.
 *
 * A drill (drilling.h) goes the same way, and always back. Its results are drilled and failed;
 * refused and unverified are as above. It counts in no budget and opens no breaker.
 */
#ifndef HL_FLOW_APPLIER_H
#define HL_FLOW_APPLIER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/memory.h"
#include "flow/ops.h"

struct applier {
	struct ops *ops;
	struct memory *memory;
	int64_t wait_ms; /* for another that has the case in hand */
};

/*
 * The outcome for hl-case(5), which is in the journal by then. NULL: nothing was decided, because
 * something is not there (ERR_AGAIN, ERR_UNAVAILABLE, ERR_CONFIG, ERR_OUTPUT) or the journal is
 * damaged (ERR_DATA); the case can be brought again, and what was done is not done twice. Caller
 * decrefs.
 */
json_t *applier_apply(const struct applier *a, const json_t *whole_case, struct err *e);

#endif
