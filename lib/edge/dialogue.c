#include "edge/dialogue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "edge/exec.h"
#include "edge/proc.h"

#define CHUNK    65536
#define ERR_KEPT ((size_t)4 << 10)
#define END_MS   2000 /* for the end of its input: it may have something to put away */
#define GRACE_MS 300  /* for SIGTERM; and in all, when we are told to stop */
#define TICK_MS  10

enum end { IN, OUT, ERR, ENDS };

struct dialogue {
	pid_t pid;
	int fd[ENDS]; /* ours; -1 when closed */
	int said, stop;
	char *program;
	struct buf heard, words; /* read ahead; the end of its standard error */
	size_t taken;            /* bytes of `heard` that were handed out */
	size_t line_max;
	bool hurried; /* told to stop */
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* --- start --- */

/* Waits until the program runs, or tells why it does not. */
static int await_exec(struct dialogue *d, const char *cwd, struct err *e)
{
	struct exec_fault fault;
	struct pollfd p = {.fd = d->said, .events = POLLIN};
	ssize_t n;

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	n = read(d->said, &fault, sizeof fault);
	shut(&d->said);
	if (n != (ssize_t)sizeof fault)
		return 0;
	exec_explain(&fault, d->program, cwd, &d->words);
	err_set(e, ERR_UNAVAILABLE, "%s", buf_text(&d->words));
	return -1;
}

static int start(struct dialogue *d, const struct dialogue_spec *spec, struct err *e)
{
	static const char *const nothing[] = {NULL};
	struct containment contain;
	struct exec x = {.argv = spec->argv,
		.env = spec->env ? spec->env : nothing,
		.program = d->program,
		.cwd = spec->cwd ? spec->cwd : "/",
		.tied = true,
		.contain = &contain,
		.in = -1,
		.out = -1,
		.err = -1,
		.said = -1};
	int rc = -1;

	if (contain_prepare(&contain, spec->contain, e))
		return err_prefix(e, "cannot contain '%s': ", d->program);
	if (exec_pipe(&d->fd[IN], &x.in, false, e) || exec_pipe(&d->fd[OUT], &x.out, true, e) ||
		exec_pipe(&d->fd[ERR], &x.err, true, e) || exec_pipe(&d->said, &x.said, true, e))
		goto out;
	d->pid = exec_start(&x, e);
	rc = d->pid < 0 ? -1 : 0;
out:
	shut(&x.in);
	shut(&x.out);
	shut(&x.err);
	shut(&x.said);
	return rc || await_exec(d, x.cwd, e) ? -1 : 0;
}

struct dialogue *dialogue_start(const struct dialogue_spec *spec, struct err *e)
{
	char *program = exec_find(spec->argv[0], spec->path ? spec->path : proc_standard_path());
	struct dialogue *d;

