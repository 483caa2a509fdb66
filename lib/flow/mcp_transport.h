/*
 * mcp_transport: how messages get to an MCP server and back: lines to a child process, or HTTP
 * requests (Streamable HTTP, in the shape of either era, or the two endpoints of 2024-11-05).
 * mcp_session.h is what the rest of hl uses.
 */
#ifndef HL_FLOW_MCP_TRANSPORT_H
#define HL_FLOW_MCP_TRANSPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define MCP_MESSAGE_MOST ((size_t)16 << 20)

/* Told each message that comes in while an answer is waited for. 1: that was it; 0; -1: stop. */
typedef int mcp_take_fn(void *arg, struct str message, struct err *e);

struct mcp_transport {
	const struct mcp_ways *ways;
	bool headers; /* what a message is stands in headers, too: HTTP */
	/* what they say; set by the session */
	const char *version;  /* that was settled on; NULL: not yet */
	bool modern;
	const json_t *schema; /* of the tool that is called; NULL: no tool is */
	/* what the session looks at when an exchange failed */
	int status; /* of HTTP; 0 where there was none */
};

struct mcp_ways {
	/*
	 * Sends a request and hands over what comes back until `take` has the answer. 0: the time
	 * (a tick) is up, 1: answered, -1: ERR_UNAVAILABLE, ERR_DATA, or what `take` said.
	 */
	int (*ask)(struct mcp_transport *t, const json_t *request, int64_t until, mcp_take_fn *take,
		void *arg, struct err *e);
	/* Sends a notification, or the answer to what the server asked. */
	int (*tell)(struct mcp_transport *t, const json_t *message, int64_t until, struct err *e);
	/* Starts over, with a new process or session. `old`: by the transport of 2024-11-05. */
	int (*again)(struct mcp_transport *t, bool old, int64_t until, struct err *e);
	void (*free)(struct mcp_transport *t);
};

/* The server as a request names it; see mcp_session.h. NULL with the reason. */
struct mcp_transport *mcp_stdio_new(const json_t *server, int stop, struct err *e);
struct mcp_transport *mcp_http_new(const json_t *server, struct err *e);

#endif
