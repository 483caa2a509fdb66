/*
 * workflows: the workflows of the ops repo (doc/workflow.h), and what one comes to when somebody
 * asks for it. What a type does in those that are graphs of resources is said by workflows/
 * types.yaml: the installed one, and over it that of the repo.
 */
#ifndef HL_FLOW_WORKFLOWS_H
#define HL_FLOW_WORKFLOWS_H

#include "doc/workflow.h"
#include "flow/ops.h"
#include "flow/proposal.h"

/*
 * Given. NULL: there is none of that name (ERR_USAGE, with a did-you-mean), or it does not load
 * (ERR_CONFIG); each type that means nothing is named on standard error then.
 */
struct workflow *workflows_load(struct ops *o, const char *name, struct err *e);

/* One that is not committed yet, from a file. `o` may be NULL: then the installed types alone. */
struct workflow *workflows_load_file(struct ops *o, const char *path, struct err *e);

/*
 * Whether it can be done with the tools there are: every tool is in the catalogue. What takes
 * arguments is not filled in. -1: the first that is not; all of them are named on standard error.
 */
int workflows_check(const struct workflow *w, const struct catalogue *c, struct err *e);

/* Its one solution, with number 1, as proposal_solution has it. args: as given; NULL: none. */
json_t *workflows_solution(struct ops *o, const struct proposal_ground *g, const char *name,
	const json_t *args, json_t *problems, struct err *e);

/* The names of all, sorted; an array of texts that the caller decrefs. NULL on error. */
json_t *workflows_names(struct ops *o, struct err *e);

#endif
