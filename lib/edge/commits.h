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
 * A checked-out work tree is brought along where the operator has not touched it (checkout.h); what
 *was left is told by commits_behind.
 *
 * HEAD has to be on a branch; the branch may have no commit yet.
 */
#ifndef HL_EDGE_COMMITS_H
#define HL_EDGE_COMMITS_H

#include "edge/repo.h"

struct commits_file {
	const char *path; /* from the root, no leading slash */
	struct str bytes; /* p NULL: remove the file */
};

struct commits_about {
	const char *message;     /* LF line ends; a missing last newline is added */
	const char *name, *mail; /* author and committer */
	int64_t at; /* milliseconds; committer time never goes back behind the parent's */
};

struct commits;

/*
 * Waits up to a minute for its turn. NULL: ERR_AGAIN when others keep it that long, ERR_CONFIG when
 * HEAD is detached.
 */
struct commits *commits_begin(struct repo *r, struct err *e);

/* The commit the chain ends at now: the tip, until the first commits_add; "" when there is none. */
const char *commits_tip(const struct commits *c);
int64_t commits_at(
	const struct commits *c); /* its committer time, milliseconds; 0 when there is none */

/* The file at `path` as the chain would leave it. 1 found, 0 absent, -1 error. */
int commits_read(struct commits *c, const char *path, struct buf *into, struct err *e);

/* How many entries the directory at `path` has, as the chain would leave it; 0 when absent; -1
 * error. */
long commits_count(struct commits *c, const char *path, struct err *e);

/* Puts one file into the tree of the next commit, for an owner who has to look at the tree before
 * each of many. */
int commits_put(struct commits *c, const struct commits_file *file, struct err *e);

/*
 * Adds one commit, of these files and those that were put; writes its id when `id` is not NULL (it
 * is final unless commits_end rebuilds). After a -1 the chain may be half changed: free it.
 */
int commits_add(struct commits *c, const struct commits_file *files, size_t n,
	const struct commits_about *about, char id[REPO_ID], struct err *e);

/*
 * Makes it so. Returns 0; or -1 and nothing happened, but for a -1 of syncing the branch's
 * directory. When the branch moved under us the chain starts again, empty, on the new tip (up to 10
 * times), and `again` is called so that the owner can redo its reading and adding; -1 from it gives
 * up. again NULL: ERR_AGAIN instead. With no commit added it only makes up for a work tree that a
 * killed run left behind.
 */
typedef int commits_again_fn(void *arg, struct commits *c, struct err *e);
int commits_end(struct commits *c, commits_again_fn *again, void *arg, struct err *e);

/* After commits_end: what was left in the work tree and why, lines for msg_warn; "" when nothing.
 */
const char *commits_behind(const struct commits *c);

void commits_free(struct commits *c); /* accepts NULL; ends the turn */

#endif
