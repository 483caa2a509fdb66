/*
 * ops: what is in force: the ops repo at one commit, with its policy, catalogue, runbooks and
 * goals, each read on first use. Toolsets and goals have a ground layer, the installed ones, under
 * those of the repo.
 */
#ifndef HL_FLOW_OPS_H
#define HL_FLOW_OPS_H

#include "doc/goal.h"
#include "doc/policy.h"
#include "doc/runbook.h"
#include "doc/tool.h"
#include "edge/repo.h"

struct ops;

/* Opens the repo named by state.h at its head. NULL on error. */
struct ops *ops_open(struct err *e);

/*
 * What was in force at a commit; the installed layers are those of today. What did not load then is
 * left out without a word.
 */
struct ops *ops_open_at(const char *commit, struct err *e);
void ops_free(struct ops *o); /* accepts NULL */

/*
 * For a process that lives long: `o` while the branch stands where it stood, else what is in force
 * now, and `o` is freed. NULL opens. NULL on error, and `o` is freed.
 */
struct ops *ops_refresh(struct ops *o, struct err *e);

struct repo *ops_repo(struct ops *o);
const char *ops_commit(const struct ops *o); /* the basis */
bool ops_is_past(const struct ops *o);       /* by ops_open_at */

/* Each lends what lives as long as `o`, or NULL on error. */
const struct policy *ops_policy(struct ops *o, struct err *e);
const struct catalogue *ops_catalogue(struct ops *o, struct err *e);
const struct runbook *ops_runbook(
	struct ops *o, const char *id, struct err *e); /* also NULL without error: none */
const struct goal *ops_goal(struct ops *o, const char *name, struct err *e);

/*
 * The runbooks that match an alert, by id, the most specific first (more conditions, then the id);
 * lent; at most max of them. `expr` is the alert's generator expression, or empty: a
 * runbook triggered by a metric matches where the expression names the metric. Returns how many, -1
 * on error. A runbook that does not load is named on standard error and left out: it must not stop
 * the others.
 */
long ops_match(struct ops *o, const struct labels *l, struct str expr, const char **ids, size_t max,
	struct err *e);

bool ops_names_metrics(const struct ops *o); /* false: ops_match looks at no expression */

/* The files of all runbooks, right or wrong. */
size_t ops_runbook_count(struct ops *o, struct err *e);
const char *ops_runbook_path(struct ops *o, size_t i);

/*
 * Parses one document of the repo: a tree that the caller decrefs, and the source that its errors
 * name, which lives as long as `o`. NULL without error when the file is absent.
 */
json_t *ops_yaml(struct ops *o, const char *path, struct source *source, struct err *e);

/* Without an ops repo (o may be NULL): a goal. Given. */
struct goal *goal_load(struct ops *o, const char *name, struct err *e);

/*
 * The names of all goals, of the repo (o may be NULL) and installed, each once, sorted; *names is
 * an array of `return value` texts: free each and the array. -1 on error.
 */
long goal_names(struct ops *o, char ***names, struct err *e);

#endif