	if (!program) {
		err_set(e, ERR_UNAVAILABLE, "'%s' is not installed here", spec->argv[0]);
		return NULL;
	}
	d = mem_new(sizeof *d);
	*d = (struct dialogue){.pid = -1,
		.fd = {-1, -1, -1},
		.said = -1,
		.stop = spec->stop,
		.program = program,
		.heard = BUF_INIT(spec->line_max + CHUNK),
		.words = BUF_INIT(ERR_KEPT),
		.line_max = spec->line_max};
	if (start(d, spec, e) == 0)
		return d;
	dialogue_free(d);
	return NULL;
}

/* --- talk --- */

static void take(struct dialogue *d, enum end which)
{
	char chunk[CHUNK];
	ssize_t n = read(d->fd[which], chunk, sizeof chunk);

	if (n > 0 && which == ERR)
		buf_put_end(&d->words, chunk, (size_t)n);
	else if (n > 0)
		buf_put(&d->heard, chunk, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		shut(&d->fd[which]);
}

static int wait_ms(int64_t until)
{
	int64_t left = until - when_tick();

	return left <= 0 ? 0 : left > INT32_MAX ? -1 : (int)left;
}

static void drop_taken(struct dialogue *d)
{
	if (!d->taken)
		return;
	d->heard.n -= d->taken;
	memmove(d->heard.p, d->heard.p + d->taken, d->heard.n);
	d->taken = 0;
}

/*
 * Waits until something can be read, or written when that is wanted, and reads it. 1: it can be
 * written; 0: look again; -1: told to stop.
 */
static int step(struct dialogue *d, bool write_too, int64_t until, struct err *e)
{
	bool room = d->heard.n - d->taken <= d->line_max;
	struct pollfd p[] = {{.fd = write_too ? d->fd[IN] : -1, .events = POLLOUT},
		{.fd = room ? d->fd[OUT] : -1, .events = POLLIN},
		{.fd = d->fd[ERR], .events = POLLIN},
		{.fd = d->hurried ? -1 : d->stop, .events = POLLIN}};

	if (poll(p, 4, wait_ms(until)) < 0)
		return errno == EINTR ? 0
				      : err_sys(e, ERR_AGAIN, "cannot wait for '%s'",
						  d->program);
	if (p[3].revents) {
		d->hurried = true;
		return err_set(e, ERR_AGAIN, "told to stop");
	}
	if (p[1].revents) {
		drop_taken(d);
		take(d, OUT);
	}
	if (p[2].revents)
		take(d, ERR);
	return p[0].revents != 0;
}

/* The last two lines that say something. */
static struct str last_words(const struct dialogue *d)
{
	struct str said = str_trim(buf_str(&d->words));
	size_t i, lines = 0;

	for (i = said.n; i > 0; i--)
		if (said.p[i - 1] == '\n' && ++lines == 2)
			break;
	return (struct str){said.p + i, said.n - i};
}

static void put_one_line(struct buf *into, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		buf_putc(into, text.p[i] == '\n' || text.p[i] == '\0' ? ' ' : text.p[i]);
}

static void drain_words(struct dialogue *d)
{
	for (int i = 0; i < 16 && d->fd[ERR] >= 0; i++)
		take(d, ERR);
}

/* It closed its output: how it ended, if it did within a moment, and its last words. */
static int gone(struct dialogue *d, struct err *e)
{
	siginfo_t dead = {.si_pid = 0};
	int64_t until = when_tick() + GRACE_MS;
	struct buf line = BUF_INIT(ERR_KEPT);
	struct str words;
	char how[80] = "closed its output";

	while (waitid(P_PID, (id_t)d->pid, &dead, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		!dead.si_pid && when_tick() < until)
		poll(NULL, 0, TICK_MS);
	if (dead.si_pid && dead.si_code == CLD_EXITED)
		snprintf(how, sizeof how, "exited with status %d", dead.si_status);
	else if (dead.si_pid)
		snprintf(how, sizeof how, "was ended by signal %d", dead.si_status);
	drain_words(d);
	words = last_words(d);
	put_one_line(&line, words);
	err_set(e, ERR_UNAVAILABLE, "'%s' %s%s%.600s", d->program, how, line.n ? ": " : "",
		buf_text(&line));
	buf_clear(&line);
	return -1;
}

static ssize_t write_quietly(int fd, const char *p, size_t n)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, was;
	ssize_t done;

	sigaction(SIGPIPE, &ignore, &was);
	done = write(fd, p, n);
	sigaction(SIGPIPE, &was, NULL);
	return done;
}

static int say_all(struct dialogue *d, struct str text, int64_t until, struct err *e)
{
	size_t sent = 0;

	while (sent < text.n) {
		int rc = step(d, true, until, e);
		ssize_t n;

		if (rc < 0)
			return -1;
		n = rc ? write_quietly(d->fd[IN], text.p + sent, text.n - sent) : 0;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return gone(d, e);
		if (n > 0)
			sent += (size_t)n;
		else if (when_tick() >= until)
			return err_set(e, ERR_AGAIN, "'%s' does not take what it is told",
				d->program);
	}
	return 0;
}

int dialogue_say(struct dialogue *d, struct str line, int64_t until, struct err *e)
{
	struct buf text = BUF_INIT(line.n + 1);
	int rc;

	buf_putstr(&text, line);
	buf_putc(&text, '\n');
	rc = say_all(d, buf_str(&text), until, e);
	buf_clear(&text);
	return rc;
}

/* A whole line of what was read ahead. */
static bool next_line(struct dialogue *d, struct str *line)
{
	const char *from = d->heard.p + d->taken, *end;
	size_t n = d->heard.n - d->taken;

	end = n ? memchr(from, '\n', n) : NULL;
	if (!end)
		return false;
	*line = (struct str){from, (size_t)(end - from)};
	d->taken += line->n + 1;
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

int dialogue_hear(struct dialogue *d, int64_t until, struct str *line, struct err *e)
{
	for (;;) {
		if (next_line(d, line))
			return 1;
		if (d->heard.n - d->taken > d->line_max)
			return err_set(e, ERR_DATA, "'%s' printed a line of more than %zu bytes",
				d->program, d->line_max);
		if (d->fd[OUT] < 0)
			return gone(d, e);
		if (when_tick() >= until)
			return 0;
		if (step(d, false, until, e) < 0)
			return -1;
	}
}

/* --- end --- */

static bool ends_within(struct dialogue *d, int64_t ms)
{
	siginfo_t dead = {.si_pid = 0};
	int64_t until = when_tick() + ms;

	for (;;) {
		if (waitid(P_PID, (id_t)d->pid, &dead, WEXITED | WNOHANG | WNOWAIT) ||
			dead.si_pid == d->pid)
			return true;
		if (when_tick() >= until)
			return false;
		/* A full pipe must not keep it from ending. */
		drain_words(d);
		poll(NULL, 0, TICK_MS);
	}
}

static void signal_group(const struct dialogue *d, int signal_number)
{
	if (kill(-d->pid, signal_number))
		kill(d->pid, signal_number);
}

void dialogue_free(struct dialogue *d)
{
	if (!d)
		return;
	shut(&d->fd[IN]);
	shut(&d->fd[OUT]);
	if (d->pid > 0) {
		if (!ends_within(d, d->hurried ? GRACE_MS : END_MS)) {
			signal_group(d, SIGTERM);
			ends_within(d, GRACE_MS);
		}
		/* It is not reaped: the group's id is its own still. */
		signal_group(d, SIGKILL);
		if (ends_within(d, GRACE_MS))
			waitpid(d->pid, NULL, 0);
	}
	shut(&d->fd[ERR]);
	shut(&d->said);
	buf_clear(&d->heard);
	buf_clear(&d->words);
	free(d->program);
	free(d);
}
