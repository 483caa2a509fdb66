/* Any bytes as the answer of a provider, at once and as a stream: no crash, and what is read is whole. */
#include <stdlib.h>

#include "doc/chat.h"
#include "wire/provider_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *no_field(void *arg, const char *name)
{
	(void)arg;
	(void)name;
	return NULL;
}

static void look(json_t *answer)
{
	if (answer && (!json_is_string(json_object_get(answer, "text")) ||
			      !json_is_array(json_object_get(answer, "calls")) ||
			      !json_is_string(json_object_get(answer, "end"))))
		abort();
	if (answer)
		json_decref(chat_said(answer));
	json_decref(answer);
}

static void stream(const struct provider *p, const json_t *ask, struct str text)
{
	struct provider_stream s;
	struct fault fault;
	struct err e = ERR_INIT;
	int rc = 0;

	provider_stream_init(&s, p, 1 << 16);
	for (size_t at = 0; at < text.n && rc == 0; at += 7)
		rc = provider_stream_feed(&s,
			(struct str){text.p + at, text.n - at < 7 ? text.n - at : 7}, NULL, NULL,
			&e);
	if (rc == 0)
		look(provider_stream_end(&s, ask, &fault, &e));
	provider_stream_clear(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"openai", "anthropic", "gemini", "ollama"};
	const struct provider *p = provider_find(names[size ? data[0] % 4 : 0]);
	struct str text = {(const char *)data + (size ? 1 : 0), size ? size - 1 : 0};
	json_t *ask = json_pack("{s:[{s:s}]}", "tools", "name", "host.load");
	struct err e = ERR_INIT;
	struct fault fault;

	look(provider_answer(p, ask, text, &e));
	stream(p, ask, text);
	fault_read(&fault, 429, no_field, NULL, text, 0);
	json_decref(ask);
	return 0;
}
