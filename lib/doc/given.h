/*
 * given: arguments as they are given on a command line, KEY=VALUE.
 */
#ifndef HL_DOC_GIVEN_H
#define HL_DOC_GIVEN_H

#include <jansson.h>

#include "base/err.h"

/*
 * The words over the members of `object`, the text of a JSON object (NULL: none); every value of a
 * word is a text. NULL: ERR_USAGE, also for a word that is given twice. Caller decrefs.
 */
json_t *given_read(const char *object, int n, char *const *words, struct err *e);

#endif
