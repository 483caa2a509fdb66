/*
 * fault: why a provider of models did not answer, and what to do about it: from the status, the
 * headers and the body of its answer, of which each provider has its own form:
 *
 *	OpenAI, LiteLLM   {"error": {"message", "type", "code"}}        openai-openapi
 *	Anthropic         {"type": "error", "error": {"type", "message"}}   anthropic-sdk-python
 *	Gemini            {"error": {"code", "message", "status", "details": [..]}}, maybe in a list
 *	Ollama            {"error": text}                               ollama, docs/api/errors
 */
#ifndef HL_WIRE_FAULT_H
#define HL_WIRE_FAULT_H

#include <jansson.h>
#include <stdint.h>

#include "base/str.h"

enum fault_kind {
	FAULT_BUSY,   /* wait, and ask again: too many requests, overloaded, a timeout */
	FAULT_SPENT,  /* a budget or the day's quota is used up: asking again is no use today */
	FAULT_DENIED, /* the key is wrong, or may not */
	FAULT_WRONG,  /* the request is: asking again would give the same */
	FAULT_BROKEN, /* the server is, or what it says is no answer */
};

extern const char *const fault_names[];

struct fault {
	enum fault_kind kind;
	int64_t after_ms; /* when the server says to come back; -1: it does not say */
	char text[400];   /* for a person, in the provider's words; no key is in it unless it said it */
};

/* A header of the answer by its name in lower case, or NULL. */
typedef const char *fault_field_fn(void *arg, const char *name);

/* Of an answer whose status is not 2xx; `now` is a point in time, for dates. */
void fault_read(struct fault *f, int status, fault_field_fn *field, void *arg, struct str body,
	int64_t now);

/* Of an error that comes in the middle of a stream, or in the body of a 200. */
void fault_read_error(struct fault *f, const json_t *error);

#endif
