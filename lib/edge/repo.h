/*
 * repo: the ops repo, by libgit2. What is in force is what is committed: everything is read
 * from one commit's tree, never from the work tree, and nothing here runs a hook, a filter or
 * the git program.
 *
 * Opening a repository initialises libgit2 (once a process, 1 ms): open it when the first record
 * needs it.
 */
#ifndef HL_EDGE_REPO_H
#define HL_EDGE_REPO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define REPO_ID 41 /* 40 hexadecimal digits and a NUL */

struct repo;

/*
 * Opens a bare repository or one with a work tree. A path that is no repository: ERR_UNAVAILABLE,
 * and the message names `hl init`. A repository owned by another user is refused as git refuses it,
 * to root too (what it says would be done in our name), unless git's safe.directory allows it:
 * ERR_CONFIG.
 */
struct repo *repo_open(const char *path, struct err *e);
void repo_free(struct repo *r); /* accepts NULL */

/* Makes a repository (bare or not) with branch `main` and no commit. An existing one is opened. */
struct repo *repo_init(const char *path, bool bare, struct err *e);

const char *repo_path(const struct repo *r); /* as given, for messages */
bool repo_is_bare(const struct repo *r);

/* The commit HEAD points at. ERR_CONFIG when there is none yet. */
int repo_head(struct repo *r, char commit[REPO_ID], struct err *e);

/* The commit that a person means: "HEAD", an id or its beginning. ERR_UNAVAILABLE: there is none. */
int repo_resolve(struct repo *r, const char *name, char commit[REPO_ID], struct err *e);

/* The id of the tree or blob at `path` ("" is the root) in a commit. 1 found, 0 absent, -1 error.
 */
int repo_find(
	struct repo *r, const char *commit, const char *path, char id[REPO_ID], struct err *e);

/* Appends the file at `path` in the commit. 1 found, 0 absent, -1 error. */
int repo_read(
	struct repo *r, const char *commit, const char *path, struct buf *into, struct err *e);

/* Appends the blob with this id. */
int repo_blob(struct repo *r, const char *id, struct buf *into, struct err *e);

/*
 * Calls `each` for every blob below `dir` in the commit, depth first in git's order: path from
 * the root, blob id; the content is read only by repo_blob. A -1 from `each` stops and is returned.
 */
typedef int repo_each_fn(void *arg, const char *path, const char *id, struct err *e);
int repo_each(struct repo *r, const char *commit, const char *dir, repo_each_fn *each, void *arg,
	struct err *e);

/* A commit's message, committer time (seconds since the epoch) and first parent ("" when none). */
struct repo_commit {
	char id[REPO_ID], parent[REPO_ID];
	int64_t at;
	char *message; /* owned: repo_commit_clear */
};
int repo_commit_load(struct repo *r, const char *id, struct repo_commit *c, struct err *e);
void repo_commit_clear(struct repo_commit *c);

/*
 * The paths below `dir` whose work-tree file differs from the commit, is absent from it or is
 * missing: what an operator edited and did not commit. Calls `each` with id "". Bare: none.
 */
int repo_uncommitted(struct repo *r, const char *dir, repo_each_fn *each, void *arg, struct err *e);

#endif
