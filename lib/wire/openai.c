/*
 * The interface of OpenAI's chat completions, which many others speak: LiteLLM, llama.cpp, vLLM,
 * Ollama. Source: openai/openai-openapi, openapi.json; openai/openai-python, _streaming.py. What is
 * sent is the smallest body that works, as not all of them know all of it.
 */
#include <stdlib.h>
#include <string.h>

#include "json/node.h"
#include "wire/function_name.h"
#include "wire/provider_stream.h"
#include "wire/structured.h"

#define BODY_MOST ((size_t)16 << 20)

/* --- what is asked --- */

static json_t *tool_call(const json_t *names, const json_t *call)
{
	const char *tool = json_string_value(json_object_get(call, "name"));
	char *name = function_name(names, tool ? tool : "");
	struct buf args = BUF_INIT(BODY_MOST);
	json_t *made;

	json_put(&args, json_object_get(call, "args"));
	made = json_pack("{s:O,s:s,s:{s:s,s:s}}", "id", json_object_get(call, "id"), "type",
		"function", "function", "name", name, "arguments", buf_text(&args));
	buf_clear(&args);
	free(name);
	return made;
}

static json_t *message(const json_t *names, const json_t *m)
{
	const json_t *calls = json_object_get(m, "calls");
	json_t *made = json_object(), *list, *one;
	size_t i;

	json_object_set(made, "role", json_object_get(m, "role"));
	json_object_set(made, "content", json_object_get(m, "content"));
	if (json_object_get(m, "call"))
		json_object_set(made, "tool_call_id", json_object_get(m, "call"));
	if (!json_array_size(calls))
		return made;
	list = json_array();
	json_array_foreach (calls, i, one)
		json_array_append_new(list, tool_call(names, one));
	json_object_set_new(made, "tool_calls", list);
	return made;
}

static json_t *format(json_t *schema)
{
	return json_pack("{s:s,s:{s:s,s:O,s:b}}", "type", "json_schema", "json_schema", "name",
		"answer", "schema", schema, "strict", structured_is_strict(schema));
}

/* OpenAI's own service has a new name for it, which the others do not know yet. */
static const char *most_of(const struct provider_to *to)
{
	return !to->url || strstr(to->url, "//api.openai.com") ? "max_completion_tokens"
							       : "max_tokens";
}

static void set_limits(json_t *body, const struct provider_to *to, const json_t *ask)
{
	if (json_object_get(ask, "max_tokens"))
		json_object_set(body, most_of(to), json_object_get(ask, "max_tokens"));
	if (json_object_get(ask, "temperature"))
		json_object_set(body, "temperature", json_object_get(ask, "temperature"));
	if (json_is_true(json_object_get(ask, "stream"))) {
		json_object_set_new(body, "stream", json_true());
		json_object_set_new(
			body, "stream_options", json_pack("{s:b}", "include_usage", true));
	}
}

static json_t *body(const struct provider_to *to, const json_t *ask)
{
	const json_t *tools = json_object_get(ask, "tools");
	json_t *schema = json_object_get(ask, "schema"), *names = function_names(tools);
	bool strict = schema && to->structured && structured_is_strict(schema);
	json_t *made = json_object(), *list = json_array(), *messages, *one;
	size_t i;

	/* Where the interface does not hold the model to it, the model has to be told. */
	messages = strict ? json_incref(json_object_get(ask, "messages"))
			  : structured_messages(ask);
	json_array_foreach (messages, i, one)
		json_array_append_new(list, message(names, one));
	json_object_set(made, "model", json_object_get(ask, "model"));
	json_object_set_new(made, "messages", list);
	if (json_array_size(tools))
		json_object_set_new(made, "tools", function_tools(names, tools));
	if (schema && to->structured)
		json_object_set_new(made, "response_format", format(schema));
	set_limits(made, to, ask);
	json_decref(messages);
	json_decref(names);
	return made;
}

/* --- what is answered --- */

static json_t *arguments(const json_t *function)
{
	json_t *text = json_object_get(function, "arguments"), *args;

	if (json_is_object(text)) /* some servers */
		return json_incref(text);
	if (!json_is_string(text))
		return NULL;
	if (!json_string_length(text))
		return json_object();
	args = json_loads(json_string_value(text), JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(args))
		return args;
	json_decref(args);
	return json_incref(text);
}

static void read_calls(const json_t *ask, const json_t *calls, json_t *answer)
{
	json_t *names = function_names(json_object_get(ask, "tools")), *one;
	size_t i;

	json_array_foreach (calls, i, one) {
		const json_t *function = json_object_get(one, "function");
		const char *name = json_string_value(json_object_get(function, "name"));

		if (name)
			provider_call(answer, json_object_get(one, "id"),
				function_tool(names, name), arguments(function));
	}
	json_decref(names);
}

