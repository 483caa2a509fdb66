/*
 * reviewer: a second model, other than the first, says what it thinks of a plan. It can only raise
 * doubts: a plan from a model asks a person whatever it says.
 */
#ifndef HL_FLOW_REVIEWER_H
#define HL_FLOW_REVIEWER_H

#include "flow/thinker.h"

/*
 * {"name", "agrees", "why", "transcript"?}, or {"failed", "error"}, the plan's model.validator;
 * caller decrefs. `ask` is what the first was asked, `answer` what it answered, `solutions` what
 * holds up of that. NULL only in a replay.
 */
json_t *reviewer_review(const struct thinker *t, const json_t *ask, const json_t *answer,
	const json_t *solutions, json_t *asks, struct err *e);

#endif
