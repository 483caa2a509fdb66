/*
 * account: what an outcome says of a run (hl-case(5)): results of checks, steps, undo.
 */
#ifndef HL_FLOW_ACCOUNT_H
#define HL_FLOW_ACCOUNT_H

#include <jansson.h>
#include <stdint.h>

#include "doc/policy.h"
#include "doc/run.h"
#include "doc/tool.h"
#include "flow/permit.h"

/*
 * Any text as JSON takes it: errors may hold any byte, and may be cut in the middle of a
 * character.
 */
json_t *account_text(const char *text);

/*
 * Runs each check: an array of {"title", "holds", "why"}. A check that cannot be run does not hold.
 * checks may be NULL. Caller decrefs.
 */
json_t *account_checks(const struct catalogue *c, const struct policy *p, const json_t *checks);

/*
 * The first result that does not hold although it did `before` (NULL: whatever it did); NULL:
 * none. Lent.
 */
const json_t *account_broken(const json_t *results, const json_t *before);

struct account_results {
	json_t *preflight, *verify, *invariants; /* each may be NULL: not asked */
	json_t *restored; /* of a drill, after the undo */
};

/* Caller decrefs. */
json_t *account_outcome(const struct permit *p, const struct run *r,
	const struct account_results *checks, int64_t took_ms, const char *result, const char *why);

/* Adds to the outcome of a run that waits what it waits for. Returns it. */
json_t *account_waiting(json_t *outcome, const json_t *step, const json_t *wait);

#endif
