/*
 * mcpd_http: MCP over Streamable HTTP, at /mcp; answers are JSON, never a stream of events.
 *
 * Who may call: on the loopback interface anybody on this host, unless a token is asked for;
 * elsewhere only who has the token. A browser is let in only from an origin of this host or one
 * that policy names, and, on loopback, under a name of this host: a page from outside must not
 * reach us through the browser of somebody inside.
 */
#ifndef HL_FLOW_MCPD_HTTP_H
#define HL_FLOW_MCPD_HTTP_H

#include <stdint.h>

#include "flow/mcpd_server.h"

struct mcpd_address {
	char host[64]; /* a numeric address */
	uint16_t port; /* 0: any that is free */
	bool loopback;
};

/* "8080", "127.0.0.1:8080", "[::1]:0", "localhost:8080". ERR_USAGE. */
int mcpd_address_read(const char *text, struct mcpd_address *a, struct err *e);

/*
 * Serves until something fails; -1. `token`: the name of the secret, before policy's; may be NULL.
 * Where it listens is printed on standard output, as a URL.
 */
int mcpd_http_serve(
	struct mcpd_server *s, const struct mcpd_address *a, const char *token, struct err *e);

#endif
