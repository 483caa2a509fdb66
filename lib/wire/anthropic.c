/*
 * Anthropic's Messages. Source: anthropics/anthropic-sdk-python, src/anthropic/types; the headers
 * from its _client.py. Sampling parameters are sent only when they were asked for: newer models
 * refuse them.
 */
#include <stdlib.h>
#include <string.h>

#include "doc/chat.h"
#include "wire/function_name.h"
#include "wire/provider_stream.h"
#include "wire/structured.h"

#define MOST_TOKENS 4096 /* the interface wants a number; a model's own is in its ask */
#define TEXT_MOST   ((size_t)16 << 20)

/* --- what is asked --- */

static json_t *text_block(json_t *text)
{
	return json_pack("{s:s,s:O}", "type", "text", "text", text);
}

static json_t *said_blocks(const json_t *names, const json_t *m)
{
	json_t *native = json_object_get(m, "native"), *blocks = json_array(), *one;
	json_t *text = json_object_get(m, "content");
	size_t i;

	if (json_is_array(native)) {
		json_decref(blocks);
		return json_incref(native);
	}
	if (json_string_length(text))
		json_array_append_new(blocks, text_block(text));
	json_array_foreach (json_object_get(m, "calls"), i, one) {
		const char *tool = json_string_value(json_object_get(one, "name"));
		char *name = function_name(names, tool ? tool : "");

		json_array_append_new(blocks,
			json_pack("{s:s,s:O,s:s,s:O}", "type", "tool_use", "id",
				json_object_get(one, "id"), "name", name, "input",
				json_object_get(one, "args")));
		free(name);
	}
	return blocks;
}

static json_t *result_block(const json_t *m)
{
	json_t *block = json_pack("{s:s,s:O,s:O}", "type", "tool_result", "tool_use_id",
		json_object_get(m, "call"), "content", json_object_get(m, "content"));

	if (json_is_true(json_object_get(m, "failed")))
		json_object_set_new(block, "is_error", json_true());
	return block;
}

/* All results of a turn go into one message of the user's, before its text. */
static void add_turn(json_t *list, const char *role, json_t *blocks_take)
{
	json_t *last = json_array_get(list, json_array_size(list) - 1);

	if (last && chat_is(last, role)) {
		json_array_extend(json_object_get(last, "content"), blocks_take);
		json_decref(blocks_take);
	} else {
		json_array_append_new(list,
			json_pack("{s:s,s:o}", "role", role, "content", blocks_take));
	}
}

static json_t *turns(const json_t *names, const json_t *messages, struct buf *above)
{
	json_t *list = json_array(), *m;
	size_t i;

	json_array_foreach (messages, i, m) {
		json_t *text = json_object_get(m, "content");

		if (chat_is(m, "system"))
			buf_putf(above, "%s%s", above->n ? "\n\n" : "", json_string_value(text));
		else if (chat_is(m, "assistant"))
			add_turn(list, "assistant", said_blocks(names, m));
		else if (chat_is(m, "tool"))
			add_turn(list, "user", json_pack("[o]", result_block(m)));
		else
			add_turn(list, "user", json_pack("[o]", text_block(text)));
	}
	return list;
}

static json_t *tools_of(const json_t *names, const json_t *tools)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach (tools, i, one) {
		char *name = function_name(names, json_string_value(json_object_get(one, "name")));
		json_t *tool = json_pack("{s:s}", "name", name);

		json_object_set(tool, "description", json_object_get(one, "description"));
		json_object_set(tool, "input_schema", json_object_get(one, "schema"));
		json_array_append_new(list, tool);
		free(name);
	}
	return list;
}

static void set_schema(json_t *made, const json_t *schema)
{
	json_t *subset = structured_subset(schema, structured_anthropic);

	json_object_set_new(made, "output_config",
		json_pack("{s:{s:s,s:o}}", "format", "type", "json_schema", "schema", subset));
}

