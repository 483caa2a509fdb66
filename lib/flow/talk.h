/*
 * talk: one conversation on its way: what was said, what was used up, and what kept a model from
 * answering. Internal to conversation.h.
 */
#ifndef HL_FLOW_TALK_H
#define HL_FLOW_TALK_H

#include "flow/conversation.h"
#include "flow/egress.h"
#include "flow/looks.h"

struct talk {
	struct conversation *c;
	const struct inquiry *q;
	struct egress *egress;
	struct looks looks;
	json_t *tools;     /* their declarations */
	json_t *exchanges; /* for the transcript */
	json_t *calls;     /* looks: {"tool", "args", "ok"} */
	int64_t began, until; /* when_tick */
	int64_t input, output, money; /* used up; of money, what is known */
	int64_t steps;                /* looks that are left */
	/* with the model that is asked now */
	const struct model *model;
	bool last;         /* there is no other behind it */
	json_t *messages;  /* as they are here, restored */
	size_t told;       /* of them, that are in the transcript */
	json_t *answer;    /* the last, with placeholders */
	json_t *restored;  /* without, but for those of secrets */
	/* why there is no answer: the last reason, and all of them in words */
	const char *reason; /* one of thinker_reasons; NULL: none yet */
	struct buf why;
};

void talk_begin(struct talk *t, struct conversation *c, const struct inquiry *q);
void talk_clear(struct talk *t);

/* Starts anew with another model. */
void talk_turn_to(struct talk *t, const struct model *m, bool last);

/* Notes why the model did not answer. */
void talk_failed(struct talk *t, const char *reason, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * One question and its answer, with the tools or without. 1; 0: it did not answer, and why is noted;
 * -1: something of ours failed.
 */
int talk_ask(struct talk *t, bool with_tools, struct err *e);

/* Does the looks that the answer asks for, and tells the model what they found. */
void talk_look(struct talk *t);

/* What is left of the bounds: true, or false and why is noted. */
bool talk_may_go_on(struct talk *t);

#endif
