/*
 * tool_names: a list of tools by name, or by what they begin with: [systemd.stop, "docker.*"]. It
 * is an array of texts in a document, lent.
 */
#ifndef HL_DOC_TOOL_NAMES_H
#define HL_DOC_TOOL_NAMES_H

#include "json/node.h"

/* The member `key`, checked; *names is NULL when it is absent. -1: ERR_CONFIG with the place. */
int tool_names_load(
	const json_t **names, const struct node *owner, const char *key, struct err *e);

/* `names` may be NULL: it has none. */
bool tool_names_has(const json_t *names, const char *tool);

#endif
