/*
 * args: what a tool takes, declared, and what it is given, checked. A declaration:
 *
 *	args:
 *	  unit:    {type: string, pattern: "^[a-z0-9@.-]+$", description: the unit}
 *	  lines:   {type: integer, default: 100, min: 1, max: 10000}
 *	  state:   {type: string, enum: [started, stopped]}
 *	  tags:    {type: array, items: {type: string}, max_items: 20}
 *
 * Types: string, integer, number, boolean, array. An argument without default is required,
 * unless `required: false`. A string: pattern (PCRE2, searched for: anchor it), enum,
 * max_length (4096 unless said). A string that starts with '-' is refused unless `dash: true`:
 * it would be read as an option; so is a negative number, unless min or enum has one. A string
 * with a NUL is refused, with a line end unless `multiline: true`. An array: items (a declaration
 * that is no array), max_items (100 unless said).
 */
#ifndef HL_DOC_ARGS_H
#define HL_DOC_ARGS_H

#include "json/node.h"

/* Checks a declaration (the value of `args:`); absent is fine. */
int args_check_declaration(const struct node *declaration, struct err *e);

/*
 * Checks `given` (an object or NULL) against the declaration and returns a new object with the
 * defaults filled in, members in the order of the declaration. NULL: "argument 'unit': ..." of
 * kind ERR_DATA, with a did-you-mean for unknown names. A text is accepted for an integer,
 * number or boolean where it reads as one (labels are texts).
 */
json_t *args_check(const json_t *declaration, const json_t *given, struct err *e);

/* Whether the argument so declared may be left out and then has no value. */
bool args_may_be_absent(const json_t *one);

/* The declaration as a JSON Schema object (draft 2020-12), for models and MCP. Caller decrefs. */
json_t *args_schema(const json_t *declaration);

#endif
