/*
 * replayer: finds the recorded cases that a person names, and replays each (replay.h).
 */
#ifndef HL_FLOW_REPLAYER_H
#define HL_FLOW_REPLAYER_H

#include <stdint.h>

#include "flow/replay.h"

struct replayer;

/* at: see struct replay, by a name that repo_resolve knows; NULL. Opens the ops repo. NULL on error. */
struct replayer *replayer_new(const char *at, replay_each_fn *each, void *arg, struct err *e);
void replayer_free(struct replayer *r); /* accepts NULL */

/*
 * All events of the case with this id, in the history or else in the spool; or the decision at this
 * path, in the history or a file; or all that this commit brought. 0; ERR_UNAVAILABLE: there is no
 * such thing. ERR_DATA: it is no case.
 */
int replayer_one(struct replayer *r, const char *name, struct err *e);

/* Every decision in the history of a case that was opened at this time or later; WHEN_NEVER: all. */
int replayer_all(struct replayer *r, int64_t since, struct err *e);

#endif
