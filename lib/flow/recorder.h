/*
 * recorder: takes cases off a stream, makes their decisions durable in batches, and passes them on
 *with the key `record`.
 *
 *	recorder_take(r, &record, &e)   a case to be recorded
 *	recorder_pass(r, &record, &e)   any other line: keeps its place behind the cases before it
 *	recorder_end(r, &e)             whatever waits: before the stream blocks, and at its end
 *
 * A batch ends when the stream would block, or at RECORDER_BYTES. Once its decisions are durable,
 *memory is told, the cases leave the spool, and the lines go out. A batch that cannot be recorded
 *is put into the spool, case by case, and its lines go out unchanged: nothing is lost, and the next
 *run can take them up.
 */
#ifndef HL_FLOW_RECORDER_H
#define HL_FLOW_RECORDER_H

#include "flow/ledger.h"
#include "json/stream.h"

#define RECORDER_BYTES ((size_t)8 << 20)

struct recorder;

/* one_commit: for a whole batch. */
struct recorder *recorder_new(struct stream *s, bool one_commit);
void recorder_free(struct recorder *r); /* accepts NULL */

/* 0, also when the case was rejected (no id of ours, a secret in it); -1 when going on makes no
 * sense. */
int recorder_take(struct recorder *r, const struct record *record, struct err *e);
int recorder_pass(struct recorder *r, const struct record *record, struct err *e);

/* Never -1 for a batch that was not recorded: that is told by recorder_failed. -1: standard output
 * is lost. */
int recorder_end(void *recorder, struct err *e);

/* Why the first batch that failed did; kind ERR_NONE when none did. */
const struct err *recorder_failed(const struct recorder *r);

#endif
