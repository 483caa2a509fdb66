/*
 * trigger_cache: what triage needs of all runbooks of one commit - path, id, conditions - as bytes
 * that are quick to read back.
 *
 * Parsing ten thousand runbooks takes a second, a whole run of a stage some milliseconds. So the
 * bytes are kept (cached.h), under the id of the runbooks tree, which names the content.
 */
#ifndef HL_FLOW_TRIGGER_CACHE_H
#define HL_FLOW_TRIGGER_CACHE_H

#include "doc/matcher.h"
#include "edge/repo.h"

struct trigger_entry {
	const char *path;
	const char *id;    /* empty: the runbook did not load */
	const char *fault; /* then why; else empty */
	struct matchers
		match; /* the caller's: with __name__ for a runbook that is triggered by a metric */
	const char *metric; /* its name; empty for others */
};

/*
 * Gives the bytes in `into`: from the cache, or from the runbooks themselves; then the cache is
 * written when they are to be kept. 0 or -1.
 */
int trigger_cache_load(
	struct repo *r, const char *commit, bool keep, struct buf *into, struct err *e);

/* Where the entries begin, and one after the other; texts are views into the bytes. False at the
 * end. */
const char *trigger_cache_begin(const struct buf *bytes);
bool trigger_cache_next(const struct buf *bytes, const char **at, struct trigger_entry *entry);

#endif