static const char *end_of(const json_t *choice, const json_t *said)
{
	const char *why = json_string_value(json_object_get(choice, "finish_reason"));
	json_t *refusal = json_object_get(said, "refusal");

	if (json_string_length(refusal) || (why && strcmp(why, "content_filter") == 0))
		return "refused";
	return why && strcmp(why, "length") == 0 ? "length" : NULL;
}

static int read_body(const json_t *ask, const json_t *body, json_t *answer, struct err *e)
{
	const json_t *choice = json_array_get(json_object_get(body, "choices"), 0);
	const json_t *said = json_object_get(choice, "message");
	json_t *usage = json_object_get(body, "usage"), *text = json_object_get(said, "content");
	const char *end;

	if (!json_is_object(said))
		return err_set(e, ERR_DATA, "the answer has no choices[0].message");
	if (json_is_string(text))
		json_object_set(answer, "text", text);
	else if (json_string_length(json_object_get(said, "refusal")))
		json_object_set(answer, "text", json_object_get(said, "refusal"));
	read_calls(ask, json_object_get(said, "tool_calls"), answer);
	end = end_of(choice, said);
	if (end)
		json_object_set_new(answer, "end", json_string(end));
	if (json_is_object(usage))
		provider_usage(answer, provider_count(usage, "prompt_tokens"),
			provider_count(usage, "completion_tokens"));
	if (json_is_string(json_object_get(body, "model")))
		json_object_set(answer, "model", json_object_get(body, "model"));
	return 0;
}

/* --- in pieces: part 0 is the text, part 1 + i the arguments of call i --- */

#define CALLS_MOST 128

static void merge_call(struct provider_stream *s, json_t *message, const json_t *piece)
{
	json_t *at = json_object_get(piece, "index"), *calls, *call, *function;
	size_t i = json_is_integer(at) && json_integer_value(at) >= 0
			   ? (size_t)json_integer_value(at)
			   : 0;

	if (i >= CALLS_MOST)
		return;
	calls = json_object_get(message, "tool_calls");
	while (json_array_size(calls) <= i)
		json_array_append_new(calls, json_pack("{s:{}}", "function"));
	call = json_array_get(calls, i);
	function = json_object_get(piece, "function");
	if (json_is_string(json_object_get(piece, "id")))
		json_object_set(call, "id", json_object_get(piece, "id"));
	if (json_is_string(json_object_get(function, "name")))
		json_object_set(json_object_get(call, "function"), "name",
			json_object_get(function, "name"));
	provider_stream_part(s, 1 + i, json_object_get(function, "arguments"));
}

static json_t *message_of(struct provider_stream *s)
{
	json_t *choices = json_object_get(s->body, "choices");

	if (!choices) {
		choices = json_pack("[{s:{s:[]}}]", "message", "tool_calls");
		json_object_set_new(s->body, "choices", choices);
	}
	return json_object_get(json_array_get(choices, 0), "message");
}

static bool merge(struct provider_stream *s, const char *type, json_t *event)
{
	const json_t *choice = json_array_get(json_object_get(event, "choices"), 0);
	const json_t *delta = json_object_get(choice, "delta");
	json_t *message, *why = json_object_get(choice, "finish_reason"), *one;
	size_t i;

	(void)type;
	if (json_is_string(json_object_get(event, "model")))
		json_object_set(s->body, "model", json_object_get(event, "model"));
	if (json_is_object(json_object_get(event, "usage")))
		json_object_set(s->body, "usage", json_object_get(event, "usage"));
	if (!choice)
		return false;
	message = message_of(s);
	provider_stream_text(s, 0, json_object_get(delta, "content"));
	if (json_is_string(json_object_get(delta, "refusal")))
		json_object_set(message, "refusal", json_object_get(delta, "refusal"));
	json_array_foreach (json_object_get(delta, "tool_calls"), i, one)
		merge_call(s, message, one);
	if (!json_is_string(why))
		return false;
	json_object_set(json_array_get(json_object_get(s->body, "choices"), 0), "finish_reason",
		why);
	return true; /* [DONE] follows, and maybe the usage */
}

static void join(struct provider_stream *s)
{
	json_t *message = message_of(s), *calls = json_object_get(message, "tool_calls"), *one;
	json_t *text = provider_stream_whole(s, 0);
	size_t i;

	if (text)
		json_object_set_new(message, "content", text);
	json_array_foreach (calls, i, one) {
		json_t *args = provider_stream_whole(s, 1 + i);

		if (args)
			json_object_set_new(json_object_get(one, "function"), "arguments", args);
	}
}

const struct provider provider_openai = {
	.name = "openai",
	.url = "https://api.openai.com",
	.base = "/v1",
	.path = "/chat/completions",
	.key = "Authorization: Bearer ",
	.body = body,
	.read = read_body,
	.merge = merge,
	.join = join,
};
