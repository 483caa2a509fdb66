/* What a server of MCP takes for which era, which headers it believes, and what it adds to answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/mcp_serve.h"

#define META(version, more) "\"_meta\":{\"" MCP_META_VERSION "\":\"" version "\"" more "}"
#define ABLE                ",\"" MCP_META_ABLE "\":{}"

/* The code that a request is refused with, 0: it is not. */
static int64_t code_of(const char *method, const char *params, const struct mcp_headers *headers,
	enum mcp_era *era)
{
	struct mcp_fault f = {.code = 0};
	struct err e = ERR_INIT;
	json_t *id = json_integer(1), *given = json_loads(params, 0, NULL);
	json_t *tree = rpc_request(id, method, given);
	struct rpc m;
	int64_t code;
	bool refused;

	assert_int_equal(rpc_read(tree, &m, &e), 0);
	refused = mcp_serve_era(&m, headers, era, &f) != 0;
	assert_int_equal(refused, f.code != 0);
	code = f.code;
	mcp_fault_clear(&f);
	json_decref(tree);
	json_decref(id);
	return code;
}

static void eras(void **state)
{
	static const struct {
		const char *params;
		int64_t code;
		enum mcp_era era;
	} table[] = {
		{"{}", 0, MCP_ERA_LEGACY},
		{"{\"_meta\":{\"progressToken\":1}}", 0, MCP_ERA_LEGACY},
		{"{" META("2026-07-28", ABLE) "}", 0, MCP_ERA_MODERN},
		{"{" META("2026-07-28", "") "}", RPC_INVALID_PARAMS, MCP_ERA_MODERN},
		{"{" META("2030-01-01", ABLE) "}", RPC_NO_VERSION, MCP_ERA_MODERN},
		{"{" META("2025-11-25", ABLE) "}", RPC_NO_VERSION, MCP_ERA_MODERN},
		{"{" META("2026-07-28", ABLE ",\"" MCP_META_CLIENT "\":5") "}", RPC_INVALID_PARAMS,
			MCP_ERA_MODERN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		enum mcp_era era;

		assert_int_equal(code_of("tools/list", table[i].params, NULL, &era), table[i].code);
		assert_int_equal(era, table[i].era);
	}
}

static void headers(void **state)
{
	static const struct {
		struct mcp_headers headers;
		int64_t code;
	} table[] = {
		{{"2026-07-28", "tools/call", "a_b"}, 0},
		{{"2026-07-28", "tools/call", " a_b "}, 0},
		{{"2026-07-28", "tools/call", "=?base64?YV9i?="}, 0},
		{{"2026-07-28", "tools/call", "=?base64?YV9?="}, RPC_HEADER_MISMATCH},
		{{"2026-07-28", "tools/call", "=?base64?=V9i?="}, RPC_HEADER_MISMATCH},
		{{"2026-07-28", "tools/call", "=?base64?"}, RPC_HEADER_MISMATCH},
		{{"2026-07-28", "tools/call", "=?="}, RPC_HEADER_MISMATCH},
		{{"2026-07-28", "tools/call", "a_c"}, RPC_HEADER_MISMATCH},
		{{"2026-07-28", "tools/call", NULL}, RPC_HEADER_MISMATCH},
		{{"2026-07-28", "tools/list", "a_b"}, RPC_HEADER_MISMATCH},
		{{"2026-07-28", NULL, "a_b"}, RPC_HEADER_MISMATCH},
		{{"2025-11-25", "tools/call", "a_b"}, RPC_HEADER_MISMATCH},
		{{NULL, "tools/call", "a_b"}, RPC_HEADER_MISMATCH},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		enum mcp_era era;

		assert_int_equal(
			code_of("tools/call", "{\"name\":\"a_b\"," META("2026-07-28", ABLE) "}",
				&table[i].headers, &era),
			table[i].code);
	}
}

/* Over HTTP the header alone says which era it is, and what the body lacks then is missed. */
static void header_alone(void **state)
{
	const struct mcp_headers modern = {"2026-07-28", "tools/list", NULL};
	const struct mcp_headers legacy = {"2025-06-18", NULL, NULL};
	const struct mcp_headers unknown = {"1999-01-01", NULL, NULL};
	const struct mcp_headers none = {NULL, NULL, NULL};
	enum mcp_era era;

	(void)state;
	assert_int_equal(code_of("tools/list", "{}", &modern, &era), RPC_INVALID_PARAMS);
	assert_int_equal(code_of("tools/list", "{}", &legacy, &era), 0);
	assert_int_equal(era, MCP_ERA_LEGACY);
	assert_int_equal(code_of("tools/list", "{}", &unknown, &era), RPC_NO_VERSION);
	assert_int_equal(code_of("tools/list", "{}", &none, &era), 0);
}

static void client_names(void **state)
{
	static const char *const table[][2] = {
		{"{\"clientInfo\":{\"name\":\"claude-code\"}}", "claude-code"},
		{"{\"clientInfo\":{\"name\":\"a b\\n\\u001b[31mc\"}}", "a_b___31mc"},
		{"{\"clientInfo\":{\"name\":\"\"}}", "unnamed"},
		{"{\"clientInfo\":{\"name\":5}}", "unnamed"},
		{"{}", "unnamed"},
		{"{\"clientInfo\":{\"name\":\"\xc3\xa9\"}}", "__"},
	};
	char name[MCP_CLIENT];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct rpc m = {.params = json_loads(table[i][0], 0, NULL)};

		assert_string_equal(mcp_serve_client(&m, name), table[i][1]);
		json_decref(m.params);
	}
}

