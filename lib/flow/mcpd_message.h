/*
 * mcpd_message: one text off the wire: a message, or (revision 2025-03-26 only) a list of them.
 */
#ifndef HL_FLOW_MCPD_MESSAGE_H
#define HL_FLOW_MCPD_MESSAGE_H

#include "flow/mcpd_server.h"

/* Replies once: with one message, a list of them, or NULL where none is due. */
void mcpd_message_take(struct mcpd_server *s, struct mcpd_peer *peer,
	const struct mcp_headers *headers, struct str text, mcpd_reply_fn *reply, void *arg);

/* The same for what was parsed already (rpc_parse), lent; NULL: it was no JSON. */
void mcpd_message_take_tree(struct mcpd_server *s, struct mcpd_peer *peer,
	const struct mcp_headers *headers, json_t *tree, mcpd_reply_fn *reply, void *arg);

#endif
