/*
 * commits: a chain of new commits on the branch, all or none.
 *
 *	struct commits *c = commits_begin(repo, e);     // takes the lock, reads the tip
 *	commits_read(c, path, &buf, e);                 // the tree as it will be
 *	commits_add(c, files, n, &about, e);            // one commit; more of them
 *	commits_end(c, ids?, e);                        // one pack, fsync, then the branch
 *	commits_free(c);                                // without commits_end: nothing happened
 *
 * Objects go to one pack file, written whole and fsynced (pack, index, directory) before the branch
 * is moved by compare-and-swap. A crash leaves the branch where it was, and at worst a pack that
 * git gc prunes. Writers take turns through a lock file of their own in the repository
 * (the kernel drops it with the process); somebody else's `git commit` or push that moved the
 * branch meanwhile is noticed by the swap, and the chain is built again on the new tip.
 *
 * A checked-out work tree is brought along only for the files written here, and only where the
 * operator has not touched them; else they are left and named with msg-ready text in `behind`.
 *
 * Trees: deltas against the tree before, ofs-delta, as gitformat-pack(5) has it.
 */
#ifndef HL_EDGE_COMMITS_H
#define HL_EDGE_COMMITS_H

#include "edge/repo.h"

struct commits_file {
	const char *path;  /* from the root, no leading slash */
	struct str bytes;  /* p NULL: remove the file */
};

struct commits_about {
	const char *message;     /* LF line ends; a missing last newline is added */
	const char *name, *mail; /* author and committer */
	int64_t at;              /* milliseconds; committer time never goes back behind the parent's */
};

struct commits;

struct commits *commits_begin(struct repo *r, struct err *e);

/* The commit the chain ends at now (the tip, until the first commits_add). */
const char *commits_tip(const struct commits *c);

/* The file at `path` as the chain would leave it. 1 found, 0 absent, -1 error. */
int commits_read(struct commits *c, const char *path, struct buf *into, struct err *e);

/* How many entries the directory at `path` has, as the chain would leave it; 0 when absent; -1 error. */
long commits_count(struct commits *c, const char *path, struct err *e);

/* Adds one commit; writes its id when `id` is not NULL (it is final unless commits_end rebuilds). */
int commits_add(struct commits *c, const struct commits_file *files, size_t n,
	const struct commits_about *about, char id[REPO_ID], struct err *e);

/*
 * Makes it so. Returns 0; or -1 and nothing happened. When the branch moved under us the chain is
 * rebuilt (up to 10 times): then `moved` is called first, so that the owner can redo its reading and
 * adding on the new tip; -1 from it gives up.
 */
typedef int commits_again_fn(void *arg, struct commits *c, struct err *e);
int commits_end(struct commits *c, commits_again_fn *again, void *arg, struct err *e);

void commits_free(struct commits *c); /* accepts NULL; drops the lock */

#endif
