/*
 * trigger_index: which of many triggers match a set of labels, without trying them all.
 *
 * A trigger is kept under one label it needs: a hash bucket of an equality on alertname, of each
 * literal alternative of a regular expression, a sorted table of literal prefixes, else under its
 * rarest equality on another label; what cannot be indexed is tried one by one. Candidates are then
 * verified by their matchers, cheap ones first.
 */
#ifndef HL_DOC_TRIGGER_INDEX_H
#define HL_DOC_TRIGGER_INDEX_H

#include <stdint.h>

#include "doc/matcher.h"

struct trigger_index;

struct trigger_index *trigger_index_new(void);
void trigger_index_free(struct trigger_index *x); /* accepts NULL */

/* The matchers are swallowed. `tag` comes back from the search. */
void trigger_index_take(struct trigger_index *x, struct matchers *m, uint32_t tag);

/*
 * The tags that match, smallest first, each once, at most max of them; returns how many. Finishes
 * the index on first use.
 */
size_t trigger_index_find(
	struct trigger_index *x, const struct labels *l, uint32_t *tags, size_t max);

/* How many triggers have to be tried for every alert, for a warning. */
size_t trigger_index_residual(struct trigger_index *x);

#endif
