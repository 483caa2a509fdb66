/*
 * Google's generateContent. Source: googleapis/python-genai, google/genai/types.py; the REST
 * examples of google-gemini/cookbook. What a model thought is not its answer, and comes back with
 * its signature in the next turn as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "doc/chat.h"
#include "wire/function_name.h"
#include "wire/provider_stream.h"
#include "wire/structured.h"

#define TEXT_MOST ((size_t)16 << 20)

static char *path(const json_t *ask)
{
	const char *model = json_string_value(json_object_get(ask, "model"));
	bool stream = json_is_true(json_object_get(ask, "stream"));
	struct buf text = BUF_INIT(1024);

	if (model && strncmp(model, "models/", 7) == 0)
		model += 7;
	buf_puts(&text, "/models/");
	for (; model && *model; model++)
		if (strchr("/?#%", *model) || *model <= ' ' || *model == 127)
			buf_putf(&text, "%%%02X", (unsigned char)*model);
		else
			buf_putc(&text, *model);
	buf_puts(&text, stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
	return buf_take(&text);
}

/* --- what is asked --- */

static json_t *said_parts(const json_t *names, const json_t *m)
{
	json_t *native = json_object_get(m, "native"), *parts = json_array(), *one;
	json_t *text = json_object_get(m, "content");
	size_t i;

	if (json_is_array(native)) {
		json_decref(parts);
		return json_incref(native);
	}
	if (json_string_length(text))
		json_array_append_new(parts, json_pack("{s:O}", "text", text));
	json_array_foreach (json_object_get(m, "calls"), i, one) {
		const char *tool = json_string_value(json_object_get(one, "name"));
		char *name = function_name(names, tool ? tool : "");

		json_array_append_new(parts,
			json_pack("{s:{s:s,s:O}}", "functionCall", "name", name, "args",
				json_object_get(one, "args")));
		free(name);
	}
	return parts;
}

static json_t *result_part(const json_t *names, const json_t *m)
{
	const char *tool = json_string_value(json_object_get(m, "name"));
	bool failed = json_is_true(json_object_get(m, "failed"));
	char *name = function_name(names, tool ? tool : "");
	json_t *part = json_pack("{s:{s:s,s:{s:O}}}", "functionResponse", "name", name, "response",
		failed ? "error" : "output", json_object_get(m, "content"));

	free(name);
	return part;
}

static void add_turn(json_t *list, const char *role, json_t *parts_take)
{
	json_t *last = json_array_get(list, json_array_size(list) - 1);

	if (last && chat_is(last, role)) {
		json_array_extend(json_object_get(last, "parts"), parts_take);
		json_decref(parts_take);
	} else {
		json_array_append_new(
			list, json_pack("{s:s,s:o}", "role", role, "parts", parts_take));
	}
}

static json_t *turns(const json_t *names, const json_t *messages, json_t *above)
{
	json_t *list = json_array(), *m;
	size_t i;

	json_array_foreach (messages, i, m) {
		json_t *part = json_pack("{s:O}", "text", json_object_get(m, "content"));

		if (chat_is(m, "system"))
			json_array_append(above, part);
		else if (chat_is(m, "assistant"))
			add_turn(list, "model", said_parts(names, m));
		else if (chat_is(m, "tool"))
			add_turn(list, "user", json_pack("[o]", result_part(names, m)));
		else
			add_turn(list, "user", json_pack("[O]", part));
		json_decref(part);
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
		json_object_set_new(tool, "parametersJsonSchema",
			structured_subset(json_object_get(one, "schema"), structured_gemini));
		json_array_append_new(list, tool);
		free(name);
	}
	return json_pack("[{s:o}]", "functionDeclarations", list);
}

/* How the answer should be; NULL: nothing was said of it. */
static json_t *config_of(const json_t *ask, bool held)
{
	json_t *config = json_object();

	if (json_object_get(ask, "max_tokens"))
		json_object_set(config, "maxOutputTokens", json_object_get(ask, "max_tokens"));
	if (json_object_get(ask, "temperature"))
		json_object_set(config, "temperature", json_object_get(ask, "temperature"));
	if (held) {
		json_object_set_new(config, "responseMimeType", json_string("application/json"));
		json_object_set_new(config, "responseJsonSchema",
			structured_subset(json_object_get(ask, "schema"), structured_gemini));
	}
	return config;
}

static json_t *body(const struct provider_to *to, const json_t *ask)
{
	const json_t *tools = json_object_get(ask, "tools");
	json_t *schema = json_object_get(ask, "schema"), *names = function_names(tools);
	/* Tools and a schema of the answer exclude each other in older models. */
	bool held = schema && to->structured && structured_is_closed(schema) &&
		    !json_array_size(tools);
	json_t *messages =
		held ? json_incref(json_object_get(ask, "messages")) : structured_messages(ask);
	json_t *made = json_object(), *above = json_array(), *config = config_of(ask, held);

	json_object_set_new(made, "contents", turns(names, messages, above));
	if (json_array_size(above))
		json_object_set_new(
			made, "systemInstruction", json_pack("{s:O}", "parts", above));
	if (json_array_size(tools))
		json_object_set_new(made, "tools", tools_of(names, tools));
	if (json_object_size(config))
		json_object_set(made, "generationConfig", config);
	json_decref(config);
	json_decref(above);
	json_decref(messages);
	json_decref(names);
	return made;
}

