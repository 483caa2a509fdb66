/*
 * household: what is private in this house: the names, hosts, domains and rules that policy keeps,
 * the hosts and domains of the ops repo's inventory, and this machine's own name.
 */
#ifndef HL_FLOW_HOUSEHOLD_H
#define HL_FLOW_HOUSEHOLD_H

#include "doc/privacy.h"
#include "doc/scrub_rules.h"
#include "flow/ops.h"

/* Adds what policy says. -1: ERR_CONFIG. */
int household_policy(struct scrub_rules *r, const struct privacy *p, struct err *e);

/* Adds what the ops repo says as it is committed: policy, and the hosts and domains of inventory/. */
int household_load(struct scrub_rules *r, struct ops *o, struct err *e);

/* Adds the name of this machine, with and without its domain. */
void household_machine(struct scrub_rules *r);

#endif
