/*
 * appraisal: which solutions of a model's proposal hold up. Each is made and checked as a runbook's
 * is (proposal.h, guarding.h), of tools that policy and the goal allow, with arguments that are no
 * templates.
 */
#ifndef HL_FLOW_APPRAISAL_H
#define HL_FLOW_APPRAISAL_H

#include "doc/goal.h"
#include "flow/proposal.h"

struct appraisal {
	const json_t *proposal; /* lent */
	json_t *solutions;      /* as a plan shows them, from 1 */
	json_t *faults;         /* why each of the others does not hold up; APPRAISAL_FAULTS at most */
	json_t *undone;         /* what undo of those that do cannot be used */
};
enum { APPRAISAL_FAULTS = 20, APPRAISAL_GAPS = 3 };
#define APPRAISAL_SIZE 65536 /* bytes of a solution, as it was proposed */

/* In place of what is there (all zeroed: nothing). The proposal, which fits its schema, is lent. */
void appraisal_take(struct appraisal *a, const struct proposal_ground *g, const struct goal *goal,
	const json_t *proposal);
void appraisal_clear(struct appraisal *a);

/* What it would have called and is not in the catalogue is an ability that is missing. */
void appraisal_add_gaps(const struct appraisal *a, const struct catalogue *c, json_t *gaps);

#endif
