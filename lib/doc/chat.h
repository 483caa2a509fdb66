/*
 * chat: a conversation with a model, whoever serves it. The provider's own form is made in wire/.
 *
 * An ask is
 *
 *	{"model": "gemini-2.0-flash", "messages": [M, ...], "tools"?: [{"name", "description",
 *	 "schema"}], "schema"?: of the answer, "max_tokens"?, "temperature"?, "stream"?: true}
 *
 * and a message M one of
 *
 *	{"role": "system" | "user", "content": text}
 *	{"role": "assistant", "content": text, "calls"?: [{"id", "name", "args": {}}], "native"?}
 *	{"role": "tool", "call": id, "name", "content": text, "failed"?: true}
 *
 * where `native` is what the provider wants to see again as it was (what a model thought, signed).
 * An answer is
 *
 *	{"text", "calls": [{"id", "name", "args": {}} or {"id", "name", "bad": text}], "end",
 *	 "usage"?: {"input", "output"}, "model"?, "native"?}
 *
 * `bad`: what the model wrote in place of arguments. `usage` is in tokens.
 */
#ifndef HL_DOC_CHAT_H
#define HL_DOC_CHAT_H

#include "json/node.h"

/* stop, length (cut off), calls (tools, please), refused; NULL at the end */
extern const char *const chat_ends[];

/* A list of messages as a person or a stage gives it; native is not taken. -1 with the place. */
int chat_check(const struct node *messages, struct err *e);

/* Messages; given. */
json_t *chat_message(const char *role, struct str content);
json_t *chat_result(const json_t *call, struct str content, bool failed);

/* What the model said, as a message of the conversation that goes on. Given. */
json_t *chat_said(const json_t *answer);

bool chat_is(const json_t *message, const char *role);

/* "" where there is none. Lent. */
const char *chat_text(const json_t *answer);
bool chat_ended(const json_t *answer, const char *end);

#endif
