/*
 * said: what a model said in a conversation, so that it can be given back as it was said although
 * the conversation is kept restored. Nothing new leaves by that: who gets it has written it.
 */
#ifndef HL_FLOW_SAID_H
#define HL_FLOW_SAID_H

#include <jansson.h>

struct said;

struct said *said_new(void);
void said_free(struct said *s); /* accepts NULL */

/* Notes an answer of a model, by its name, and how it is restored. */
void said_note(struct said *s, const char *model, const json_t *answer, const json_t *restored);

/*
 * The message of the assistant as a model said it: content, calls, and native when it was this
 * model. NULL: it was not said. Given.
 */
json_t *said_find(const struct said *s, const char *model, const json_t *message);

#endif
