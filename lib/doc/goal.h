/*
 * goal: what to look at and why; Markdown with YAML front matter, hl-goal(5). The body is the
 *prompt for a model; the front matter is enough without one:
 *
 *	---
 *	name: health-check
 *	tools:
 *	  - host.disks
 *	  - {tool: systemd.unit, args: {unit: nginx.service}, deadline: 5s}
 *	rules:
 *	  - alert: DiskAlmostFull
 *	    tool: host.disks
 *	    each: /filesystems
 *	    when: {/used_percent: {">": 90}}
 *	    severity: warning
 *	    labels: {mountpoint: "{/mountpoint}"}
 *	    summary: "{/mountpoint} is {/used_percent} % full"
 *	---
 */
#ifndef HL_DOC_GOAL_H
#define HL_DOC_GOAL_H

#include "base/buf.h"
#include "doc/ladder.h"
#include "json/node.h"

struct goal_tool {
	const char *tool;
	const json_t *args;  /* may be NULL */
	int64_t deadline_ms; /* 0: the tool's own timeout */
};

struct goal_rule {
	const char *alert, *tool, *each /* pointer to an array, NULL: once */, *summary;
	const json_t *args;   /* only for the call with these args; NULL: every call of the tool */
	const json_t *when;   /* expectation; a signal is raised where it holds */
	const json_t *labels; /* templates, may be NULL */
	enum severity severity;
};

struct goal {
	const char *name, *description;
	struct goal_tool *tools;
	size_t n_tools;
	struct goal_rule *rules;
	size_t n_rules;
	const char *role;      /* of the model that is asked; NULL: that of the stage */
	const json_t *may_use; /* the tools a model's plan may use (tool_names.h); NULL: all */
	const json_t *looks;   /* more that a model may look with, if they read (tool_names.h); or NULL */
	const json_t *constraints; /* lines that its prompt ends with; may be NULL */
	const json_t *answer;      /* JSON Schema of what hl-llm answers; NULL: a text */
	char *prompt;
	json_t *tree;
};

/*
 * Splits "---\n...---\n" front matter from the body: views into text. Absent front matter is empty.
 */
void goal_split(struct str text, struct str *front, struct str *body);

/* Swallows the tree of the front matter; copies the body. NULL: ERR_CONFIG. */
struct goal *goal_take(json_t *front, struct str body, const struct source *source, struct err *e);
void goal_free(struct goal *g); /* accepts NULL */

/* Appends what a model is told of the goal: the prompt, and the constraints. */
void goal_words(const struct goal *g, struct buf *into);

/* Whether the goal lets a model's plan use the tool: it says nothing of that, or names it. */
bool goal_may_use(const struct goal *g, const char *tool);

#endif
