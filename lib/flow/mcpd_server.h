/*
 * mcpd_server: answers the requests of MCP clients, whatever they came over.
 *
 * A tool that reads runs in a process of its own while others are answered. A tool that changes
 * something is never run here: a case is opened, planned and parked, and the answer says which.
 * What is in force is read anew when the ops repo's branch moves.
 */
#ifndef HL_FLOW_MCPD_SERVER_H
#define HL_FLOW_MCPD_SERVER_H

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>

#include "base/err.h"
#include "doc/policy.h"
#include "wire/mcp_serve.h"

#define MCPD_CALLS 16 /* that run at once */

struct mcpd_server;

/* One connection or session of the legacy era. Zeroed: nothing was said yet. */
struct mcpd_peer {
	bool begun; /* initialize was answered */
	char version[MCP_VERSION];
	char client[MCP_CLIENT];
};

/*
 * Takes an answer, once for each message: `answer` (given) is NULL for what gets none. `status` is
 * that of HTTP.
 */
typedef void mcpd_reply_fn(void *arg, json_t *answer, int status);

/* Lends the names of the toolsets. NULL: what is in force does not load. */
struct mcpd_server *mcpd_server_new(const char *const *toolsets, size_t n_toolsets, struct err *e);
void mcpd_server_free(struct mcpd_server *s); /* ends what runs, unanswered; accepts NULL */

/* What is in force now. Lent until the next call. NULL on error. */
const struct policy *mcpd_server_policy(struct mcpd_server *s, struct err *e);

/*
 * One message, lent. `headers` NULL: not over HTTP. `peer`: whose it is, and within whom ids are
 * told apart. The reply may come during the call or from mcpd_server_step.
 */
void mcpd_server_take(struct mcpd_server *s, struct mcpd_peer *peer,
	const struct mcp_headers *headers, json_t *message, mcpd_reply_fn *reply, void *arg);

/* The requests of this peer, or with this `arg`, are forgotten: no reply comes any more. */
void mcpd_server_forget(struct mcpd_server *s, const struct mcpd_peer *peer, const void *arg);

/* What to poll for reading; room for MCPD_CALLS. Returns how many. */
size_t mcpd_server_poll(struct mcpd_server *s, struct pollfd *fds);
/* Takes up what has ended. */
void mcpd_server_step(struct mcpd_server *s);
size_t mcpd_server_calls(const struct mcpd_server *s); /* that are not answered yet */

#endif
