/*
 * mcp_call: one call of one tool of an MCP server, as a request in JSON says it:
 *
 *	{"server": {..}, "tool": "read_text_file", "arguments": {..}, "pin": "..", "effect": "read",
 *	 "output": "lines"}
 *
 * `server` is mcp_session.h's; the other keys but `tool` may be absent. The tool is looked up
 * first, and refused when it is not what was reviewed (pin) or not as harmless as declared (effect).
 */
#ifndef HL_FLOW_MCP_CALL_H
#define HL_FLOW_MCP_CALL_H

#include "flow/mcp_session.h"

/*
 * The data (an object, given): of `output` (hl-toolset(5)) read from the result's texts; without
 * it, as mcp_data has it. NULL: the errors of mcp_session.h, ERR_DATA for a wrong request or output,
 * ERR_DENIED for a tool that is not trusted.
 */
json_t *mcp_call(const json_t *request, const struct mcp_terms *terms, struct err *e);

#endif
