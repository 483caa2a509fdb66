/*
 * service: one question to one model, over HTTP or to a program: sent, asked again where that is of
 * use, and answered or not. What is asked has passed the gate (egress.h), and what is answered has
 * placeholders in it yet. A service that says that it knows no schemas is asked once more, with the
 * schema in words.
 */
#ifndef HL_FLOW_SERVICE_H
#define HL_FLOW_SERVICE_H

#include "base/sha.h"
#include "doc/model.h"
#include "edge/http.h"
#include "wire/provider_stream.h"

struct service {
	struct http *http; /* keeps connections; made when it is first needed */
	/* Gets the text as it comes, where the ask streams; NULL: it does not. */
	provider_text_fn *each;
	void *arg;
};

struct service_result {
	json_t *answer;      /* doc/chat.h; NULL: `fault` says why, which has no key in it */
	struct fault fault;
	bool sent;           /* something left the house */
	bool shown;          /* some text was given out, so asking anew would give it twice */
	int64_t money;       /* what the service says it cost, as in model.h; -1: it does not say */
	char digest[SHA_HEX]; /* of the bytes that were sent */
};

/*
 * `patience_ms`: how long to wait between tries, all together, which is little where there is
 * another model to ask. `until` (when_tick): the end of all.
 */
void service_ask(struct service *s, const struct model *m, const json_t *ask, int64_t patience_ms,
	int64_t until, struct service_result *r);

void service_clear(struct service *s);

#endif
