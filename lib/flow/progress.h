/*
 * progress: where a case stands, for a program that asked for it: in the spool, with hl-apply, or
 * in the history.
 */
#ifndef HL_FLOW_PROGRESS_H
#define HL_FLOW_PROGRESS_H

#include <jansson.h>
#include <stdint.h>

#include "flow/ops.h"
#include "flow/request.h"

/*
 * {"case", "state", "title", ..}:
 *	waiting   a person has to answer: expires_at, approve (the commands)
 *	expired   nobody did in time
 *	running   hl-apply has begun
 *	task      a person has something to do before it goes on: outcome
 *	done      outcome {result, why, at}
 *	answered  approval {decision, at, reason}: nothing was or will be done
 * NULL: no case with this id is known (ERR_DATA), or it cannot be found out. Caller decrefs.
 */
json_t *progress_of(struct ops *o, const char *id, int64_t now, struct err *e);

/* The same in words, for a model or a person. */
void progress_words(const json_t *progress, struct buf *into);

/*
 * The last case with the same subject as this new one (request_case) that was begun, while it runs
 * and for `recent_ms` after it ended; NULL: none. Given: its id.
 */
char *progress_recent(const json_t *new_case, int64_t now, int64_t recent_ms);

/* How many cases that programs asked for wait for a person. -1 on error. */
long progress_waiting(struct err *e);

#endif
