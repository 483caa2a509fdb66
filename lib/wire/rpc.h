/*
 * rpc: JSON-RPC 2.0 messages (jsonrpc.org/specification), and what the Model Context Protocol
 * (modelcontextprotocol.io/specification) fixes for both of its sides: revisions, error codes,
 * the names in `_meta`.
 *
 * A message is a request (method and id), a notification (method only), or the answer to a request:
 * a result or an error, with the request's id. MCP's ids are texts or whole numbers, never null.
 */
#ifndef HL_WIRE_RPC_H
#define HL_WIRE_RPC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum rpc_kind { RPC_REQUEST, RPC_NOTIFICATION, RPC_RESULT, RPC_ERROR };

enum rpc_code {
	RPC_PARSE = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_NO_METHOD = -32601,
	RPC_INVALID_PARAMS = -32602, /* unknown tool, bad cursor, arguments that are no object */
	RPC_INTERNAL = -32603,
	/* MCP up to 2025-11-25 */
	RPC_NO_RESOURCE = -32002,
	RPC_URL_ELICITATION = -32042,
	/* MCP from 2026-07-28 */
	RPC_HEADER_MISMATCH = -32020,
	RPC_NO_CAPABILITY = -32021, /* data: {"requiredCapabilities": {..}} */
	RPC_NO_VERSION = -32022,    /* data: {"supported": [..], "requested": ".."} */
};

struct rpc {
	enum rpc_kind kind;
	const char *method;     /* requests and notifications */
	json_t *id;             /* NULL: a notification, or an error that answers nothing known */
	json_t *params;         /* an object, or NULL */
	json_t *result;         /* any value */
	int64_t code;           /* errors */
	const char *message;    /* errors; "" when there was none */
	json_t *data;           /* errors; may be NULL */
};

/*
 * One message as JSON, any value; NULL (ERR_DATA) when it is no JSON. A name that comes twice is
 * refused: two readers would see two messages. Given.
 */
json_t *rpc_parse(struct str text, struct err *e);

/* The parts of a message, lent by the tree. -1 (ERR_DATA): it is no such message, and why. */
int rpc_read(json_t *tree, struct rpc *m, struct err *e);

/* Messages, given. What ends in _take is swallowed and may be NULL; ids are lent. */
json_t *rpc_request(const json_t *id, const char *method, json_t *params_take);
json_t *rpc_notification(const char *method, json_t *params_take);
json_t *rpc_result(const json_t *id, json_t *result_take);
/* id NULL: the request's could not be read. It is left out, or null for peers before 2026. */
json_t *rpc_error(const json_t *id, int64_t code, const char *message, json_t *data_take);

/*
 * MCP's revisions. Up to 2025-11-25 a connection begins with `initialize` (legacy era); from
 * 2026-07-28 each request says by itself what it is, in its `_meta` (modern era).
 */
#define MCP_MODERN       "2026-07-28"
#define MCP_LEGACY       "2025-11-25" /* the latest of that era */
#define MCP_ASSUMED      "2025-03-26" /* of an HTTP request that does not say, in the legacy era */
#define MCP_HTTP_SSE     "2024-11-05" /* the only one with the two-endpoint HTTP transport */
#define MCP_META         "io.modelcontextprotocol/"
#define MCP_META_VERSION MCP_META "protocolVersion"
#define MCP_META_CLIENT  MCP_META "clientInfo"
#define MCP_META_ABLE    MCP_META "clientCapabilities"
#define MCP_META_SERVER  MCP_META "serverInfo"
#define MCP_META_LOG     MCP_META "logLevel"

/* The revisions of the legacy era, the newest first; NULL-terminated. */
extern const char *const mcp_legacy_versions[];
bool mcp_is_legacy(const char *version); /* one of those; NULL is none */

/* The revision that a request's `_meta` names, or NULL: one of the legacy era. Lent. */
const char *mcp_version_of(const struct rpc *m);

#endif
