/*
 * trickle: a text that comes in pieces, restored as it goes: what may be the beginning of a
 * placeholder is held back until the rest of it is there.
 */
#ifndef HL_FLOW_TRICKLE_H
#define HL_FLOW_TRICKLE_H

#include "flow/egress.h"

typedef int trickle_fn(void *arg, struct str text);

struct trickle {
	const struct egress *egress;
	bool secrets;
	trickle_fn *show;
	void *arg;
	struct buf held;
};

void trickle_begin(
	struct trickle *t, const struct egress *g, bool secrets, trickle_fn *show, void *arg);
int trickle_feed(void *trickle, struct str piece); /* 0, or what `show` returned */
int trickle_end(struct trickle *t);                /* what is still held back */
void trickle_clear(struct trickle *t);

#endif
