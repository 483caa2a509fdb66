/*
 * tool: a named, typed, declared ability, and the toolsets that declare them; hl-toolset(5).
 *
 * The same declaration is a collector (effect read), the only thing that can be run, and the
 * allow-list. There is no other way to act.
 */
#ifndef HL_DOC_TOOL_H
#define HL_DOC_TOOL_H

#include <stdint.h>

#include "doc/ladder.h"
#include "json/node.h"

enum tool_output {
	OUTPUT_TEXT,  /* data: {"text": "..."} */
	OUTPUT_LINES, /* data: {"lines": [...]} */
	OUTPUT_JSON,  /* data: the value; an array under "items" */
	OUTPUT_JSONL, /* data: {"items": [...]} */
	OUTPUT_PAIRS, /* Key=value lines: data: {"Key": "value"} */
};

struct tool {
	const char *name, *description; /* "systemd.restart" */
	const struct toolset *toolset;
	enum effect effect;
	enum blast blast;
	const json_t *args; /* declaration, may be NULL; see args.h */
	const json_t *run;  /* argv of templates */
	const char *cwd;    /* NULL: "/" */
	const json_t *env;  /* {NAME: template}, may be NULL */
	int64_t timeout_ms;
	size_t output_max;
	enum tool_output output;
	const json_t *ok_status; /* exit statuses that are no failure; NULL: [0] */
	const json_t *undo;      /* {tool, args}, may be NULL */
};

struct toolset {
	const char *name, *description;
	struct tool *tools;
	size_t count;
	char *origin;   /* the file it came from, for messages */
	json_t *tree;
};

/* Swallows the tree. NULL: ERR_CONFIG with file, line and column. */
struct toolset *toolset_take(json_t *tree, const struct source *source, struct err *e);
void toolset_free(struct toolset *t); /* accepts NULL */

/*
 * The catalogue: toolsets by name; one added later replaces an earlier one of the same name
 * (the ops repo's over the installed). A tool's name may occur once.
 */
struct catalogue;
struct catalogue *catalogue_new(void);
void catalogue_free(struct catalogue *c); /* accepts NULL */
int catalogue_take(struct catalogue *c, struct toolset *t, struct err *e);

/*
 * Exact name; also the seeds' spelling: "kubectl_rollout_restart" finds "kubectl.rollout_restart".
 * NULL when there is none.
 */
const struct tool *catalogue_find(const struct catalogue *c, const char *name);
const char *catalogue_nearest(const struct catalogue *c, const char *name); /* or NULL */
size_t catalogue_count(const struct catalogue *c);
const struct tool *catalogue_at(const struct catalogue *c, size_t i); /* sorted by name */

#endif
