/*
 * delta: how to make one text out of another: "copy from the old", "insert"; the deltas of gitformat-pack(5).
 */
#ifndef HL_EDGE_DELTA_H
#define HL_EDGE_DELTA_H

#include "base/buf.h"
#include "base/str.h"

/* For a change in one place, as of an entry of a tree: what is before it, what is new, what is behind it. */
void delta_of_edges(struct buf *out, struct str old, struct str new);

/* For texts: what has a whole line in common with the old, wherever it stands there, is copied. */
void delta_of_lines(struct buf *out, struct str old, struct str new);

/* Appends what the delta makes of `old`. -1: it is not for this text. */
int delta_apply(struct str delta, struct str old, struct buf *into);

#endif
