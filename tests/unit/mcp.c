/* mcp: what real servers said (tests/samples/mcp), and what they should not say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "json/node.h"
#include "wire/mcp.h"

/* What the server said in a recording, message by message. */
struct recording {
	struct buf text;
	struct str rest;
	json_t *line;
};

static void begin(struct recording *r, const char *name)
{
	struct buf path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	const char *top = getenv("HL_TOP");

	*r = (struct recording){.text = BUF_INIT(1 << 20)};
	buf_putf(&path, "%s/tests/samples/mcp/%s", top ? top : ".", name);
	assert_int_equal(file_read(buf_text(&path), &r->text, &e), 0);
	r->rest = buf_str(&r->text);
	buf_clear(&path);
}

static bool next(struct recording *r, struct rpc *m)
{
	struct str line;

	while (str_split(&r->rest, '\n', &line)) {
		const char *dir;
		struct err e = ERR_INIT;

		json_decref(r->line);
		r->line = rpc_parse(line, &e);
		dir = json_string_value(json_object_get(r->line, "dir"));
		if (strcmp(dir, "s2c") != 0)
			continue;
		assert_int_equal(rpc_read(json_object_get(r->line, "msg"), m, &e), 0);
		return true;
	}
	json_decref(r->line);
	buf_clear(&r->text);
	return false;
}

static void eras(void **state)
{
	struct recording r;
	struct err e = ERR_INIT;
	struct rpc m;

	(void)state;
	begin(&r, "stdio-auto-probe-falls-back-to-2025-11-25.jsonl");
	assert_true(next(&r, &m) && !mcp_is_modern(&m));
	assert_true(next(&r, &m));
	assert_string_equal(mcp_read_initialize(&m, &e), MCP_LEGACY);
	while (next(&r, &m))
		;
	begin(&r, "stdio-mcp-alertmanager.jsonl"); /* error code 0 */
	assert_true(next(&r, &m) && !mcp_is_modern(&m));
	while (next(&r, &m))
		;
	begin(&r, "stdio-2026-07-28-raw-errors.jsonl"); /* -32022 comes first, then the result */
	assert_true(next(&r, &m) && m.kind == RPC_ERROR && mcp_is_modern(&m));
	assert_true(next(&r, &m) && m.kind == RPC_RESULT && mcp_is_modern(&m));
	while (next(&r, &m))
		;
}

static void results(void **state)
{
	int lists = 0, calls = 0, failures = 0;
	struct recording r;
	struct rpc m;

	(void)state;
	begin(&r, "stdio-mcp-alertmanager.jsonl");
	while (next(&r, &m)) {
		struct err e = ERR_INIT;
		json_t *tools = json_array(), *data;
		const char *cursor;

		if (json_object_get(m.result, "tools")) {
			assert_int_equal(mcp_read_tools(&m, tools, &cursor, &e), 0);
			assert_int_equal(json_array_size(tools), 12);
			assert_null(cursor);
			lists++;
		} else if (json_object_get(m.result, "content")) {
			const json_t *result = mcp_read_call(&m, &e);

			calls++;
			failures += !result;
			data = result ? mcp_data(result) : NULL;
			assert_true(!result || json_object_get(data, "text"));
			assert_true(result || strstr(e.text, "alertName parameter is required"));
			json_decref(data);
		}
		json_decref(tools);
	}
	assert_int_equal(lists, 1);
	assert_true(calls > 3);
	assert_int_equal(failures, 1);
}

static void input_is_not_given(void **state)
{
	struct recording r;
	struct rpc m;
	int asked = 0;

	(void)state;
	begin(&r, "stdio-2026-07-28-input-required.jsonl");
	while (next(&r, &m)) {
		struct err e = ERR_INIT;
		const char *type = json_string_value(json_object_get(m.result, "resultType"));

		if (!type || strcmp(type, "input_required") != 0)
			continue;
		assert_null(mcp_read_call(&m, &e));
		assert_int_equal(e.kind, ERR_UNAVAILABLE);
		asked++;
	}
	assert_true(asked > 0);
}

