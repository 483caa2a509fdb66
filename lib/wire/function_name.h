/*
 * function_name: the names of tools as a model's provider takes them: letters, digits, '_' and '-',
 * at most 64 (openai-openapi, FunctionObject), which "files.read_text" is not.
 *
 * The name of a tool depends on the list that it is offered in, and only on that: no two tools of
 * one list have the same.
 */
#ifndef HL_WIRE_FUNCTION_NAME_H
#define HL_WIRE_FUNCTION_NAME_H

#include <jansson.h>

/* {"files.read": "files_read", ...} of an ask's tools, in their order. Given. */
json_t *function_names(const json_t *tools);

/* The provider's name of a tool; one that is not in the list made harmless. Given. */
char *function_name(const json_t *names, const char *tool);

/* The tool of a provider's name; what a model made up stays as it is. Lent. */
const char *function_tool(const json_t *names, const char *function);

/* The declarations, as OpenAI has them and others after it. Given. */
json_t *function_tools(const json_t *names, const json_t *tools);

#endif
