/*
 * learner: what the decisions in git say about each runbook.
 *
 * The decisions at a commit are read once and kept, 32 bytes each, in the state directory's
 * cache/decisions with the commit they were read at. The next run compares the trees of that commit
 * and of the new one and reads only the files that came. Decisions are never changed; where one is
 * gone or different all the same, or the remembered commit is not there any more, all is read
 * again, and so it is when the cache is damaged or of another version. So the cache is never
 * believed, only the history is: without it the result is the same.
 */
#ifndef HL_FLOW_LEARNER_H
#define HL_FLOW_LEARNER_H

#include "doc/standing.h"
#include "edge/repo.h"

struct learner;

enum learner_cache { LEARNER_CACHE, LEARNER_NO_CACHE };

/* Reads the decisions at the commit. NULL on error. */
struct learner *learner_open(
	struct repo *r, const char *commit, enum learner_cache use, struct err *e);
void learner_free(struct learner *l); /* accepts NULL */

/* Goes to another commit, reading what came; what is gone makes it read all. */
int learner_move(struct learner *l, const char *commit, struct err *e);

/* The number of a runbook's, solution's or digest's name; TRIAL_NONE when no decision has it. */
uint32_t learner_name(const struct learner *l, const char *name);

/*
 * Those of one runbook (by number), linked to what came again for all that ended at `since` or
 * later. Lent until the next learner_move.
 */
struct trials learner_trials(struct learner *l, uint32_t runbook, int64_t since);

/* The names of all runbooks that have a decision: calls `each` in the order they first occurred. */
typedef int learner_each_fn(void *arg, const char *runbook, struct err *e);
int learner_runbooks(struct learner *l, learner_each_fn *each, void *arg, struct err *e);

#endif
