/*
 * gatherer: runs the tools that a goal names, all at once, and says what they saw: observations as
 * they come in, then signals.
 *
 * A signal that fires on keeps the start that triage remembers of it: looking twice is no new
 * episode. One that triage holds for firing, whose rule no longer holds though its tool answered,
 * is said to be resolved.
 */
#ifndef HL_FLOW_GATHERER_H
#define HL_FLOW_GATHERER_H

#include "doc/goal.h"
#include "doc/policy.h"
#include "doc/tool.h"
#include "json/stream.h"

struct gatherer {
	const struct goal *goal;
	const struct catalogue *catalogue;
	const struct policy *policy;
	struct stream *out;
};

/*
 * 0, or -1: the goal names a tool that is not there, that changes things, or that does not take
 * these arguments (ERR_CONFIG; nothing was run then), or output was lost. A tool that fails is no
 * failure.
 */
int gatherer_look(const struct gatherer *g, struct err *e);

#endif