static void bad_answers(void **state)
{
	static const char *const table[][2] = {{"{\"content\":[],\"isError\":true}", "no reason given"},
		{"{}", "without 'content'"}, {"7", "no object"},
		{"{\"resultType\":\"frob\",\"content\":[]}", "'frob'"}};
	struct rpc error = {.kind = RPC_ERROR, .code = -32602, .message = "no such tool"};
	struct err e = ERR_INIT;

	(void)state;
	assert_null(mcp_read_call(&error, &e));
	assert_string_equal(
		e.text, "the server answered tools/call with error -32602: no such tool");
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct rpc m = {.kind = RPC_RESULT,
			.result = json_loads(table[i][0], JSON_DECODE_ANY, NULL)};
		struct err why = ERR_INIT;

		assert_null(mcp_read_call(&m, &why));
		if (!strstr(why.text, table[i][1]))
			fail_msg("%s: %s", table[i][0], why.text);
		json_decref(m.result);
	}
}

static void data(void **state)
{
	static const char *const table[][2] = {
		{"{\"structuredContent\":{\"a\":1},\"content\":[]}", "{\"a\":1}"},
		{"{\"structuredContent\":[1]}", "{\"items\":[1]}"},
		{"{\"structuredContent\":false}", "{\"value\":false}"},
		{"{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}",
			"{\"text\":\"a\\nb\"}"},
		{"{\"content\":[{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"blob\":\"QUJD\"}},7]}",
			"{\"text\":\"\",\"content\":[{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"size\":3}}]}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *result = json_loads(table[i][0], 0, NULL), *got = mcp_data(result);
		struct buf text = BUF_INIT(1000);

		json_put(&text, got);
		assert_string_equal(buf_text(&text), table[i][1]);
		buf_clear(&text);
		json_decref(got);
		json_decref(result);
	}
}

static void headers(void **state)
{
	static const char *const values[][2] = {{"us-west1", "us-west1"}, {"", ""}, {"a b", "a b"},
		{" a", "=?base64?IGE=?="}, {"a ", "=?base64?YSA=?="}, {"a\tb", "=?base64?YQli?="},
		{"\xc3\xa4", "=?base64?w6Q=?="}, {"a\r\nb", "=?base64?YQ0KYg==?="},
		{"=?base64?YQ==?=", "=?base64?PT9iYXNlNjQ/WVE9PT89?="}};
	static const struct {
		const char *properties;
		bool fits;
	} tools[] = {{"{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}", true}, {"{}", true},
		{"{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}}", false},
		{"{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A:B\"}}", false},
		{"{\"a\":{\"type\":\"number\",\"x-mcp-header\":\"A\"}}", false},
		{"{\"a\":{\"type\":\"string\",\"x-mcp-header\":7}}", false},
		{"{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},"
		 "\"b\":{\"type\":\"string\",\"x-mcp-header\":\"a\"}}", false}};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct buf got = BUF_INIT(100);

		mcp_header_value(str_of(values[i][0]), &got);
		assert_string_equal(buf_text(&got), values[i][1]);
		buf_clear(&got);
	}
	for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
		json_t *tool = json_pack("{s:{s:o}}", "inputSchema", "properties",
			json_loads(tools[i].properties, 0, NULL));

		assert_int_equal(mcp_headers_fit(tool), tools[i].fits);
		json_decref(tool);
	}
}

static void pins(void **state)
{
	json_t *a = json_loads("{\"name\":\"x\",\"inputSchema\":{\"type\":\"object\",\"a\":1}}", 0, NULL);
	json_t *b = json_loads("{\"inputSchema\":{\"a\":1,\"type\":\"object\"},\"name\":\"x\","
			       "\"outputSchema\":{}}",
		0, NULL);
	char one[SHA_HEX], other[SHA_HEX];

	(void)state;
	assert_string_equal(mcp_pin(a, one), mcp_pin(b, other)); /* order does not count */
	json_object_set_new(b, "description", json_string("y"));
	assert_string_not_equal(mcp_pin(a, one), mcp_pin(b, other));
	json_decref(a);
	json_decref(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eras),
		cmocka_unit_test(results),
		cmocka_unit_test(input_is_not_given),
		cmocka_unit_test(bad_answers),
		cmocka_unit_test(data),
		cmocka_unit_test(headers),
		cmocka_unit_test(pins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
