/*
 * triggers: what sets off which runbook, for all runbooks of one commit.
 *
 * Parsing thousands of runbooks costs more than a whole run of a stage, so what triage needs of them
 * - id, path, conditions - is kept in the state directory, cache/triggers-<id of the runbooks tree>, as one
 * JSON line a runbook. The tree's id names its content, so a cache is right or absent; one that is
 * damaged, or of another version of this format, is made again.
 */
#ifndef HL_FLOW_TRIGGERS_H
#define HL_FLOW_TRIGGERS_H

#include "doc/labels.h"
#include "edge/repo.h"

struct triggers;

/* From the cache, or from the repo's runbooks/ at the commit. NULL on error. */
struct triggers *triggers_load(struct repo *r, const char *commit, struct err *e);
void triggers_free(struct triggers *t); /* accepts NULL */

size_t triggers_count(const struct triggers *t);
const char *triggers_id(const struct triggers *t, size_t i);   /* NULL: the runbook did not load */
const char *triggers_path(const struct triggers *t, size_t i);

/* See ops_match. */
size_t triggers_match(struct triggers *t, const struct labels *l, struct str expr, const char **ids,
	size_t max);

#endif
