/*
 * placement: where a workload belongs: in K3s, under the orchestrator, or in a person's hands;
 * policy's `placement`, hl-policy(5):
 *
 *	placement:
 *	  - {where: manual, any: [network, security], why: a person changes what all rests on}
 *	  - {where: k3s, any: [high_availability, persistent_storage]}
 *
 * The first rule decides that names a trait of the workload. A trait is a word; case does not
 * count, and ' ', '-' and '_' are one.
 */
#ifndef HL_DOC_PLACEMENT_H
#define HL_DOC_PLACEMENT_H

#include "json/node.h"

extern const char *const placement_names[]; /* k3s, orchestrator, manual; NULL at the end */

/* Is it such a list? Absent is fine. */
int placement_check(const struct node *list, struct err *e);

/* The rules that hold where policy has none. Given. */
json_t *placement_default(void);

/* {"where", "why"} by the first rule with one of these traits; NULL: no rule decides. Given. */
json_t *placement_decide(const json_t *rules, const json_t *traits);

#endif
