/*
 * trial: one decision of the history as evidence, made small: what was tried, what people said, and
 * how it went. Names (runbooks, solutions, digests) are numbers that the owner gives.
 */
#ifndef HL_DOC_TRIAL_H
#define HL_DOC_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "doc/ladder.h"
#include "json/scan.h"

enum trial_decision {
	TRIAL_UNDECIDED,
	TRIAL_APPROVED,
	TRIAL_REJECTED,
	TRIAL_IGNORED,
	TRIAL_SNOOZED,
	TRIAL_AUTO,
	TRIAL_EXPIRED
};
enum trial_result {
	TRIAL_NOTHING,
	TRIAL_FIXED,
	TRIAL_FAILED,
	TRIAL_ROLLED_BACK,
	TRIAL_UNVERIFIED,
	TRIAL_WAITING,
	TRIAL_REFUSED,
	TRIAL_DRILLED
};
enum { TRIAL_DRILL = 1, TRIAL_CHOSEN_BY_HL = 2, TRIAL_UNDONE = 4, TRIAL_CROWDED = 8 };

#define TRIAL_NONE UINT32_MAX /* no name */

/* One decision, in 32 bytes without padding: there are many, and they are kept in a file. */
struct trial {
	uint64_t group;                    /* fingerprint */
	uint32_t opened, at;               /* seconds since 1970: the case, the outcome or answer */
	uint32_t runbook, solution, steps; /* numbers of names */
	uint16_t event;                    /* 1, 2 ... of one case */
	uint8_t decision : 4, result : 4;
	uint8_t level : 4, flags : 4; /* the runbook's level when the plan was made */
};

/* The order of cases: opened, group, event. For qsort. */
int trial_order(const void *a, const void *b);

/* The case, its event and whether its day is crowded, from a path (decision.h). False: no
 * decision's. */
bool trial_of_path(struct trial *t, const char *path);

/* Appends that path. */
void trial_path(const struct trial *t, struct buf *into);

/* The number of a name. */
typedef uint32_t trial_number_fn(void *arg, struct str name);

/*
 * The rest, from the decision's bytes. A word that is not known counts as not there: no decision,
 * no outcome. -1: it is no JSON object.
 */
int trial_read(struct trial *t, struct str text, trial_number_fn *number, void *arg,
	struct scan_error *error);

#endif
