/*
 * arg_value: one value against the declaration of one argument (args.h), which is known to be in
 * order.
 */
#ifndef HL_DOC_ARG_VALUE_H
#define HL_DOC_ARG_VALUE_H

#include <jansson.h>
#include <stdbool.h>

#include "json/node.h"

enum arg_type { ARG_STRING, ARG_INTEGER, ARG_NUMBER, ARG_BOOLEAN, ARG_ARRAY };

extern const char *const arg_type_names[]; /* in that order; ends with NULL */

/*
 * The value as its declaration wants it: a new reference. NULL (ERR_DATA): the reason, which starts
 * with a verb.
 */
json_t *arg_value_fit(const json_t *declaration, const json_t *v, struct err *e);

/* Whether a value may be a text that begins with '-', or a number that does. NULL: no. */
bool arg_value_may_begin_with_dash(const json_t *declaration);

#endif
