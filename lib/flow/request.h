/*
 * request: a case that somebody asked for, instead of one that an alert opened; the key `request`
 * of hl-case(5). A person at hl-plan(1) or a program may ask for a tool or a workflow to be run.
 *
 * Asking is not approving: what is planned for a request never goes beyond ask_human, and an
 * approval that names no person is refused (permit.h), whoever asked.
 */
#ifndef HL_FLOW_REQUEST_H
#define HL_FLOW_REQUEST_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/ops.h"
#include "flow/proposal.h"

#define REQUEST_BY 100 /* bytes of who asks, at most */

struct request {
	const char *by; /* "cli:alice", "mcp:claude-code"; one line */
	/* one of the two */
	const char *tool;
	const char *workflow;
	const json_t *args; /* an object; NULL: none */
};

/*
 * What a case was asked for: 1 with *r lent from the case, 0 when nobody asked, -1 when the key is
 * not as it should be.
 */
int request_read(struct request *r, const json_t *whole_case, struct err *e);

/*
 * The one solution that does what was asked, as proposal_solution has it. NULL with the reason:
 * no such tool or workflow, denied, wrong arguments. Arguments stand for themselves: a brace is a brace.
 */
json_t *request_solution(struct ops *o, const struct proposal_ground *g, const struct request *r,
	json_t *problems, struct err *e);

/*
 * A new case, triaged as a problem, for hl-plan to take up. Its id is made of the time and of what
 * is asked for, not of who asks. Asking for what waits for a person already gives the case that
 * waits, to the letter, its plan included, as long as the plan has not expired. NULL: it cannot be
 * done as asked. Caller decrefs.
 */
json_t *request_case(struct ops *o, const struct request *r, int64_t now, struct err *e);

/* The same, whatever waits already. */
json_t *request_new(struct ops *o, const struct request *r, int64_t now, struct err *e);

/* "tool 'kubectl.scale'", for messages. */
void request_what(const struct request *r, struct buf *into);

#endif
