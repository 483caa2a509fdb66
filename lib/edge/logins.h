/*
 * logins: those that failed, from /var/log/btmp (utmp(5)), or where that cannot be had, from the
 * journal.
 */
#ifndef HL_EDGE_LOGINS_H
#define HL_EDGE_LOGINS_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"

/*
 * {"since","failed","users":[{"name","count"}],"hosts":[{"name","count"}],"source":"btmp"|"journal"}:
 * the ten most frequent of each. ERR_UNAVAILABLE when neither can be read.
 */
json_t *logins_failed(const char *root, int64_t since, struct err *e);

#endif
