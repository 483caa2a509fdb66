/*
 * delta: how to make one text out of another: "copy from the old", "insert"; the deltas of
 * gitformat-pack(5).
 */
#ifndef HL_EDGE_DELTA_H
#define HL_EDGE_DELTA_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"

/* For a change in one place, as of an entry of a tree: what is before it, what is new, what is
 * behind it. */
void delta_of_edges(struct buf *out, struct str old, struct str new);

/*
 * For texts: what has a whole line in common with the old, wherever it stands there, is copied. The
 * old one is taken apart once and used for many: delta_load copies it, delta_common tells how many
 * bytes the new one has in common with it.
 */
struct delta_lines {
	struct delta_line {
		uint64_t hash;
		size_t start, end;
	} * line;
	size_t n, cap;
};
struct delta_text {
	struct buf bytes;
	struct table lines; /* hash -> where it starts */
};
void delta_split(struct delta_lines *lines, struct str text); /* replaces what is there */
void delta_load(
	struct delta_text *to, struct str text, const struct delta_lines *lines); /* likewise */
size_t delta_common(const struct delta_text *old, const struct delta_lines *new);
void delta_of_lines(struct buf *out, const struct delta_text *old, struct str new,
	const struct delta_lines *lines);
void delta_text_clear(struct delta_text *t);

/* Appends what the delta makes of `old`. -1: it is not for this text. */
int delta_apply(struct str delta, struct str old, struct buf *into);

#endif
