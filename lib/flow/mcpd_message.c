#include "flow/mcpd_message.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BATCH_MAX = 100 };

/* A list of messages whose answers are put together. */
struct batch {
	size_t left;
	json_t *answers;
	mcpd_reply_fn *reply;
	void *arg;
};

static void collect(void *arg, json_t *answer, int status)
{
	struct batch *b = arg;

	(void)status;
	if (answer)
		json_array_append_new(b->answers, answer);
	if (--b->left)
		return;
	if (json_array_size(b->answers)) {
		b->reply(b->arg, b->answers, 200);
	} else {
		json_decref(b->answers);
		b->reply(b->arg, NULL, 202);
	}
	free(b);
}

static void take_batch(struct mcpd_server *s, struct mcpd_peer *peer,
	const struct mcp_headers *headers, json_t *list, mcpd_reply_fn *reply, void *arg)
{
	size_t n = json_array_size(list);
	struct batch *b = mem_new(sizeof *b);

	*b = (struct batch){.left = n, .answers = json_array(), .reply = reply, .arg = arg};
	for (size_t i = 0; i < n; i++)
		mcpd_server_take(s, peer, headers, json_array_get(list, i), collect, b);
}

static void refuse(int64_t code, const char *why, mcpd_reply_fn *reply, void *arg)
{
	struct mcp_fault f = {.code = 0};

	mcp_fault(&f, code, 400, "%s", why);
	reply(arg, mcp_serve_error(NULL, MCP_ERA_LEGACY, &f), 400);
}

void mcpd_message_take_tree(struct mcpd_server *s, struct mcpd_peer *peer,
	const struct mcp_headers *headers, json_t *tree, mcpd_reply_fn *reply, void *arg)
{
	size_t n = json_array_size(tree);

	if (!tree)
		refuse(RPC_PARSE, "the message is no JSON", reply, arg);
	else if (!json_is_array(tree))
		mcpd_server_take(s, peer, headers, tree, reply, arg);
	else if (strcmp(peer->version, "2025-03-26") != 0 || n == 0 || n > BATCH_MAX)
		refuse(RPC_INVALID_REQUEST, "a list of messages is not taken here", reply, arg);
	else
		take_batch(s, peer, headers, tree, reply, arg);
}

void mcpd_message_take(struct mcpd_server *s, struct mcpd_peer *peer,
	const struct mcp_headers *headers, struct str text, mcpd_reply_fn *reply, void *arg)
{
	struct err ignored = ERR_INIT;
	json_t *tree = rpc_parse(text, &ignored);

	mcpd_message_take_tree(s, peer, headers, tree, reply, arg);
	json_decref(tree);
}
