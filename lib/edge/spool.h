/*
 * spool: cases that wait for a person, one file each, named by the case's id, moved by atomic
 * rename. Putting the same case twice is one file.
 */
#ifndef HL_EDGE_SPOOL_H
#define HL_EDGE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Writes (durably) or replaces the case. The id is checked to be a plain file name. */
int spool_put(const char *id, struct str line, struct err *e);

/*
 * Appends the parked line, without newline. 1 found, 0 absent, -1 error; ERR_DENIED where others
 * could have put it there.
 */
int spool_get(const char *id, struct buf *into, struct err *e);

bool spool_has(const char *id);
int spool_remove(const char *id, struct err *e); /* absent is fine */

/* The ids, oldest id first; *ids is an array of `return value` strings: free each and the array. -1
 * error. */
long spool_list(char ***ids, struct err *e);

#endif
