/*
 * thinker: asks a model, through hl-llm(1), which alone talks to models: it routes, keeps quotas,
 * scrubs what leaves and keeps the transcript. A stage asks one question and gets one answer.
 *
 * An ask is {"kind": "ask", "stage", "case", "goal"?, "role"?, "system"?, "messages" or "prompt",
 * "schema"?, "tools"?, "bounds"? {"steps", "tokens", "time_ms"}, "exclude"?}, one line of
 * `hl-llm --requests`. An answer is one of
 *
 *	{"kind": "answer", "ok": true, "text", "value"?, "model", "role"?, "where"?, "usage"?,
 *	 "money"?, "calls"?, "transcript"?}
 *	{"kind": "answer", "ok": false, "reason", "error", "transcript"?}
 *
 * What hl-llm prints is checked before anybody sees it: whoever reads an answer finds each member
 * that is there of its type, and `reason` one of thinker_reasons. No model, no hl-llm, silence and
 * nonsense are answers, too: nothing that a model does stops a case.
 */
#ifndef HL_FLOW_THINKER_H
#define HL_FLOW_THINKER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/sha.h"
#include "flow/memory.h"

#define THINKER_TIME_MS 180000 /* unless the ask has bounds */

/* none, privacy, quota, unreachable, invalid, bounds; NULL at the end */
extern const char *const thinker_reasons[];

/*
 * What was kept of an ask with this digest: its transcript (hl-llm(1)), or, where nothing was sent
 * and so none was kept, the answer itself. NULL with the reason: a replay that asks what was not
 * asked then goes another way, and ends. Given.
 */
typedef json_t *thinker_kept_fn(void *arg, const char *asked, struct err *e);

struct thinker {
	thinker_kept_fn *kept; /* a replay: no process is run; NULL: hl-llm is asked */
	void *arg;
	/* The budget of asks an hour, of all stages together; memory NULL: there is none. */
	struct memory *memory;
	int64_t an_hour, now;
	int64_t until; /* when_tick: nothing is asked from then on; 0: there is no such time */
};

/*
 * The answer; caller decrefs. t NULL: hl-llm is asked, without a budget. NULL only in a replay. A
 * transcript is believed only when it says that it is of this ask.
 */
json_t *thinker_ask(const struct thinker *t, const json_t *ask, struct err *e);

/*
 * The same, and what was asked is noted in `asks`, an array that is kept with the case so that it
 * can be replayed: {"asked": digest, "transcript"?}, and {"reason", "error"} of a failure.
 */
json_t *thinker_inquire(
	const struct thinker *t, const json_t *ask, json_t *asks, struct err *e);

/* The SHA-256 of the canonical ask, by which it is found again. Returns `hex`. */
char *thinker_digest(const json_t *ask, char hex[SHA_HEX]);

bool thinker_is_ok(const json_t *answer);

#endif
