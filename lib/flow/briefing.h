/*
 * briefing: what a model is told. Everything that comes from outside, and everything about the
 * case, is a JSON document in a message of its own, said to be data before it comes; what hl itself
 * says is in other messages. All of it is bounded, however large the case.
 */
#ifndef HL_FLOW_BRIEFING_H
#define HL_FLOW_BRIEFING_H

#include <jansson.h>

#include "doc/goal.h"
#include "doc/policy.h"
#include "doc/tool.h"

/* In bytes. */
enum { BRIEFING_CASE = 48 << 10, BRIEFING_TEXT = 1500, BRIEFING_DATA = 4000, BRIEFING_TOOLS = 24 << 10 };

/*
 * The case as a model is told of it: what it is, its signals and what was observed, in order, each
 * cut to a bounded size, and `left_out` where some were. Places in it are places in the case. Given.
 */
json_t *briefing_case(const json_t *whole_case);

/*
 * The tools that a plan for the goal may be made of, as [{tool, does, effect, blast_radius, args}]:
 * those that policy and the goal allow, what has words in common with `told` first, as many as
 * BRIEFING_TOOLS has room for. Given.
 */
json_t *briefing_tools(const struct catalogue *c, const struct policy *p, const struct goal *g,
	const json_t *told);

/* One of them. Given. */
json_t *briefing_tool(const struct tool *t);

/*
 * Names of the tools that it may look with: those of the goal and its `looks`, and, where it says what
 * a plan may use, such of `tools`; of all these what only reads.
 */
json_t *briefing_looks(const struct catalogue *c, const struct policy *p, const struct goal *g,
	const json_t *tools);

/* Appends a message of the user's with these words, or with this document, compact. */
void briefing_say(json_t *messages, const char *words);
void briefing_show(json_t *messages, const json_t *document);

#endif
