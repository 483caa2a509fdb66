/*
 * mcp_serve: what a server of the Model Context Protocol says, in both eras (rpc.h); pure.
 * modelcontextprotocol.io/specification, revisions 2024-11-05 to 2025-11-25 and 2026-07-28.
 *
 * A request of the modern era carries its revision and the client's capabilities in `_meta`, and,
 * over HTTP, repeats revision, method and name in headers, which have to agree. Its results say
 * what they are (resultType) and, for what may be kept, how long (ttlMs, cacheScope).
 */
#ifndef HL_WIRE_MCP_SERVE_H
#define HL_WIRE_MCP_SERVE_H

#include "base/buf.h"
#include "doc/tool.h"
#include "wire/rpc.h"

#define MCP_CLIENT  64  /* bytes of a client's name that are kept, and a NUL */
#define MCP_VERSION 16  /* bytes of a revision, and a NUL */
#define MCP_PAGE    100 /* entries of a list in one answer */

enum mcp_era { MCP_ERA_LEGACY, MCP_ERA_MODERN };

/* Why a request gets an error for an answer. */
struct mcp_fault {
	int64_t code;
	int status; /* of HTTP */
	char text[512];
	json_t *data; /* owned; may be NULL */
};

/* Sets it, unless it is set. Always -1. */
int mcp_fault(struct mcp_fault *f, int64_t code, int status, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void mcp_fault_clear(struct mcp_fault *f);

/* The error that answers a request. `id` may be NULL: it could not be read. Clears the fault. */
json_t *mcp_serve_error(const json_t *id, enum mcp_era era, struct mcp_fault *f);

/* What a request says of itself over HTTP; each may be NULL: the header is absent. */
struct mcp_headers {
	const char *version; /* MCP-Protocol-Version */
	const char *method;  /* Mcp-Method */
	const char *name;    /* Mcp-Name */
};

/*
 * The era of a request or notification, once it is sure that it says all that this era asks for.
 * `headers` NULL: not over HTTP.
 */
int mcp_serve_era(const struct rpc *m, const struct mcp_headers *headers, enum mcp_era *era,
	struct mcp_fault *f);

/*
 * The client's name in `initialize` or `_meta`, made plain (letters, digits, . _ -), "unnamed"
 * when it has none.
 */
char *mcp_serve_client(const struct rpc *m, char name[MCP_CLIENT]);

/* ---- results, given ---- */

/* Of `initialize`; the revision agreed on is written to `version`. */
json_t *mcp_serve_initialize(const json_t *params, char version[MCP_VERSION], struct mcp_fault *f);
json_t *mcp_serve_discover(void);

/* The answer: the result, with what the era adds to it for this method. Swallows the result. */
json_t *mcp_serve_result(
	const json_t *id, enum mcp_era era, const char *method, json_t *result_take);

/* "systemd.restart" becomes "systemd_restart": what every host takes for the name of a tool. */
void mcp_serve_name(struct buf *into, const char *tool);

/*
 * A tool as tools/list shows it, under this name. A tool that changes something says that it only
 * asks.
 */
json_t *mcp_serve_tool(const struct tool *t, const char *name);

/* The results of tools/call: an observation (hl-observation(5)); a failure; data with its words. */
json_t *mcp_serve_observed(const json_t *observation);
json_t *mcp_serve_failed(const char *why);
json_t *mcp_serve_told(const char *words, json_t *data_take);

/* ---- lists in pages ---- */

/* Where the page asked for begins: 0 without a cursor. */
int mcp_serve_cursor(const json_t *params, size_t *at, struct mcp_fault *f);

/* {NAME: items}, with the cursor of the next page when there is more. Swallows the items. */
json_t *mcp_serve_page(const char *name, json_t *items_take, size_t next, bool more);

#endif
