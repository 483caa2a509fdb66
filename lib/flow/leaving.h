/*
 * leaving: one text or value on its way to a model: what is private in it (passage.h) gets
 * placeholders, and for what then is matched by a never-send pattern (embargo.h) there is a reason
 * why it may not leave.
 */
#ifndef HL_FLOW_LEAVING_H
#define HL_FLOW_LEAVING_H

#include "doc/embargo.h"
#include "doc/passage.h"
#include "doc/placeholders.h"

struct leaving {
	const struct scrub_rules *rules;
	struct placeholders *held;
	unsigned kinds;
	const struct embargo *embargo; /* NULL: nothing is held back */
	/* Objects in JSON that pass as they are, and that nothing is matched with (passage.h). */
	bool (*own)(void *arg, struct scan_value object);
	void *arg;
	struct buf *why; /* gets the first reason */
};

/* The text at a place of the ask, scrubbed; given. NULL: it is too large to be looked at. */
json_t *leaving_text(struct leaving *l, const struct node *at, struct err *e);

/* The same for any value, its names and texts. A number that is private becomes a text. */
json_t *leaving_tree(struct leaving *l, const struct node *at, struct err *e);

#endif
