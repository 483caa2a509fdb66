/*
 * scrub_pattern: something private of the operator's own: {name, pattern, kind}, in policy or in a
 * file of rules; hl-scrub(5). Found by hunt.h.
 */
#ifndef HL_DOC_SCRUB_PATTERN_H
#define HL_DOC_SCRUB_PATTERN_H

#include "doc/regex.h"
#include "json/node.h"

struct scrub_pattern {
	struct regex *regex;
	int kind; /* enum scrub_kind; SCRUB_SECRET unless said */
	char *name;
};

/* -1: ERR_CONFIG or so with the place, and there is nothing to clear. */
int scrub_pattern_load(struct scrub_pattern *p, const struct node *n, struct err *e);
void scrub_pattern_clear(struct scrub_pattern *p);

#endif
