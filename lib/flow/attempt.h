/*
 * attempt: a filled exchange (doc/exchange.h) being made: its requests, each with its retries and
 * judged. fetcher.h is what the rest of hl uses.
 */
#ifndef HL_FLOW_ATTEMPT_H
#define HL_FLOW_ATTEMPT_H

#include <jansson.h>
#include <stdint.h>

#include "edge/http.h"

struct attempt {
	const json_t *exchange; /* lent */
	struct http *http;
	struct words headers;  /* without a type for the body */
	struct buf body, type; /* of the request itself */
	bool has_body, repeatable, never_again;
	int64_t until; /* when_tick() at which nobody waits any more */
	size_t output_max;
};

/* -1: a part of the exchange cannot be sent (ERR_DATA). To be cleared either way. */
int attempt_begin(struct attempt *f, const json_t *exchange, struct err *e);
void attempt_clear(struct attempt *f);

/* The exchange's own URL with its query; `name` (may be NULL) has `value` in it. Appends. */
int attempt_put_url(const struct attempt *f, const char *name, struct str value, struct buf *into,
	struct err *e);

/*
 * Asks, again where that is right, and judges the answer by its status: `as_declared` with the
 * exchange's own method, body and ok_status; else a GET that has to give 200 to 299. 0, or -1 with
 * "GET https://nas.lan/api: 503 Service Unavailable: message": ERR_CASE when an answer came,
 * ERR_UNAVAILABLE when none did.
 */
int attempt_ask(struct attempt *f, const char *url, bool as_declared, struct http_answer *a,
	struct err *e);

/* The same, and the answer's JSON, which `ok` (an expectation, may be NULL) has to hold for. */
json_t *attempt_json(struct attempt *f, const char *url, bool as_declared, const json_t *ok,
	struct http_answer *a, struct err *e);

int64_t attempt_left(const struct attempt *f); /* milliseconds; 0 or less when it is over */
void attempt_rest(const struct attempt *f, int64_t ms);

#endif
