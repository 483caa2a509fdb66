/*
 * mcpd_stdio: MCP over standard input and output, a message a line.
 */
#ifndef HL_FLOW_MCPD_STDIO_H
#define HL_FLOW_MCPD_STDIO_H

#include "flow/mcpd_server.h"

/*
 * Serves until standard input ends; what runs then has a moment to be answered. 0, or -1 when
 * reading or writing failed.
 */
int mcpd_stdio_serve(struct mcpd_server *s, struct err *e);

#endif
