/*
 * solution: one of the ways out that a runbook knows; hl-runbook(5). Loaded by runbook.c:
 * others take a whole runbook.
 */
#ifndef HL_DOC_SOLUTION_H
#define HL_DOC_SOLUTION_H

#include "doc/runbook.h"

/* Reads it from its node; s->steps is then owned by s, also on error. 0 or -1. */
int solution_load(struct solution *s, const struct node *n, struct err *e);

/* Whether its record is better: (k + 1) / (n + 2), as flow/planner.h has it, then chosen more often. */
bool solution_better(const struct solution *a, const struct solution *b);

/* A member that must be a name (path_is_name). Lent by the tree; NULL on error. */
const char *document_name(const struct node *n, const char *key, struct err *e);

/* A text member; where it is absent, the id in words, put into the tree so that the tree owns it.
 */
const char *document_title(const struct node *n, const char *key, const char *id, struct err *e);

#endif
