/*
 * yaml: YAML documents as JSON trees (libyaml's event interface).
 *
 * Scalars are read by YAML 1.2's core schema: null, true, false, whole numbers, decimals; all
 * else, and all that is quoted, is text. So "no", "on" and 2025-12-21 are texts. Refused with a
 * line and a column: more than one document, a key twice, a key that is not a scalar, tags other
 * than the core ones, an alias (a document of ours has no need of one, and a nest of them can
 * grow without bound), depth past 64, invalid UTF-8, NUL.
 */
#ifndef HL_EDGE_YAML_H
#define HL_EDGE_YAML_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "json/place.h"

/*
 * Returns a tree that the caller decrefs, or NULL (ERR_CONFIG, "name:line:column: why"). An
 * empty document is null. places may be NULL; else it is filled.
 */
json_t *yaml_load(struct str text, const char *name, struct places *places, struct err *e);

/*
 * A copy of `text` in which the scalar at `pointer` (RFC 6901, such as "/automation_level" or
 * "/solutions/0/human_selected") is `scalar`; comments, order and layout stay. A member that is
 * absent from its (block) mapping is added after the mapping's last line, with its indentation. 0, or -1.
 */
int yaml_edit(struct str text, const char *name, const char *pointer, const char *scalar,
	struct buf *into, struct err *e);

#endif
