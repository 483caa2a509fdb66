#include "wire/provider_stream.h"

#include <stdlib.h>

#include "base/mem.h"

#define PARTS_MOST 1024

void provider_stream_init(struct provider_stream *s, const struct provider *p, size_t max)
{
	*s = (struct provider_stream){.provider = p,
		.line = BUF_INIT(max),
		.fresh = BUF_INIT(max),
		.body = json_object()};
	sse_init(&s->sse, max);
}

void provider_stream_clear(struct provider_stream *s)
{
	sse_clear(&s->sse);
	buf_clear(&s->line);
	buf_clear(&s->fresh);
	for (size_t i = 0; i < s->n_parts; i++)
		buf_clear(&s->parts[i]);
	free(s->parts);
	json_decref(s->body);
	json_decref(s->error);
}

/* --- what the interfaces say --- */

static struct buf *part_of(struct provider_stream *s, size_t part)
{
	if (part >= PARTS_MOST)
		return NULL;
	if (part >= s->n_parts) {
		s->parts = mem_grow(s->parts, part + 1, sizeof *s->parts);
		while (s->n_parts <= part)
			s->parts[s->n_parts++] = (struct buf)BUF_INIT(s->line.max);
	}
	return &s->parts[part];
}

void provider_stream_part(struct provider_stream *s, size_t part, const json_t *piece)
{
	struct buf *into = json_is_string(piece) ? part_of(s, part) : NULL;

	if (into)
		buf_put(into, json_string_value(piece), json_string_length(piece));
}

void provider_stream_text(struct provider_stream *s, size_t part, const json_t *piece)
{
	provider_stream_part(s, part, piece);
	if (json_is_string(piece))
		buf_put(&s->fresh, json_string_value(piece), json_string_length(piece));
}

json_t *provider_stream_whole(const struct provider_stream *s, size_t part)
{
	return part < s->n_parts && s->parts[part].p
		       ? json_stringn(s->parts[part].p, s->parts[part].n)
		       : NULL;
}

/* --- what comes --- */

static int take_event(struct provider_stream *s, const char *type, struct str data)
{
	json_t *event;

	if (str_is(data, "[DONE]")) { /* OpenAI's, behind the last event */
		s->ended = true;
		return 0;
	}
	event = json_loadb(data.n ? data.p : "", data.n, 0, NULL);
	if (!event)
		return 0; /* a comment, or what will be missed at the end */
	if (json_object_get(event, "error") && !json_is_null(json_object_get(event, "error"))) {
		if (!s->error)
			s->error = json_incref(event);
	} else if (json_is_object(event) && s->provider->merge(s, type, event)) {
		s->ended = true;
	}
	json_decref(event);
	return 0;
}

static int on_event(void *arg, const struct sse_event *event)
{
	return take_event(arg, event->type, event->data);
}

static int feed_lines(struct provider_stream *s, struct str piece, struct err *e)
{
	while (piece.n) {
		const char *end = memchr(piece.p, '\n', piece.n);
		size_t n = end ? (size_t)(end - piece.p) : piece.n;

		if (buf_put(&s->line, piece.p, n))
			return err_set(e, ERR_DATA, "a line of the answer is larger than %zu bytes",
				s->line.max);
		if (end) {
			take_event(s, "", buf_str(&s->line));
			buf_reset(&s->line);
			n++;
		}
		piece = (struct str){piece.p + n, piece.n - n};
	}
	return 0;
}

static bool too_large(const struct provider_stream *s)
{
	bool full = s->fresh.full;

	for (size_t i = 0; i < s->n_parts; i++)
		full = full || s->parts[i].full;
	return full;
}

int provider_stream_feed(struct provider_stream *s, struct str piece, provider_text_fn *each,
	void *arg, struct err *e)
{
	int rc = s->provider->lines ? feed_lines(s, piece, e)
				    : sse_feed(&s->sse, piece, on_event, s, e);

	if (rc == 0 && too_large(s))
		rc = err_set(e, ERR_DATA, "the answer is larger than %zu bytes", s->line.max);
	if (rc == 0 && s->fresh.n && each)
		rc = each(arg, buf_str(&s->fresh));
	buf_reset(&s->fresh);
	return rc;
}

json_t *provider_stream_end(struct provider_stream *s, const json_t *ask, struct fault *fault,
	struct err *e)
{
	fault->text[0] = '\0';
	if (s->provider->lines && s->line.n) /* the last line may lack its end */
		take_event(s, "", buf_str(&s->line));
	if (s->error) {
		fault_read_error(fault, s->error);
		err_set(e, ERR_DATA, "an error in the middle of the answer: %s", fault->text);
		return NULL;
	}
	if (!s->ended) {
		err_set(e, ERR_DATA, "the answer is cut off in the middle");
		return NULL;
	}
	if (s->provider->join)
		s->provider->join(s);
	return provider_read(s->provider, ask, s->body, e);
}
