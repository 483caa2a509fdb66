#include "flow/mcp_call.h"

#include "base/buf.h"
#include "doc/output.h"
#include "json/node.h"
#include "wire/mcp.h"

#define TEXT_MOST ((size_t)64 << 20)

static int check_request(const json_t *request, struct err *e)
{
	static const char *const known[] = {"server", "tool", "arguments", "pin", "effect",
		"output", "timeout_ms", NULL};
	struct source source = {.name = "request", .kind = ERR_DATA};
	struct node root = node_root((json_t *)request, &source);
	struct node args = node_get(&root, "arguments");

	if (!json_is_object(request))
		return node_fail(&root, e, "must be an object: server, tool, arguments");
	node_known(&root, known, e);
	node_text(&root, "tool", NULL, e);
	node_text_or_null(&root, "pin", e);
	node_text_or_null(&root, "effect", e);
	return e->kind || node_require(&root, "server", e) || node_is_object(&args, e) ? -1 : 0;
}

/* As the kind of output that was declared. */
static json_t *read_as(const char *output, const json_t *result, struct err *e)
{
	static const char *const names[] = {"text", "lines", "json", "jsonl", "pairs", NULL};
	struct buf text = BUF_INIT(TEXT_MOST);
	json_t *data = NULL;
	int kind = 0;

	while (names[kind] && strcmp(names[kind], output) != 0)
		kind++;
	if (!names[kind]) {
		err_set(e, ERR_DATA, "request: no output is called '%.40s'", output);
		return NULL;
	}
	mcp_text(result, &text);
	data = output_parse((enum tool_output)kind, buf_str(&text), e);
	buf_clear(&text);
	return data;
}

json_t *mcp_call(const json_t *request, const struct mcp_terms *terms, struct err *e)
{
	const char *output = json_string_value(json_object_get(request, "output"));
	const char *name = json_string_value(json_object_get(request, "tool"));
	const char *effect = json_string_value(json_object_get(request, "effect"));
	const char *pin = json_string_value(json_object_get(request, "pin"));
	json_t *tool = NULL, *result = NULL, *data = NULL;
	struct mcp_session *s = NULL;

	if (check_request(request, e))
		return NULL;
	s = mcp_session_open(json_object_get(request, "server"), terms, e);
	tool = s ? mcp_session_find(s, name, e) : NULL;
	if (tool && mcp_check_trust(tool, effect, pin, e) == 0)
		result = mcp_session_call(s, tool, json_object_get(request, "arguments"), e);
	if (result)
		data = output ? read_as(output, result, e) : mcp_data(result);
	json_decref(result);
	json_decref(tool);
	mcp_session_free(s);
	return data;
}
