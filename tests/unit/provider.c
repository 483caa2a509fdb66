/* provider: the same conversation in each provider's form, and their answers in ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "json/node.h"
#include "wire/provider_stream.h"
#include "wire/structured.h"

#define ASK                                                                                        \
	"{'model':'m','messages':[{'role':'system','content':'be brief'},"                         \
	"{'role':'user','content':'how is it?'},"                                                  \
	"{'role':'assistant','content':'I look','calls':[{'id':'a1','name':'host.load',"           \
	"'args':{'n':1}}]},"                                                                       \
	"{'role':'tool','call':'a1','name':'host.load','content':'0.5','failed':true}],"           \
	"'tools':[{'name':'host.load','description':'The load','schema':{'type':'object'}},"       \
	"{'name':'host_load','description':'Another','schema':{'type':'object'}}],"                \
	"'max_tokens':100}"

static json_t *tree(const char *text)
{
	char *copy = strdup(text);
	json_t *v;

	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	v = json_loads(copy, JSON_DECODE_ANY, NULL);
	if (!v)
		fail_msg("no JSON: %s", copy);
	free(copy);
	return v;
}

static void same(const char *what, const json_t *got, const char *want)
{
	json_t *expected = tree(want);
	char *a = json_canonical(got), *b = json_canonical(expected);

	if (strcmp(a, b) != 0)
		fail_msg("%s:\n got %s\nwant %s", what, a, b);
	free(a);
	free(b);
	json_decref(expected);
}

static const struct {
	const char *name, *url, *header, *body;
} asks[] = {
	{"openai", "https://api.openai.com/v1/chat/completions", "Authorization: Bearer K",
		"{'model':'m','messages':[{'role':'system','content':'be brief'},"
		"{'role':'user','content':'how is it?'},"
		"{'role':'assistant','content':'I look','tool_calls':[{'id':'a1','type':'function',"
		"'function':{'name':'host_load','arguments':'{\\'n\\':1}'}}]},"
		"{'role':'tool','tool_call_id':'a1','content':'0.5'}],"
		"'tools':[{'type':'function','function':{'name':'host_load','description':'The load',"
		"'parameters':{'type':'object'}}},{'type':'function','function':{'name':"
		"'host_load_2','description':'Another','parameters':{'type':'object'}}}],"
		"'max_completion_tokens':100}"},
	{"anthropic", "https://api.anthropic.com/v1/messages", "x-api-key: K",
		"{'model':'m','system':'be brief','messages':[{'role':'user','content':[{'type':"
		"'text','text':'how is it?'}]},{'role':'assistant','content':[{'type':'text','text':"
		"'I look'},{'type':'tool_use','id':'a1','name':'host_load','input':{'n':1}}]},"
		"{'role':'user','content':[{'type':'tool_result','tool_use_id':'a1','content':'0.5',"
		"'is_error':true}]}],'tools':[{'name':'host_load','description':'The load',"
		"'input_schema':{'type':'object'}},{'name':'host_load_2','description':'Another',"
		"'input_schema':{'type':'object'}}],'max_tokens':100}"},
	{"gemini",
		"https://generativelanguage.googleapis.com/v1beta/models/m:generateContent",
		"x-goog-api-key: K",
		"{'systemInstruction':{'parts':[{'text':'be brief'}]},'contents':[{'role':'user',"
		"'parts':[{'text':'how is it?'}]},{'role':'model','parts':[{'text':'I look'},"
		"{'functionCall':{'name':'host_load','args':{'n':1}}}]},{'role':'user','parts':[{"
		"'functionResponse':{'name':'host_load','response':{'error':'0.5'}}}]}],'tools':[{"
		"'functionDeclarations':[{'name':'host_load','description':'The load',"
		"'parametersJsonSchema':{'type':'object'}},{'name':'host_load_2','description':"
		"'Another','parametersJsonSchema':{'type':'object'}}]}],'generationConfig':{"
		"'maxOutputTokens':100}}"},
	{"ollama", "http://127.0.0.1:11434/api/chat", "Authorization: Bearer K",
		"{'model':'m','stream':false,'messages':[{'role':'system','content':'be brief'},"
		"{'role':'user','content':'how is it?'},{'role':'assistant','content':'I look',"
		"'tool_calls':[{'id':'a1','function':{'name':'host_load','arguments':{'n':1}}}]},"
		"{'role':'tool','tool_name':'host_load','tool_call_id':'a1','content':'0.5'}],"
		"'tools':[{'type':'function','function':{'name':'host_load','description':'The load',"
		"'parameters':{'type':'object'}}},{'type':'function','function':{'name':"
		"'host_load_2','description':'Another','parameters':{'type':'object'}}}],"
		"'options':{'num_ctx':8192,'num_predict':100}}"},
};

static bool has(const struct words *w, const char *line)
{
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->items[i], line) == 0)
			return true;
	return false;
}

static void asks_each(void **state)
{
	json_t *ask = tree(ASK);

	(void)state;
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		struct provider_to to = {.key = "K", .structured = true, .context = 8192};
		struct provider_request r;
		json_t *body;

		provider_request(provider_find(asks[i].name), &to, ask, &r);
		assert_string_equal(r.url, asks[i].url);
		assert_true(has(&r.headers, asks[i].header));
		body = json_loads(r.body, 0, NULL);
		same(asks[i].name, body, asks[i].body);
		json_decref(body);
		provider_request_clear(&r);
	}
	json_decref(ask);
	assert_null(provider_find("frob"));
}

static void takes_urls(void **state)
{
	static const struct {
		const char *name, *base, *url;
	} table[] = {
		{"openai", "http://h:4000", "http://h:4000/v1/chat/completions"},
		{"openai", "http://h:4000/", "http://h:4000/v1/chat/completions"},
		{"openai", "http://h:4000/v1/", "http://h:4000/v1/chat/completions"},
		{"openai", "https://h/v1beta/openai", "https://h/v1beta/openai/chat/completions"},
		{"ollama", "http://h", "http://h/api/chat"},
		{"ollama", "http://h/sub/api", "http://h/sub/api/chat"},
		{"anthropic", "http://h", "http://h/v1/messages"},
		{"gemini", "http://h", "http://h/v1beta/models/a%2Fb%3F:streamGenerateContent?alt=sse"},
	};
	json_t *ask = tree("{'model':'models/a/b?','messages':[],'stream':true}");

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct provider_to to = {.url = table[i].base};
		struct provider_request r;

		provider_request(provider_find(table[i].name), &to, ask, &r);
		assert_string_equal(r.url, table[i].url);
		assert_false(has(&r.headers, "Authorization: Bearer "));
		provider_request_clear(&r);
	}
	json_decref(ask);
}

/* What each provider answers, and what it means; NULL: it is no answer. */
static const struct {
	const char *name, *body, *answer;
} answers[] = {
	{"openai",
		"{'choices':[{'message':{'role':'assistant','content':'fine','refusal':null},"
		"'finish_reason':'stop'}],'model':'m-1','usage':{'prompt_tokens':7,"
		"'completion_tokens':2,'total_tokens':9}}",
		"{'text':'fine','calls':[],'end':'stop','usage':{'input':7,'output':2},'model':'m-1'}"},
	{"openai",
		"{'choices':[{'message':{'content':null,'tool_calls':[{'id':'c','type':'function',"
		"'function':{'name':'host_load','arguments':'{\\'n\\':2}'}},{'id':'d','function':{"
		"'name':'rm','arguments':'{oops'}},{'function':{'name':'host_load_2','arguments':''"
		"}}]},'finish_reason':'tool_calls'}]}",
		"{'text':'','calls':[{'id':'c','name':'host.load','args':{'n':2}},{'id':'d','name':"
		"'rm','bad':'{oops'},{'id':'call-3','name':'host_load','args':{}}],'end':'calls'}"},
	{"openai", "{'choices':[{'message':{'content':'fi'},'finish_reason':'length'}]}",
		"{'text':'fi','calls':[],'end':'length'}"},
	{"openai", "{'choices':[{'message':{'content':null,'refusal':'no'},'finish_reason':'stop'}]}",
		"{'text':'no','calls':[],'end':'refused'}"},
	{"openai", "{'choices':[]}", NULL},
	{"openai", "[1]", NULL},
	{"openai", "{'choices':", NULL},
	{"anthropic",
		"{'type':'message','model':'c','content':[{'type':'thinking','thinking':'hm',"
		"'signature':'S'},{'type':'text','text':'fi'},{'type':'text','text':'ne'}],"
		"'stop_reason':'end_turn','usage':{'input_tokens':3,'cache_read_input_tokens':4,"
		"'output_tokens':2}}",
		"{'text':'fine','calls':[],'end':'stop','model':'c','usage':{'input':7,'output':2},"
		"'native':[{'type':'thinking','thinking':'hm','signature':'S'},{'type':'text','text':"
		"'fi'},{'type':'text','text':'ne'}]}"},
	{"anthropic",
		"{'content':[{'type':'tool_use','id':'t','name':'host_load','input':{'n':2}}],"
		"'stop_reason':'tool_use'}",
		"{'text':'','calls':[{'id':'t','name':'host.load','args':{'n':2}}],'end':'calls',"
		"'native':[{'type':'tool_use','id':'t','name':'host_load','input':{'n':2}}]}"},
	{"anthropic", "{'content':[],'stop_reason':'refusal'}",
		"{'text':'','calls':[],'end':'refused','native':[]}"},
	{"anthropic", "{'type':'error','error':{'type':'api_error'}}", NULL},
	{"gemini",
		"{'candidates':[{'content':{'role':'model','parts':[{'text':'hm','thought':true},"
		"{'text':'fine'}]},'finishReason':'STOP'}],'usageMetadata':{'promptTokenCount':7,"
		"'candidatesTokenCount':2,'thoughtsTokenCount':5},'modelVersion':'g'}",
		"{'text':'fine','calls':[],'end':'stop','model':'g','usage':{'input':7,'output':7},"
		"'native':[{'text':'hm','thought':true},{'text':'fine'}]}"},
	{"gemini",
		"{'candidates':[{'content':{'parts':[{'functionCall':{'name':'host_load','args':{"
		"'n':2}},'thoughtSignature':'S'}]},'finishReason':'STOP'}]}",
		"{'text':'','calls':[{'id':'call-1','name':'host.load','args':{'n':2}}],'end':'calls',"
		"'native':[{'functionCall':{'name':'host_load','args':{'n':2}},'thoughtSignature':"
		"'S'}]}"},
	{"gemini", "{'promptFeedback':{'blockReason':'SAFETY'}}",
		"{'text':'SAFETY','calls':[],'end':'refused'}"},
	{"gemini", "{'candidates':[{'finishReason':'MAX_TOKENS'}]}",
		"{'text':'','calls':[],'end':'length'}"},
	{"gemini", "{'candidates':[{'finishReason':'RECITATION'}]}",
		"{'text':'','calls':[],'end':'refused'}"},
	{"gemini", "{}", NULL},
	{"ollama",
		"{'model':'q','message':{'role':'assistant','content':'fine'},'done':true,"
		"'done_reason':'stop','prompt_eval_count':7,'eval_count':2}",
		"{'text':'fine','calls':[],'end':'stop','model':'q','usage':{'input':7,'output':2}}"},
	{"ollama",
		"{'message':{'content':'','tool_calls':[{'function':{'name':'host_load','arguments':"
		"{'n':2}}}]},'done':true}",
		"{'text':'','calls':[{'id':'call-1','name':'host.load','args':{'n':2}}],'end':"
		"'calls'}"},
	{"ollama", "{'message':{'content':'fi'},'done':false}", NULL},
	{"ollama", "<html>", NULL},
	{"ollama", "", NULL},
};

