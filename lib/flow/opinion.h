/*
 * opinion: a case's line, and in it, where no rule and no runbook decides, a model's opinion
 * (diagnostician.h): once for a case, when it is opened, and only when policy says so.
 */
#ifndef HL_FLOW_OPINION_H
#define HL_FLOW_OPINION_H

#include "flow/case_line.h"
#include "flow/thinker.h"

/* Whether somebody is asked about it, which may take its time. */
bool opinion_is_asked(const struct case_line *c, const struct policy *p);

/*
 * Appends the line of `c`; its verdict, model and why may change with it (`why` holds the text of
 * c->why and lives as long as `c`). t NULL: nobody is asked. `context`: what was observed, where the
 * batch does not have it; or NULL. c->model has to be released. -1 only in a replay.
 */
int opinion_put(struct buf *into, struct case_line *c, const struct policy *p,
	const struct thinker *t, json_t *context, struct buf *why, struct err *e);

#endif
