#include "json/stream.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/msg.h"
#include "base/when.h"
#include "json/node.h"

#define READ_CHUNK  ((size_t)256 << 10)
#define WRITE_CHUNK ((size_t)64 << 10) /* what a pipe holds */
#define TOO_LONG    "longer than 16 MiB: the rest of the line is not kept"

void stream_open(struct stream *s, int in, const char *name, int out, const char *const *want,
	size_t n_want, stream_reject_fn *reject, void *reject_to)
{
	assert(n_want <= STREAM_WANT_MAX);
	*s = (struct stream){.name = name,
		.in = in,
		.out = out,
		.n_want = n_want,
		.reject = reject,
		.reject_to = reject_to,
		.input = BUF_INIT(BUF_RECORD + 2 * READ_CHUNK),
		.output = BUF_INIT(BUF_RECORD + WRITE_CHUNK),
		.eof = in < 0};
	for (size_t i = 0; i < n_want; i++)
		s->keys[i] = want[i];
	s->keys[n_want] = "kind";
}

int stream_flush(struct stream *s, struct err *e)
{
	int rc = 0;

	if (s->output.n)
		rc = file_write_all(s->out, buf_str(&s->output), "standard output", e);
	buf_reset(&s->output);
	return rc;
}

/* Nothing more can be read for now: whoever reads from us gets what there is. */
static int before_waiting(struct stream *s, struct err *e)
{
	s->lingered_ms = 0;
	if (s->on_idle && s->on_idle(s->idle_arg, e))
		return -1;
	return stream_flush(s, e);
}

/* Whether there is nothing to read, nor comes while we may linger. A wait counts 1 ms at least. */
static bool would_block(struct stream *s)
{
	struct pollfd p = {.fd = s->in, .events = POLLIN};
	int64_t from;
	int ready = poll(&p, 1, 0);

	if (ready || s->lingered_ms >= s->linger_ms)
		return ready == 0;
	from = when_tick();
	ready = poll(&p, 1, s->linger_ms - s->lingered_ms);
	s->lingered_ms += (int)(when_tick() - from) + 1;
	return ready == 0;
}

/* Reads one more chunk behind what is left over. */
static int fill(struct stream *s, struct err *e)
{
	size_t left = s->input.n - s->from;
	ssize_t n;

	if (s->from) {
		memmove(s->input.p, s->input.p + s->from, left);
		s->scanned -= s->from;
		s->from = 0;
		s->input.n = left;
	}
	buf_room(&s->input, READ_CHUNK);
	if ((s->output.n || s->on_idle) && would_block(s) && before_waiting(s, e))
		return -1;
	while ((n = read(s->in, s->input.p + left, READ_CHUNK)) < 0) {
		struct pollfd p = {.fd = s->in, .events = POLLIN};

		if (errno == EAGAIN)
			poll(&p, 1, -1);
		else if (errno != EINTR)
			return err_sys(e, ERR_UNAVAILABLE, "cannot read '%s'", s->name);
	}
	s->input.n += (size_t)n;
	s->eof = n == 0;
	return 0;
}

/* Counts, tells and keeps a line that is no record. */
static int reject(struct stream *s, struct str line, const char *why, struct err *e)
{
	if (!s->rejected++)
		s->first_rejected = s->number;
	msg_error("%s:%lu: %s", s->name, s->number, why);
	return s->reject ? s->reject(s->reject_to, line, why, e) : 0;
}

/* A line that has no end within the limit: its first part is kept, the rest skipped. */
static int reject_long(struct stream *s, struct err *e)
{
	s->number++;
	s->skipping = true;
	return reject(s, (struct str){s->input.p + s->from, BUF_RECORD}, TOO_LONG, e);
}

/*
 * Looks for the end of the line that starts at s->from: its newline, or the end of the input. False
 * when it has not been read yet; *end is as far as there is something then.
 */
static bool line_end(struct stream *s, size_t *end)
{
	size_t ahead = s->input.n - s->scanned;
	const char *newline = ahead ? memchr(s->input.p + s->scanned, '\n', ahead) : NULL;

	*end = s->scanned = newline ? (size_t)(newline - s->input.p) : s->input.n;
	return newline || (s->eof && *end > s->from);
}

/* 1 with the next line of at most BUF_RECORD bytes, 0 at the end of the input. */
static int next_line(struct stream *s, struct str *line, struct err *e)
{
	for (;;) {
		size_t start = s->from, end;
		bool whole = line_end(s, &end), skipped;

		if (!s->skipping && end - start > BUF_RECORD && reject_long(s, e))
			return -1;
		skipped = s->skipping;
		if (skipped || whole)
			s->from = end;
		if (whole) {
			s->skipping = false;
			s->from = s->scanned = end + (end < s->input.n);
			if (skipped)
				continue;
			s->number++;
			*line = (struct str){s->input.p + start, end - start};
			return 1;
		}
		if (s->eof)
			return 0;
		if (fill(s, e))
			return -1;
	}
}

