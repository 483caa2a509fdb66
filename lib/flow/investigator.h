/*
 * investigator: asks a model what is wrong and what could be done, where no runbook helps.
 *
 * The model looks around with tools that only read, within bounds of policy, and answers with a
 * proposal (schemas/proposal.json). Nothing in it is believed: each solution is made and checked as
 * a runbook's is, from tools of the catalogue that policy and the goal allow, with arguments that
 * are no templates. What does not hold up is sent back once, with the reasons, and then dropped.
 * A case gets a plan whatever becomes of that: then `model` says why there is nothing.
 */
#ifndef HL_FLOW_INVESTIGATOR_H
#define HL_FLOW_INVESTIGATOR_H

#include "flow/finding.h"
#include "flow/ops.h"
#include "flow/proposal.h"
#include "flow/thinker.h"

struct investigator {
	struct ops *ops;
	const struct thinker *thinker;
	const struct proposal_ground *ground;
};

/* 0; -1 only in a replay, when it goes another way. What is left out is told to `problems`. */
int investigator_find(const struct investigator *i, const json_t *whole_case, json_t *problems,
	struct finding *f, struct err *e);

#endif
