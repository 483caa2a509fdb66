/* rpc: what is a message and what is not; what is written reads back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/rpc.h"

static void reads(void **state)
{
	static const struct {
		const char *text;
		int kind; /* -1: none */
		const char *says;
	} table[] = {
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", RPC_REQUEST, ""},
		{"{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"x\",\"params\":{}}", RPC_REQUEST,
			""},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"x\"}", RPC_NOTIFICATION, ""},
		{"{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}", RPC_RESULT, ""},
		{"{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":null}", RPC_RESULT, ""},
		{"{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":0,\"message\":\"m\"}}",
			RPC_ERROR, ""},
		{"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700}}", RPC_ERROR, ""},
		{"{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700}}", RPC_ERROR, ""},
		{"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"x\"}", -1, "'id' must be"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"x\"}", -1, "'id' must be"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -1, "'method' must be"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":[]}", -1, "'params'"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1}", -1, "needs a method"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{\"code\":1}}", -1,
			"either"},
		{"{\"jsonrpc\":\"2.0\",\"result\":1}", -1, "without 'id'"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}", -1, "a code"},
		{"{\"jsonrpc\":\"1.0\",\"id\":1,\"result\":1}", -1, "'jsonrpc' must be"},
		{"[]", -1, "an object"}, {"7", -1, "an object"}, {"", -1, "no JSON"},
		{"{\"a\":1,\"a\":2}", -1, "no JSON"}, {"nonsense", -1, "no JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct err e = ERR_INIT;
		struct rpc m;
		json_t *tree = rpc_parse(str_of(table[i].text), &e);
		int kind = tree && rpc_read(tree, &m, &e) == 0 ? (int)m.kind : -1;

		if (kind != table[i].kind || !strstr(e.text, table[i].says))
			fail_msg("%s: kind %d, '%s'", table[i].text, kind, e.text);
		json_decref(tree);
	}
}

static void writes(void **state)
{
	json_t *id = json_integer(7), *messages[] = {rpc_request(id, "m", json_object()),
		rpc_notification("m", NULL), rpc_result(id, NULL),
		rpc_error(id, RPC_NO_METHOD, "no", json_object())};

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct err e = ERR_INIT;
		struct rpc m;

		assert_int_equal(rpc_read(messages[i], &m, &e), 0);
		assert_int_equal(m.kind, i);
		assert_true(i == 1 ? !m.id : json_equal(m.id, id));
		json_decref(messages[i]);
	}
	json_decref(id);
}

static void versions(void **state)
{
	json_t *params = json_pack("{s:{s:s}}", "_meta", MCP_META_VERSION, MCP_MODERN);
	struct rpc m = {.params = params};

	(void)state;
	assert_true(mcp_is_legacy(MCP_LEGACY) && mcp_is_legacy(MCP_HTTP_SSE));
	assert_false(mcp_is_legacy(MCP_MODERN) || mcp_is_legacy(NULL) || mcp_is_legacy("2024"));
	assert_string_equal(mcp_version_of(&m), MCP_MODERN);
	assert_null(mcp_version_of(&(struct rpc){.params = NULL}));
	json_decref(params);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(writes),
		cmocka_unit_test(versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
