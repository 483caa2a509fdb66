/* Any bytes as a message and as headers: no crash, and whatever is refused has a reason that is
 * text. */
#include "wire/mcp_serve.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line of the input, as a header; the rest stays. */
static char *take_line(struct str *rest)
{
	struct str line = STR_NONE;
	char *text;

	if (!str_split(rest, '\n', &line) || !line.n)
		return NULL;
	text = malloc(line.n + 1);
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	return text;
}

static void serve(json_t *tree, const struct mcp_headers *headers)
{
	struct mcp_fault f = {.code = 0};
	char version[MCP_VERSION], name[MCP_CLIENT];
	struct err e = ERR_INIT;
	enum mcp_era era = MCP_ERA_LEGACY;
	json_t *result = NULL;
	struct rpc m;
	size_t at;

	if (rpc_read(tree, &m, &e) || (m.kind != RPC_REQUEST && m.kind != RPC_NOTIFICATION))
		return;
	if (mcp_serve_era(&m, headers, &era, &f) == 0 && mcp_serve_cursor(m.params, &at, &f) == 0)
		result = mcp_serve_initialize(m.params, version, &f);
	if (!*mcp_serve_client(&m, name))
		abort();
	result = result ? mcp_serve_result(m.id, era, m.method, result)
			: mcp_serve_error(m.id, era, &f);
	if (!json_object_get(result, "result") && !json_object_get(result, "error"))
		abort();
	json_decref(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	char *version = take_line(&rest), *method = take_line(&rest), *name = take_line(&rest);
	const struct mcp_headers headers = {version, method, name};
	struct err e = ERR_INIT;
	json_t *tree = rpc_parse(rest, &e);

	if (tree) {
		serve(tree, &headers);
		serve(tree, NULL);
	}
	json_decref(tree);
	free(version);
	free(method);
	free(name);
	return 0;
}
