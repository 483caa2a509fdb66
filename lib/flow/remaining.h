/*
 * remaining: what is left of each model: hl-llm --status.
 *
 *	{"models": [{"name", "provider", "model", "where", "state", "why"?, "until"?, "alerts", "failures",
 *	  "priced", "daily": {"ends", "calls": {"used", "limit"?, "left"?}, "tokens": {..}, "money": {..}},
 *	  "weekly": {..}}],
 *	 "roles": {ROLE: NAME}}
 *
 * state is ok, spent, resting, or unusable (it cannot be asked from here); alerts: alert_at of a limit
 * is passed; failures: in a row. Money is US dollars;
 * where the price is not known it is 0, and a limit of it holds only what the provider itself says.
 * Without models nothing is opened.
 */
#ifndef HL_FLOW_REMAINING_H
#define HL_FLOW_REMAINING_H

#include "flow/lineup.h"

/* Given; NULL on error. */
json_t *remaining_tree(const struct lineup *l, int64_t now, struct err *e);

/* The same for a person, safe for a terminal: a line a model, then who has which role. */
void remaining_put(struct buf *into, const struct lineup *l, const json_t *tree);

#endif
