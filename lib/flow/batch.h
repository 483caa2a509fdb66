/*
 * batch: the signals of one burst, by group, until their cases are written; and the observations
 * that came with them. Bytes are kept as they came.
 */
#ifndef HL_FLOW_BATCH_H
#define HL_FLOW_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "doc/signal.h"

#define BATCH_NONE        UINT32_MAX
#define BATCH_BYTES       ((size_t)6 << 20)  /* beyond this a batch is full */
#define BATCH_SIGNAL      ((size_t)1 << 20)  /* the longest signal that a case can hold */
#define BATCH_OBSERVATION ((size_t)64 << 10) /* the longest observation worth handing on */

/* One alert in the batch: its last delivery. */
struct pending {
	size_t at;  /* its bytes; */
	uint32_t n; /* 0: not kept, for it says nothing new */
	struct {
		uint32_t at, n; /* within them; n 0: absent */
	} member[SIGNAL_LASTING];
	uint32_t alert; /* in the roster */
	uint32_t next;  /* of the same group, or BATCH_NONE */
	uint16_t returns;
	bool known;   /* before this batch */
	bool changed; /* and has to be remembered */
	bool firing;      /* how it stands, */
	bool says_firing; /* and what the bytes say */
};

/* One group in the batch, in the order of their first signals. */
struct touched {
	uint32_t group; /* in the roster */
	uint32_t first, last;
	uint32_t alerts;  /* its pendings */
	uint32_t refires; /* that its case fired again */
	int64_t opens;    /* the earliest episode that began; INT64_MAX: none did */
	int64_t ends;     /* the latest that ended; WHEN_NEVER */
	uint32_t firing;  /* before this batch */
	bool speaks;      /* there is something to say: it gets a line */
	bool changed;
};

/* An alert that came back after it was resolved. */
struct comeback {
	uint64_t fingerprint;
	int64_t at;
};

struct batch {
	struct pending *pending;
	struct touched *touched;
	struct comeback *comebacks;
	size_t n_pending, n_touched, n_comebacks;
	size_t cap_pending, cap_touched, cap_comebacks;
	struct buf bytes;
	struct buf observations; /* one a line, the oldest first; kept from batch to batch */
};

#define BATCH_INIT                                                                                 \
	{                                                                                          \
		.bytes = BUF_INIT(BATCH_BYTES + BATCH_SIGNAL),                                     \
		.observations = BUF_INIT((size_t)512 << 10)                                        \
	}

/* Each gives an index; the alert or group must not be in the batch yet. */
uint32_t batch_touch(struct batch *b, uint32_t group);
uint32_t batch_add(struct batch *b, uint32_t touched, uint32_t alert);

/* Keeps the bytes of the pending's newest delivery; a view of what is kept lives until the next
 * batch_keep. */
void batch_keep(struct batch *b, uint32_t pending, const struct signal *s);
void batch_signal(const struct batch *b, const struct pending *p, struct signal *s);

void batch_comeback(struct batch *b, uint64_t fingerprint, int64_t at);
bool batch_is_full(const struct batch *b);

/* Keeps an observation; the oldest make room. One that is too long is left out: false. */
bool batch_observe(struct batch *b, struct str line);

/* Appends to `into`, as elements of an array, those of the named tool (newest `most` of them). */
void batch_context(const struct batch *b, struct str tool, struct buf *into, int most);

void batch_reset(struct batch *b); /* empty, but for the observations; memory kept */
void batch_clear(struct batch *b);

#endif
