/*
 * drilling: cases that exercise an undo on a throwaway target (doc/drill.h).
 *
 * Such a case has the key `drill` ({by, at, runbook}) and a plan with the key `drill` ({verify}),
 * which the digest covers: an approval of a drill is none of the real thing, nor the other way. It
 * is planned from the runbook's drill.labels, always asked about, and approved by a person.
 */
#ifndef HL_FLOW_DRILLING_H
#define HL_FLOW_DRILLING_H

#include "flow/ops.h"
#include "flow/proposal.h"

/*
 * A new case for a drill of the runbook, triaged as a problem. ERR_USAGE: there is no such runbook;
 * ERR_CONFIG: it declares no drill. Caller decrefs.
 */
json_t *drilling_case(
	struct ops *o, const char *runbook, const char *by, int64_t now, struct err *e);

/* Who asked for the drill that the case is, "?" when it does not say; NULL: it is none. */
const char *drilling_by(const json_t *whole_case);

/*
 * Whether a solution can be drilled: each of its calls that changes something, and each undo, is on
 * a throwaway target, and each step can be taken back. -1: ERR_DENIED, and why.
 */
int drilling_check(const struct proposal_ground *g, const json_t *solution, struct err *e);

#endif
