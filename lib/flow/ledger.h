/*
 * ledger: the decisions in the ops repo.
 *
 * Writing: each entry becomes a commit of its own, or all become one; hundreds of them cost one
 * pack and one move of the branch (commits.h). A decision that is there already, in the history or
 * earlier in the same batch, is found again and not written twice. The gaps of its plan (doc/gap.h)
 * go into the same commit, and so do the transcripts that it names (minutes.h), once each.
 *
 * Reading: all decisions at a commit, in the order of their paths, which is that of time.
 */
#ifndef HL_FLOW_LEDGER_H
#define HL_FLOW_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "doc/decision.h"
#include "doc/minutes.h"
#include "edge/repo.h"

struct ledger_file {
	char path[MINUTES_PATH];
	struct str bytes;
};

struct ledger_entry {
	struct decision decision; /* to be recorded; the caller's */
	struct ledger_file *beside; /* files that go with it, as they are; likewise */
	size_t n_beside;
	bool fresh;               /* set by ledger_write: it was not there before */
	char path[DECISION_PATH]; /* likewise: where it is */
	char commit[REPO_ID];     /* and the commit that brought it, */
	int64_t at;               /* when, in milliseconds */
};

struct ledger_how {
	const char *name, *mail; /* of the committer */
	int64_t at;              /* milliseconds */
	bool one_commit;         /* for all */
};

/*
 * Makes the entries durable, all or none, and fills in where they are. What was left behind in a
 * work tree is appended to `behind`, lines for msg_warn. -1: nothing was recorded.
 */
int ledger_write(struct repo *r, struct ledger_entry *entries, size_t n,
	const struct ledger_how *how, struct buf *behind, struct err *e);

/*
 * The nth event of a case at the commit: its path, and its bytes in `into`, in place of what was
 * there. 1, 0 there is none, -1 error.
 */
int ledger_find(struct repo *r, const char *commit, const char *id, unsigned event,
	char path[DECISION_PATH], struct buf *into, struct err *e);

/*
 * Calls `each` for every decision at the commit: its path, its blob (repo_blob reads it), its case
 * and the number of the event. Files below decisions/ that are none are passed over. -1 from `each`
 * stops.
 */
struct ledger_item {
	const char *path, *blob;
	char id[CASE_ID];
	unsigned event; /* 1, 2 for <case>.2.json */
};
typedef int ledger_each_fn(void *arg, const struct ledger_item *item, struct err *e);
int ledger_each(struct repo *r, const char *commit, ledger_each_fn *each, void *arg, struct err *e);

#endif
