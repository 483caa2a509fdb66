/*
 * retriage: judges a recorded case again, from its signals and from what it says was remembered
 * (triage.seen, hl-case(5)), by the rules of a commit. A model is asked through `t`, which may be NULL: nobody is.
 */
#ifndef HL_FLOW_RETRIAGE_H
#define HL_FLOW_RETRIAGE_H

#include <jansson.h>

#include "flow/ops.h"
#include "flow/thinker.h"
#include "json/scan.h"

/*
 * Appends the case as hl-triage would write it, or hl-plan for one that somebody asked for, without
 * observations. Its time, how often it fired and how many alerts it has are taken from the case. o
 * NULL: there was no ops repo. 0; -1 with ERR_DATA where the record does not say enough, other
 * kinds where what is in force cannot be read.
 */
int retriage_put(struct ops *o, struct scan_value whole, const struct thinker *t, struct buf *into,
	struct err *e);

/* The commit that it was judged by, "" for none. -1: the record does not say. */
int retriage_basis(struct scan_value whole, char commit[REPO_ID], struct err *e);

#endif
