/*
 * declared: what of an ask is hl's own words: the declarations of installed tools, which everybody
 * can read. They hold nothing of this house, and words such as "token" in them speak of no secret.
 */
#ifndef HL_FLOW_DECLARED_H
#define HL_FLOW_DECLARED_H

#include <jansson.h>
#include <stdbool.h>

#include "doc/tool.h"

/*
 * Whether an object is an installed tool as a model is told of it: {"name", "description",
 * "schema"}, or {"tool", "does", ...} (briefing.h). Only the very same will do.
 */
bool declared_is(const struct catalogue *installed, const json_t *object);

#endif
