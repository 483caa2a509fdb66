/*
 * route: which models are asked, in which order. A question has a role, and a role has a model:
 *
 *	routes.yaml, policy's `models`, the files of models (the first that says it counts):
 *	  roles: {triage: gemini-flash, default: gemini-pro}
 *	policy's `models`:
 *	  goals: {capacity: complex}                      # GOAL: ROLE
 *	  keywords: [{role: code, any: [write, script], also: [bash]}]
 *	  fallback: [gemini-flash]                        # after a model's own
 *	  local: [qwen]                                   # what runs in the house
 *
 * The role is, in this order: validator where that is asked for; what policy says of the goal; what
 * is asked for; that of the stage; that of the first keywords found in the prompt; default.
 * So the words of a prompt, which may be anybody's, choose no model for a stage or a goal.
 *
 * A keyword is found where a word begins with it, whatever its case: "fix" in "Fixes", not in
 * "prefix". Only the first ROUTE_PROMPT bytes are looked at: a pasted log has every word.
 */
#ifndef HL_DOC_ROUTE_H
#define HL_DOC_ROUTE_H

#include "doc/models.h"

#define ROUTE_PROMPT 4096
#define ROUTE_MOST   32 /* models that are asked in turn, at most */

/* triage, solution, code, code_critical, architecture, complex, default, validator; NULL */
extern const char *const route_roles[];

/* Lent from a tree; each NULL where it does not say. */
struct routes {
	const json_t *stages, *roles, *goals; /* {NAME: TEXT} */
	const json_t *keywords;
	const json_t *fallback, *local; /* names of models */
};

/* From policy's `models`, or routes.yaml. Absent is fine. -1: ERR_CONFIG with the place. */
int routes_load(struct routes *r, const struct node *n, struct err *e);

/* Every model that what was loaded from n names is there. */
int routes_check(const struct models *m, const struct node *n, struct err *e);

struct route_table {
	struct routes policy, shipped;
	const struct models *models;
};

struct route_ask {
	const char *role, *goal, *stage; /* each may be NULL; a person who names a role names no goal */
	struct str prompt;
};

/* One of route_roles, or what was asked for. Lent. */
const char *route_role(const struct route_table *t, const struct route_ask *ask);

/*
 * The model of the role, its fallback, then everybody's, each once, without those that cannot be
 * asked (fault). Returns how many: 0 when none can.
 */
size_t route_models(
	const struct route_table *t, const char *role, const struct model *list[ROUTE_MOST]);

/* The same, for a model that was asked for by its name; which may have a fault. */
size_t route_from(const struct route_table *t, const struct model *first,
	const struct model *list[ROUTE_MOST]);

#endif
