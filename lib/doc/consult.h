/*
 * consult: when a model is asked, and how much: the key `models` of policy, hl-policy(5). Unless it
 * names a stage, no stage asks one.
 */
#ifndef HL_DOC_CONSULT_H
#define HL_DOC_CONSULT_H

#include <stdbool.h>
#include <stdint.h>

#include "doc/route.h"

struct consult {
	bool triage;     /* hl-triage may ask, where nothing decides */
	bool plan;       /* hl-plan may ask, where no runbook helps */
	int64_t an_hour; /* questions of all stages together: 20 */
	struct {
		const char *goal; /* "incident" */
		int64_t steps;    /* looks that the model may have: 8 */
		int64_t tokens;   /* of all it reads and writes: 60000 */
		int64_t time_ms;  /* 3m */
	} investigate;
	bool validator; /* a second model is asked about the first one's plan */
	struct routes routes; /* which model that is: for hl-llm */
};

/* Fills in all of it; `models` may be absent. -1: ERR_CONFIG with the place. */
int consult_load(struct consult *c, const struct node *models, struct err *e);

#endif
