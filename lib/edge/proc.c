#include "edge/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"
#include "edge/exec.h"

#define OUT_MAX     ((size_t)1 << 20)
#define ERR_MAX     ((size_t)64 << 10)
#define INPUT_MAX   ((size_t)64 << 20)
#define CHUNK       65536
#define GRACE_MS    1000 /* between SIGTERM and SIGKILL, and from there to giving up */
#define TICK_MS     20   /* how often a child is looked at where the kernel has no pidfd */
#define DRAIN_READS 16   /* the most a pipe can hold, 1 MiB, in chunks */

enum stage { RUNNING, TERMINATED, KILLED, ENDED };
enum pipe_end { LIFE, SAID, IN, OUT, ERR, PIPE_ENDS };

struct job {
	pid_t pid;
	int fd[PIPE_ENDS]; /* ours; -1 when closed. LIFE is a pidfd, readable when the child is dead
			    */
	enum stage stage;
	int64_t started, next; /* ticks; next: when the stage is over, INT64_MAX: never */
	struct buf input;
	size_t sent;
	char *program, *cwd; /* for messages */
	struct proc_result result;
	void *tag;
};

struct proc_set {
	struct job **jobs;
	size_t count, cap;
};

void proc_result_clear(struct proc_result *r)
{
	buf_clear(&r->out);
	buf_clear(&r->err);
}

