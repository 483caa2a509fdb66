/*
 * yaml: YAML documents as JSON trees (libyaml's event interface).
 *
 * Scalars are read by YAML 1.2's core schema: null, true, false, whole numbers, decimals; all
 * else, and all that is quoted, is text. So "no", "on" and 2025-12-21 are texts. Refused with a
 * line and a column: more than one document, a key twice, a key that is not a scalar, tags other
 * than the core ones, an alias (a document of ours has no need of one, and a nest of them can
 * grow without bound), depth past YAML_DEPTH, numbers that JSON cannot hold, invalid UTF-8, NUL,
 * more than YAML_MAX bytes.
 */
#ifndef HL_EDGE_YAML_H
#define HL_EDGE_YAML_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "json/place.h"

#define YAML_DEPTH 64
#define YAML_MAX   ((size_t)4 << 20)

/*
 * Returns a tree that the caller decrefs, or NULL (ERR_CONFIG, "name:line:column: why"). An
 * empty document is null. places may be NULL; else it is filled: line and column are those of a
 * member's key, start and end those of its value.
 */
json_t *yaml_load(struct str text, const char *name, struct places *places, struct err *e);

/*
 * Appends a copy of `text` in which the scalar at `pointer` (RFC 6901, such as
 * "/automation_level" or "/solutions/0/human_selected") is `scalar`; every other byte stays:
 * comments, order, layout, line ends. A member that is absent from its (block) mapping is added
 * after the mapping's last line, with its indentation. 0, or -1 with nothing appended.
 *
 * Where the old scalar was in quotes, the new one is a text in the same quotes. Else it is written
 * plain, and so "5" is a number and "true" a truth, unless it would not read back as one scalar:
 * "> 90%" gets quotes. What cannot be done exactly is refused (ERR_CONFIG): a scalar with an
 * anchor or a tag or over several lines, a collection, a new member in {flow: style}. The result is
 * read back and compared before it is given.
 */
int yaml_edit(struct str text, const char *name, const char *pointer, const char *scalar,
	struct buf *into, struct err *e);

#endif
