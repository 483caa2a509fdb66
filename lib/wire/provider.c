#include "wire/provider.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/node.h"

#define BODY_MOST ((size_t)64 << 20)

const struct provider *provider_find(const char *name)
{
	static const struct provider *const all[] = {
		&provider_openai, &provider_anthropic, &provider_gemini, &provider_ollama, NULL};

	for (size_t i = 0; all[i]; i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

/* A URL that names a host only is completed; one with a path is taken as it is. */
static char *url_of(const struct provider *p, const char *base, const char *path)
{
	struct buf url = BUF_INIT(8192);
	const char *host = strstr(base, "://"), *slash = strchr(host ? host + 3 : base, '/');
	size_t n = strlen(base);

	while (n && base[n - 1] == '/')
		n--;
	buf_put(&url, base, n);
	if (!slash || slash[strspn(slash, "/")] == '\0')
		buf_puts(&url, p->base);
	buf_puts(&url, path);
	return buf_take(&url);
}

static void authorize(const struct provider *p, const char *key, struct words *headers)
{
	struct buf line = BUF_INIT(65536);

	buf_putf(&line, "%s%s", p->key, key);
	words_add(headers, buf_text(&line));
	buf_clear(&line);
}

void provider_request(const struct provider *p, const struct provider_to *to, const json_t *ask,
	struct provider_request *r)
{
	char *path = p->path ? mem_text(p->path) : p->path_of(ask);
	struct buf text = BUF_INIT(BODY_MOST);
	json_t *body = p->body(to, ask);

	*r = (struct provider_request){.url = url_of(p, to->url ? to->url : p->url, path)};
	words_add(&r->headers, "Content-Type: application/json");
	words_add(&r->headers, "Accept: application/json, text/event-stream");
	if (p->header)
		words_add(&r->headers, p->header);
	if (to->key && *to->key)
		authorize(p, to->key, &r->headers);
	json_put(&text, body);
	r->body = buf_take(&text);
	json_decref(body);
	free(path);
}

void provider_request_clear(struct provider_request *r)
{
	free(r->url);
	words_clear(&r->headers);
	free(r->body);
	*r = (struct provider_request){0};
}

/* What a proxy's page, or half an answer, begins with. */
static int no_answer(struct str body, struct err *e)
{
	struct str head = str_trim(body);

	if (!head.n)
		return err_set(e, ERR_DATA, "the answer is empty");
	if (head.p[0] == '<')
		return err_set(e, ERR_DATA,
			"the answer is a page of HTML: is the URL that of the interface?");
	if (head.p[0] == '{')
		return err_set(e, ERR_DATA, "the answer is cut off, or no JSON");
	return err_set(e, ERR_DATA, "the answer is no JSON object");
}

json_t *provider_read(
	const struct provider *p, const json_t *ask, const json_t *body, struct err *e)
{
	json_t *answer = json_pack("{s:s,s:[],s:s}", "text", "", "calls", "end", "stop");

	if (p->read(ask, body, answer, e) == 0)
		return answer;
	json_decref(answer);
	return NULL;
}

json_t *provider_answer(
	const struct provider *p, const json_t *ask, struct str body, struct err *e)
{
	json_t *tree = json_loadb(body.n ? body.p : "", body.n, JSON_REJECT_DUPLICATES, NULL);
	json_t *answer = NULL;

	if (json_is_object(tree))
		answer = provider_read(p, ask, tree, e);
	else
		no_answer(body, e);
	json_decref(tree);
	return answer;
}

/* --- what all of them read --- */

void provider_usage(json_t *answer, json_int_t input, json_int_t output)
{
	if (input >= 0 && output >= 0)
		json_object_set_new(answer, "usage",
			json_pack("{s:I,s:I}", "input", input, "output", output));
}

json_int_t provider_count(const json_t *usage, const char *key)
{
	json_t *n = json_object_get(usage, key);

	return json_is_integer(n) && json_integer_value(n) >= 0 ? json_integer_value(n) : 0;
}

void provider_call(json_t *answer, const json_t *id, const char *tool, json_t *args_take)
{
	json_t *calls = json_object_get(answer, "calls"), *call = json_object();
	struct buf made = BUF_INIT(32);

	buf_putf(&made, "call-%zu", json_array_size(calls) + 1);
	if (json_is_string(id) && json_string_length(id))
		json_object_set(call, "id", (json_t *)id);
	else
		json_object_set_new(call, "id", json_string(buf_text(&made)));
	json_object_set_new(call, "name", json_string(tool));
	json_object_set_new(call, json_is_object(args_take) ? "args" : "bad",
		args_take ? args_take : json_string(""));
	json_array_append_new(calls, call);
	json_object_set_new(answer, "end", json_string("calls"));
	buf_clear(&made);
}
