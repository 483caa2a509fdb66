/*
 * replay: makes the whole decision of a recorded case again, from the record and the commit that
 * was in force, and says where it comes out otherwise. No model is asked, nothing is run, nothing
 * is written.
 *
 *	stage     what is made again                                       from
 *	triage    id, title, severity, triage                              signals, triage.seen
 *	plan      the plan to the last byte, and so its digest             the case, plan.autonomy.seen
 *	approval  the approval, or that there can be none                  the plan, who, when
 *	outcome   that what was run is what was approved                   the plan, the outcome
 *	record    the bytes of the file, and the words of the commit       all of it
 *
 * Each stage starts from what is recorded, so that one that differs does not spoil the next. What
 * the world did (observations, the outcome) is taken as it is recorded. Installed toolsets and
 * workflows are those of today: a tool that changed since shows in its tool_digest.
 */
#ifndef HL_FLOW_REPLAY_H
#define HL_FLOW_REPLAY_H

#include "flow/ops.h"
#include "flow/past.h"
#include "json/scan.h"

enum replay_result {
	REPLAY_SAME,
	REPLAY_DIFFERS,
	REPLAY_CANNOT, /* the record does not say enough */
};
extern const char *const replay_results[]; /* "same", "differs", "cannot" */

struct replay_case {
	const char *id;
	const char *path; /* of the decision in the history; "" for a case that is not there */
	struct scan_value whole;
};

struct replay_said {
	const struct replay_case *of;
	const char *stage;
	enum replay_result result;
	const char *why;           /* in words; NULL: the differences say it all */
	const json_t *differences; /* difference.h; maybe empty */
};
typedef int replay_each_fn(void *arg, const struct replay_said *said, struct err *e);

struct replay {
	struct repo *repo;  /* lent */
	const char *head;   /* its commit */
	const char *at;     /* what if this commit had been in force: triage and plan only; NULL */
	struct past *past;  /* of the head; lent */
	replay_each_fn *each; /* told of each stage that the case has been through; -1 ends it */
	void *arg;
	struct ops *ops; /* of the basis at hand; replay_clear */
};

/* 0, also when stages differ; -1 when `each` says so. */
int replay_run(struct replay *r, const struct replay_case *c, struct err *e);
void replay_clear(struct replay *r);

#endif
