#include "wire/mcp.h"

#include <stdio.h>

#include "base/prog.h"
#include "json/node.h"

#define TEXT_MOST ((size_t)64 << 20)

/* --- said --- */

static json_t *client_info(void)
{
	return json_pack("{s:s,s:s}", "name", "hl", "version", PROG_VERSION);
}

static json_t *call(int64_t id, bool modern, const char *method, json_t *params_take)
{
	json_t *number = json_integer(id), *meta = json_object_get(params_take, "_meta"), *request;

	if (modern && !meta) {
		meta = json_object();
		json_object_set_new(params_take, "_meta", meta);
	}
	if (modern) {
		json_object_set_new(meta, MCP_META_VERSION, json_string(MCP_MODERN));
		json_object_set_new(meta, MCP_META_CLIENT, client_info());
		json_object_set_new(meta, MCP_META_ABLE, json_object());
	}
	request = rpc_request(number, method, params_take);
	json_decref(number);
	return request;
}

json_t *mcp_discover(int64_t id)
{
	return call(id, true, "server/discover", json_object());
}

json_t *mcp_initialize(int64_t id, const char *version)
{
	json_t *params = json_object();

	json_object_set_new(params, "protocolVersion", json_string(version));
	json_object_set_new(params, "capabilities", json_object());
	json_object_set_new(params, "clientInfo", client_info());
	return call(id, false, "initialize", params);
}

json_t *mcp_initialized(void)
{
	return rpc_notification("notifications/initialized", NULL);
}

json_t *mcp_list_tools(int64_t id, bool modern, const char *cursor)
{
	json_t *params = json_object();

	if (cursor)
		json_object_set_new(params, "cursor", json_string(cursor));
	return call(id, modern, "tools/list", params);
}

json_t *mcp_call_tool(int64_t id, bool modern, const char *name, const json_t *arguments)
{
	json_t *params = json_object(), *meta = json_object();

	json_object_set_new(params, "name", json_string(name));
	json_object_set_new(
		params, "arguments", arguments ? json_deep_copy(arguments) : json_object());
	json_object_set_new(meta, "progressToken", json_integer(id));
	json_object_set_new(params, "_meta", meta);
	return call(id, modern, "tools/call", params);
}

json_t *mcp_cancel(int64_t id, const char *reason)
{
	json_t *params = json_object();

	json_object_set_new(params, "requestId", json_integer(id));
	json_object_set_new(params, "reason", json_string(reason));
	return rpc_notification("notifications/cancelled", params);
}

json_t *mcp_answer(const struct rpc *request)
{
	if (strcmp(request->method, "ping") == 0)
		return rpc_result(request->id, NULL);
	return rpc_error(request->id, RPC_NO_METHOD, "this client offers nothing but ping", NULL);
}

/* --- told --- */

bool mcp_is_modern(const struct rpc *answer)
{
	const json_t *versions = json_object_get(answer->result, "supportedVersions");
	size_t i;
	json_t *one;

	if (answer->kind == RPC_ERROR)
		versions = answer->code == RPC_NO_VERSION
				   ? json_object_get(answer->data, "supported")
				   : NULL;
	json_array_foreach (versions, i, one)
		if (json_is_string(one) && strcmp(json_string_value(one), MCP_MODERN) == 0)
			return true;
	return false;
}

static int no_result(const struct rpc *answer, enum err_kind kind, const char *to, struct err *e)
{
	if (answer->kind == RPC_ERROR)
		return err_set(e, kind, "the server answered %s with error %lld: %.600s", to,
			(long long)answer->code, *answer->message ? answer->message : "no reason");
	if (!json_is_object(answer->result))
		return err_set(e, ERR_DATA, "the server answered %s with no object", to);
	return 0;
}

const char *mcp_read_initialize(const struct rpc *answer, struct err *e)
{
	const char *version =
		json_string_value(json_object_get(answer->result, "protocolVersion"));

	if (no_result(answer, ERR_UNAVAILABLE, "initialize", e))
		return NULL;
	for (size_t i = 0; version && mcp_legacy_versions[i]; i++)
		if (strcmp(version, mcp_legacy_versions[i]) == 0)
			return mcp_legacy_versions[i];
	err_set(e, ERR_UNAVAILABLE,
		"the server speaks revision '%.40s' of MCP, which this version of hl does not",
		version ? version : "");
	return NULL;
}

int mcp_read_tools(const struct rpc *answer, json_t *into, const char **cursor, struct err *e)
{
	const json_t *tools = json_object_get(answer->result, "tools");
	size_t i;
	json_t *one;

	if (no_result(answer, ERR_UNAVAILABLE, "tools/list", e))
		return -1;
	if (!json_is_array(tools))
		return err_set(e, ERR_DATA, "the server answered tools/list without 'tools'");
	json_array_foreach (tools, i, one) {
		if (json_array_size(into) >= MCP_TOOLS_MOST)
			return err_set(e, ERR_DATA, "the server has more than %d tools",
				MCP_TOOLS_MOST);
		if (json_is_string(json_object_get(one, "name")) &&
			json_is_object(json_object_get(one, "inputSchema")))
			json_array_append(into, one);
	}
	*cursor = json_string_value(json_object_get(answer->result, "nextCursor"));
	return 0;
}

