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

/*
 * Leaves the figures out of it: an observation is told to models, and their names are among the words
 * that policy lets no model in the cloud see (privacy_never_send).
 */
void remaining_brief(json_t *tree);

/* The same for a person, safe for a terminal: a line a model, then who has which role. */
void remaining_put(struct buf *into, const struct lineup *l, const json_t *tree);

#endif
