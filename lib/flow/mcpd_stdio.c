#include "flow/mcpd_stdio.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/when.h"
#include "flow/mcpd_message.h"
#include "json/node.h"

enum { PIECE = 65536, LAST_MOMENT_MS = 10000 };

struct pipe_end {
	struct mcpd_server *server;
	struct mcpd_peer peer;
	struct buf in;
	bool skipping; /* the rest of a line that was too long */
	bool eof;
	int64_t eof_at;
	struct err *e;
};

static int write_all(struct str text, struct err *e)
{
	for (size_t at = 0; at < text.n;) {
		ssize_t n = write(1, text.p + at, text.n - at);

		if (n < 0 && errno != EINTR)
			return err_sys(e, ERR_OUTPUT, "cannot write standard output");
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static void put(void *arg, json_t *answer, int status)
{
	struct pipe_end *p = arg;
	struct buf line = BUF_INIT(4 * BUF_RECORD);

	(void)status;
	if (!answer)
		return;
	json_put(&line, answer);
	buf_putc(&line, '\n');
	if (p->e->kind == ERR_NONE)
		write_all(buf_str(&line), p->e);
	buf_clear(&line);
	json_decref(answer);
}

static void take_line(struct pipe_end *p, struct str line)
{
	line = str_trim(line);
	if (p->skipping)
		line = STR("too long"); /* no JSON, and so answered as such */
	p->skipping = false;
	if (line.n)
		mcpd_message_take(p->server, &p->peer, NULL, line, put, p);
}

/* All lines that are whole. */
static void take_lines(struct pipe_end *p)
{
	size_t from = 0;
	const char *end;

	while (p->in.n > from && (end = memchr(p->in.p + from, '\n', p->in.n - from))) {
		take_line(p, (struct str){p->in.p + from, (size_t)(end - p->in.p) - from});
		from = (size_t)(end - p->in.p) + 1;
	}
	if (from)
		memmove(p->in.p, p->in.p + from, p->in.n - from);
	p->in.n -= from;
	if (p->in.n > BUF_RECORD) {
		p->skipping = true;
		buf_reset(&p->in);
	}
}

static int read_some(struct pipe_end *p, struct err *e)
{
	char *room = buf_room(&p->in, PIECE);
	ssize_t n = read(0, room, PIECE);

	if (n < 0 && errno != EINTR && errno != EAGAIN)
		return err_sys(e, ERR_UNAVAILABLE, "cannot read standard input");
	if (n > 0) {
		p->in.n += (size_t)n;
		take_lines(p);
	}
	if (n == 0) {
		if (p->in.n || p->skipping)
			take_line(p, buf_str(&p->in));
		p->eof = true;
		p->eof_at = when_tick();
	}
	return 0;
}

static bool goes_on(const struct pipe_end *p)
{
	return !p->eof ||
	       (mcpd_server_calls(p->server) && when_tick() - p->eof_at < LAST_MOMENT_MS);
}

int mcpd_stdio_serve(struct mcpd_server *s, struct err *e)
{
	struct pipe_end p = {.server = s, .in = BUF_INIT(2 * BUF_RECORD), .e = e};
	struct pollfd fds[MCPD_CALLS + 1];

	while (goes_on(&p) && e->kind == ERR_NONE) {
		size_t n = mcpd_server_poll(s, fds);

		if (!p.eof)
			fds[n++] = (struct pollfd){.fd = 0, .events = POLLIN};
		if (poll(fds, n, p.eof ? LAST_MOMENT_MS : -1) < 0 && errno != EINTR)
			err_sys(e, ERR_UNAVAILABLE, "cannot wait");
		else if (!p.eof && fds[n - 1].revents)
			read_some(&p, e);
		mcpd_server_step(s);
	}
	mcpd_server_forget(s, &p.peer, NULL);
	buf_clear(&p.in);
	return e->kind ? -1 : 0;
}
