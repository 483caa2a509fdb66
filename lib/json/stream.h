/*
 * stream: records in, records out. JSON Lines, as hl(7) describes them.
 *
 *	struct stream s;
 *	stream_open(&s, 0, "stdin", 1, want, n, stream_reject_to, state);
 *	while ((rc = stream_next(&s, &r, &e)) > 0)
 *		if (r.kind != KIND_CASE || r.value[PLAN].type)
 *			stream_pass(&s, &r);
 *		...
 *	stream_close(&s, &e);
 *
 * Reading: any number of lines, each up to 16 MiB. Every line is validated as a JSON object with
 * a string "kind"; a line that is not is rejected: named on standard error
 * ("hl-triage: stdin:17: ..."), handed whole to the reject function, and skipped. Of a line that is
 * longer the first 16 MiB are handed over. Blank lines are skipped in silence, and so is a byte
 * order mark before the first. The last line may lack its newline. Memory is bounded by the longest
 * line.
 *
 * Writing: in chunks of 64 KiB, and whatever is there before the reader would block, so that
 * a live pipeline has no lag. A record that is passed on leaves as the bytes it came in.
 */
#ifndef HL_JSON_STREAM_H
#define HL_JSON_STREAM_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "json/scan.h"

#define STREAM_WANT_MAX 16

enum kind { KIND_OTHER, KIND_SIGNAL, KIND_OBSERVATION, KIND_CASE };

struct record {
	struct str line;      /* without the newline; valid until the next stream_next */
	unsigned long number; /* line number, from 1 */
	enum kind kind;
	struct scan_value object; /* the whole */
	/* the members asked for, SCAN_NONE if absent; behind them the kind */
	struct scan_value value[STREAM_WANT_MAX + 1];
};

/* Takes a rejected line and keeps it. */
typedef int stream_reject_fn(void *to, struct str line, const char *why, struct err *e);

/* Told before the reader blocks, and at the end; may write records. NULL: nobody. */
typedef int stream_idle_fn(void *arg, struct err *e);

struct stream {
	/* set by stream_open, and to be read */
	const char *name;       /* "stdin" */
	unsigned long number;   /* lines seen */
	unsigned long rejected; /* lines rejected */
	/* may be set by the owner */
	stream_idle_fn *on_idle;
	void *idle_arg;
	int linger_ms; /* how long in all to wait for more between two calls of it; 0 */
	/* private */
	int in, out;
	int lingered_ms;
	const char *keys[STREAM_WANT_MAX + 1];
	size_t n_want;
	stream_reject_fn *reject;
	void *reject_to;
	struct buf input, output;
	size_t from, scanned;
	bool eof, ended, skipping;
	unsigned long first_rejected; /* its line number */
};

/* want: the members to fill in, lent, at most STREAM_WANT_MAX. in -1: only writing. */
void stream_open(struct stream *s, int in, const char *name, int out, const char *const *want,
	size_t n_want, stream_reject_fn *reject, void *reject_to);

/* 1 with the next record, 0 at the end, -1 when reading or writing failed. */
int stream_next(struct stream *s, struct record *r, struct err *e);

/* Rejects the record just read: "stdin:17: <why>". 0, or -1 when it could not be kept. */
int stream_reject(struct stream *s, const struct record *r, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Each writes one line. 0, or -1 when standard output is lost (ERR_OUTPUT) or the record would be
 * longer than a reader takes (ERR_DATA).
 */
int stream_pass(struct stream *s, const struct record *r, struct err *e);
int stream_put(struct stream *s, const json_t *object, struct err *e);
int stream_put_line(struct stream *s, struct str line, struct err *e); /* adds the newline */

/* The record with one member added at its end: the way a stage adds its key. value is lent. */
int stream_put_with(struct stream *s, const struct record *r, const char *key, const json_t *value,
	struct err *e);

int stream_flush(struct stream *s, struct err *e);

/*
 * Flushes and releases. When lines were rejected and nothing worse happened, e says how many, and
 * which was the first (ERR_DATA). 0, or -1 when an error is set.
 */
int stream_close(struct stream *s, struct err *e);

/* The record as a tree that the caller decrefs; it was validated, so this cannot fail. */
json_t *record_load(const struct record *r);

/* A validated value as a tree that the caller decrefs; NULL for SCAN_NONE. */
json_t *scan_load(struct scan_value v);

#endif
