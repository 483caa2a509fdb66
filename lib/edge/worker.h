/*
 * worker: a function that runs in a process of its own, while the caller goes on; what it has to
 * say comes back through a pipe.
 *
 *	worker_start(&w, look, arg, BUF_RECORD, &e);
 *	... poll w.fd for reading, and when it is ready:
 *	if (worker_read(&w))            it ended: w.said holds all that it said
 *		worker_end(&w);
 *
 * The process has nothing of the caller's but its memory: descriptors 0, 1 and 2 are /dev/null,
 * /dev/null and the caller's, all others are closed. It dies with the caller.
 */
#ifndef HL_EDGE_WORKER_H
#define HL_EDGE_WORKER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

struct worker {
	int fd; /* -1: none runs */
	pid_t pid;
	struct buf said;
};

typedef void worker_fn(void *arg, struct buf *say);

/* `most`: bytes that it may say; more ends it, with `said.full`. */
int worker_start(struct worker *w, worker_fn *fn, void *arg, size_t most, struct err *e);

/* Takes what is there without waiting. Whether it ended. */
bool worker_read(struct worker *w);

/* Ends it if it still runs, and releases everything. Accepts one that is zeroed with fd -1. */
void worker_end(struct worker *w);

#endif
