/*
 * triager: from signals to cases with a verdict; hl-triage(1).
 *
 *	t = triager_new(&stream);
 *	... for each record: triager_signal, triager_observation ...
 *	triager_hand_out, when there is nothing to read for now and at the end
 *
 * Signals are collected while they come and handed out together, one case a group: alerts of one
 * cause arrive in a burst. A batch is judged, written, and only then remembered in hl.db, in one
 * transaction: a crash costs that a case is handed on twice, under the same id, and never that it
 *is lost.
 *
 * Nothing is opened before the first signal. A long run writes at most one line a minute of a group
 *that only repeats itself.
 */
#ifndef HL_FLOW_TRIAGER_H
#define HL_FLOW_TRIAGER_H

#include "doc/signal.h"
#include "json/stream.h"

struct triager;

/* Writes to the stream, which it borrows. */
struct triager *triager_new(struct stream *out);
void triager_free(struct triager *t); /* accepts NULL; what was not handed out is dropped */

/* The record's values are those of signal_members. A signal that is none is rejected, which is no
 * error. */
int triager_signal(struct triager *t, const struct record *r, struct err *e);
void triager_observation(struct triager *t, const struct record *r);

/* Judges, writes and remembers what was collected; nothing when nothing was. */
int triager_hand_out(struct triager *t, struct err *e);

#endif
