#include "wire/rpc.h"

#include <string.h>

const char *const mcp_legacy_versions[] = {
	"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", NULL};

bool mcp_is_legacy(const char *version)
{
	for (size_t i = 0; version && mcp_legacy_versions[i]; i++)
		if (strcmp(version, mcp_legacy_versions[i]) == 0)
			return true;
	return false;
}

const char *mcp_version_of(const struct rpc *m)
{
	return json_string_value(
		json_object_get(json_object_get(m->params, "_meta"), MCP_META_VERSION));
}

json_t *rpc_parse(struct str text, struct err *e)
{
	json_error_t why;
	json_t *tree = json_loadb(
		text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);

	if (!tree)
		err_set(e, ERR_DATA, "no JSON: %s", why.text);
	return tree;
}

#define wrong(e, ...) err_set(e, ERR_DATA, __VA_ARGS__)

static int read_id(json_t *tree, struct rpc *m, struct err *e)
{
	json_t *id = json_object_get(tree, "id");

	if (!id || json_is_string(id) || json_is_integer(id)) {
		m->id = id;
		return 0;
	}
	/* Servers of before 2026 give null where they could not read the request's. */
	if (json_is_null(id) && json_object_get(tree, "error"))
		return 0;
	return wrong(e, "'id' must be a text or a whole number");
}

static int read_call(json_t *tree, struct rpc *m, struct err *e)
{
	const json_t *method = json_object_get(tree, "method");

	m->params = json_object_get(tree, "params");
	if (!json_is_string(method))
		return wrong(e, "'method' must be a text");
	if (m->params && !json_is_object(m->params))
		return wrong(e, "'params' must be an object");
	m->method = json_string_value(method);
	m->kind = m->id ? RPC_REQUEST : RPC_NOTIFICATION;
	return 0;
}

static int read_error(const json_t *error, struct rpc *m, struct err *e)
{
	const json_t *code = json_object_get(error, "code");
	const char *message = json_string_value(json_object_get(error, "message"));

	if (!json_is_integer(code))
		return wrong(e, "'error' must hold a code");
	m->kind = RPC_ERROR;
	m->code = json_integer_value(code);
	m->message = message ? message : "";
	m->data = json_object_get(error, "data");
	return 0;
}

int rpc_read(json_t *tree, struct rpc *m, struct err *e)
{
	const char *version = json_string_value(json_object_get(tree, "jsonrpc"));
	const json_t *error = json_object_get(tree, "error");

	*m = (struct rpc){.result = json_object_get(tree, "result")};
	if (!json_is_object(tree))
		return wrong(e, "no message: must be an object");
	if (!version || strcmp(version, "2.0") != 0)
		return wrong(e, "no message: 'jsonrpc' must be \"2.0\"");
	if (read_id(tree, m, e))
		return -1;
	if (json_object_get(tree, "method"))
		return read_call(tree, m, e);
	if (!m->result == !error)
		return wrong(e, "no message: it needs a method, or either a result or an error");
	if (error)
		return read_error(error, m, e);
	if (!m->id)
		return wrong(e, "a result without 'id'");
	m->kind = RPC_RESULT;
	return 0;
}

static json_t *message_new(const json_t *id)
{
	json_t *m = json_object();

	json_object_set_new(m, "jsonrpc", json_string("2.0"));
	if (id)
		json_object_set(m, "id", (json_t *)id);
	return m;
}

json_t *rpc_request(const json_t *id, const char *method, json_t *params_take)
{
	json_t *m = message_new(id);

	json_object_set_new(m, "method", json_string(method));
	if (params_take)
		json_object_set_new(m, "params", params_take);
	return m;
}

json_t *rpc_notification(const char *method, json_t *params_take)
{
	return rpc_request(NULL, method, params_take);
}

json_t *rpc_result(const json_t *id, json_t *result_take)
{
	json_t *m = message_new(id);

	json_object_set_new(m, "result", result_take ? result_take : json_object());
	return m;
}

json_t *rpc_error(const json_t *id, int64_t code, const char *message, json_t *data_take)
{
	json_t *m = message_new(id), *error = json_object();

	json_object_set_new(error, "code", json_integer(code));
	json_object_set_new(error, "message", json_string(message));
	if (data_take)
		json_object_set_new(error, "data", data_take);
	json_object_set_new(m, "error", error);
	return m;
}
