/*
 * provider_stream: an answer that comes piece by piece, as server-sent events or lines of JSON. The
 * text is given out as it comes; the whole is put together in the form of an answer that comes at
 * once, and read as such. A stream that does not end as it should is no answer.
 *
 *	provider_stream_init(&s, p, max);
 *	provider_stream_feed(&s, piece, show, arg, e);       // as the pieces come
 *	answer = provider_stream_end(&s, ask, &fault, e);
 *	provider_stream_clear(&s);
 */
#ifndef HL_WIRE_PROVIDER_STREAM_H
#define HL_WIRE_PROVIDER_STREAM_H

#include "wire/fault.h"
#include "wire/provider.h"
#include "wire/sse.h"

/* A piece of the text, decoded. Anything but 0 stops the reading and is returned. */
typedef int provider_text_fn(void *arg, struct str piece);

struct provider_stream {
	const struct provider *provider;
	struct sse sse;
	struct buf line;    /* of a stream of lines, what has come of it */
	struct buf fresh;   /* text that was not given out yet */
	json_t *body;       /* what the events said, an object */
	json_t *error;      /* an error that came in the middle; NULL: none */
	struct buf *parts;  /* texts that come in pieces, by a number of the interface's own */
	size_t n_parts;
	bool ended;
};

void provider_stream_init(struct provider_stream *s, const struct provider *p, size_t max);
void provider_stream_clear(struct provider_stream *s);

/* 0, what the function returned, or -1: more than `max` (ERR_DATA). */
int provider_stream_feed(struct provider_stream *s, struct str piece, provider_text_fn *each,
	void *arg, struct err *e);

/*
 * The answer, given. NULL (ERR_DATA): an error came in the middle (`fault` says which, and its text
 * is not empty), or the stream was cut off.
 */
json_t *provider_stream_end(struct provider_stream *s, const json_t *ask, struct fault *fault,
	struct err *e);

/* For the interfaces. */
void provider_stream_text(struct provider_stream *s, size_t part, const json_t *piece); /* shown */
void provider_stream_part(struct provider_stream *s, size_t part, const json_t *piece); /* not */
/* The part as a text, given; NULL: nothing of it came. */
json_t *provider_stream_whole(const struct provider_stream *s, size_t part);

#endif