/* --- results --- */

static const char *text_of(const json_t *content)
{
	const char *type = json_string_value(json_object_get(content, "type"));
	const char *text = json_string_value(json_object_get(content, "text"));

	return type && strcmp(type, "text") == 0 ? text : NULL;
}

void mcp_text(const json_t *result, struct buf *into)
{
	size_t i, from = into->n;
	json_t *one;

	json_array_foreach (json_object_get(result, "content"), i, one) {
		const char *text = text_of(one);

		if (!text)
			continue;
		if (into->n > from)
			buf_putc(into, '\n');
		buf_puts(into, text);
	}
}

static int tool_failed(const json_t *result, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MOST);

	mcp_text(result, &text);
	err_set(e, ERR_CASE, "the tool failed: %.900s", text.n ? text.p : "no reason given");
	buf_clear(&text);
	return -1;
}

const json_t *mcp_read_call(const struct rpc *answer, struct err *e)
{
	const json_t *result = answer->result;
	const char *type = json_string_value(json_object_get(result, "resultType"));

	if (no_result(answer, ERR_CASE, "tools/call", e))
		return NULL;
	if (type && strcmp(type, "complete") != 0) {
		err_set(e, ERR_UNAVAILABLE,
			"the tool answers '%.40s': it wants more of a person than its arguments, "
			"which hl does not do",
			type);
		return NULL;
	}
	if (json_is_true(json_object_get(result, "isError"))) {
		tool_failed(result, e);
		return NULL;
	}
	if (!json_is_array(json_object_get(result, "content")) &&
		!json_object_get(result, "structuredContent")) {
		err_set(e, ERR_DATA, "the server answered tools/call without 'content'");
		return NULL;
	}
	return result;
}

/* The size in place of base64. */
static void shorten(json_t *of, const char *key)
{
	size_t n = json_string_length(json_object_get(of, key));

	if (!json_is_string(json_object_get(of, key)))
		return;
	json_object_del(of, key);
	json_object_set_new(of, "size", json_integer((json_int_t)(n / 4 * 3)));
}

static json_t *other_content(const json_t *content)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach (content, i, one) {
		json_t *copy;

		if (text_of(one) || !json_is_object(one))
			continue;
		copy = json_deep_copy(one);
		shorten(copy, "data");
		shorten(json_object_get(copy, "resource"), "blob");
		json_array_append_new(list, copy);
	}
	return list;
}

json_t *mcp_data(const json_t *result)
{
	json_t *structured = json_object_get(result, "structuredContent"), *data, *other;
	struct buf text = BUF_INIT(TEXT_MOST);

	if (json_is_object(structured))
		return json_incref(structured);
	data = json_object();
	if (structured && !json_is_null(structured)) {
		json_object_set(data, json_is_array(structured) ? "items" : "value", structured);
		return data;
	}
	mcp_text(result, &text);
	json_object_set_new(data, "text", json_stringn(text.p ? text.p : "", text.n));
	other = other_content(json_object_get(result, "content"));
	if (json_array_size(other))
		json_object_set(data, "content", other);
	json_decref(other);
	buf_clear(&text);
	return data;
}

bool mcp_progress(const struct rpc *m, int64_t id, struct buf *into)
{
	const json_t *token = json_object_get(m->params, "progressToken");
	const json_t *now = json_object_get(m->params, "progress");
	const json_t *total = json_object_get(m->params, "total");
	const char *says = json_string_value(json_object_get(m->params, "message"));

	if (m->kind != RPC_NOTIFICATION || strcmp(m->method, "notifications/progress") != 0 ||
		!json_is_integer(token) || json_integer_value(token) != id || !json_is_number(now))
		return false;
	buf_putf(into, "%.15g", json_number_value(now));
	if (json_is_number(total))
		buf_putf(into, "/%.15g", json_number_value(total));
	if (says)
		buf_putf(into, " %s", says);
	return true;
}

/* --- declarations --- */

char *mcp_pin(const json_t *tool, char hex[SHA_HEX])
{
	static const char *const parts[] = {
		"name", "description", "inputSchema", "annotations", NULL};
	json_t *what = json_object();
	char *text;

	for (int i = 0; parts[i]; i++)
		if (json_object_get(tool, parts[i]))
			json_object_set(what, parts[i], json_object_get(tool, parts[i]));
	text = json_canonical(what);
	sha_hex(str_of(text), hex);
	free(text);
	json_decref(what);
	return hex;
}

int mcp_hint(const json_t *tool, const char *name)
{
	const json_t *hint = json_object_get(json_object_get(tool, "annotations"), name);

	return json_is_boolean(hint) ? json_is_true(hint) : -1;
}
