/*
 * redaction: the secrets that a tool was given, cut out of what it says before anybody keeps it.
 * It is known as it is and as JSON writes it: an error may quote a piece of an answer.
 * A secret of fewer than 4 bytes is none: cutting it out would ruin the text.
 */
#ifndef HL_DOC_REDACTION_H
#define HL_DOC_REDACTION_H

#include <jansson.h>

#include "base/buf.h"

struct redaction {
	struct redaction_secret {
		char *name, *value;
	} * all; /* the longest first: another may be a part of it */
	size_t count, cap;
};

void redaction_add(struct redaction *r, const char *name, const char *value); /* copies both */
void redaction_clear(struct redaction *r);

/* Puts "[secret NAME]" where the value of a secret stands. */
void redaction_text(const struct redaction *r, struct buf *b);

/*
 * The same in every text and key of a value: what was escaped in JSON shows only when it is read.
 * Swallows the value and gives the one to keep; accepts NULL.
 */
json_t *redaction_take(const struct redaction *r, json_t *value);

#endif