/* --- what is answered --- */

static const char *end_of(const char *why)
{
	if (!why || strcmp(why, "STOP") == 0)
		return NULL;
	return strcmp(why, "MAX_TOKENS") == 0 ? "length" : "refused";
}

static void read_parts(const json_t *ask, const json_t *parts, json_t *answer)
{
	json_t *names = function_names(json_object_get(ask, "tools")), *part;
	struct buf text = BUF_INIT(TEXT_MOST);
	size_t i;

	json_array_foreach (parts, i, part) {
		json_t *said = json_object_get(part, "text");
		const json_t *call = json_object_get(part, "functionCall");
		const char *name = json_string_value(json_object_get(call, "name"));
		json_t *args = json_object_get(call, "args");

		if (name)
			provider_call(answer, json_object_get(call, "id"),
				function_tool(names, name),
				args ? json_incref(args) : json_object());
		else if (json_is_string(said) && !json_is_true(json_object_get(part, "thought")))
			buf_put(&text, json_string_value(said), json_string_length(said));
	}
	json_object_set_new(answer, "text", json_stringn(buf_text(&text), text.n));
	buf_clear(&text);
	json_decref(names);
}

static int no_candidate(const json_t *body, json_t *answer, struct err *e)
{
	const char *why = json_string_value(
		json_object_get(json_object_get(body, "promptFeedback"), "blockReason"));

	if (!why)
		return err_set(e, ERR_DATA, "the answer has no candidates");
	json_object_set_new(answer, "text", json_string(why));
	json_object_set_new(answer, "end", json_string("refused"));
	return 0;
}

static void read_usage(const json_t *body, json_t *answer)
{
	const json_t *usage = json_object_get(body, "usageMetadata");

	if (json_is_object(usage))
		provider_usage(answer,
			provider_count(usage, "promptTokenCount") +
				provider_count(usage, "toolUsePromptTokenCount"),
			provider_count(usage, "candidatesTokenCount") +
				provider_count(usage, "thoughtsTokenCount"));
}

static int read_body(const json_t *ask, const json_t *body, json_t *answer, struct err *e)
{
	const json_t *candidate = json_array_get(json_object_get(body, "candidates"), 0);
	json_t *parts = json_object_get(json_object_get(candidate, "content"), "parts");
	const char *end;

	read_usage(body, answer);
	if (json_is_string(json_object_get(body, "modelVersion")))
		json_object_set(answer, "model", json_object_get(body, "modelVersion"));
	if (!json_is_object(candidate))
		return no_candidate(body, answer, e);
	read_parts(ask, parts, answer);
	end = end_of(json_string_value(json_object_get(candidate, "finishReason")));
	if (end)
		json_object_set_new(answer, "end", json_string(end));
	if (json_is_array(parts))
		json_object_set(answer, "native", parts);
	return 0;
}

/* --- in pieces: each event has the form of a whole answer --- */

static json_t *candidate_of(struct provider_stream *s)
{
	json_t *list = json_object_get(s->body, "candidates");

	if (!list) {
		list = json_pack("[{s:{s:s,s:[]}}]", "content", "role", "model", "parts");
		json_object_set_new(s->body, "candidates", list);
	}
	return json_array_get(list, 0);
}

/* Part 0 gathers the text; other parts come whole. */
static void merge_part(struct provider_stream *s, json_t *parts, json_t *part)
{
	json_t *text = json_object_get(part, "text");

	if (json_is_string(text) && json_object_size(part) == 1)
		provider_stream_text(s, 0, text);
	else
		json_array_append(parts, part);
}

static bool merge(struct provider_stream *s, const char *type, json_t *event)
{
	static const char *const whole[] = {
		"usageMetadata", "modelVersion", "promptFeedback", NULL};
	const json_t *candidate = json_array_get(json_object_get(event, "candidates"), 0);
	const json_t *content = json_object_get(candidate, "content");
	json_t *why = json_object_get(candidate, "finishReason"), *into, *part;
	size_t i;

	(void)type;
	for (i = 0; whole[i]; i++)
		if (json_object_get(event, whole[i]))
			json_object_set(s->body, whole[i], json_object_get(event, whole[i]));
	if (!candidate)
		return json_object_get(event, "promptFeedback") != NULL;
	into = candidate_of(s);
	json_array_foreach (json_object_get(content, "parts"), i, part)
		merge_part(s, json_object_get(json_object_get(into, "content"), "parts"), part);
	if (!json_is_string(why))
		return false;
	json_object_set(into, "finishReason", why);
	return true;
}

static void join(struct provider_stream *s)
{
	json_t *text = provider_stream_whole(s, 0), *parts;

	if (!text)
		return;
	parts = json_object_get(json_object_get(candidate_of(s), "content"), "parts");
	json_array_insert_new(parts, 0, json_pack("{s:o}", "text", text));
}

const struct provider provider_gemini = {
	.name = "gemini",
	.url = "https://generativelanguage.googleapis.com",
	.base = "/v1beta",
	.path_of = path,
	.key = "x-goog-api-key: ",
	.body = body,
	.read = read_body,
	.merge = merge,
	.join = join,
};
