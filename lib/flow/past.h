/*
 * past: which commit brought a decision: the history along the first parents, read backwards once
 * and only as far as needed. A commit names the cases of its decisions in trailers (decision.h);
 * that is a hint, for anybody can write one, and it is looked whether the file came with it.
 */
#ifndef HL_FLOW_PAST_H
#define HL_FLOW_PAST_H

#include "edge/repo.h"

struct past;

/* The repo is lent. */
struct past *past_new(struct repo *r);
void past_free(struct past *p); /* accepts NULL */

/* Starts at this commit, and forgets what was read. */
void past_start(struct past *p, const char *tip);

struct past_found {
	char commit[REPO_ID];
	int64_t at; /* milliseconds */
};

/*
 * The newest commit that brought the file: it has it, and its parent has not. 1, 0 when the history
 * does not tell, -1 error.
 */
int past_find(struct past *p, const char *case_id, const char *path, struct past_found *found,
	struct err *e);

#endif
