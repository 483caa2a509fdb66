/*
 * schema: a tool's arguments, declared by a JSON Schema (draft 2020-12, json-schema.org) as MCP
 * servers give it, and what is given, checked against it.
 *
 * Known: $ref (into the schema itself, "#/..."; nothing is ever fetched), type, enum, const;
 * properties, required, additionalProperties, patternProperties, propertyNames, dependentRequired,
 * minProperties, maxProperties; items, prefixItems (and items as a list, as drafts before had
 * it), contains, minItems, maxItems, uniqueItems; minimum, maximum, exclusiveMinimum,
 * exclusiveMaximum, multipleOf; minLength, maxLength, pattern; anyOf, oneOf, allOf, not,
 * if/then/else. What else stands in a schema is for the reader, and not checked here: the server
 * checks too.
 *
 * Depth and work are bounded: a schema that goes in circles refuses, whatever stands around it.
 */
#ifndef HL_DOC_SCHEMA_H
#define HL_DOC_SCHEMA_H

#include "json/node.h"

/*
 * Checks the schema itself: an object for objects, types that exist, patterns that compile,
 * references that lead somewhere inside. -1 with the place.
 */
int schema_check_declaration(const struct node *schema, struct err *e);

/*
 * Checks `given` (an object or NULL, which is an empty one) and returns it as the schema wants it:
 * a text that does not fit, but reads as a JSON value that does, counts as that value (words of a
 * command line and labels are texts). NULL (ERR_DATA): "argument 'edits': [0].oldText: must be a
 * text", with a did-you-mean for unknown names. Caller decrefs.
 */
json_t *schema_check(const json_t *schema, const json_t *given, struct err *e);

/* Whether any value fits a schema: for what a server answers. 0 or -1 with the place. */
int schema_fits(const json_t *schema, const json_t *v, struct err *e);

#endif
