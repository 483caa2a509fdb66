/*
 * journal: what was begun and what became of it, in a file of its own in runs/ of the state
 * directory, one JSON object a line, for whoever comes after a crash.
 *
 * A line is on the disk, with its directory, when journal_write returns: write what is about to
 * be done, do it, write what came of it. A line that a crash tore is one that was never written,
 * and is dropped when the journal is opened; any other damage is an error, because guessing from
 * half a history is how an act is done twice.
 *
 * Who has a journal open has it alone: the file is locked, and the kernel drops the lock with the
 * process.
 */
#ifndef HL_EDGE_JOURNAL_H
#define HL_EDGE_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct journal;

/*
 * Opens (creating) the journal called `name`, which must be a plain file name, and waits up to
 * wait_ms for it. NULL: ERR_AGAIN when somebody else has it, ERR_DATA when it is damaged,
 * ERR_UNAVAILABLE.
 */
struct journal *journal_open(const char *name, int64_t wait_ms, struct err *e);
void journal_close(struct journal *j); /* accepts NULL */

/* The lines so far, an array of objects. Lent; grows with each journal_write. */
const json_t *journal_lines(const struct journal *j);

/* Appends a line, durably. The object is swallowed. */
int journal_write(struct journal *j, json_t *line, struct err *e);

/* Removes the file; the journal is closed after, too. */
int journal_remove(struct journal *j, struct err *e);

/*
 * The lines as they are now, without waiting, creating or locking: an array, empty when there is
 * no journal. Caller decrefs.
 */
json_t *journal_peek(const char *name, struct err *e);

/*
 * The names, sorted; *names is an array of `return value` texts: free each and the array. -1
 * error.
 */
long journal_list(char ***names, struct err *e);

#endif
