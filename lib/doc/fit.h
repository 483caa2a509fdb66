/*
 * fit: whether what a well-formed runbook wants done can be done with the tools there are. All that
 * is amiss is told, not only the first.
 */
#ifndef HL_DOC_FIT_H
#define HL_DOC_FIT_H

#include "doc/policy.h"
#include "doc/runbook.h"
#include "doc/tool.h"

enum fit_weight {
	FIT_WRONG, /* a plan from it would lack this solution */
	FIT_DOUBT, /* it works, but probably not as it was meant */
};

/* text: "runbooks/nginx.yaml:12:5: solutions[0].steps[0].tool: no tool 'x' ..." */
typedef void fit_found_fn(void *arg, enum fit_weight weight, const char *text);

/*
 * Wrong: a tool that is not in the catalogue, cannot be run or is denied by policy, an argument it
 * does not take, lacks, or that does not fit its declaration (one with a placeholder is judged when
 * it is filled in), a placeholder that no signal can fill, a check whose tool does more than read.
 * In doubt: a placeholder that looks like a misspelt label, a change that nothing verifies, a tool
 * that reaches wider than the runbook says it may.
 *
 * source: that of the runbook, with its places, for the messages. Returns how many are wrong.
 */
size_t runbook_fit(const struct runbook *r, const struct source *source, const struct catalogue *c,
	const struct policy *p, fit_found_fn *found, void *arg);

#endif
