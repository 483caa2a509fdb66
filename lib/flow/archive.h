/*
 * archive: the transcripts that were kept, by their digests. hl-llm(1) puts each into the state
 * directory, STATE/transcripts/<sha256>.json; hl-record(1) puts those of a decision beside it in the
 * ops repo (minutes.h), where a replay finds them.
 */
#ifndef HL_FLOW_ARCHIVE_H
#define HL_FLOW_ARCHIVE_H

#include "base/buf.h"
#include "base/err.h"
#include "doc/minutes.h"
#include "edge/repo.h"

#define ARCHIVE_MAX BUF_RECORD /* bytes of one */

/*
 * Each appends the bytes of one to `into`, which is empty. 1; 0 it is not there; -1: ERR_DATA when
 * the bytes are not those that the digest names.
 */
int archive_read_kept(const char *digest, struct buf *into, struct err *e);
int archive_read_recorded(
	struct repo *r, const char *commit, const char *digest, struct buf *into, struct err *e);

/* Whether it may be committed: nothing in it looks like a secret. -1: ERR_DATA, and where. */
int archive_check(const char *digest, struct str bytes, struct err *e);

#endif
