/*
 * task: a step that a person does, and what was said about it; hl-case(5).
 *
 *	outcome.waiting  {step, title, ask, details?, since, until}     made by hl-apply
 *	answer           {step, said: done | failed, by, via, at, digest, why?}    added by hl-ask
 *
 * The journal has the truth (run.h): a `wait` with when it began and until when it can be
 * answered. An answer counts by when it was given, so a machine that was off meanwhile loses none.
 */
#ifndef HL_DOC_TASK_H
#define HL_DOC_TASK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What came of it; all lent from the answer. */
struct task_end {
	bool done, expired;
	const char *by, *via, *at, *why; /* NULL when it expired; why may be NULL anyway */
};

/*
 * Whether a wait is over: answered (for this step of this plan, by a person, in its time), or
 * expired. `answer` may be NULL or anything else.
 */
bool task_over(const json_t *wait, const json_t *answer, const char *digest, int64_t now,
	struct task_end *end);

/* Writes it into the step's `did`. */
void task_note(const struct task_end *end, const json_t *wait, json_t *line);

/* Until when it can be answered; of a `wait`, or of outcome.waiting. Long ago when it does not say. */
int64_t task_until(const json_t *wait);

/* outcome.waiting, of a plan's step and its wait. Given. */
json_t *task_json(const json_t *step, const json_t *wait);

/* The outcome.waiting of a case that waits for a person's step; NULL: it does not. Lent. */
const json_t *task_of(const json_t *whole_case);

#endif