static void reads_answers(void **state)
{
	json_t *ask = tree(ASK);

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct err e = ERR_INIT;
		char *body = strdup(answers[i].body);
		json_t *answer;

		for (char *c = body; *c; c++)
			if (*c == '\'')
				*c = '"';
		answer = provider_answer(provider_find(answers[i].name), ask, str_of(body), &e);
		if (!answer != !answers[i].answer)
			fail_msg("%zu: %s", i, e.text);
		if (answer)
			same(answers[i].name, answer, answers[i].answer);
		else
			assert_int_equal(e.kind, ERR_DATA);
		json_decref(answer);
		free(body);
	}
	json_decref(ask);
}

static const struct {
	const char *name, *stream, *text, *answer; /* NULL: no answer */
} streams[] = {
	{"openai",
		"data: {'model':'m','choices':[{'delta':{'role':'assistant','content':''}}]}\n\n"
		"data: {'choices':[{'delta':{'content':'fi'}}]}\n\n: comment\n\n"
		"data: {'choices':[{'delta':{'content':'ne'},'finish_reason':'stop'}]}\n\n"
		"data: {'choices':[],'usage':{'prompt_tokens':7,'completion_tokens':2}}\n\n"
		"data: [DONE]\n\n",
		"fine",
		"{'text':'fine','calls':[],'end':'stop','usage':{'input':7,'output':2},'model':'m'}"},
	{"openai",
		"data: {'choices':[{'delta':{'tool_calls':[{'index':0,'id':'c','function':{'name':"
		"'host_load','arguments':''}}]}}]}\n\n"
		"data: {'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'arguments':"
		"'{\\'n\\''}}]}}]}\n\n"
		"data: {'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'arguments':':2}'}"
		"}]}}]}\n\n"
		"data: {'choices':[{'delta':{},'finish_reason':'tool_calls'}]}\n\ndata: [DONE]\n\n",
		"", "{'text':'','calls':[{'id':'c','name':'host.load','args':{'n':2}}],'end':'calls'}"},
	{"openai", "data: {'choices':[{'delta':{'content':'fi'}}]}\n\n", "fi", NULL},
	{"openai",
		"data: {'choices':[{'delta':{'content':'fi'}}]}\n\ndata: {'error':{'message':'late'}"
		"}\n\ndata: [DONE]\n\n",
		"fi", NULL},
	{"anthropic",
		"event: message_start\ndata: {'type':'message_start','message':{'model':'c','content'"
		":[],'usage':{'input_tokens':7,'output_tokens':1}}}\n\n"
		"event: content_block_start\ndata: {'type':'content_block_start','index':0,"
		"'content_block':{'type':'text','text':''}}\n\n"
		"event: ping\ndata: {'type':'ping'}\n\n"
		"event: content_block_delta\ndata: {'type':'content_block_delta','index':0,'delta':{"
		"'type':'text_delta','text':'fine'}}\n\n"
		"data: {'type':'content_block_start','index':1,'content_block':{'type':'tool_use',"
		"'id':'t','name':'host_load','input':{}}}\n\n"
		"data: {'type':'content_block_delta','index':1,'delta':{'type':'input_json_delta',"
		"'partial_json':'{\\'n\\':'}}\n\n"
		"data: {'type':'content_block_delta','index':1,'delta':{'type':'input_json_delta',"
		"'partial_json':'2}'}}\n\n"
		"data: {'type':'message_delta','delta':{'stop_reason':'tool_use'},'usage':{"
		"'output_tokens':2}}\n\n"
		"data: {'type':'message_stop'}\n\n",
		"fine",
		"{'text':'fine','calls':[{'id':'t','name':'host.load','args':{'n':2}}],'end':'calls',"
		"'model':'c','usage':{'input':7,'output':2},'native':[{'type':'text','text':'fine'},{"
		"'type':'tool_use','id':'t','name':'host_load','input':{'n':2}}]}"},
	{"anthropic",
		"data: {'type':'message_start','message':{}}\n\ndata: {'type':'error','error':{'type'"
		":'overloaded_error','message':'Overloaded'}}\n\n",
		"", NULL},
	{"gemini",
		"data: {'candidates':[{'content':{'parts':[{'text':'fi'}]}}]}\n\n"
		"data: {'candidates':[{'content':{'parts':[{'text':'ne'}]},'finishReason':'STOP'}],"
		"'usageMetadata':{'promptTokenCount':7,'candidatesTokenCount':2}}\n\n",
		"fine",
		"{'text':'fine','calls':[],'end':'stop','usage':{'input':7,'output':2},'native':[{"
		"'text':'fine'}]}"},
	{"ollama",
		"{'message':{'content':'fi'},'done':false}\n{'message':{'content':'ne'},'done':false}"
		"\n{'message':{'content':''},'done':true,'prompt_eval_count':7,'eval_count':2}",
		"fine", "{'text':'fine','calls':[],'end':'stop','usage':{'input':7,'output':2}}"},
	{"ollama", "{'message':{'content':'fi'},'done':false}\n{'error':'out of memory'}\n", "fi",
		NULL},
};

