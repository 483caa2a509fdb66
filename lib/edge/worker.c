#include "edge/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { ROOM = 65536, PIPE_FD = 3, FDS = 65536 };

static void close_from(int first)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0)
		return;
#endif
	for (int fd = first; fd < FDS; fd++)
		close(fd);
}

/* Only what it says leaves it: a word on the caller's standard output would break a protocol. */
static int stand_apart(int out, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);

	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(out, PIPE_FD) < 0)
		return -1;
	close_from(PIPE_FD + 1);
	return prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent ? -1 : 0;
}

static void say_all(struct str text)
{
	for (size_t at = 0; at < text.n;) {
		ssize_t n = write(PIPE_FD, text.p + at, text.n - at);

		if (n < 0 && errno != EINTR)
			return;
		at += n > 0 ? (size_t)n : 0;
	}
}

static void work(int out, pid_t parent, worker_fn *fn, void *arg, size_t most)
{
	struct buf say = BUF_INIT(most);

	if (stand_apart(out, parent) == 0) {
		fn(arg, &say);
		say_all(buf_str(&say));
	}
	_exit(0);
}

int worker_start(struct worker *w, worker_fn *fn, void *arg, size_t most, struct err *e)
{
	pid_t parent = getpid();
	int fds[2];

	*w = (struct worker){.fd = -1, .pid = -1, .said = BUF_INIT(most)};
	if (pipe(fds))
		return err_sys(e, ERR_AGAIN, "cannot make a pipe");
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	w->pid = fork();
	if (w->pid == 0)
		work(fds[1], parent, fn, arg, most);
	close(fds[1]);
	if (w->pid < 0) {
		close(fds[0]);
		return err_sys(e, ERR_AGAIN, "cannot start a process");
	}
	w->fd = fds[0];
	return 0;
}

bool worker_read(struct worker *w)
{
	for (;;) {
		char piece[ROOM];
		ssize_t n = read(w->fd, piece, sizeof piece);

		if (n > 0 && buf_put(&w->said, piece, (size_t)n))
			return true;
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return true;
		if (n < 0 && errno == EAGAIN)
			return false;
	}
}

void worker_end(struct worker *w)
{
	if (w->fd < 0)
		return;
	close(w->fd);
	kill(w->pid,
		SIGTERM); /* of no use once it ended, and until it is reaped it is nobody else */
	while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		;
	buf_clear(&w->said);
	*w = (struct worker){.fd = -1, .pid = -1};
}
