/*
 * mcp: what a client of the Model Context Protocol says and is told, in both eras (rpc.h); pure.
 * Specification: modelcontextprotocol.io/specification, revisions 2024-11-05 to 2026-07-28.
 *
 * hl offers a server nothing: no roots, no sampling, no elicitation. A program may not ask the
 * person through a tool's back door; hl-ask(1) asks.
 */
#ifndef HL_WIRE_MCP_H
#define HL_WIRE_MCP_H

#include "base/buf.h"
#include "base/sha.h"
#include "wire/rpc.h"

#define MCP_TOOLS_MOST 5000 /* of one server */

/* Requests and notifications, given. `modern` puts what each request must say into its _meta. */
json_t *mcp_discover(int64_t id);
json_t *mcp_initialize(int64_t id, const char *version);
json_t *mcp_initialized(void);
json_t *mcp_list_tools(int64_t id, bool modern, const char *cursor /* or NULL */);
/* Asks for progress under the request's own id. `arguments` is lent. */
json_t *mcp_call_tool(int64_t id, bool modern, const char *name, const json_t *arguments);
json_t *mcp_cancel(int64_t id, const char *reason);

/*
 * The answer to what a server asks of its client: {} to `ping`, "no such method" to all else.
 * Given.
 */
json_t *mcp_answer(const struct rpc *request);

/* Whether an answer to `server/discover` comes from a server of the modern era. */
bool mcp_is_modern(const struct rpc *answer);

/*
 * The revision that an answer to `initialize` settles on, lent by mcp_legacy_versions. NULL
 * (ERR_UNAVAILABLE): an error, or a revision that we do not speak.
 */
const char *mcp_read_initialize(const struct rpc *answer, struct err *e);

/*
 * Appends the tools of one page to `into`; *cursor is that of the next page, NULL behind the last,
 * lent by the answer. A tool without a name or an inputSchema is left out. -1: no such answer, or
 * more than MCP_TOOLS_MOST (ERR_DATA).
 */
int mcp_read_tools(const struct rpc *answer, json_t *into, const char **cursor, struct err *e);

/*
 * The result of tools/call, lent. NULL: ERR_CASE with the server's words when the tool failed (an
 * error, or isError), ERR_DATA when it is no such result, ERR_UNAVAILABLE when it asks for input.
 */
const json_t *mcp_read_call(const struct rpc *answer, struct err *e);

/* The texts of a result, one a line. */
void mcp_text(const json_t *result, struct buf *into);

/*
 * The data of a result: its structuredContent (a list as {"items": ..}, a scalar as {"value": ..});
 * without, {"text": ..} and, where there is more than text, {"content": [..]} with the size of what
 * is not text in place of its bytes. Given.
 */
json_t *mcp_data(const json_t *result);

/* "3/10 copying" into `into`; false when it is no progress of that request. */
bool mcp_progress(const struct rpc *m, int64_t id, struct buf *into);

/*
 * What a tool is, as its server declares it: the digest of {name, description, inputSchema,
 * annotations} in canonical form. Returns hex.
 */
char *mcp_pin(const json_t *tool, char hex[SHA_HEX]);

/* Hints of a tool: 1 true, 0 false, -1 not said. "readOnlyHint", "destructiveHint", ... */
int mcp_hint(const json_t *tool, const char *name);

/*
 * Whether the tool is what was reviewed (`pin`, or NULL), and as harmless as it was declared: what
 * a server says of itself can only make it less trusted. `effect` is "read", "change", "destroy" or
 * NULL. -1 (ERR_DENIED), with what to declare.
 */
int mcp_check_trust(const json_t *tool, const char *effect, const char *pin, struct err *e);

/*
 * An x-mcp-header of a parameter (2026-07-28) is a word of its own for a text, a whole number or a
 * truth. Whether all of a tool's are; a tool with one that is not cannot be used over HTTP.
 */
bool mcp_headers_fit(const json_t *tool);

/* A value as a header has it: as it is, or "=?base64?..?=" where a header cannot hold it. */
void mcp_header_value(struct str value, struct buf *into);

/*
 * A toolset for the tools of a server, as YAML to be reviewed: every tool with its schema and pin,
 * none as `read`. `server` as mcp_session.h has it.
 */
void mcp_toolset(const char *name, const json_t *server, const json_t *tools, struct buf *into);

#endif
