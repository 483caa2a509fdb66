/*
 * Ollama's own interface. Source: ollama/ollama, docs/api.md, api/types.go. It streams unless told
 * not to, takes arguments of calls as objects, and cuts a prompt in silence to a context that is
 * small unless it is asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/function_name.h"
#include "wire/provider_stream.h"
#include "wire/structured.h"

/* --- what is asked --- */

static json_t *calls_of(const json_t *names, const json_t *calls)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach (calls, i, one) {
		const char *tool = json_string_value(json_object_get(one, "name"));
		char *name = function_name(names, tool ? tool : "");

		json_array_append_new(list,
			json_pack("{s:O,s:{s:s,s:O}}", "id", json_object_get(one, "id"), "function",
				"name", name, "arguments", json_object_get(one, "args")));
		free(name);
	}
	return list;
}

static json_t *message(const json_t *names, const json_t *m)
{
	const char *tool = json_string_value(json_object_get(m, "name"));
	json_t *made = json_object();

	json_object_set(made, "role", json_object_get(m, "role"));
	json_object_set(made, "content", json_object_get(m, "content"));
	if (json_array_size(json_object_get(m, "calls")))
		json_object_set_new(
			made, "tool_calls", calls_of(names, json_object_get(m, "calls")));
	if (json_object_get(m, "call") && tool) {
		char *name = function_name(names, tool);

		json_object_set_new(made, "tool_name", json_string(name));
		json_object_set(made, "tool_call_id", json_object_get(m, "call"));
		free(name);
	}
	return made;
}

static json_t *options_of(const struct provider_to *to, const json_t *ask)
{
	json_t *options = json_object(), *warmth = json_object_get(ask, "temperature");

	if (to->context > 0)
		json_object_set_new(options, "num_ctx", json_integer(to->context));
	if (json_object_get(ask, "max_tokens"))
		json_object_set(options, "num_predict", json_object_get(ask, "max_tokens"));
	if (warmth)
		json_object_set(options, "temperature", warmth);
	else if (json_object_get(ask, "schema"))
		json_object_set_new(options, "temperature", json_integer(0));
	return options;
}

static json_t *body(const struct provider_to *to, const json_t *ask)
{
	const json_t *tools = json_object_get(ask, "tools");
	json_t *names = function_names(tools), *options = options_of(to, ask);
	json_t *messages = structured_messages(ask), *list = json_array(), *made, *one;
	size_t i;

	json_array_foreach (messages, i, one)
		json_array_append_new(list, message(names, one));
	made = json_pack("{s:O,s:o,s:b}", "model", json_object_get(ask, "model"), "messages", list,
		"stream", json_is_true(json_object_get(ask, "stream")));
	if (json_array_size(tools))
		json_object_set_new(made, "tools", function_tools(names, tools));
	/* A grammar of the answer would leave no way to call a tool. */
	if (json_object_get(ask, "schema") && to->structured && !json_array_size(tools))
		json_object_set(made, "format", json_object_get(ask, "schema"));
	if (json_object_size(options))
		json_object_set(made, "options", options);
	json_decref(options);
	json_decref(messages);
	json_decref(names);
	return made;
}

/* --- what is answered --- */

static void read_calls(const json_t *ask, const json_t *calls, json_t *answer)
{
	json_t *names = function_names(json_object_get(ask, "tools")), *one;
	size_t i;

	json_array_foreach (calls, i, one) {
		const json_t *function = json_object_get(one, "function");
		const char *name = json_string_value(json_object_get(function, "name"));
		json_t *args = json_object_get(function, "arguments");

		if (name)
			provider_call(answer, json_object_get(one, "id"),
				function_tool(names, name),
				args ? json_incref(args) : json_object());
	}
	json_decref(names);
}

static int read_body(const json_t *ask, const json_t *body, json_t *answer, struct err *e)
{
	const json_t *said = json_object_get(body, "message");
	json_t *text = json_object_get(said, "content");
	const char *why = json_string_value(json_object_get(body, "done_reason"));

	if (!json_is_object(said))
		return err_set(e, ERR_DATA, "the answer has no 'message'");
	if (!json_is_true(json_object_get(body, "done")))
		return err_set(e, ERR_DATA, "the answer is not done");
	if (json_is_string(text))
		json_object_set(answer, "text", text);
	read_calls(ask, json_object_get(said, "tool_calls"), answer);
	if (why && strcmp(why, "length") == 0)
		json_object_set_new(answer, "end", json_string("length"));
	if (json_object_get(body, "eval_count") || json_object_get(body, "prompt_eval_count"))
		provider_usage(answer, provider_count(body, "prompt_eval_count"),
			provider_count(body, "eval_count"));
	if (json_is_string(json_object_get(body, "model")))
		json_object_set(answer, "model", json_object_get(body, "model"));
	return 0;
}

/* --- in pieces --- */

static bool merge(struct provider_stream *s, const char *type, json_t *event)
{
	json_t *message = json_object_get(event, "message"), *into, *calls;

	(void)type;
	if (!json_object_get(s->body, "message"))
		json_object_set_new(s->body, "message", json_pack("{s:[]}", "tool_calls"));
	into = json_object_get(s->body, "message");
	provider_stream_text(s, 0, json_object_get(message, "content"));
	calls = json_object_get(message, "tool_calls");
	if (json_is_array(calls))
		json_array_extend(json_object_get(into, "tool_calls"), calls);
	if (!json_is_true(json_object_get(event, "done")))
		return false;
	json_object_del(event, "message"); /* what is left are the counts */
	json_object_update(s->body, event);
	return true;
}

static void join(struct provider_stream *s)
{
	json_t *text = provider_stream_whole(s, 0);

	if (text)
		json_object_set_new(json_object_get(s->body, "message"), "content", text);
}

const struct provider provider_ollama = {
	.name = "ollama",
	.url = "http://127.0.0.1:11434",
	.base = "/api",
	.path = "/chat",
	.key = "Authorization: Bearer ",
	.body = body,
	.read = read_body,
	.lines = true,
	.merge = merge,
	.join = join,
};
