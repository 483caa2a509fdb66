/*
 * changes: what files came between two commits, found by comparing their trees from the root down
 * and reading only directories that differ: a hundred new files among a hundred thousand cost a few
 * trees.
 */
#ifndef HL_EDGE_CHANGES_H
#define HL_EDGE_CHANGES_H

#include "edge/repo.h"

/*
 * Calls `each` for every file below `dir` that commit `now` has and commit `then` has not; `then`
 * "" is the empty tree. Returns 0 when that is all that changed; 1 as soon as a file is found that
 * is gone or different, or when `then` is no commit of this repository any more: what was told
 * until then is no whole. -1 error, or -1 from `each`.
 */
int changes_each(struct repo *r, const char *then, const char *now, const char *dir,
	repo_each_fn *each, void *arg, struct err *e);

#endif
