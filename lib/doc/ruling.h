/*
 * ruling: what a person's answer means for the case it is given to: the approval it comes to, or why
 * it does not fit. The same at a terminal, in a script and in a chat.
 *
 *	struct ruling r = {.by = "alice", .via = "terminal", .at = now, .whole_case = c,
 *		.unsure = !case_is_sure(c)};
 *	switch (ruling_say(&r, &said, &approval, e)) {
 *
 * The plan has been checked (plan.h) and is the one that was shown.
 */
#ifndef HL_DOC_RULING_H
#define HL_DOC_RULING_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "doc/answer.h"

struct ruling {
	/* All lent. */
	const char *by, *via; /* "alice", "terminal" */
	int64_t at;
	const json_t *whole_case;
	bool unsure; /* it has still to be said that this is a problem */
};

enum ruled {
	RULED_DECIDED, /* *approval is new */
	RULED_PROBLEM, /* it is one: what is to be done is the next question */
	RULED_LATER,   /* the case stays parked */
	RULED_NOT,     /* the answer does not fit, and e says why; or it is details or help */
};

enum ruled ruling_say(
	const struct ruling *r, const struct answer *said, json_t **approval, struct err *e);

/*
 * The solution that the answer chooses; lent by the case. NULL: none can be (ERR_USAGE, ERR_DENIED),
 * or the answer chooses none (no error).
 */
json_t *ruling_solution(const struct ruling *r, const struct answer *said, struct err *e);

/* The same of a case that waits for a person's step (task.h): the key `answer`. Never RULED_PROBLEM. */
enum ruled ruling_say_task(
	const struct ruling *r, const struct answer *said, json_t **answer, struct err *e);

/* That answer by hand: said is "done", "failed" or "expired". Given. */
json_t *ruling_task_answer(const struct ruling *r, const char *said, struct str why);

#endif