static int gather(void *arg, struct str piece)
{
	return buf_putstr(arg, piece);
}

static void reads_streams(void **state)
{
	json_t *ask = tree(ASK);

	(void)state;
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
		for (size_t step = 1; step < 2000; step = step * 5 + 2) {
			char *text = strdup(streams[i].stream);
			struct buf shown = BUF_INIT(1000);
			struct err e = ERR_INIT;
			struct provider_stream s;
			struct fault fault;
			json_t *answer;

			for (char *c = text; *c; c++)
				if (*c == '\'')
					*c = '"';
			provider_stream_init(&s, provider_find(streams[i].name), 100000);
			for (size_t at = 0, n = strlen(text); at < n; at += step)
				assert_int_equal(0,
					provider_stream_feed(&s,
						(struct str){text + at,
							n - at < step ? n - at : step},
						gather, &shown, &e));
			answer = provider_stream_end(&s, ask, &fault, &e);
			assert_string_equal(buf_text(&shown), streams[i].text);
			if (!answer != !streams[i].answer)
				fail_msg("%zu: %s", i, e.text);
			if (answer)
				same(streams[i].name, answer, streams[i].answer);
			json_decref(answer);
			provider_stream_clear(&s);
			buf_clear(&shown);
			free(text);
		}
	json_decref(ask);
}

