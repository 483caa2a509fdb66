/* Any bytes as a message: no crash in what reads answers; what is made of them is well-formed. */
#include "json/node.h"
#include "wire/mcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const struct rpc *m)
{
	struct buf text = BUF_INIT(1 << 20);
	struct err e = ERR_INIT;
	json_t *tools = json_array(), *one, *server = json_pack("{s:s}", "url", "http://x");
	const char *cursor;
	const json_t *result;
	size_t i;

	mcp_is_modern(m);
	mcp_read_initialize(m, &e);
	err_clear(&e);
	if (mcp_read_tools(m, tools, &cursor, &e) == 0)
		mcp_toolset("x", server, tools, &text);
	json_array_foreach (tools, i, one) {
		struct err why = ERR_INIT;

		mcp_check_trust(one, "read", "0", &why);
		mcp_headers_fit(one);
	}
	err_clear(&e);
	result = mcp_read_call(m, &e);
	if (result)
		json_decref(mcp_data(result));
	if (m->kind == RPC_REQUEST)
		json_decref(mcp_answer(m));
	mcp_progress(m, 1, &text);
	json_decref(server);
	json_decref(tools);
	buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	json_t *tree = rpc_parse((struct str){(const char *)data, size}, &e);
	struct buf value = BUF_INIT(4 * size + 100);
	struct rpc m;

	if (tree && rpc_read(tree, &m, &e) == 0)
		read_all(&m);
	mcp_header_value((struct str){(const char *)data, size}, &value);
	if (value.full || (value.n && memchr(value.p, '\n', value.n)))
		abort();
	buf_clear(&value);
	json_decref(tree);
	return 0;
}
