/*
 * promoter: moves runbooks along the ladder (standing.h) by what the history says (learner.h).
 *
 * A move is one commit that changes the runbook's automation_level, and with it the counts in its
 * solutions (human_selected, success_rate), and no other byte. Its message carries the evidence and
 * ends in trailers:
 *
 *	Runbook: demo-service-down
 *	Promoted-from: ask_human            or Demoted-from, Demoted-to
 *	Promoted-to: suggest
 *	Evidence: n=5 k=5 bound=0.5492
 *	Decisions: 5 sha256=9f86d0...       of the paths that counted, a line each
 *
 * What is judged is the state of the commit before it, at the time of the commit itself: so anybody
 * can do the sum again, and proof.h does.
 */
#ifndef HL_FLOW_PROMOTER_H
#define HL_FLOW_PROMOTER_H

#include "flow/judgement.h"

/* One judgement, lent. */
typedef int promoter_each_fn(void *arg, const struct judgement *v, struct err *e);

struct promoter_how {
	const char *const
		*only; /* NULL-terminated ids; an empty list: every runbook with a decision */
	bool act;      /* commit the moves, all or none */
	promoter_each_fn *each; /* told of each runbook, after the commit */
	void *arg;
};

/*
 * What was left behind in a work tree is appended to `behind`, lines for msg_warn. An id in `only`
 * that is no runbook: ERR_USAGE.
 */
int promoter_run(const struct promoter_how *how, struct buf *behind, struct err *e);

#endif