static void bounds_streams(void **state)
{
	struct provider_stream s;
	struct err e = ERR_INIT;
	const char *piece = "data: {\"choices\":[{\"delta\":{\"content\":\"0123456789\"}}]}\n\n";
	int rc = 0;

	(void)state;
	provider_stream_init(&s, &provider_openai, 100);
	for (int i = 0; i < 20 && rc == 0; i++)
		rc = provider_stream_feed(&s, str_of(piece), NULL, NULL, &e);
	assert_int_equal(rc, -1);
	assert_int_equal(e.kind, ERR_DATA);
	provider_stream_clear(&s);
}

static void holds_to_schemas(void **state)
{
	static const struct {
		const char *schema;
		bool strict, closed;
	} table[] = {
		{"{'type':'object','properties':{'a':{'type':'string'}},'required':['a'],"
		 "'additionalProperties':false}", true, true},
		{"{'type':'object','properties':{'a':{'type':'string'}},'additionalProperties':false}",
			false, true},
		{"{'type':'object','properties':{'a':{'type':'string','maxLength':3}},'required':['a'],"
		 "'additionalProperties':false}", false, true},
		{"{'type':'object'}", false, false},
		{"{'type':'object','properties':{'a':{}},'required':['a'],'additionalProperties':false}",
			false, false},
		{"{'type':'array','items':{'type':'object'}}", false, false},
		{"{'anyOf':[{'type':'null'},{'type':['object','null']}]}", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *schema = tree(table[i].schema);

		if (structured_is_strict(schema) != table[i].strict ||
			structured_is_closed(schema) != table[i].closed)
			fail_msg("%zu", i);
		json_decref(schema);
	}
}

static void asks_for_schemas(void **state)
{
	static const struct {
		const char *name, *schema, *at, *want; /* want NULL: nothing is there */
	} table[] = {
		{"openai", "{'type':'object'}", "/response_format",
			"{'type':'json_schema','json_schema':{'name':'answer','schema':{'type':'object'},"
			"'strict':false}}"},
		{"anthropic",
			"{'$schema':'x','type':'object','properties':{'a':{'type':'integer','minimum':1}"
			"},'additionalProperties':false}",
			"/output_config",
			"{'format':{'type':'json_schema','schema':{'type':'object','properties':{'a':{"
			"'type':'integer'}},'additionalProperties':false}}}"},
		{"anthropic", "{'type':'object'}", "/output_config", NULL},
		{"gemini", "{'type':'object'}", "/generationConfig/responseJsonSchema", NULL},
		{"gemini",
			"{'type':'object','properties':{'a':{'type':'integer','minimum':1,'not':{}}},"
			"'additionalProperties':false}",
			"/generationConfig/responseJsonSchema",
			"{'type':'object','properties':{'a':{'type':'integer','minimum':1}},"
			"'additionalProperties':false}"},
		{"ollama", "{'type':'object'}", "/format", "{'type':'object'}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		for (int held = 0; held < 2; held++) {
			struct provider_to to = {.structured = held};
			json_t *ask = tree("{'model':'m','messages':[{'role':'user','content':'x'}]}");
			struct provider_request r;
			json_t *body, *at;

			json_object_set_new(ask, "schema", tree(table[i].schema));
			provider_request(provider_find(table[i].name), &to, ask, &r);
			body = json_loads(r.body, 0, NULL);
			at = pointer_get(body, table[i].at);
			if (held && table[i].want)
				same(table[i].name, at, table[i].want);
			else
				assert_null(at);
			/* Who is not held to it is told. */
			if (!at)
				assert_non_null(strstr(r.body, "JSON Schema"));
			json_decref(body);
			json_decref(ask);
			provider_request_clear(&r);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(asks_each), cmocka_unit_test(takes_urls),
		cmocka_unit_test(reads_answers), cmocka_unit_test(reads_streams),
		cmocka_unit_test(bounds_streams), cmocka_unit_test(holds_to_schemas),
		cmocka_unit_test(asks_for_schemas)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
