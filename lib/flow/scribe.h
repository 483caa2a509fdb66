/*
 * scribe: the documents that a plan writes, as commits in the ops repo (edge/commits.h).
 *
 * Each commit carries the trailers Case, Workflow, Step and Plan (the digest). By them a commit is
 * found again, so that writing or reverting twice, over whatever crash, happens once. Trailers in
 * what is written by a plan are no trailers of the commit: its message is put on one line.
 *
 * No symbolic link is followed or replaced, and nothing that looks like a secret is committed.
 */
#ifndef HL_FLOW_SCRIBE_H
#define HL_FLOW_SCRIBE_H

#include <jansson.h>

#include "base/err.h"
#include "edge/repo.h"
#include "flow/ops.h"

struct scribe {
	const char *case_id, *workflow /* NULL: none */, *step, *digest;
	const char *since;   /* the commit that the plan was made from: ours are later */
	const char *message; /* what a person reads; one line */
	const json_t *files; /* of the step (doc/step.h), in order */
};

/* Writes them, and gives the commit. -1: nothing was written. */
int scribe_write(struct ops *o, const struct scribe *s, char commit[REPO_ID], struct err *e);

/*
 * Puts back what `made` (of scribe_write) changed. -1, and nothing was changed: ERR_CASE when
 * somebody else has changed one of its files since.
 */
int scribe_revert(struct ops *o, const struct scribe *s, const char *made, char commit[REPO_ID],
	struct err *e);

#endif
