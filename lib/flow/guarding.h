/*
 * guarding: the guards of a solution (doc/guard.h), put before the steps that need them, and asked
 * for again before anything is run.
 *
 * A guard is a step as any other, with the guard tool's undo (the rollback) and the member
 * "guard": {"rollback": "auto" or "ask"}. The steps that it guards name it in their `needs`. The
 * same call is made once in a solution, right before the first step that it is for: the steps of a
 * solution with guards stand in the order they run in, so that no snapshot is older than it has to
 * be. A rollback that
 * destroys something and may come by itself makes the whole solution one that destroys: such a
 * plan is always asked about.
 */
#ifndef HL_FLOW_GUARDING_H
#define HL_FLOW_GUARDING_H

#include "flow/proposal.h"

/*
 * Puts the guards into a solution as proposal.h makes it, and widens its effect and blast radius
 * by theirs; g->case_id has to be set. -1 with the reason when a guard that is needed cannot be
 * made: the solution must not be offered then. s: NULL when no runbook says anything of it.
 */
int guarding_add(const struct proposal_ground *g, const struct solution *s, json_t *solution,
	struct err *e);

/*
 * Whether one of `steps` may be run as far as guards go: each step that has to be guarded needs
 * just that guard, as the catalogue has it today, and what says that it is a guard is one. -1:
 * ERR_DENIED, or the reason why it could not be found out.
 */
int guarding_check(
	const struct proposal_ground *g, const json_t *steps, const json_t *step, struct err *e);

#endif
