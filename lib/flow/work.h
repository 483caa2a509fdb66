/*
 * work: one case being applied: what it was permitted, and how far its journal says that it got.
 *
 * applier.c fills it in and lets it go; stepper.h and retreat.h go on with it. All that has
 * happened is asked of `run`, which is read anew with every line that work_note writes.
 */
#ifndef HL_FLOW_WORK_H
#define HL_FLOW_WORK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "doc/run.h"
#include "edge/journal.h"
#include "flow/account.h"
#include "flow/memory.h"
#include "flow/ops.h"
#include "flow/permit.h"

struct work {
	struct ops *ops;
	struct memory *memory;
	struct permit permit;
	const json_t *answer; /* what a person said about the step that waits; may be NULL */
	struct journal *journal;
	struct run run;
	const struct policy *policy;
	const struct catalogue *catalogue;
	struct account_results results;
	json_t *before; /* the invariants, before the first step */
	int64_t start;  /* when_tick() */
};

/* The i-th step in the order they run in, below permit.count, and its id. Lent. */
const json_t *work_step(const struct work *w, size_t i);
const char *work_id(const struct work *w, size_t i);

/* A step that only read, or left its document to another, leaves nothing to take back. */
bool work_only_reads(const struct work *w, const json_t *step);

/* Whether a step may be done again when nobody knows whether it was done. */
bool work_is_repeatable(const json_t *step);

/* Whether something says if it helped: checks of the end, or a step that is one. */
bool work_has_checks(const struct work *w);

/* Appends to the journal, and reads it anew. Takes the line. */
int work_note(struct work *w, json_t *line, struct err *e);

/* How it stands, for hl-case(5). Caller decrefs. */
json_t *work_outcome(const struct work *w, const char *result, const char *why);

/* Nothing was run. It is not in the journal: what was refused may be allowed the next time. */
json_t *work_refused(const struct work *w, const char *why);

/* Its place in the budget. Telling memory twice changes nothing; a drill has none. */
int work_tell_begin(const struct work *w, struct err *e);
void work_tell_end(const struct work *w, const char *result);

/* It is over: the outcome, which is in the journal by then; NULL: it cannot be written. */
json_t *work_finish(struct work *w, const char *result, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
