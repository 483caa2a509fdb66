/*
 * embargo: what must not leave even scrubbed: the never-send patterns of privacy. Placeholders are
 * left out of what they are matched with, since "<SECRET_1>" speaks of no secret. A pattern whose
 * limit is hit has matched (pattern.h).
 */
#ifndef HL_DOC_EMBARGO_H
#define HL_DOC_EMBARGO_H

#include "doc/privacy.h"
#include "doc/regex.h"

struct embargo {
	struct regex **patterns;
	const char **texts; /* of the patterns; lent by the privacy it was made of */
	size_t count;
};

/* NULL: ERR_CONFIG. */
struct embargo *embargo_new(const struct privacy *p, struct err *e);
void embargo_free(struct embargo *m); /* accepts NULL */

/*
 * The pattern that matches a text, as it is or with its escapes undone (disguise.h), for a person;
 * NULL: none does. Lent.
 */
const char *embargo_on(const struct embargo *m, struct str text);

#endif
