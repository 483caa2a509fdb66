/*
 * finding: what a model came to think of a case (flow/investigator.h), as a plan has it; hl-case(5).
 */
#ifndef HL_FLOW_FINDING_H
#define HL_FLOW_FINDING_H

#include <jansson.h>
#include <stdbool.h>

/* Members of a plan, each NULL where there is none; `model` is there once a model was to be asked. */
struct finding {
	json_t *model;     /* what was thought by whom; or {"failed", "error", "asks"} */
	json_t *solutions; /* those that hold up, from 1 */
	json_t *concerns, *alternatives, *gaps, *placement;
	bool doubted; /* a second model does not agree, or should have said so and did not */
};

void finding_clear(struct finding *f); /* accepts one that is zeroed */

/* The model's name when solutions of it are in the plan, else NULL. Lent. */
const char *finding_model(const struct finding *f);

/* Adds what there is to a plan; not its solutions. */
void finding_put(const struct finding *f, json_t *plan);

/* What it thinks, or why it does not, in a sentence after `lead`. Given. */
json_t *finding_why(const struct finding *f, const char *lead);

#endif
