/*
 * diagnostician: asks a model what a case is that no rule and no runbook knows (schemas/
 * diagnosis.json). Its answer is an opinion beside the verdict, and says what it rests on.
 *
 * A model can only make hl look closer: what it holds for a problem becomes one, and goes on to be
 * planned and asked about. What it holds for expected stays unsure, for a person to say. Nothing
 * that it says hides a case, lowers a severity, or has a part in an id, a fingerprint or a group.
 */
#ifndef HL_FLOW_DIAGNOSTICIAN_H
#define HL_FLOW_DIAGNOSTICIAN_H

#include "base/buf.h"
#include "doc/policy.h"
#include "flow/thinker.h"

struct diagnosis {
	json_t *model; /* triage.model of hl-case(5), given; NULL: none was asked */
	bool problem;
};

/*
 * The case as hl-triage writes it, unsure. Appends what a person should read to `why`, its reason.
 * -1 only in a replay, where the answer is not recorded.
 */
int diagnostician_judge(const struct thinker *t, const json_t *whole_case, struct diagnosis *d,
	struct buf *why, struct err *e);

#endif
