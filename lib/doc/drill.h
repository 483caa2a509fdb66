/*
 * drill: an undo is exercised on a throwaway target. Two people's words are needed for it: the
 * runbook says what to drill on (hl-runbook(5)),
 *
 *	drill:
 *	  labels: {alertname: BoxGone, dir: /srv/drill/a}   of an alert as it would come
 *	  verify: [...]                                     checks that hold before, and again after
 *
 * and policy says which targets are thrown away (hl-policy(5)):
 *
 *	drill_targets: [{namespace: hl-drill}, {dir: "/srv/drill/.*"}]
 *
 * A call is on such a target when all arguments that one of the entries names are there and match
 * whole. So a constant in a step that names a real target is noticed, whatever the labels say. A value
 * with a part ".." in it matches nothing.
 */
#ifndef HL_DOC_DRILL_H
#define HL_DOC_DRILL_H

#include <stdbool.h>

#include "base/err.h"
#include "json/node.h"

/* A runbook's `drill`, and policy's `drill_targets`; absent is fine. -1: ERR_CONFIG, the place. */
int drill_check(const struct node *drill, struct err *e);
int drill_check_targets(const struct node *targets, struct err *e);

/* Whether a call with these arguments is on one of the targets (NULL: there are none). */
bool drill_is_throwaway(const json_t *targets, const json_t *args);

#endif
