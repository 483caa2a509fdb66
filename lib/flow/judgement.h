/*
 * judgement: what the evidence says about one runbook at one commit, and the commit that follows
 * from it.
 */
#ifndef HL_FLOW_JUDGEMENT_H
#define HL_FLOW_JUDGEMENT_H

#include "doc/standing.h"
#include "flow/learner.h"
#include "flow/ops.h"

struct judgement {
	char *runbook, *path;
	enum level from;
	struct standing standing; /* standing.to is where it goes */
	enum blast blast;
	char *evidence;       /* the trailers about it, a line each */
	char *file, *message; /* what to commit when it moves, else NULL */
	char commit[REPO_ID]; /* "" until it is made */
};

void judgement_clear(struct judgement *v);

/*
 * Judges the runbook with this id by what is in force in `o` and by what `l`, which stands at the
 * same commit, knows; now_s in seconds. 1, 0: there is no such runbook (or it does not load, which
 * others have said), -1 error. The file is edited only when it moves; one that cannot be edited is
 * an error (ERR_CONFIG).
 */
int judgement_make(struct judgement *v, struct ops *o, struct learner *l, const char *runbook,
	int64_t now_s, struct err *e);

/* {"kind":"promotion", ...}; hl-promote(1). Caller decrefs. */
json_t *judgement_json(const struct judgement *v);

#endif
