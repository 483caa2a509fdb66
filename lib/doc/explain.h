/*
 * explain: a runbook in plain words: what sets it off, what it would do, how far it may go alone
 * and why no further, and what it takes to rise.
 */
#ifndef HL_DOC_EXPLAIN_H
#define HL_DOC_EXPLAIN_H

#include "doc/policy.h"
#include "doc/runbook.h"
#include "doc/tool.h"

/*
 * Appends lines of text; texts of the runbook as they stand (print them with msg_safe). The level
 * is that of an alert that triage is sure of, with the budget unused.
 */
void runbook_explain(const struct runbook *r, const struct catalogue *c, const struct policy *p,
	struct buf *into);

#endif
