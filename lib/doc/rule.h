/*
 * rule: turns what a tool saw into signals; hl-goal(5).
 *
 * A rule looks at one value of an observation's data, or at each element of a list in it, and
 * raises a signal for every one that meets its condition. The labels are alertname, host, instance
 * (the host, so that signals group as those of Prometheus do), severity, and the rule's own, which
 * may replace instance: texts with "{/json/pointer}" into the element, "{host}" and "{tool}". A
 * label whose template finds nothing is left out.
 */
#ifndef HL_DOC_RULE_H
#define HL_DOC_RULE_H

#include <stdbool.h>

#include "doc/goal.h"

/* The member of policy's `rules` for this alert, or NULL; `rules` may be NULL. */
const json_t *rule_override(const json_t *rules, const struct goal_rule *r);

/* Whether policy says "off". */
bool rule_is_off(const json_t *override);

/* Whether the rule is about this observation: its tool, and its args where the rule names some. */
bool rule_concerns(const struct goal_rule *r, const json_t *observation);

/*
 * Appends to `signals` one for each element that meets the condition: kind, source (hl-gather),
 * status firing, name, severity, labels, annotations.summary, starts_at (when it was seen),
 * fingerprint, id. `override` may replace when, severity and summary. Returns how many, or -1: the
 * data is not what the rule expects (`each` is no list there), ERR_DATA.
 */
long rule_apply(const struct goal_rule *r, const json_t *override, const json_t *observation,
	json_t *signals, struct err *e);

/* Sets starts_at and, from it and the fingerprint, the id of a signal. */
void rule_set_start(json_t *signal, int64_t starts_at);

/* The same signal, over: status and ends_at; given. */
json_t *rule_resolved(const json_t *labels, int64_t starts_at, int64_t ends_at);

#endif
