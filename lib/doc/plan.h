/*
 * plan: what could be done about a case, frozen when it is shown; the key `plan` of hl-case(5).
 *
 * A plan is a JSON tree that travels with its case, so what is read here may have been written by
 * anybody: plan_check comes first, and only then the rest may be used. Whether its tools exist and
 * take these arguments is not asked here, but by whoever makes or runs a plan.
 */
#ifndef HL_DOC_PLAN_H
#define HL_DOC_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sha.h"
#include "doc/tool.h"
#include "json/node.h"

/* More than this is not a plan that a person can read; it also bounds the work of ordering. */
enum { PLAN_SOLUTIONS = 20, PLAN_STEPS = 50, PLAN_CHECKS = 50 };

/*
 * The SHA-256 of the canonical {"case": id, "plan": plan without its digest}: an approval that
 * names it approves this plan of this case and no other. Returns `hex`.
 */
char *plan_digest(const char *case_id, const json_t *plan, char hex[SHA_HEX]);

/* Whether the digest in the plan is the one it should have. */
bool plan_sealed(const char *case_id, const json_t *plan);

/*
 * Has it the shape of a plan? Solutions with distinct n from 1, steps with ids that are names and
 * can be ordered, lists of checks, a time to expire, a known level. 0, or -1 with the place.
 */
int plan_check(const struct node *plan, struct err *e);

/*
 * The SHA-256 of what a tool runs (argv, environment, directory, MCP server), within what bounds,
 * and of how much it can do. Each
 * step and undo carries it as "tool_digest": a declaration that was changed after the approval,
 * in the ops repo or among the installed toolsets, is noticed before it is run. Returns `hex`.
 */
char *plan_tool_digest(const struct tool *t, char hex[SHA_HEX]);

/* The solution with this number; lent, NULL when there is none. */
json_t *plan_solution(const json_t *plan, int64_t n);
json_t *plan_recommended(const json_t *plan); /* NULL: none is recommended */

/* When it expires; WHEN_NEVER when it does not say, so that it counts as expired. */
int64_t plan_expires(const json_t *plan);

/* The level in force when it was made; observe when it does not say. */
int plan_level(const json_t *plan);

/*
 * The positions of the steps in the order to run them: what a step needs comes before it, and else
 * the order they are written in stays. order has room for PLAN_STEPS. Returns how many, or -1: a
 * step needs one that is not there, an id occurs twice, or steps need each other in a circle.
 */
int plan_order(const struct node *steps, size_t *order, struct err *e);

/*
 * Guards (flow/guarding.h): whether a step is one, whether it is one of this step, and whether
 * going back may undo it without asking anybody.
 */
bool plan_is_guard(const json_t *step);
bool plan_guards(const json_t *guard, const json_t *step);
bool plan_rolls_back(const json_t *guard);

/* {verify: checks} when carrying it out is a drill (flow/drilling.h), else NULL. */
const json_t *plan_drill(const json_t *plan);

/* Whether the step can be taken back: by its undo, or by a guard that may be rolled back. */
bool plan_has_way_back(const json_t *steps, const json_t *step);

#endif
