/*
 * mcp_session: an MCP server, from the side of its client, whatever revision it speaks and however
 * it is reached.
 *
 * A server is asked in the modern way first (server/discover); one that answers with anything else,
 * or not at all, or dies of it, is greeted in the legacy way (initialize), after a restart where it
 * takes one. What is negotiated is not remembered.
 *
 *	struct mcp_session *s = mcp_session_open(server, &terms, e);
 *	json_t *result = mcp_session_call(s, tool, args, e);
 *	mcp_session_free(s);
 *
 * A server is given as mcp_description.h has it.
 */
#ifndef HL_FLOW_MCP_SESSION_H
#define HL_FLOW_MCP_SESSION_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct mcp_terms {
	int64_t until; /* a tick, for all that is done */
	int stop;      /* a descriptor: readable means give up; -1: none */
	/* Told of progress, and of lines that are no message; text from outside. May be NULL. */
	void (*note)(void *arg, struct str text);
	void *arg;
};

struct mcp_session;

/* NULL: ERR_UNAVAILABLE (why, and what the server last said), ERR_DATA, ERR_AGAIN (time is up). */
struct mcp_session *mcp_session_open(
	const json_t *server, const struct mcp_terms *terms, struct err *e);
/* Closes the connection; a child process is ended. Accepts NULL. */
void mcp_session_free(struct mcp_session *s);

const char *mcp_session_version(const struct mcp_session *s);

/* All tools of the server, as it declares them. Caller decrefs; NULL on error. */
json_t *mcp_session_tools(struct mcp_session *s, struct err *e);

/* One of them by its name: pages only as far as it must. NULL: there is none (ERR_DATA), or an
 * error. Caller decrefs. */
json_t *mcp_session_find(struct mcp_session *s, const char *name, struct err *e);

/*
 * Calls a tool, as the server declares it (from the two above). The result (wire/mcp.h), given.
 * NULL: ERR_CASE the tool failed, ERR_AGAIN no answer in time (the server is told that nobody waits
 * any more), ERR_UNAVAILABLE the server went away: it may have acted.
 */
json_t *mcp_session_call(
	struct mcp_session *s, const json_t *tool, const json_t *arguments, struct err *e);

#endif
