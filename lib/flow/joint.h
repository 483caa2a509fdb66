/*
 * joint: one solution of a runbook, filled in for each alert that it is about, and joined into one.
 *
 * A step that comes out the same for several alerts is done once, after everything that stands
 * before it was done for all of them; between such steps one alert is dealt with after the other.
 * Ids of the steps of the second and later fillings get its number, as in restart-2. Checks that
 * come out the same are made once. Effect and blast radius are the worst of all, and the solution
 * is left out when that of any alert cannot be used: half of a case mended is a case not mended.
 * Guards (guarding.h) are put in last.
 */
#ifndef HL_FLOW_JOINT_H
#define HL_FLOW_JOINT_H

#include "flow/proposal.h"

/*
 * As proposal_solution, for all of `signals` (not empty; ground->signal is not looked at). For one
 * signal, or for several that make the same of it, it is what proposal_solution gives. *targets:
 * in how many different ways its changing steps were filled in; the title says it when several.
 */
json_t *joint_solution(const struct proposal_ground *g, const json_t *signals,
	const struct solution *s, int n, json_t *problems, size_t *targets, struct err *e);

/* As proposal_checks, for all of `signals`. */
json_t *joint_checks(const struct proposal_ground *g, const json_t *signals, const json_t *checks,
	struct err *e);

#endif
