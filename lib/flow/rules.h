/*
 * rules: what is in force for an alert: the silences and expectations of policy, and the runbooks
 * that know it. Without an ops repo there is none, and policy's defaults hold, so that a newcomer's
 * first pipe works.
 */
#ifndef HL_FLOW_RULES_H
#define HL_FLOW_RULES_H

#include "doc/policy.h"
#include "flow/ops.h"

#define RULES_RUNBOOKS 8 /* as many as a person would read */

struct rules;

/* Opens the ops repo; one that was named and is not there is an error. NULL on error. */
struct rules *rules_open(struct err *e);

/* Those of an ops repo that is open, lent; NULL: what holds without one. */
struct rules *rules_of(struct ops *o, struct err *e);
void rules_free(struct rules *r); /* accepts NULL */

const struct policy *rules_policy(const struct rules *r);
const char *rules_basis(const struct rules *r); /* the commit, or NULL without an ops repo */

/* The silence or expectation in force at `now` that holds for the labels, or NULL. */
const struct policy_rule *rules_silence(const struct rules *r, const struct labels *l, int64_t now);
const struct policy_rule *rules_expected(
	const struct rules *r, const struct labels *l, int64_t now);

/*
 * Adds the ids of the runbooks that know an alert with these labels and this generator expression
 * (or none) behind the `count` that are there, each once: those that say more about it first. Ids
 * are lent. Gives the new count, or -1.
 */
int rules_runbooks(struct rules *r, const struct labels *l, struct str expr,
	const char *ids[RULES_RUNBOOKS], size_t count, struct err *e);
bool rules_need_expr(const struct rules *r); /* false: no runbook is known by an expression */

#endif
