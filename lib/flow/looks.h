/*
 * looks: the tools that a model may look with while it answers: those of the catalogue that only
 * read, that were named for it, and that policy does not deny. What they find is data, told as a
 * JSON document of its own and cut to a bounded size.
 */
#ifndef HL_FLOW_LOOKS_H
#define HL_FLOW_LOOKS_H

#include <jansson.h>

#include "doc/policy.h"
#include "doc/tool.h"

/* How much of one look a model gets, in bytes. */
enum { LOOKS_DATA = 16 << 10 };

struct looks {
	const struct catalogue *catalogue;
	const struct policy *policy; /* may be NULL */
	const json_t *names;         /* of the tools; may be NULL: none */
};

/*
 * Whether each of the names is a tool that only reads, and is not denied. -1: ERR_USAGE (no such
 * tool, with a did-you-mean) or ERR_DENIED.
 */
int looks_check(const struct looks *l, struct err *e);

/* [{"name", "description", "schema"}]; given. Names that cannot be used are left out. */
json_t *looks_declarations(const struct looks *l);

/*
 * Runs what the model asks for, a call of an answer (doc/chat.h) that was restored (egress.h). Puts
 * what it is told into `into` and returns whether it went well; what it asks for and may not have is
 * told it in words.
 */
bool looks_at(const struct looks *l, const json_t *call, int64_t left_ms, struct buf *into);

#endif
