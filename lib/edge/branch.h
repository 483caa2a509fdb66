/*
 * branch: the branch that HEAD names, and moving it the way git's own programs do, so that they
 * and we see each other: NAME.lock beside the ref, the value compared under it, a rename.
 *
 * Git's lock file says nothing about who made it, so a writer that is killed leaves a lock that
 * nobody dares to remove. Ours is made by link(2) from a file in our own directory `work`: a
 * lock that is the same inode as that file is ours, and the next writer, who holds the turn
 * (commits.c), removes it. Anybody else's is waited for (BRANCH_WAIT_MS), then reported.
 */
#ifndef HL_EDGE_BRANCH_H
#define HL_EDGE_BRANCH_H

#include "edge/object.h"

#define BRANCH_WAIT_MS 2000

/* "refs/heads/main", given. NULL: HEAD is detached or names no branch (ERR_CONFIG). */
char *branch_of_head(struct repo *r, struct err *e);

/* The commit it is at. 1, 0 when it has none yet, -1 error. */
int branch_tip(struct repo *r, const char *branch, struct object_id *tip, struct err *e);

/*
 * Takes git's lock `target`.lock through a file named by `name` in `work` that holds `content`.
 * Returns 0, or -1 (ERR_AGAIN: somebody else's; ERR_OUTPUT). After it either branch_unlock, or
 * rename the lock.
 */
struct branch_lock {
	char *lock, *mine; /* the two names of the one file */
};
int branch_lock(struct branch_lock *l, const char *work, const char *name, const char *target,
	struct str content, int64_t wait_ms, struct err *e);
void branch_unlock(struct branch_lock *l); /* a lock that was renamed is gone already */

/*
 * Moves the branch from `old` (NULL: it has no commit) to `new`, durably, and notes it in the
 * reflog as done by `who` ("Name <mail> SECONDS +0000") for the reason `why`. 0 moved, 1 it is not
 * at `old` any more, -1 error.
 */
int branch_move(struct repo *r, const char *branch, const char *work, const struct object_id *old,
	const struct object_id *new, const char *who, struct str why, struct err *e);

#endif