const char *proc_standard_path(void)
{
	static char path[8192]; /* computed once; the environment does not change */
	const char *set = getenv("HL_PATH");
	char *self;

	if (path[0])
		return path;
	self = path_self();
	snprintf(path, sizeof path, "%s%s%s", self ? self : "", self ? ":" : "",
		set && *set ? set
			    : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:"
			      "/run/wrappers/bin:/run/current-system/sw/bin");
	free(self);
	return path;
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void job_free(struct job *j)
{
	for (int i = 0; i < PIPE_ENDS; i++)
		shut(&j->fd[i]);
	buf_clear(&j->input);
	proc_result_clear(&j->result);
	free(j->program);
	free(j->cwd);
	free(j);
}

static void job_end(struct job *j, enum proc_end end, int status)
{
	/* A timeout or overflow stays what it is, however the child then died of our signals. */
	if (j->stage == RUNNING) {
		j->result.end = end;
		j->result.status = status;
	}
	j->stage = ENDED;
	j->result.took_ms = when_tick() - j->started;
	for (int i = 0; i < PIPE_ENDS; i++)
		shut(&j->fd[i]);
}

static int make_input(struct job *j, struct str input, int *theirs, struct err *e)
{
	if (input.n) {
		j->input = BUF_INIT(INPUT_MAX);
		if (buf_putstr(&j->input, input))
			return err_set(e, ERR_DATA, "input for '%s' is larger than %zu bytes",
				j->program, INPUT_MAX);
		return exec_pipe(&j->fd[IN], theirs, false, e);
	}
	*theirs = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return *theirs < 0 ? err_sys(e, ERR_AGAIN, "cannot open '/dev/null'") : 0;
}

static int job_start(struct job *j, const struct proc_spec *spec,
	const struct containment *contain, struct err *e)
{
	static const char *const nothing[] = {NULL};
	struct exec x = {.argv = spec->argv,
		.env = spec->env ? spec->env : nothing,
		.program = j->program,
		.cwd = j->cwd,
		.tied = spec->tied,
		.contain = contain,
		.in = -1,
		.out = -1,
		.err = -1,
		.said = -1};
	int rc = -1;

	if (make_input(j, spec->input, &x.in, e) || exec_pipe(&j->fd[OUT], &x.out, true, e) ||
		exec_pipe(&j->fd[ERR], &x.err, true, e) ||
		exec_pipe(&j->fd[SAID], &x.said, true, e))
		goto out;
	j->pid = exec_start(&x, e);
	if (j->pid < 0)
		goto out;
#ifdef SYS_pidfd_open
	j->fd[LIFE] = (int)syscall(SYS_pidfd_open, j->pid, 0);
#endif
	rc = 0;
out:
	shut(&x.in);
	shut(&x.out);
	shut(&x.err);
	shut(&x.said);
	return rc;
}

static struct job *job_new(const struct proc_spec *spec, void *tag)
{
	struct job *j = mem_new(sizeof *j);

	for (int i = 0; i < PIPE_ENDS; i++)
		j->fd[i] = -1;
	j->tag = tag;
	j->result.out = BUF_INIT(spec->out_max ? spec->out_max : OUT_MAX);
	j->result.err = BUF_INIT(spec->err_max ? spec->err_max : ERR_MAX);
	j->program = exec_find(spec->argv[0], spec->path ? spec->path : proc_standard_path());
	j->cwd = mem_text(spec->cwd ? spec->cwd : "/");
	j->started = when_tick();
	j->next = spec->timeout_ms ? j->started + spec->timeout_ms : INT64_MAX;
	return j;
}

struct proc_set *proc_set_new(void)
{
	struct sigaction now;

	/* With SIGCHLD ignored (which is inherited) the kernel would throw exit statuses away. */
	if (sigaction(SIGCHLD, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		signal(SIGCHLD, SIG_DFL);
	return mem_new(sizeof(struct proc_set));
}

/* What cannot be granted is told like what cannot be run. */
static bool prepare(struct job *j, const struct contain *asked, struct containment *c)
{
	struct err why = ERR_INIT;

	if (contain_prepare(c, asked, &why) == 0)
		return true;
	buf_putf(&j->result.err, "cannot contain '%s': %s", j->program, why.text);
	job_end(j, PROC_DENIED, EPERM);
	return false;
}

int proc_set_start(struct proc_set *s, const struct proc_spec *spec, void *tag, struct err *e)
{
	struct job *j = job_new(spec, tag);
	struct containment contain;

	if (!j->program) {
		job_end(j, PROC_ABSENT, ENOENT);
	} else if (prepare(j, spec->contain, &contain) && job_start(j, spec, &contain, e)) {
		job_free(j);
		return -1;
	}
	s->jobs = mem_room(s->jobs, s->count, &s->cap, sizeof(struct job *));
	s->jobs[s->count++] = j;
	return 0;
}

size_t proc_set_running(const struct proc_set *s)
{
	return s->count;
}

static void signal_group(const struct job *j, int signal_number)
{
	/* The child may not have become the leader of its group yet. It is not reaped: its id is
	 * its own. */
	if (kill(-j->pid, signal_number))
		kill(j->pid, signal_number);
}

static void job_stop(struct job *j, enum proc_end why, enum stage stage)
{
	if (j->stage == RUNNING)
		j->result.end = why;
	j->stage = stage;
	j->next = when_tick() + GRACE_MS;
	signal_group(j, stage == KILLED ? SIGKILL : SIGTERM);
}

static void on_deadline(struct job *j)
{
	if (j->stage == RUNNING) {
		job_stop(j, PROC_TIMED_OUT, TERMINATED);
	} else if (j->stage == TERMINATED) {
		job_stop(j, PROC_TIMED_OUT, KILLED);
	} else {
		j->result.left = true;
		job_end(j, PROC_TIMED_OUT, 0);
	}
}

/* One chunk; false when there is none now. */
static bool take_output(struct job *j, enum pipe_end which)
{
	char chunk[CHUNK];
	struct buf *out = &j->result.out;
	ssize_t n;

	if (j->fd[which] < 0)
		return false;
	n = read(j->fd[which], chunk, sizeof chunk);
	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			shut(&j->fd[which]);
		return false;
	}
	if (which == ERR) {
		buf_put_end(&j->result.err, chunk, (size_t)n);
	} else if ((size_t)n <= out->max - out->n) {
		buf_put(out, chunk, (size_t)n);
	} else {
		buf_put(out, chunk, out->max - out->n);
		shut(&j->fd[OUT]);
		job_stop(j, PROC_OVERFLOWED, TERMINATED);
	}
	return true;
}

static void give_input(struct job *j)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, was;
	ssize_t n;

	/* A child that does not read to the end must not end us. */
	sigaction(SIGPIPE, &ignore, &was);
	n = write(j->fd[IN], j->input.p + j->sent, j->input.n - j->sent);
	sigaction(SIGPIPE, &was, NULL);
	if (n > 0)
		j->sent += (size_t)n;
	if ((n < 0 && errno != EAGAIN && errno != EINTR) || j->sent == j->input.n)
		shut(&j->fd[IN]);
}

/* What the child said instead of running the program. */
static void take_fault(struct job *j)
{
	struct exec_fault fault;
	ssize_t n = read(j->fd[SAID], &fault, sizeof fault);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	shut(&j->fd[SAID]);
	if (n != (ssize_t)sizeof fault)
		return;
	exec_explain(&fault, j->program, j->cwd, &j->result.err);
	waitpid(j->pid, NULL, 0); /* it is on its way out */
	job_end(j, fault.at == EXEC_PROGRAM && fault.error == ENOENT ? PROC_ABSENT : PROC_DENIED,
		fault.error);
}

/* The child is dead but not reaped: takes what is left in the pipes, and lets it go. */
static void job_reap(struct job *j)
{
	int status = 0;

	if (j->fd[SAID] >= 0)
		take_fault(j);
	if (j->stage == ENDED)
		return;
	for (int i = 0; i < DRAIN_READS && take_output(j, OUT); i++)
		;
	for (int i = 0; i < DRAIN_READS && take_output(j, ERR); i++)
		;
	if (j->stage != RUNNING)
		signal_group(j,
			SIGKILL); /* those it leaves behind, while the group's id is still taken */
	waitpid(j->pid, &status, 0);
	if (WIFSIGNALED(status))
		job_end(j, PROC_SIGNALED, WTERMSIG(status));
	else
		job_end(j, PROC_EXITED, WEXITSTATUS(status));
}

static void job_step(struct job *j, const struct pollfd *polled)
{
	siginfo_t dead = {.si_pid = 0};

	if (j->fd[SAID] >= 0 && polled[SAID].revents)
		take_fault(j);
	if (j->stage == ENDED)
		return;
	if (polled[OUT].revents)
		take_output(j, OUT);
	if (polled[ERR].revents)
		take_output(j, ERR);
	if (j->fd[IN] >= 0 && polled[IN].revents)
		give_input(j);
	if (waitid(P_PID, (id_t)j->pid, &dead, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		dead.si_pid == j->pid)
		job_reap(j);
	else if (when_tick() >= j->next)
		on_deadline(j);
}

static int wait_ms(const struct proc_set *s)
{
	int64_t until = INT64_MAX, now = when_tick();
	bool blind = false;

	for (size_t i = 0; i < s->count; i++) {
		if (s->jobs[i]->next < until)
			until = s->jobs[i]->next;
		blind = blind || s->jobs[i]->fd[LIFE] < 0;
	}
	if (until <= now)
		return 0;
	if (until - now > TICK_MS && blind)
		return TICK_MS;
	return until - now > INT32_MAX ? -1 : (int)(until - now);
}

/* Waits until something happens to one of the jobs, and deals with it. */
static int set_step(struct proc_set *s, struct err *e)
{
	struct pollfd *polled = mem_array(s->count * PIPE_ENDS, sizeof *polled);
	int rc = 0;

	for (size_t i = 0; i < s->count; i++)
		for (int k = 0; k < PIPE_ENDS; k++)
			polled[i * PIPE_ENDS + (size_t)k] = (struct pollfd){
				.fd = s->jobs[i]->fd[k], .events = k == IN ? POLLOUT : POLLIN};
	if (poll(polled, (nfds_t)(s->count * PIPE_ENDS), wait_ms(s)) < 0) {
		if (errno != EINTR)
			rc = err_sys(e, ERR_AGAIN, "cannot wait for child processes");
		goto out;
	}
	for (size_t i = 0; i < s->count; i++)
		job_step(s->jobs[i], polled + i * PIPE_ENDS);
out:
	free(polled);
	return rc;
}

int proc_set_wait(struct proc_set *s, struct proc_result *r, void **tag, struct err *e)
{
	while (s->count) {
		for (size_t i = 0; i < s->count; i++) {
			struct job *j = s->jobs[i];

			if (j->stage != ENDED)
				continue;
			memmove(s->jobs + i, s->jobs + i + 1,
				(--s->count - i) * sizeof(struct job *));
			*r = j->result;
			*tag = j->tag;
			j->result = (struct proc_result)PROC_RESULT_INIT;
			job_free(j);
			return 1;
		}
		if (set_step(s, e))
			return -1;
	}
	return 0;
}

void proc_set_free(struct proc_set *s)
{
	struct proc_result r;
	struct err ignored = ERR_INIT;
	void *tag;

	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		if (s->jobs[i]->stage != ENDED)
			job_stop(s->jobs[i], PROC_TIMED_OUT, KILLED);
	while (proc_set_wait(s, &r, &tag, &ignored) > 0)
		proc_result_clear(&r);
	for (size_t i = 0; i < s->count; i++) /* when even waiting failed */
		job_free(s->jobs[i]);
	free(s->jobs);
	free(s);
}

int proc_run(const struct proc_spec *spec, struct proc_result *r, struct err *e)
{
	struct proc_set *s = proc_set_new();
	void *tag;
	int rc = -1;

	if (proc_set_start(s, spec, NULL, e) == 0 && proc_set_wait(s, r, &tag, e) == 1)
		rc = 0;
	proc_set_free(s);
	return rc;
}