/* Some editors put a byte order mark before everything; it means nothing in UTF-8. */
static struct str without_mark(struct str line)
{
	if (str_starts(line, "\xef\xbb\xbf")) {
		line.p += 3;
		line.n -= 3;
	}
	return line;
}

static enum kind kind_of(struct scan_value v)
{
	static const struct str names[] = {[KIND_SIGNAL] = {"signal", 6},
		[KIND_OBSERVATION] = {"observation", 11},
		[KIND_CASE] = {"case", 4}};

	for (enum kind kind = KIND_SIGNAL; kind <= KIND_CASE; kind++)
		if (scan_is(v, names[kind]))
			return kind;
	return KIND_OTHER;
}

/* Fills the record from its line. NULL, or why it is none. */
static const char *read_record(struct stream *s, struct record *r, char why[static 128])
{
	struct scan_error fault;
	const struct scan_value *kind = &r->value[s->n_want];

	r->number = s->number;
	r->object = (struct scan_value){SCAN_OBJECT, str_trim(r->line)};
	if (scan_object(r->line, s->keys, r->value, s->n_want + 1, &fault)) {
		snprintf(why, 128, "byte %zu: %s", fault.at + 1, fault.why);
		return why;
	}
	if (kind->type != SCAN_STRING)
		return kind->type ? "its kind is not a text" : "a record without kind";
	r->kind = kind_of(*kind);
	return NULL;
}

int stream_next(struct stream *s, struct record *r, struct err *e)
{
	char text[128];
	int rc;

	while ((rc = next_line(s, &r->line, e)) > 0) {
		const char *why;

		if (s->number == 1)
			r->line = without_mark(r->line);
		if (!str_trim(r->line).n)
			continue;
		why = read_record(s, r, text);
		if (!why)
			return 1;
		if (reject(s, r->line, why, e))
			return -1;
	}
	if (rc == 0 && !s->ended) {
		s->ended = true;
		rc = before_waiting(s, e);
	}
	return rc;
}

int stream_reject(struct stream *s, const struct record *r, struct err *e, const char *fmt, ...)
{
	char why[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	return reject(s, r->line, why, e);
}

/* Starts a new chunk when n more bytes would pass what a pipe takes at once: chunks end with a
 * line. */
static int make_room(struct stream *s, size_t n, struct err *e)
{
	return s->output.n && s->output.n + n > WRITE_CHUNK ? stream_flush(s, e) : 0;
}

int stream_put_line(struct stream *s, struct str line, struct err *e)
{
	if (line.n > BUF_RECORD)
		return err_set(e, ERR_DATA, "a record of %zu bytes, which no reader takes", line.n);
	if (make_room(s, line.n + 1, e))
		return -1;
	buf_putstr(&s->output, line);
	buf_putc(&s->output, '\n');
	return 0;
}

int stream_pass(struct stream *s, const struct record *r, struct err *e)
{
	return stream_put_line(s, r->line, e);
}

/* Ends the line that was begun at `start` of the output; one that does not fit is taken back. */
static int end_line(struct stream *s, size_t start, struct err *e)
{
	size_t n = s->output.n - start;

	buf_putc(&s->output, '\n');
	if (s->output.full || n > BUF_RECORD) {
		s->output.n = start;
		s->output.full = false;
		return err_set(e, ERR_DATA,
			"a record of more than %zu bytes, which no reader takes", BUF_RECORD);
	}
	return s->output.n > WRITE_CHUNK ? stream_flush(s, e) : 0;
}

int stream_put(struct stream *s, const json_t *object, struct err *e)
{
	size_t start = s->output.n;

	json_put(&s->output, object);
	return end_line(s, start, e);
}

int stream_put_with(struct stream *s, const struct record *r, const char *key, const json_t *value,
	struct err *e)
{
	struct str head = r->object.raw;
	size_t start;

	head.n--; /* its closing brace */
	head = str_trim(head);
	if (make_room(s, head.n, e))
		return -1;
	start = s->output.n;
	buf_putstr(&s->output, head);
	if (head.n > 1)
		buf_putc(&s->output, ',');
	scan_quote(&s->output, str_of(key));
	buf_putc(&s->output, ':');
	json_put(&s->output, value);
	buf_putc(&s->output, '}');
	return end_line(s, start, e);
}

int stream_close(struct stream *s, struct err *e)
{
	stream_flush(s, e);
	if (s->rejected)
		err_set(e, ERR_DATA, "%s: rejected %lu of %lu lines, the first was line %lu",
			s->name, s->rejected, s->number, s->first_rejected);
	buf_clear(&s->input);
	buf_clear(&s->output);
	return e->kind == ERR_NONE ? 0 : -1;
}

json_t *scan_load(struct scan_value v)
{
	json_error_t ignored;

	return v.type ? json_loadb(v.raw.p, v.raw.n, JSON_DECODE_ANY, &ignored) : NULL;
}

json_t *record_load(const struct record *r)
{
	return scan_load(r->object);
}
