/*
 * tree: the files below a directory, visited by descriptors and single names, so that nobody who
 * renames or links things meanwhile can lead the visit elsewhere: no symbolic link is followed, not
 * even in the root's own name, and no other file system is entered.
 */
#ifndef HL_EDGE_TREE_H
#define HL_EDGE_TREE_H

#include <sys/stat.h>

#include "base/err.h"

struct tree_entry {
	int dir;          /* the directory that holds it, for openat and unlinkat */
	const char *name; /* in that directory */
	const char *path; /* below the root: "a/b/name" */
	const struct stat *st;
};

struct tree_skipped {
	unsigned long unreadable; /* directories that may not be read, or stand too deep */
	unsigned long mounts;     /* other file systems */
};

/* Opens an absolute path, part by part. -1: ERR_UNAVAILABLE; ERR_DENIED for a symbolic link on the
 * way. */
int tree_open(const char *path, struct err *e);

/*
 * Visits each entry below `root` (an open directory, which stays open), a directory before what is
 * in it. -1 from `visit` ends it.
 */
typedef int tree_visit_fn(void *arg, const struct tree_entry *x, struct err *e);
int tree_walk(
	int root, tree_visit_fn *visit, void *arg, struct tree_skipped *skipped, struct err *e);

#endif
