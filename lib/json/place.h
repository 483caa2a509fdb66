/*
 * place: where in a text each value of a tree stood, so that an error in a document names file,
 * line and column, and so that one scalar can be replaced without touching the rest.
 */
#ifndef HL_JSON_PLACE_H
#define HL_JSON_PLACE_H

#include <jansson.h>
#include <stddef.h>

struct place {
	unsigned line, column; /* from 1; of a member its key's */
	size_t start, end;     /* byte offsets of the value in the text, behind its last content */
};

struct places;

struct places *places_new(void);
void places_free(struct places *p); /* accepts NULL */

/* Of the member `key` (object) or element `index` (array, key NULL) of `parent`; parent NULL: the
 * root. */
void places_put(
	struct places *p, const json_t *parent, const char *key, size_t index, struct place at);
const struct place *places_find(
	const struct places *p, const json_t *parent, const char *key, size_t index);

#endif