static void set_limits(json_t *made, const json_t *ask)
{
	json_t *most = json_object_get(ask, "max_tokens");

	json_object_set_new(
		made, "max_tokens", most ? json_incref(most) : json_integer(MOST_TOKENS));
	if (json_object_get(ask, "temperature"))
		json_object_set(made, "temperature", json_object_get(ask, "temperature"));
	if (json_is_true(json_object_get(ask, "stream")))
		json_object_set_new(made, "stream", json_true());
}

static json_t *body(const struct provider_to *to, const json_t *ask)
{
	const json_t *tools = json_object_get(ask, "tools");
	json_t *schema = json_object_get(ask, "schema"), *names = function_names(tools);
	bool held = schema && to->structured && structured_is_closed(schema);
	json_t *messages =
		held ? json_incref(json_object_get(ask, "messages")) : structured_messages(ask);
	struct buf above = BUF_INIT(TEXT_MOST);
	json_t *made = json_object();

	json_object_set(made, "model", json_object_get(ask, "model"));
	json_object_set_new(made, "messages", turns(names, messages, &above));
	if (above.n)
		json_object_set_new(made, "system", json_stringn(above.p, above.n));
	if (json_array_size(tools))
		json_object_set_new(made, "tools", tools_of(names, tools));
	if (held)
		set_schema(made, schema);
	set_limits(made, ask);
	buf_clear(&above);
	json_decref(messages);
	json_decref(names);
	return made;
}

/* --- what is answered --- */

static const char *end_of(const char *why)
{
	static const struct {
		const char *why, *end;
	} ends[] = {{"max_tokens", "length"}, {"model_context_window_exceeded", "length"},
		{"refusal", "refused"}};

	for (size_t i = 0; why && i < sizeof ends / sizeof *ends; i++)
		if (strcmp(why, ends[i].why) == 0)
			return ends[i].end;
	return NULL;
}

static bool is_type(const json_t *block, const char *type)
{
	const char *is = json_string_value(json_object_get(block, "type"));

	return is && strcmp(is, type) == 0;
}

static void read_blocks(const json_t *ask, const json_t *content, json_t *answer)
{
	json_t *names = function_names(json_object_get(ask, "tools")), *block;
	struct buf text = BUF_INIT(TEXT_MOST);
	size_t i;

	json_array_foreach (content, i, block) {
		json_t *said = json_object_get(block, "text");
		const char *name = json_string_value(json_object_get(block, "name"));

		if (is_type(block, "text") && json_is_string(said))
			buf_put(&text, json_string_value(said), json_string_length(said));
		else if (is_type(block, "tool_use") && name)
			provider_call(answer, json_object_get(block, "id"),
				function_tool(names, name),
				json_incref(json_object_get(block, "input")));
	}
	json_object_set_new(answer, "text", json_stringn(buf_text(&text), text.n));
	buf_clear(&text);
	json_decref(names);
}

static json_int_t input_of(const json_t *usage)
{
	return provider_count(usage, "input_tokens") +
	       provider_count(usage, "cache_creation_input_tokens") +
	       provider_count(usage, "cache_read_input_tokens");
}

static int read_body(const json_t *ask, const json_t *body, json_t *answer, struct err *e)
{
	json_t *content = json_object_get(body, "content"), *usage = json_object_get(body, "usage");
	const char *end =
		end_of(json_string_value(json_object_get(body, "stop_reason")));

	if (!json_is_array(content))
		return err_set(e, ERR_DATA, "the answer has no 'content'");
	read_blocks(ask, content, answer);
	if (end)
		json_object_set_new(answer, "end", json_string(end));
	if (json_is_object(usage))
		provider_usage(answer, input_of(usage), provider_count(usage, "output_tokens"));
	if (json_is_string(json_object_get(body, "model")))
		json_object_set(answer, "model", json_object_get(body, "model"));
	json_object_set(answer, "native", content);
	return 0;
}

/* --- in pieces: part 2i is the text, the thoughts or the input of block i, 2i + 1 a signature */

#define BLOCKS_MOST 256

