/*
 * git2: the open repository as libgit2 knows it. This header is the one place that includes
 * <git2.h>, and only the five files that are made of libgit2 include this header: repo.c reads,
 * object.c, branch.c, commits.c and checkout.c write. (The lint test takes this header for "the one
 * file" of libgit2 and holds its inclusion to those.)
 *
 * What is called here exists with the same meaning in libgit2 1.5 to 1.9.
 */
#ifndef HL_EDGE_GIT2_H
#define HL_EDGE_GIT2_H

#include <git2.h>

#include "edge/repo.h"

struct repo {
	git_repository *git;
	git_odb *odb;
	char *path;         /* as given */
	char root[REPO_ID]; /* the commit whose tree is kept open, "" for none */
	git_tree *tree;
};

/* err_set with what libgit2 said last behind it. Always -1. */
int git2_fail(struct err *e, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
