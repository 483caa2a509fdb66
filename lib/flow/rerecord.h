/*
 * rerecord: what hl-record(1) would make of a case, beside what is in the history.
 */
#ifndef HL_FLOW_RERECORD_H
#define HL_FLOW_RERECORD_H

#include "edge/repo.h"
#include "flow/past.h"
#include "json/scan.h"

#define RERECORD_MAX (4 * BUF_RECORD) /* bytes of a decision */

struct rerecord {
	struct repo *repo;
	const char *head; /* its commit */
	struct past *past; /* of the head */
	const char *path;  /* of the decision */
};

/*
 * The file has the bytes that it would get, is as it was when its commit brought it, and that commit
 * says what it would say, unless it brought several. -1: ERR_CASE, and what is not so; ERR_DATA where
 * it cannot be told.
 */
int rerecord_check(const struct rerecord *r, struct scan_value whole, struct err *why);

#endif
