/*
 * asker: gets a case its answer: from policy (auto, expired), from a script's answers, or from
 * a person at the terminal. Silence is never consent: what nobody answers is parked.
 *
 *	switch (asker_settle(&a, whole, &approval, &why)) {
 *	case ASKED_PERSON:              // park it first: a person is slow, and power fails
 *		rc = asker_talk(&a, whole, &approval);
 *
 * An approval names the digest of the plan that was shown, so what is carried out is what was
 * read. Nothing here reads the ops repo: whatever is claimed by a case is checked again by
 * hl-apply.
 */
#ifndef HL_FLOW_ASKER_H
#define HL_FLOW_ASKER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "doc/answer.h"

struct asker {
	/* set by the owner */
	const char *by;               /* who answers */
	const struct answer *answers; /* of a script, in turn for each case */
	size_t n_answers;             /* 0: ask a person */
	bool stopped;                 /* ask nobody (any more): what needs a person is parked */
	int64_t now;                  /* 0: when_now */
	/* what came of it */
	struct err misfit; /* the first script's answer that does not fit its case */
};

enum asked {
	ASKED_ANSWERED, /* *approval is new */
	ASKED_PARK,
	ASKED_PERSON, /* asker_talk is next */
	ASKED_BAD,    /* no plan that can be asked about: e says why */
};

/*
 * What can be said without a person: expired, auto, a script's answers; or that the plan is not
 * in order.
 */
enum asked asker_settle(
	struct asker *a, const json_t *whole_case, json_t **approval, struct err *e);

/* Is the plan in order, and as it was when it was made? */
int asker_check_plan(const json_t *whole_case, struct err *e);

/*
 * Asks at the terminal. ASKED_ANSWERED or ASKED_PARK; `quit`, end of file and ^C also set
 * stopped.
 */
enum asked asker_talk(struct asker *a, const json_t *whole_case, json_t **approval);

#endif
