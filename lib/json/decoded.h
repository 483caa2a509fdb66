/*
 * decoded: what a text says that is written another way, and where each byte of that stands in it.
 */
#ifndef HL_JSON_DECODED_H
#define HL_JSON_DECODED_H

#include "base/buf.h"

struct decoded {
	struct buf text;
	const char **from; /* one more than there are bytes */
};

/* The inside of a JSON string that was validated (text.h). */
struct decoded decoded_string(struct str inside);

/* One more byte of d->text, which has room for it, written from `at` on. */
void decoded_put(struct decoded *d, char byte, const char *at);

void decoded_clear(struct decoded *d);

#endif
