/*
 * tool: a named, typed, declared ability, and the toolsets that declare them; hl-toolset(5).
 *
 * The same declaration is a collector (effect read), the only thing that can be run, and the
 * allow-list. There is no other way to act.
 */
#ifndef HL_DOC_TOOL_H
#define HL_DOC_TOOL_H

#include <stdint.h>

#include "base/buf.h"
#include "doc/guard.h"
#include "doc/ladder.h"
#include "json/node.h"

#define TOOL_TIMEOUT 60000             /* milliseconds, unless said */
#define TOOL_OUTPUT  ((size_t)1 << 20) /* bytes, unless said */

enum tool_output {
	OUTPUT_TEXT,  /* data: {"text": "..."} */
	OUTPUT_LINES, /* data: {"lines": [...]} */
	OUTPUT_JSON,  /* data: the value; an array under "items" */
	OUTPUT_JSONL, /* data: {"items": [...]} */
	OUTPUT_PAIRS, /* Key=value lines: data: {"Key": "value"} */
	OUTPUT_OWN,   /* mcp, unless said: as the result is: its object, or its text */
};

extern const char *const output_names[]; /* NULL-terminated; OUTPUT_OWN has none */

enum tool_way { TOOL_RUN, TOOL_HTTP, TOOL_MCP };

struct tool {
	const char *name, *description; /* "systemd.restart"; description may be NULL */
	const struct toolset *toolset;
	enum effect effect;
	enum blast blast;
	const json_t *args; /* declaration, may be NULL; see args.h */
	const json_t *schema; /* in place of args, for mcp; may be NULL; see schema.h */
	enum tool_way way;  /* by what it is done */
	/*
	 * NULL for run; the template of `http:` (exchange.h); or {server, of, tool, pin}: `mcp:`
	 * with what `servers:` says of the server, and its name there.
	 */
	json_t *call;
	const json_t *run;  /* the command line, argv.h; NULL for http and mcp */
	const char *cwd;    /* absolute; NULL: "/" */
	const json_t *env;  /* {NAME: template}, may be NULL */
	int64_t timeout_ms;
	size_t output_max;
	enum tool_output output;
	const json_t *ok_status; /* exit statuses that are no failure; NULL: [0] */
	const json_t *undo;      /* {tool, args}, may be NULL */
	struct guard guard;      /* to be done before it; tool NULL: none */
	const json_t *contain;   /* contain.h, with the toolset's members; may be NULL */
};

struct toolset {
	const char *name, *description; /* description may be NULL */
	const json_t *contain; /* default for the tools, may be NULL */
	struct tool *tools;
	size_t count;
	char *origin; /* the file it came from, for messages */
	json_t *tree;
};

/*
 * Swallows the tree. NULL: ERR_CONFIG with file, line and column. What was loaded needs no more
 * checks: the program is literal, every placeholder is a declared argument that has a value,
 * env.NAME, or (in env only) secret.NAME.
 */
struct toolset *toolset_take(json_t *tree, const struct source *source, struct err *e);
void toolset_free(struct toolset *t); /* accepts NULL */

/*
 * Checks what a tool is given, by its args or its schema: a new object with the defaults, or NULL
 * (ERR_DATA, "argument 'unit': ..."). Caller decrefs.
 */
json_t *tool_args(const struct tool *t, const json_t *given, struct err *e);

/* What a tool takes as a JSON Schema (draft 2020-12), for models and MCP. Caller decrefs. */
json_t *tool_schema(const struct tool *t);

/* "systemd.restart": two or more words of a-z 0-9 _ - with dots between, starting with a letter. */
bool tool_is_name(const char *name);
bool toolset_is_name(const char *name);

/*
 * The catalogue: toolsets by name; one added later replaces an earlier one of the same name
 * (the ops repo's over the installed). A tool's name may occur once.
 */
struct catalogue;
struct catalogue *catalogue_new(void);
void catalogue_free(struct catalogue *c); /* accepts NULL */
/* Swallows t, on error too. */
int catalogue_take(struct catalogue *c, struct toolset *t, struct err *e);

/*
 * Exact name; also the seeds' spelling: "kubectl_rollout_restart" finds "kubectl.rollout_restart".
 * NULL when there is none, or when that spelling could mean two.
 */
const struct tool *catalogue_find(const struct catalogue *c, const char *name);
const char *catalogue_nearest(const struct catalogue *c, const char *name); /* or NULL */
size_t catalogue_count(const struct catalogue *c);
const struct tool *catalogue_at(const struct catalogue *c, size_t i); /* sorted by name */
const char *catalogue_name_at(const struct catalogue *c, size_t i);

/*
 * The catalogue as bytes, so that many tools need not be read to find one: a catalogue that was
 * unpacked makes a toolset when one of its tools is first looked for (so two threads must not look
 * at once). What was packed was right; errors in it are not looked for again.
 */
void catalogue_pack(const struct catalogue *c, struct buf *into);
struct catalogue *catalogue_unpack(struct buf *bytes); /* swallows what is in the buffer */

#endif
