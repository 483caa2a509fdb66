/*
 * proposal: one solution of a runbook, filled in for one signal and checked against the catalogue.
 */
#ifndef HL_FLOW_PROPOSAL_H
#define HL_FLOW_PROPOSAL_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "doc/policy.h"
#include "doc/runbook.h"
#include "doc/template.h"
#include "doc/tool.h"

struct proposal_ground {
	const struct catalogue *catalogue;
	const struct policy *policy;
	const json_t *signal; /* {labels} and {annotations} are its */
	bool literal;         /* arguments of steps are no templates: a brace is a brace */
	const char *case_id;  /* guards are named after it */
};

/*
 * The solution as a plan shows it (hl-case(5)), with number n, without its guards: whoever offers
 * it has to put them in (guarding.h), or it is refused in the end. NULL with the reason when it
 * cannot be used as it stands; an undo that cannot be used is left out, and why is appended to
 * `problems`.
 */
json_t *proposal_solution(const struct proposal_ground *g, const struct solution *s, int n,
	json_t *problems, struct err *e);

/*
 * Checks filled in: an array. NULL with the reason when one of them cannot be used. `checks` may
 * be NULL.
 */
json_t *proposal_checks(const struct proposal_ground *g, const json_t *checks, struct err *e);

/*
 * One call, {tool, args, tool_digest}, filled in by `look` and checked against the catalogue and
 * policy; *t is its tool. NULL with the reason. Caller decrefs.
 */
json_t *proposal_call(const struct proposal_ground *g, const char *name, const json_t *args,
	template_lookup_fn *look, void *arg, const struct tool **t, struct err *e);

/* Whether there is a way back from each step of a solution that changes something. */
bool proposal_undoable(const json_t *solution, const struct catalogue *c);

/* Appends a sentence, with bytes that are no text made visible: it must not get lost. */
void proposal_problem(json_t *problems, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
