/*
 * sse: server-sent events (html.spec.whatwg.org, section 9.2), read from pieces as they come. What
 * no blank line ends is no event.
 */
#ifndef HL_WIRE_SSE_H
#define HL_WIRE_SSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct sse_event {
	const char *type; /* "message" unless said; valid until the function returns */
	struct str data;  /* lines joined by '\n' */
};

/* Anything but 0 stops the reading and is returned. */
typedef int sse_event_fn(void *arg, const struct sse_event *event);

struct sse {
	struct buf line, data;
	char type[64];
	char id[256];     /* the last event id, for Last-Event-ID; "" for none */
	int64_t retry_ms; /* how long to wait before connecting again; -1: not said */
	bool after_cr, started, has_data;
};

void sse_init(struct sse *s, size_t data_max);
void sse_clear(struct sse *s);
/* A new stream of the same server: id and retry stay. */
void sse_restart(struct sse *s);

/* 0, what the function returned, or -1: an event or a line is larger than data_max (ERR_DATA). */
int sse_feed(struct sse *s, struct str piece, sse_event_fn *each, void *arg, struct err *e);

#endif
