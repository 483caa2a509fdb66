/*
 * spine: the tree of a commit that is being made. Directories are read when a path leads through
 * them, changed in memory, and written into a pack as deltas against what they were.
 */
#ifndef HL_EDGE_SPINE_H
#define HL_EDGE_SPINE_H

#include "edge/pack.h"

#define SPINE_FILE 0100644

struct spine;

/* Starts from a tree of the repository; tree NULL: from nothing. */
struct spine *spine_new(struct repo *r, const struct object_id *tree);
void spine_free(struct spine *s); /* accepts NULL */

/* The file at `path`. 1 found, 0 absent (or a directory), -1 error. */
int spine_find(struct spine *s, const char *path, struct object_id *id, struct err *e);

/* Entries of the directory at `path` ("" is the root), 0 when absent, -1 error. */
long spine_count(struct spine *s, const char *path, struct err *e);

/*
 * Sets or removes (id NULL; absent is fine) a file. Directories come and go as needed. A name that
 * git would not check out ("..", ".git", an empty one), or a file where a directory has to be:
 * ERR_DATA. An executable stays executable.
 */
int spine_set(struct spine *s, const char *path, const struct object_id *id, struct err *e);

/* Puts what changed since the last time into the pack and gives the root's name. */
int spine_write(struct spine *s, struct pack *p, struct object_id *root, struct err *e);

#endif
