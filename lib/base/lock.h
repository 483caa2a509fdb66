/*
 * lock: one holder at a time, by flock(2) on a file of its own. The kernel drops the lock
 * when the holder dies, so no lock is ever stale.
 */
#ifndef HL_BASE_LOCK_H
#define HL_BASE_LOCK_H

#include <stdint.h>

#include "base/err.h"

/*
 * Opens (creating) the file and takes the lock, waiting up to wait_ms (-1: for ever).
 * Returns a descriptor for lock_drop, or -1 (ERR_AGAIN when somebody else holds it).
 */
int lock_take(const char *path, int64_t wait_ms, struct err *e);
void lock_drop(int lock); /* accepts -1 */

#endif
