/*
 * prices: what the providers' own services ask for their models, for budgets that come without a
 * price; routes/prices.yaml:
 *
 *	prices:
 *	  - {provider: gemini, begins: gemini-2.0-flash, input: 0.10, output: 0.40}
 *
 * Of those that a model's id begins with, the longest counts. A model with a url or a socket has
 * another seller, and no price here.
 */
#ifndef HL_DOC_PRICES_H
#define HL_DOC_PRICES_H

#include "doc/models.h"

/* Gives a price to each model that has none and is in the list. -1: ERR_CONFIG with the place. */
int prices_apply(struct models *m, const struct node *root, struct err *e);

#endif
