/*
 * pack: a pack stream (gitformat-pack(5), version 2) built in memory, object after object.
 *
 * An object that is there already is not written again. A tree is written as what changed against
 * the tree it came from, a text as what changed against the one of the last texts of its kind that
 * is most like it (decisions are much alike), where that makes it less than half as large; up to
 * PACK_CHAIN of these behind one another.
 */
#ifndef HL_EDGE_PACK_H
#define HL_EDGE_PACK_H

#include "edge/object.h"

#define PACK_CHAIN 50 /* as git repack has it */
#define PACK_MAX   ((size_t)1 << 30)

struct pack;

struct pack *pack_new(void);
void pack_free(struct pack *p); /* accepts NULL */

/*
 * Adds an object. base: for a tree, the tree it came from, whose bytes are `base_bytes`; it is used
 * if it is in this pack. NULL for none. -1: the pack would be larger than PACK_MAX.
 */
int pack_put(struct pack *p, enum object_type type, struct str bytes, const struct object_id *base,
	struct str base_bytes, struct object_id *id, struct err *e);

bool pack_has(const struct pack *p, const struct object_id *id);

/* Appends an object. 1, 0 when it is not in the pack, -1 error. */
int pack_read(struct pack *p, const struct object_id *id, struct buf *into, struct err *e);

/* What is in it: the names, in the order of writing; lent. */
const struct object_id *pack_ids(const struct pack *p, size_t *n);

/* Sets the count, adds the checksum and lends the stream. Nothing can be put after. */
struct str pack_finish(struct pack *p, struct err *e);

#endif
