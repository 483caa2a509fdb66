/*
 * recall: answers of models out of the record of a case, for a replay. What was asked is noted in
 * the case (thinker_inquire), what was answered is in transcripts in the history, or else still in
 * the state directory.
 */
#ifndef HL_FLOW_RECALL_H
#define HL_FLOW_RECALL_H

#include "edge/repo.h"
#include "flow/thinker.h"

struct recall {
	/* set by the owner */
	struct repo *repo;      /* lent, */
	const char *commit;     /* and where in it */
	const json_t *whole;    /* the case, lent */
	const char *asker;      /* "triage", "plan": whose asks */
	enum err_kind of_other; /* of the error when something else is asked */
	/* what came of it */
	size_t asked;  /* how often it was asked */
	json_t *other; /* the difference (difference.h) when it asked what was not asked then; NULL */
};

void recall_clear(struct recall *r);

/* A thinker that asks nobody. A transcript that is gone or was altered: ERR_CASE. */
struct thinker recall_thinker(struct recall *r);

#endif
