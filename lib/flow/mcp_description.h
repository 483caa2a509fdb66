/*
 * mcp_description: how an MCP server is reached, as it comes with a request; JSON, every text
 * filled in already:
 *	{"run": ["program", "word", ..], "env": {"NAME": "value"}, "cwd": "/dir"}
 *	{"url": "http://..", "headers": {"Name": "value"}, "tls": {"ca": .., "pin": ..}}
 */
#ifndef HL_FLOW_MCP_DESCRIPTION_H
#define HL_FLOW_MCP_DESCRIPTION_H

#include <jansson.h>

#include "base/err.h"

/* Whether it is one. -1 (ERR_DATA). */
int mcp_description_check(const json_t *server, struct err *e);

#endif
