/*
 * course: what a batch does to the case of a group: begins one, goes on with it, closes it.
 */
#ifndef HL_FLOW_COURSE_H
#define HL_FLOW_COURSE_H

#include "doc/policy.h"
#include "flow/batch.h"
#include "flow/roster.h"

/* Brings the group's case up to date, after the alerts of the batch are. True when it is a new one.
 */
bool course_follow(
	struct roster_group *g, const struct touched *touched, const struct policy *p, int64_t now);

#endif
