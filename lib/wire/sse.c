#include "wire/sse.h"

#include <stdio.h>

void sse_init(struct sse *s, size_t data_max)
{
	*s = (struct sse){
		.line = BUF_INIT(data_max), .data = BUF_INIT(data_max), .retry_ms = -1};
}

void sse_clear(struct sse *s)
{
	buf_clear(&s->line);
	buf_clear(&s->data);
}

void sse_restart(struct sse *s)
{
	buf_reset(&s->line);
	buf_reset(&s->data);
	s->type[0] = '\0';
	s->after_cr = s->started = s->has_data = false;
}

static void take_retry(struct sse *s, struct str value)
{
	int64_t ms = 0;

	if (!value.n || value.n > 9)
		return;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return;
		ms = ms * 10 + (value.p[i] - '0');
	}
	s->retry_ms = ms;
}

static void copy(char *into, size_t size, struct str value)
{
	if (value.n < size && !memchr(value.p ? value.p : "", '\0', value.n))
		snprintf(into, size, "%.*s", STR_ARG(value));
}

static int take_field(struct sse *s, struct str name, struct str value, struct err *e)
{
	if (str_is(name, "data")) {
		if ((s->has_data && buf_putc(&s->data, '\n')) || buf_putstr(&s->data, value))
			return err_set(
				e, ERR_DATA, "an event is larger than %zu bytes", s->data.max);
		s->has_data = true;
	} else if (str_is(name, "event")) {
		copy(s->type, sizeof s->type, value);
	} else if (str_is(name, "id")) {
		copy(s->id, sizeof s->id, value);
	} else if (str_is(name, "retry")) {
		take_retry(s, value);
	}
	return 0;
}

static int end_event(struct sse *s, sse_event_fn *each, void *arg)
{
	struct sse_event event = {
		.type = s->type[0] ? s->type : "message", .data = buf_str(&s->data)};
	int rc = s->has_data ? each(arg, &event) : 0;

	buf_reset(&s->data);
	s->has_data = false;
	s->type[0] = '\0';
	return rc;
}

static int end_line(struct sse *s, sse_event_fn *each, void *arg, struct err *e)
{
	struct str line = buf_str(&s->line), value = STR_NONE;
	const char *colon;
	int rc;

	if (!s->started && str_starts(line, "\xef\xbb\xbf"))
		line = (struct str){line.p + 3, line.n - 3};
	s->started = true;
	if (!line.n) {
		rc = end_event(s, each, arg);
		buf_reset(&s->line);
		return rc;
	}
	colon = memchr(line.p, ':', line.n);
	if (colon) {
		value = (struct str){colon + 1, (size_t)(line.p + line.n - colon - 1)};
		line.n = (size_t)(colon - line.p);
		if (value.n && value.p[0] == ' ')
			value = (struct str){value.p + 1, value.n - 1};
	}
	rc = take_field(s, line, value, e);
	buf_reset(&s->line);
	return rc;
}

int sse_feed(struct sse *s, struct str piece, sse_event_fn *each, void *arg, struct err *e)
{
	for (size_t i = 0; i < piece.n; i++) {
		char c = piece.p[i];
		bool half = s->after_cr && c == '\n'; /* of a CR LF */
		int rc = 0;

		s->after_cr = c == '\r';
		if (half)
			continue;
		if (c == '\n' || c == '\r')
			rc = end_line(s, each, arg, e);
		else if (buf_putc(&s->line, c))
			rc = err_set(e, ERR_DATA, "a line of events is larger than %zu bytes",
				s->line.max);
		if (rc)
			return rc;
	}
	return 0;
}
