/*
 * proof: does the sum of every move on the ladder in the history again.
 *
 * A commit with the trailers of a move (promoter.h) holds when its parent, judged at the commit's
 * time, gives the same move with the same evidence, and the commit changed the level so. A level
 * that rose above ask_human in a commit without such trailers was raised by hand: that is a
 * person's right, and is told as a note.
 */
#ifndef HL_FLOW_PROOF_H
#define HL_FLOW_PROOF_H

#include "edge/repo.h"

struct proof {
	char commit[REPO_ID];
	const char *runbook, *from, *to; /* as claimed, or by hand as found; lent for the call */
	bool by_hand;
	const char *why; /* it does not hold; NULL: it does */
};
typedef int proof_each_fn(void *arg, const struct proof *p, struct err *e);

/* Calls `each` for every move along the first parents of the head, the oldest first. */
int proof_all(proof_each_fn *each, void *arg, struct err *e);

#endif
