/*
 * triggers: what sets off which runbook, for all runbooks of one commit.
 */
#ifndef HL_FLOW_TRIGGERS_H
#define HL_FLOW_TRIGGERS_H

#include "doc/labels.h"
#include "edge/repo.h"

struct triggers;

/*
 * From trigger_cache.h. What is in force is kept there, and a runbook that does not load, or has
 * the id of another, is named on standard error; about the past nothing is kept or said. NULL on
 * error.
 */
struct triggers *triggers_load(struct repo *r, const char *commit, bool in_force, struct err *e);
void triggers_free(struct triggers *t); /* accepts NULL */

size_t triggers_count(const struct triggers *t);
const char *triggers_path(const struct triggers *t, size_t i);

bool triggers_name_metrics(const struct triggers *t); /* else no expression is looked at */

/* The runbook with this id; triggers_count when there is none. */
size_t triggers_find(struct triggers *t, const char *id);

/* See ops_match. */
size_t triggers_match(
	struct triggers *t, const struct labels *l, struct str expr, const char **ids, size_t max);

#endif