static json_t *block_at(struct provider_stream *s, const json_t *event, size_t *index)
{
	json_t *at = json_object_get(event, "index");

	if (!json_is_integer(at) || json_integer_value(at) < 0 ||
		json_integer_value(at) >= BLOCKS_MOST)
		return NULL;
	*index = (size_t)json_integer_value(at);
	return json_array_get(json_object_get(s->body, "content"), *index);
}

static void start_block(struct provider_stream *s, const json_t *event)
{
	json_t *content = json_object_get(s->body, "content");
	json_t *block = json_object_get(event, "content_block");
	size_t index = 0;

	block_at(s, event, &index);
	if (json_is_object(block) && json_is_array(content) && json_array_size(content) == index)
		json_array_append_new(content, json_copy(block));
}

static void merge_block(struct provider_stream *s, const json_t *event)
{
	const json_t *delta = json_object_get(event, "delta");
	size_t i = 0;

	if (!block_at(s, event, &i))
		return;
	provider_stream_text(s, 2 * i, json_object_get(delta, "text"));
	provider_stream_part(s, 2 * i, json_object_get(delta, "partial_json"));
	provider_stream_part(s, 2 * i, json_object_get(delta, "thinking"));
	provider_stream_part(s, 2 * i + 1, json_object_get(delta, "signature"));
}

static void start_message(struct provider_stream *s, const json_t *event)
{
	json_t *message = json_object_get(event, "message");

	if (json_is_object(message))
		json_object_update(s->body, message);
	json_object_set_new(s->body, "content", json_array());
}

static void end_message(struct provider_stream *s, const json_t *event)
{
	json_t *why = json_object_get(json_object_get(event, "delta"), "stop_reason"), *usage;

	if (json_is_string(why))
		json_object_set(s->body, "stop_reason", why);
	usage = json_object_get(s->body, "usage");
	if (json_is_object(usage) && json_is_object(json_object_get(event, "usage")))
		json_object_update(usage, json_object_get(event, "usage"));
}

static bool merge(struct provider_stream *s, const char *type, json_t *event)
{
	const char *what = json_string_value(json_object_get(event, "type"));

	(void)type;
	if (!what)
		return false;
	if (strcmp(what, "message_start") == 0)
		start_message(s, event);
	else if (strcmp(what, "content_block_start") == 0)
		start_block(s, event);
	else if (strcmp(what, "content_block_delta") == 0)
		merge_block(s, event);
	else if (strcmp(what, "message_delta") == 0)
		end_message(s, event);
	return strcmp(what, "message_stop") == 0;
}

/* A call's input comes as the pieces of its JSON text; none is {}. */
static void join_input(struct provider_stream *s, size_t i, json_t *block)
{
	json_t *text = provider_stream_whole(s, 2 * i), *input;

	if (!text)
		return;
	input = json_loadb(json_string_value(text), json_string_length(text),
		JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(input) || !json_string_length(text)) {
		json_object_set_new(block, "input", input ? input : json_object());
		json_decref(text);
	} else {
		json_decref(input);
		json_object_set_new(block, "input", text); /* read as bad arguments */
	}
}

static void join(struct provider_stream *s)
{
	json_t *block;
	size_t i;

	json_array_foreach (json_object_get(s->body, "content"), i, block) {
		json_t *text = NULL, *signature = provider_stream_whole(s, 2 * i + 1);

		if (is_type(block, "tool_use"))
			join_input(s, i, block);
		else if ((is_type(block, "text") || is_type(block, "thinking")) &&
			 (text = provider_stream_whole(s, 2 * i)))
			json_object_set_new(
				block, is_type(block, "text") ? "text" : "thinking", text);
		if (signature)
			json_object_set_new(block, "signature", signature);
	}
}

const struct provider provider_anthropic = {
	.name = "anthropic",
	.url = "https://api.anthropic.com",
	.base = "/v1",
	.header = "anthropic-version: 2023-06-01",
	.path = "/messages",
	.key = "x-api-key: ",
	.body = body,
	.read = read_body,
	.merge = merge,
	.join = join,
};
