/*
 * ground: policy and catalogue in force: those of the ops repo, or, where none was made and none
 * was named, the default policy and the installed toolsets. There is something to see before
 * anything is set up.
 */
#ifndef HL_FLOW_GROUND_H
#define HL_FLOW_GROUND_H

#include "flow/ops.h"

struct ground {
	struct ops *ops; /* NULL: none */
	const struct policy *policy;
	const struct catalogue *catalogue;
	struct policy *own_policy;
	struct catalogue *own_catalogue;
};

#define GROUND_INIT                                                                                \
	{                                                                                          \
		.ops = NULL                                                                        \
	}

int ground_load(struct ground *g, struct err *e);
void ground_clear(struct ground *g);

/* For a process that lives long: loads, or takes what is in force now. On error nothing is loaded.
 */
int ground_refresh(struct ground *g, struct err *e);

#endif
