/*
 * question: what a person asks with hl-llm(1), made an ask (inquiry.h): a prompt, or a conversation
 * as JSON, or the words of a goal; and standard input, as what is asked or as data.
 */
#ifndef HL_FLOW_QUESTION_H
#define HL_FLOW_QUESTION_H

#include <jansson.h>

#include "base/opt.h"
#include "flow/ground.h"

struct question_options {
	const char *role, *goal, *rules; /* rules: what the model is told first */
	const char *schema;              /* a file */
	struct opt_list tools;           /* names, some with commas between */
	long steps, tokens;              /* 0: as inquiry.h has it */
	int64_t time_ms;
};

/*
 * The ask, given. `prompt` may be NULL: then standard input is asked, a text or a list of messages
 * (doc/chat.h); else standard input is data, where it is no terminal. NULL on error.
 */
json_t *question_ask(const struct question_options *o, const struct ground *g, const char *prompt,
	struct err *e);

#endif
