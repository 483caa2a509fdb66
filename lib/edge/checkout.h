/*
 * checkout: brings a checked-out work tree from one commit to a later one, where the operator
 * has not touched it: file by file, only where both the file and its index entry are still those of
 * the older commit (or already those of the newer). Everything else stays as it is and is named.
 *
 * What has to be brought along is noted before the branch moves (checkout_note) and until it is
 * done, so that a run that was killed, or that found the index locked, is made up for by the next
 * one.
 *
 * The caller holds the turn (commits.h). Bare repositories have nothing to bring along.
 */
#ifndef HL_EDGE_CHECKOUT_H
#define HL_EDGE_CHECKOUT_H

#include "edge/object.h"

/* Notes that the work tree is at `from` (NULL: at no commit), unless an older note is there. */
int checkout_note(struct repo *r, const struct object_id *from, struct err *e);

/*
 * Brings the work tree from what the note says to `to`. What was left, and why, is appended to
 * `behind`, a line each ready for msg_warn. Never an error of the recording: that has happened.
 */
void checkout_bring(struct repo *r, const struct object_id *to, struct buf *behind);

#endif
