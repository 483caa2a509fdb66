/*
 * egress: the gate that everything passes that is sent to a model. What is private stays here as
 * placeholders (placeholders.h), what must not leave at all does not, and nothing passes that the
 * gate does not know: a member of an ask that is new to it is an error, not a hole.
 *
 *	struct egress *g = egress_new(ops, e);           // one a conversation
 *	rc = egress_pass(g, ask, model->local, &sendable, why, e);
 *	... the codec sends `sendable` and gives an answer ...
 *	json_t *said = egress_restore(g, answer, false);
 *
 * An ask is {"model", "messages", "tools"?, "schema"?, "max_tokens"?, "temperature"?, "stream"?},
 * its messages as in {"role": "system|user|assistant|tool", "content"?, "calls"?, "native"?,
 * "call"?, "name"?, "failed"?}. Placeholders are the same over all turns of a conversation, which
 * is kept as it is here, restored: a turn goes through the gate with all that was said before.
 *
 * - Secrets are hidden from every model, and wherever they stand once they were recognised; all
 *   else that is private from models in the cloud, unless policy accepts it (privacy.h).
 * - What a model in the cloud said goes back to it byte for byte, with its `native` content, when
 *   the message is what egress_restore gave, or the answer itself. Any other `native` is left out.
 * - hl's own words pass as they are: declarations of installed tools (declared.h). Those of the ops
 *   repo may name what is private, and are scrubbed.
 */
#ifndef HL_FLOW_EGRESS_H
#define HL_FLOW_EGRESS_H

#include "flow/ops.h"

struct egress;

/* ops is lent for as long, and NULL where there is none. NULL: rules or policy do not load. */
struct egress *egress_new(struct ops *ops, struct err *e);
void egress_free(struct egress *g); /* accepts NULL */

/*
 * 1: *sendable is what may leave, given. 0: it may not go to such a model, and `why` has the reason
 * for a person, without a word of what was found. -1: it is no ask (ERR_DATA).
 */
int egress_pass(struct egress *g, const json_t *ask, bool local, json_t **sendable,
	struct buf *why, struct err *e);

/*
 * The answer to what was passed last, restored; given. With `secrets` false those stay placeholders:
 * for all that is kept, or that others see. A call whose arguments hold a secret is not to be run: it
 * keeps its placeholders and gets a member "refused", which says why.
 */
json_t *egress_restore(struct egress *g, const json_t *answer, bool secrets);

/* Of an answer: the value that its text was read as, and a text or a piece of one. */
json_t *egress_restore_value(const struct egress *g, const json_t *value, bool secrets);
void egress_restore_text(const struct egress *g, struct str text, bool secrets, struct buf *into);

/* How many different texts were hidden so far. */
size_t egress_hidden(const struct egress *g);

#endif