static void cursors(void **state)
{
	static const struct {
		const char *params;
		int rc;
		size_t at;
	} table[] = {{"{}", 0, 0}, {"{\"cursor\":\"100\"}", 0, 100}, {"{\"cursor\":\"7\"}", -1, 0},
		{"{\"cursor\":\"\"}", -1, 0}, {"{\"cursor\":100}", -1, 0},
		{"{\"cursor\":\"-100\"}", -1, 0},
		{"{\"cursor\":\"100000000000000000000\"}", -1, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *params = json_loads(table[i].params, 0, NULL);
		struct mcp_fault f = {.code = 0};
		size_t at = 0;

		assert_int_equal(mcp_serve_cursor(params, &at, &f), table[i].rc);
		if (table[i].rc == 0)
			assert_int_equal(at, table[i].at);
		json_decref(params);
	}
}

/* A reason that holds what is no text, or was cut within a character, is still an answer. */
static void errors_are_text(void **state)
{
	struct mcp_fault f = {.code = 0};
	json_t *answer, *failed = mcp_serve_failed("odd \xff\x01 text");

	(void)state;
	assert_int_equal(mcp_fault(&f, RPC_INTERNAL, 200, "odd \xff text"), -1);
	mcp_fault(&f, RPC_PARSE, 400, "a later one is dropped");
	answer = mcp_serve_error(NULL, MCP_ERA_LEGACY, &f);
	assert_true(json_is_null(json_object_get(answer, "id")));
	assert_int_equal(json_integer_value(pointer_get(answer, "/error/code")), RPC_INTERNAL);
	assert_string_equal(json_string_value(pointer_get(answer, "/error/message")), "odd ? text");
	assert_true(json_is_string(pointer_get(failed, "/content/0/text")));
	assert_true(json_is_true(json_object_get(failed, "isError")));
	json_decref(answer);
	json_decref(failed);
}

static void kept_only_when_modern(void **state)
{
	json_t *id = json_string("x");
	json_t *modern = mcp_serve_result(id, MCP_ERA_MODERN, "tools/list", json_object());
	json_t *call = mcp_serve_result(id, MCP_ERA_MODERN, "tools/call", json_object());
	json_t *legacy = mcp_serve_result(id, MCP_ERA_LEGACY, "tools/list", json_object());

	(void)state;
	assert_true(json_is_integer(pointer_get(modern, "/result/ttlMs")));
	assert_null(pointer_get(call, "/result/ttlMs"));
	assert_non_null(pointer_get(call, "/result/resultType"));
	assert_int_equal(json_object_size(json_object_get(legacy, "result")), 0);
	json_decref(modern);
	json_decref(call);
	json_decref(legacy);
	json_decref(id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(eras), cmocka_unit_test(headers),
		cmocka_unit_test(header_alone), cmocka_unit_test(client_names),
		cmocka_unit_test(cursors), cmocka_unit_test(errors_are_text),
		cmocka_unit_test(kept_only_when_modern)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
