/*
 * mcpd_door: who may call hl-mcp over HTTP; see mcpd_http.h.
 */
#ifndef HL_FLOW_MCPD_DOOR_H
#define HL_FLOW_MCPD_DOOR_H

#include <stdbool.h>

#include "doc/policy.h"
#include "edge/httpd.h"

struct mcpd_door {
	bool loopback;
	const char *token; /* the name of the secret; NULL: policy's, if it has one */
};

/* Before listening: there is a token where there must be one. ERR_CONFIG, ERR_UNAVAILABLE. */
int mcpd_door_open(const struct mcpd_door *d, const struct policy *p, struct err *e);

/* 0, or the HTTP status to refuse with, and why. `p` NULL: policy does not load, nobody may. */
int mcpd_door_check(const struct mcpd_door *d, const struct policy *p,
	const struct httpd_request *r, struct err *e);

/* Whether a Host header, or the host of an origin, is a name of this host's loopback interface. */
bool mcpd_door_is_local(struct str host);

#endif
