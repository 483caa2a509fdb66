#include "flow/payloads.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/msg.h"
#include "edge/state.h"
#include "wire/alertmanager.h"
#include "json/text.h"

#define CHUNK ((size_t)1 << 18)

struct payloads {
	const char *name;
	struct stream *out;
	struct buf input;
	unsigned long number, rejected;
};

/* --- where one document ends; the state stays from chunk to chunk --- */

struct boundary {
	size_t start, at;
	int depth;
	bool begun, string;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Inside a string. False: more is needed. */
static bool pass_string(struct boundary *b, const char *p, size_t n)
{
	while (b->at < n) {
		b->at = (size_t)(text_plain(p + b->at, p + n) - p);
		if (b->at >= n || (p[b->at] == '\\' && b->at + 1 >= n))
			return false;
		if (p[b->at] == '"' || p[b->at] == '\n') {
			b->string = false;
			b->at += p[b->at] == '"'; /* a line end in a string: it is broken, and said
						     to be later */
			return true;
		}
		b->at += p[b->at] == '\\' ? 2 : 1;
	}
	return false;
}

/* From p to what may begin or end a string, a collection or a line. */
static size_t pass_rest(const char *p, size_t at, size_t n)
{
	static const bool matters[256] = {['"'] = true,
		['{'] = true,
		['}'] = true,
		['['] = true,
		[']'] = true,
		['\n'] = true};

	while (at < n && !matters[(unsigned char)p[at]])
		at++;
	return at;
}

/* Whether a document ends here: *length is its size from b->start. */
static bool find_end(struct boundary *b, const char *p, size_t n, size_t *length)
{
	for (;;) {
		char c;

		if (b->string && !pass_string(b, p, n))
			return false;
		b->at = pass_rest(p, b->at, n);
		if (b->at == n)
			return false;
		c = p[b->at];
		if (b->depth > 0 && c == '{' && p[b->at - 1] == '\n' && p[b->start] == '{') {
			*length = b->at - b->start; /* the one before was not finished */
			return true;
		}
		b->at++;
		b->string = c == '"';
		if (c == '{' || c == '[')
			b->depth++;
		if (c == '}' || c == ']')
			b->depth--;
		if ((b->depth <= 0 && (c == '}' || c == ']')) || (b->depth == 0 && c == '\n')) {
			*length = b->at - b->start;
			return true;
		}
	}
}

/* --- one payload --- */

static int put_line(void *arg, struct str line, struct err *e)
{
	struct payloads *p = arg;

	return stream_put_line(p->out, line, e);
}

/* Kept on one line: an end of a line between tokens is a blank like any other. */
static int keep(struct str whole, const char *why, struct err *e)
{
	struct buf line = BUF_INIT(PAYLOAD_MAX);
	int rc;

	buf_putstr(&line, whole);
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '\n' || line.p[i] == '\r')
			line.p[i] = ' ';
	rc = state_reject(NULL, buf_str(&line), why, e);
	buf_clear(&line);
	return rc;
}

static int reject_alert(
	void *arg, const char *where, const char *why, struct str alert, struct err *e)
{
	struct payloads *p = arg;

	p->rejected++;
	msg_error("%s: payload %lu: %s: %s", p->name, p->number, where, why);
	return keep(alert, why, e);
}

static int take_payload(struct payloads *p, struct str text, struct err *e)
{
	struct alertmanager a = {.line = put_line, .fault = reject_alert, .arg = p};
	struct err why = ERR_INIT;

	text = str_trim(text);
	if (!text.n)
		return 0;
	p->number++;
	if (alertmanager_read(text, &a, &why)) {
		if (why.kind != ERR_DATA)
			return err_set(e, why.kind, "%s", why.text);
		p->rejected++;
		msg_error("%s: payload %lu: %s", p->name, p->number, why.text);
		return keep(text, why.text, e);
	}
	if (a.truncated)
		msg_warn("%s: payload %lu: the sender left out %" PRIu64
			 " alerts (max_alerts of its webhook configuration)",
			p->name, p->number, a.truncated);
	return 0;
}

/* --- all of them --- */

/* Takes the documents that are complete; what is not moves to the front of the buffer. */
static int take_complete(struct payloads *p, struct boundary *b, struct err *e)
{
	struct buf *in = &p->input;
	size_t length;

	for (;;) {
		while (!b->begun && b->start < in->n && is_blank(in->p[b->start]))
			b->start++;
		if (!b->begun)
			*b = (struct boundary){
				.start = b->start, .at = b->start, .begun = b->start < in->n};
		if (!b->begun || !find_end(b, in->p, in->n, &length))
			break;
		if (take_payload(p, (struct str){in->p + b->start, length}, e))
			return -1;
		*b = (struct boundary){.start = b->start + length};
	}
	if (b->start) {
		memmove(in->p, in->p + b->start, in->n - b->start);
		in->n -= b->start;
		b->at -= b->begun ? b->start : 0;
		b->start = 0;
	}
	return 0;
}

/* 1 with more in the buffer, 0 at the end. */
static int read_more(struct payloads *p, int in, struct err *e)
{
	char *room = buf_room(&p->input, CHUNK);
	ssize_t n;

	if (!room)
		return err_set(e, ERR_DATA, "%s: payload %lu is larger than %zu MiB", p->name,
			p->number + 1, PAYLOAD_MAX >> 20);
	while ((n = read(in, room, CHUNK)) < 0 && errno == EINTR)
		;
	if (n < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot read '%s'", p->name);
	p->input.n += (size_t)n;
	return n > 0;
}

int payloads_read(int in, const char *name, struct stream *out, struct err *e)
{
	struct payloads p = {.name = name, .out = out, .input = BUF_INIT(PAYLOAD_MAX + CHUNK)};
	struct boundary b = {.start = 0};
	int rc;

	while ((rc = read_more(&p, in, e)) > 0)
		if (take_complete(&p, &b, e) || stream_flush(out, e)) {
			rc = -1;
			break;
		}
	if (rc == 0)
		rc = take_payload(&p, buf_str(&p.input), e);
	buf_clear(&p.input);
	if (rc == 0 && p.rejected)
		rc = err_set(e, ERR_DATA, "%s: %lu rejected, kept in '%s/rejects'", name,
			p.rejected, state_dir());
	return rc;
}
