/*
 * check: a call of a read tool and what its data should look like:
 *
 *	{tool: systemd.unit, args: {unit: nginx}, expect: {/ActiveState: active},
 *	 within: 30s, title: nginx runs}
 *
 * Without `expect` it is enough that the call succeeds. `within` keeps trying until it holds;
 * absent, it is tried once. Texts in args may hold {placeholders}. Pre-flight checks,
 * verification and invariants are lists of checks.
 */
#ifndef HL_DOC_CHECK_H
#define HL_DOC_CHECK_H

#include "doc/tool.h"

/* Well-formed? (Whether the tool exists is for the planner.) n: the list; absent is fine. */
int checks_check(const struct node *list, struct err *e);
int check_check(const struct node *one, struct err *e);

#endif
