/*
 * answer: what a person says about a case, on one line. The same words at a terminal, in a
 * script, and later in a chat.
 *
 *	1                     do solution 1 ("approve 1" too)
 *	approve               do the recommended one
 *	yes    no             is it a problem? no: it is expected ("no: why")
 *	snooze 2h             ask again in two hours
 *	ignore    reject      nothing is done ("reject: why")
 *	custom: what to do    nothing offered fits; this should be done instead
 *	investigate  quit     decide later; quit: this and all that follow
 *	details   help        show more, and ask again
 *	done      failed      of a task: it is done ("done: note"), or could not be ("failed: why")
 *
 * Letters of either case; y, n, q and ? are short for yes, no, quit and help. "yes" is never an
 * approval.
 */
#ifndef HL_DOC_ANSWER_H
#define HL_DOC_ANSWER_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define ANSWER_SNOOZE_MAX ((int64_t)30 * 86400000) /* milliseconds */

enum answer_word {
	ANSWER_APPROVE,
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_SNOOZE,
	ANSWER_IGNORE,
	ANSWER_REJECT,
	ANSWER_CUSTOM,
	ANSWER_INVESTIGATE,
	ANSWER_QUIT,
	ANSWER_DETAILS,
	ANSWER_HELP,
	ANSWER_DONE,
	ANSWER_FAILED,
	ANSWER_SOLUTION, /* a number: no word of its own */
};

/* The words as they are typed, NULL-terminated, in the order above; for completion. */
extern const char *const answer_words[];

struct answer {
	enum answer_word word;
	int64_t solution; /* of ANSWER_SOLUTION */
	int64_t span_ms;  /* of ANSWER_SNOOZE */
	struct str text;  /* the reason, or what to do; lent from what was read; may be empty */
};

/* 0, or -1 with the reason (ERR_USAGE), with a did-you-mean. */
int answer_parse(struct str text, struct answer *a, struct err *e);

#endif
