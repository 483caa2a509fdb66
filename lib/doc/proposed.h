/*
 * proposed: what a model proposes for a case (schemas/proposal.json), taken apart into our nouns.
 *
 * A proposal is data from outside. Its words become lines of bounded length without control
 * characters or marks that reorder text; its solutions become solutions as a runbook has them, whose
 * arguments are no templates: a brace is a brace. Whether its tools exist, may be used and take
 * these arguments is for whoever makes the plan. All take a proposal that fits the schema.
 */
#ifndef HL_DOC_PROPOSED_H
#define HL_DOC_PROPOSED_H

#include <jansson.h>

#include "base/err.h"
#include "doc/runbook.h"

/* In characters. */
enum { PROPOSED_TITLE = 120, PROPOSED_LINE = 400, PROPOSED_LINES = 10, PROPOSED_GAPS = 5 };

#define PROPOSED_WITHIN_MS (15 * 60000) /* the longest that one of its checks may be waited for */

/*
 * Any text as one line of at most `max` characters; "" for what is none. It holds no double quote,
 * so that it can be quoted, and no link: "https[:]//". Given.
 */
json_t *proposed_line(const json_t *text, size_t max);

/* Each text of a list, as lines; what is empty is left out. Given. */
json_t *proposed_lines(const json_t *list);

/*
 * [{text, rests_on, supported}]. A claim is supported when one of the places that it names is
 * there: a JSON pointer into `told` (what the model was told of the case), or the number of one of
 * its `looks` calls of tools, from 1. Given.
 */
json_t *proposed_claims(const json_t *proposal, const json_t *told, size_t looks);

/* [{wanted, why}]. Given. */
json_t *proposed_gaps(const json_t *proposal);

/*
 * One element of `solutions` as the nth of a plan, with the id "model-N". -1 with the reason when
 * it has not the shape of one. To be cleared either way.
 */
struct proposed {
	struct solution solution; /* its texts are lent from `tree` */
	json_t *tree;
};
int proposed_solution(struct proposed *p, const json_t *one, size_t n, struct err *e);
void proposed_clear(struct proposed *p); /* accepts one that is zeroed */

#endif
