/*
 * structured: how much of a JSON Schema a provider can hold its answers to. What it cannot is asked
 * for in words, and is checked either way when the answer is there.
 *
 * Sources: OpenAI's strict mode (openai-python, lib/_pydantic.py: every property required, nothing
 * additional); Anthropic's output_config (anthropic-sdk-python: the same, optional properties may
 * be, no limits of numbers, texts and lists); Gemini's responseJsonSchema (python-genai, types.py).
 */
#ifndef HL_WIRE_STRUCTURED_H
#define HL_WIRE_STRUCTURED_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* Whether OpenAI's strict mode takes the schema as it is. */
bool structured_is_strict(const json_t *schema);

/* The schema without the words that are not in `known` (NULL-terminated). Given. */
json_t *structured_subset(const json_t *schema, const char *const *known);

/* Whether every object in it says what is in it, and that nothing else is. */
bool structured_is_closed(const json_t *schema);

extern const char *const structured_anthropic[], *const structured_gemini[];

/* Asks for the schema in words. */
void structured_words(const json_t *schema, struct buf *into);

/*
 * The ask's messages with the schema asked for in words behind the system messages; the same list
 * where there is no schema. Given.
 */
json_t *structured_messages(const json_t *ask);

#endif
