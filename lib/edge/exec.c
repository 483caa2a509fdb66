#include "edge/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

#define DESCRIPTORS_MAX 65536

char *exec_find(const char *name, const char *path)
{
	struct str rest = str_of(path), dir;

	if (strchr(name, '/'))
		return mem_text(name);
	while (str_split(&rest, ':', &dir)) {
		size_t n = dir.n + strlen(name) + 2;
		struct stat st;
		char *file;

		if (!dir.n || dir.p[0] != '/')
			continue;
		file = mem_new(n);
		snprintf(file, n, "%.*s/%s", STR_ARG(dir), name);
		if (stat(file, &st) == 0 && S_ISREG(st.st_mode) && access(file, X_OK) == 0)
			return file;
		free(file);
	}
	return NULL;
}

static void reset_signals(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int n = 1; n < NSIG; n++)
		sigaction(n, &plain, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_from(int first)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0)
		return;
#endif
	for (int fd = first; fd < DESCRIPTORS_MAX; fd++)
		close(fd);
}

/* pipe2 is not in POSIX 2008. */
int exec_pipe(int *ours, int *theirs, bool we_read, struct err *e)
{
	int both[2];

	if (pipe(both))
		return err_sys(e, ERR_AGAIN, "cannot make a pipe");
	fcntl(both[0], F_SETFD, FD_CLOEXEC);
	fcntl(both[1], F_SETFD, FD_CLOEXEC);
	*ours = both[we_read ? 0 : 1];
	*theirs = both[we_read ? 1 : 0];
	fcntl(*ours, F_SETFL, O_NONBLOCK);
	return 0;
}

void exec_explain(
	const struct exec_fault *fault, const char *program, const char *cwd, struct buf *into)
{
	const char *why = strerror(fault->error);

	switch (fault->at) {
	case EXEC_INTERPRETER:
		buf_putf(into, "the interpreter that '%s' names is not there", program);
		break;
	case EXEC_CWD:
		buf_putf(into, "cannot enter '%s': %s", cwd, why);
		break;
	case EXEC_CONTAIN:
		buf_putf(into, "cannot contain '%s': %s: %s", program,
			contain_step_text(fault->step), why);
		break;
	case EXEC_PROGRAM:
		buf_putf(into, "cannot run '%s': %s", program, why);
		break;
	}
}

static void tell(int said, const struct exec_fault *fault)
{
	ssize_t n = write(said, fault, sizeof *fault);

	_exit(n == (ssize_t)sizeof *fault ? 127 : 126);
}

static void fail(int said, enum exec_place at)
{
	struct exec_fault fault = {.at = at, .error = errno};

	tell(said, &fault);
}

static void contain(const struct containment *c)
{
	static const struct containment least;
	struct exec_fault fault = {.at = EXEC_CONTAIN};

	fault.step = contain_enter(c ? c : &least);
	fault.error = errno;
	if (fault.step != CONTAIN_NONE)
		tell(3, &fault);
}

/* In the new process: nothing here may allocate or lock, for the parent may have been anywhere. */
static void become(const struct exec *x, pid_t parent)
{
	reset_signals();
	setsid();
	if (dup2(x->in, 0) < 0 || dup2(x->out, 1) < 0 || dup2(x->err, 2) < 0)
		fail(x->said, EXEC_PROGRAM);
	if (dup2(x->said, 3) < 0)
		fail(x->said, EXEC_PROGRAM);
	fcntl(3, F_SETFD, FD_CLOEXEC);
	close_from(4);
	contain(x->contain);
	/* The kernel forgets it when the user changes. Asked again after: it may have died in between. */
	if (x->tied && (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent))
		_exit(126);
	if (chdir(x->cwd))
		fail(3, EXEC_CWD);
	execve(x->program, (char *const *)x->argv, (char *const *)x->env); /* it changes neither */
	/* ENOENT for a file that is there: what its first line names is not. */
	if (errno == ENOENT && access(x->program, F_OK) == 0) {
		errno = ENOENT;
		fail(3, EXEC_INTERPRETER);
	}
	fail(3, EXEC_PROGRAM);
}

pid_t exec_start(const struct exec *x, struct err *e)
{
	sigset_t all, was;
	pid_t pid, parent = getpid();

	/* No handler of ours may run in the child before its signals are reset. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &was);
	pid = fork();
	if (pid == 0)
		become(x, parent);
	sigprocmask(SIG_SETMASK, &was, NULL);
	if (pid < 0)
		return err_sys(e, ERR_AGAIN, "cannot start '%s'", x->program);
	return pid;
}
