/*
 * words: a list of texts that ends with NULL, as argv and the environment are. Empty when zeroed;
 * `items` is NULL until the first is added.
 */
#ifndef HL_BASE_WORDS_H
#define HL_BASE_WORDS_H

#include <stddef.h>

struct words {
	char **items;
	size_t count, cap;
};

void words_add(struct words *w, const char *word); /* copies */
/* NAME=value, in the place of one with the same name. */
void words_set(struct words *w, const char *name, const char *value);
void words_clear(struct words *w);

#endif
