/*
 * contain: puts in force what a program is not let do (base/contain.h), in the new process that is
 * to become it.
 *
 * By the kernel alone: no_new_privs; rlimits (RLIMIT_DATA for memory, of each process; RLIMIT_CPU;
 * RLIMIT_NPROC, which counts all processes of the user and does not hold root); mount and network
 * namespaces (namespaces(7)), within a user namespace when we are not root. Where a systemd
 * answers, memory and processes are held by a scope, too, for all of its processes together and
 * for root. A program that stays
 * root in a namespace loses the capabilities to leave it or to reach the kernel another way. It is
 * still root, can talk to every socket in the file system, and is kept from mistakes more than from
 * malice: that takes a user.
 *
 * What cannot be put in force is an error, never left out.
 *
 * contain_prepare looks up and formats all that contain_enter needs, before the fork: between fork
 * and exec nothing may allocate or lock.
 */
#ifndef HL_EDGE_CONTAIN_H
#define HL_EDGE_CONTAIN_H

#include <sys/types.h>

#include "base/contain.h"
#include "base/err.h"
#include "edge/systemd_scope.h"

#define CONTAIN_GROUPS 64

struct containment {
	struct contain asked;
	bool root;    /* we are; else namespaces need a user namespace around them */
	bool becomes; /* another user */
	uid_t uid;
	gid_t gid;
	gid_t groups[CONTAIN_GROUPS];
	int n_groups;
	bool scoped; /* systemd holds it to its memory and processes */
	struct systemd_scope scope;
	char uid_map[64], gid_map[64], tmp_options[64];
};

/* What failed in the new process; errno says why. */
enum contain_step {
	CONTAIN_NONE,
	CONTAIN_SCOPE,
	CONTAIN_NAMESPACE,
	CONTAIN_READ_ONLY,
	CONTAIN_TMP,
	CONTAIN_LIMIT,
	CONTAIN_CAPABILITIES,
	CONTAIN_USER,
	CONTAIN_PRIVILEGES,
};

/*
 * -1: ERR_UNAVAILABLE, it cannot be granted here. `asked` (NULL: nothing) is copied, its texts are
 * not kept. The result points into itself: it is not to be copied.
 */
int contain_prepare(struct containment *c, const struct contain *asked, struct err *e);

/* In the new process: CONTAIN_NONE when all of it holds. Async-signal-safe. */
enum contain_step contain_enter(const struct containment *c);

/* "its file system cannot be made read-only" */
const char *contain_step_text(enum contain_step step);

#endif
