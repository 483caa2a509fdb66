/*
 * ops: what is in force: the ops repo at one commit, with its policy, catalogue, runbooks and goals,
 * each read on first use. Toolsets and goals have a ground layer, the installed ones, under those of the repo.
 */
#ifndef HL_FLOW_OPS_H
#define HL_FLOW_OPS_H

#include "doc/goal.h"
#include "doc/policy.h"
#include "doc/runbook.h"
#include "doc/tool.h"
#include "doc/trigger_index.h"
#include "edge/repo.h"

struct ops;

/* Opens the repo named by state.h at its head. NULL on error. */
struct ops *ops_open(struct err *e);
void ops_free(struct ops *o); /* accepts NULL */

struct repo *ops_repo(struct ops *o);
const char *ops_commit(const struct ops *o); /* the basis */

/* Each lends what lives as long as `o`, or NULL on error. */
const struct policy *ops_policy(struct ops *o, struct err *e);
const struct catalogue *ops_catalogue(struct ops *o, struct err *e);
const struct runbook *ops_runbook(struct ops *o, const char *id, struct err *e); /* also NULL without error: none */
const struct goal *ops_goal(struct ops *o, const char *name, struct err *e);

/*
 * The triggers of all runbooks, from a cache under the tree's id: tag i is runbook ops_trigger_id(o, i).
 * A runbook that does not load is named on stderr and left out (it must not stop the others).
 */
struct trigger_index *ops_triggers(struct ops *o, struct err *e);
const char *ops_trigger_id(struct ops *o, uint32_t tag);

/* Parses one document of the repo, with places kept for the messages; NULL without error when absent. */
json_t *ops_yaml(struct ops *o, const char *path, struct source *source, struct err *e);

/* Where installed data (toolsets, goals) is: $HL_DATA, beside the executable in a build tree, else PREFIX/share/hl. */
const char *ops_data_dir(void);

/* The catalogue of the installed toolsets alone, without an ops repo. Given. */
struct catalogue *catalogue_installed(struct err *e);

#endif
