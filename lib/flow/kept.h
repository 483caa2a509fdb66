/*
 * kept: what was read of the decisions, in the state directory's cache/decisions: a head with the
 * commit, the names, the trials as they are in memory, and a sum over all. Of this machine alone:
 * another byte order, version or length, or a wrong sum, and the file counts as absent.
 *
 * It is mapped, not read, with room behind it to add to, so that taking up a long history again
 * costs next to nothing. The mapping is private: nothing that is added goes to the file, which is
 * replaced as a whole.
 */
#ifndef HL_FLOW_KEPT_H
#define HL_FLOW_KEPT_H

#include "base/str.h"
#include "doc/trial.h"
#include "edge/repo.h"

struct kept {
	void *map; /* NULL: nothing is kept */
	size_t size;
	char commit[REPO_ID];
	struct str names; /* each with a NUL behind it */
	size_t n_names;
	struct trial *all;
	size_t count, cap; /* cap: with the room behind */
};

#define KEPT_INIT                                                                                  \
	{                                                                                          \
		.map = NULL                                                                        \
	}

/* Finds out what is kept; leaves KEPT_INIT when there is nothing, for whatever reason. */
void kept_open(struct kept *k, size_t room);
void kept_close(struct kept *k);

/* Losing it costs a reading, so an error is nobody's. */
void kept_write(const char *commit, char *const *names, size_t n_names, const struct trial *all,
	size_t count);

#endif
