/*
 * execution: what was run beside what was approved. The outcome of a case is the world's and cannot
 * be had twice; but whatever it says was run has to be the plan's.
 */
#ifndef HL_DOC_EXECUTION_H
#define HL_DOC_EXECUTION_H

#include <jansson.h>

/*
 * The outcome of a case with what the plan says in the place of what was recorded: the solution,
 * tool and kind of each step and each undo, in the order of the plan, the titles of the checks.
 * What the plan knows nothing of is left out. An outcome that keeps to the plan comes back as it
 * is. NULL: nothing was approved, so there should be none. The plan has passed plan_check. Caller
 * decrefs.
 */
json_t *execution_as_planned(const json_t *whole_case);

#endif
