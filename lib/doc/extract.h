/*
 * extract: the JSON in what a model said: alone, between the marks of Markdown code, or with words
 * around it.
 */
#ifndef HL_DOC_EXTRACT_H
#define HL_DOC_EXTRACT_H

#include <jansson.h>

#include "base/str.h"

/*
 * The whole text where that is a JSON value; else the first object or list in it that is complete
 * and not empty. A name that comes twice in an object is no JSON. NULL: there is none. Given.
 */
json_t *extract_json(struct str text);

#endif
