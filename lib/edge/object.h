/*
 * object: git's objects as bytes with a name: what pack, spine and commits deal in, without
 * libgit2.
 */
#ifndef HL_EDGE_OBJECT_H
#define HL_EDGE_OBJECT_H

#include "edge/repo.h"

/* The numbers of gitformat-pack(5). */
enum object_type { OBJECT_COMMIT = 1, OBJECT_TREE = 2, OBJECT_BLOB = 3 };

struct object_id {
	unsigned char b[20];
};

void object_name(enum object_type type, struct str bytes, struct object_id *id);
char *object_hex(const struct object_id *id, char hex[REPO_ID]); /* returns hex */
int object_from_hex(const char *hex, struct object_id *id);      /* 0, or -1: no such name */

static inline bool object_same(const struct object_id *a, const struct object_id *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

/* Appends the object's bytes. ERR_DATA when it is not there, damaged, or of another type. */
int object_read(struct repo *r, const struct object_id *id, enum object_type type, struct buf *into,
	struct err *e);

/*
 * Brings a pack stream into the repository. Its index is built, and every object's name checked
 * against its bytes, in the directory `work` (ours alone); both files are synced, then renamed into
 * the repository, which is synced too. Each of ids must be in it. After 0 a crash cannot lose them.
 */
int object_install(struct repo *r, struct str pack, const char *work, const struct object_id *ids,
	size_t n, struct err *e);

#endif
