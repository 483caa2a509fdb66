/*
 * gap: an ability that a plan wanted and no tool of the catalogue has; gaps/ of the ops repo,
 * hl-decision(5). A file for each, named after what was wanted:
 *
 *	{"wanted": "grow a volume", "why": "it is full", "count": 2,
 *	 "first_at": .., "last_at": .., "cases": ["20261121T035900Z-00000000000000a1", ..]}
 *
 * What people add to a file stays.
 */
#ifndef HL_DOC_GAP_H
#define HL_DOC_GAP_H

#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"

#define GAP_ROOT "gaps"
#define GAP_PATH 80

enum { GAP_LINE = 400, GAP_CASES = 20 }; /* the newest cases are named */

/*
 * "gaps/grow-a-volume-5f1c0b1d.json": its words, and a digest of all of them, so that wants that
 * differ have files that differ. -1: nothing is wanted.
 */
int gap_path(const json_t *gap, char path[GAP_PATH]);

/*
 * The file once the case is noted in it, from what is there (p NULL: no file), appended. 1; 0 when
 * there is nothing to write: the case is noted already, or the file is not one of ours any more.
 */
int gap_note(const json_t *gap, const char *case_id, int64_t at, struct str now, struct buf *into);

#endif
