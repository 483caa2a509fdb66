/*
 * provider: the interfaces by which models are served, each in a file of its own; pure. A
 * conversation of doc/chat.h goes in, a request over HTTP comes out, and the other way round.
 *
 *	openai.c      POST /v1/chat/completions: OpenAI, LiteLLM, llama.cpp, vLLM   openai-openapi
 *	anthropic.c   POST /v1/messages                        anthropic-sdk-python, anthropic/types
 *	gemini.c      POST /v1beta/models/NAME:generateContent      python-genai, genai/types.py
 *	ollama.c      POST /api/chat                                     ollama, docs/api.md
 *
 *	const struct provider *p = provider_find("gemini");
 *	provider_request(p, &to, ask, &request);
 *	... the request is sent ...
 *	answer = provider_answer(p, ask, body, e);       // or fault_read(..), or provider_stream.h
 */
#ifndef HL_WIRE_PROVIDER_H
#define HL_WIRE_PROVIDER_H

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"
#include "base/words.h"

/* Where an ask goes. All lent. */
struct provider_to {
	const char *url;  /* of the service; NULL: the provider's own */
	const char *key;  /* NULL: none is sent */
	bool structured;  /* the provider is asked to hold the answer to the schema, if it can */
	int64_t context;  /* tokens that prompt and answer may have; 0: not known */
};

struct provider_request {
	char *url;
	struct words headers; /* hold the key: never to be printed */
	char *body;
};

struct provider_stream;

struct provider {
	const char *name;
	const char *url;  /* of the service that is meant when none is named */
	const char *base; /* the path below a URL that has none: "/v1" */
	const char *header; /* one more that each request has; may be NULL */
	const char *path; /* below that; NULL: by the ask, given */
	char *(*path_of)(const json_t *ask);
	const char *key; /* the header that has it, up to it */
	json_t *(*body)(const struct provider_to *to, const json_t *ask);
	/* Adds what the body says to an answer that has text "", no calls and the end "stop". */
	int (*read)(const json_t *ask, const json_t *body, json_t *answer, struct err *e);
	bool lines; /* a stream is lines of JSON, not events */
	/* Whether this event, or line, ends the stream as it should. */
	bool (*merge)(struct provider_stream *s, const char *type, json_t *event);
	/* Puts the parts of a stream where a body that comes at once has them. May be NULL. */
	void (*join)(struct provider_stream *s);
};

extern const struct provider provider_openai, provider_anthropic, provider_gemini,
	provider_ollama;

const struct provider *provider_find(const char *name); /* NULL: none is called so */

void provider_request(const struct provider *p, const struct provider_to *to, const json_t *ask,
	struct provider_request *r);
void provider_request_clear(struct provider_request *r);

/* The answer, given. NULL (ERR_DATA): it is none, and what it is instead. */
json_t *provider_answer(
	const struct provider *p, const json_t *ask, struct str body, struct err *e);

/* The same of a body that was read, or put together from a stream. */
json_t *provider_read(
	const struct provider *p, const json_t *ask, const json_t *body, struct err *e);

/*
 * For the interfaces: what an answer gets. Counts below 0 are not told. Arguments that are no object
 * are kept as what they are, and an id that is missing is made.
 */
void provider_usage(json_t *answer, json_int_t input, json_int_t output);
json_int_t provider_count(const json_t *usage, const char *key); /* 0 where there is none */
void provider_call(json_t *answer, const json_t *id, const char *tool, json_t *args_take);

#endif
