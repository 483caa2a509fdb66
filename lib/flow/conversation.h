/*
 * conversation: asks models until one answers: which of them, whether they may be asked (quota.h)
 * and may be told (egress.h), with looks at the world in between (looks.h), held to a schema, within
 * bounds. All that was sent and answered is kept (transcript.h).
 *
 *	json_t *answer = conversation_hold(&c, &inquiry, e);   // a line of `hl-llm --requests`
 *
 * - Models are asked in the order of route.h. One that is spent, rests, may not be told, or fails,
 *   is passed over for the next, which begins anew; what was used up of the bounds stays so.
 * - An answer that does not satisfy the schema goes back once, with what is wrong with it; a second
 *   one ends it.
 * - Nothing that a model says is followed here: it can only look, with tools that were named for it.
 */
#ifndef HL_FLOW_CONVERSATION_H
#define HL_FLOW_CONVERSATION_H

#include "doc/inquiry.h"
#include "flow/ground.h"
#include "flow/lineup.h"
#include "flow/quota.h"
#include "flow/service.h"

struct conversation {
	const struct ground *ground;
	const struct lineup *lineup;
	struct quota *quota;
	struct service service;
	const struct model *model; /* asked for by name; NULL: by route.h */
	bool secrets;              /* put back in the answer, too: it is for whom they came from */
	bool streams;              /* `show` gets the text as it comes, restored */
	provider_text_fn *show;
	void *arg;
};

/*
 * {"kind": "answer", ...} as thinker.h has it; with "cut": true where the model came to the end of
 * its tokens. Given. NULL: something of ours failed (the database, the rules of what is private).
 */
json_t *conversation_hold(struct conversation *c, const struct inquiry *q, struct err *e);

#endif
