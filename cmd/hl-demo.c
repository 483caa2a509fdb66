/*
 * hl-demo: the loop at work on a small real service that really fails. Each command is printed as
 * it is run; the place it happened in is left to look at.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/prog.h"
#include "edge/state.h"
#include "flow/installed.h"

static struct {
	bool yes;
	const char *dir;
} option;

static const struct opt options[] = {
	{'y', "yes", NULL, "approve every plan instead of asking", OPT_FLAG, &option.yes},
	{'d', "dir", "DIR", "a new directory to work in (a temporary one)", OPT_TEXT, &option.dir},
	OPT_END,
};

static const struct prog program = {
	.name = "hl-demo",
	.purpose = "see the loop sense, ask, act, verify, record, and earn the right to act alone",
	.synopsis = "",
	.options = options,
	.see = "hl(7)",
};

/* 9 verified successes of 9 clear the bound for auto_notify; the next failure is then fixed alone.
 */
enum { ROUNDS_ASKED = 9, STAGES_MAX = 8, WORDS_MAX = 10 };

struct scene {
	char *dir, *ops, *state, *cases;
};

typedef const char *const stage[WORDS_MAX];

static void say(const char *text)
{
	printf("%s\n", text);
	fflush(stdout);
}

static void show(const stage *stages, size_t n, const char *into)
{
	printf("\n$");
	for (size_t i = 0; i < n; i++) {
		if (i)
			printf(" |");
		for (size_t w = 0; stages[i][w]; w++)
			printf(strpbrk(stages[i][w], " *") ? " '%s'" : " %s", stages[i][w]);
	}
	if (into)
		printf(" >>%s", into);
	printf("\n");
	fflush(stdout);
}

static pid_t spawn(const stage words, int in, int out)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (in >= 0)
		dup2(in, 0);
	if (out >= 0)
		dup2(out, 1);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	execvp(words[0], (char *const *)words);
	perror(words[0]);
	_exit(127);
}

/*
 * Runs the stages with pipes between them, the last one's output appended to `into`. Returns the
 * worst exit status.
 */
static int pipeline(const stage *stages, size_t n, const char *into)
{
	pid_t pids[STAGES_MAX];
	int in = -1, worst = 0;

	show(stages, n, into);
	for (size_t i = 0; i < n; i++) {
		int ends[2] = {-1, -1}, out = -1;

		if (i + 1 < n && pipe(ends))
			return ERR_UNAVAILABLE;
		out = ends[1];
		if (i + 1 == n && into)
			out = open(into, O_WRONLY | O_CREAT | O_APPEND, 0600);
		pids[i] = spawn(stages[i], in, out);
		if (in >= 0)
			close(in);
		if (out >= 0)
			close(out);
		in = ends[0];
	}
	for (size_t i = 0; i < n; i++) {
		int status = 0;

		if (pids[i] < 0 || waitpid(pids[i], &status, 0) < 0)
			worst = ERR_UNAVAILABLE;
		else if (status && worst == 0)
			worst = WIFEXITED(status) ? WEXITSTATUS(status) : ERR_BUG;
	}
	return worst;
}

#define RUN(...) pipeline((stage[]){{__VA_ARGS__}}, 1, NULL)

/* Sense to record. answer NULL: asks the person at the terminal, or decides by policy. */
static int loop(const struct scene *p, const char *answer)
{
	const stage stages[] = {
		{"hl-gather", "--goal", "demo"},
		{"hl-triage"},
		{"hl-plan"},
		{"hl-ask", answer ? "--answer" : NULL, answer},
		{"hl-apply"},
		{"hl-record"},
	};

	return pipeline(stages, sizeof stages / sizeof *stages, p->cases);
}

static int make_scene(struct scene *p, struct err *e)
{
	char name[] = "/tmp/hl-demo.XXXXXX";

	if (option.dir && mkdir(option.dir, 0700))
		return err_sys(e, ERR_OUTPUT, "cannot create '%s'", option.dir);
	if (!option.dir && !mkdtemp(name))
		return err_sys(e, ERR_OUTPUT, "cannot create a directory in /tmp");
	p->dir = realpath(option.dir ? option.dir : name, NULL);
	if (!p->dir)
		return err_sys(e, ERR_OUTPUT, "cannot find the new directory");
	p->ops = path_join(p->dir, "ops");
	p->state = path_join(p->dir, "state");
	p->cases = path_join(p->dir, "cases.jsonl");
	return 0;
}

/* What the commands below need to find: our own programs first, and this place alone. */
static void set_environment(const struct scene *p)
{
	struct buf path = BUF_INIT(8192);
	const char *was = getenv("PATH");
	char *self = path_self();

	buf_putf(&path, "%s:%s", self ? self : ".", was ? was : "/usr/bin:/bin");
	setenv("PATH", buf_text(&path), 1);
	setenv("HL_STATE", p->state, 1);
	setenv("HL_REPO", p->ops, 1);
	setenv("HL_DEMO", p->dir, 1);
	setenv("HL_DATA", installed_dir(), 1);
	unsetenv("HL_NOW");
	free(self);
	buf_clear(&path);
}

static int begin(const struct scene *p, struct err *e)
{
	char *from = path_join(installed_dir(), "demo");
	int rc = 0;

	printf("HL_STATE=%s HL_REPO=%s\n", p->state, p->ops);
	say("\nAn ops repo: policy, one runbook, one toolset, one goal. Only what is committed is in force.");
	if (RUN("hl-init", "--from", from, p->ops) || RUN("hl-demo-service", "start", p->dir))
		rc = err_set(e, ERR_UNAVAILABLE, "the demo could not be set up in '%s'", p->dir);
	free(from);
	if (rc)
		return -1;
	say("\nAll is well: the goal's rule raises no signal.");
	if (RUN("hl-gather", "--goal", "demo"))
		return err_set(e, ERR_UNAVAILABLE, "hl-gather failed");
	return 0;
}

/* One failure and what becomes of it. */
static int fail_once(const struct scene *p, const char *answer, struct err *e)
{
	/* A person's time: the runbook counts a failure within a second as the same one again. */
	nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 100000000}, NULL);
	if (RUN("hl-demo-service", "break", p->dir))
		return err_set(e, ERR_UNAVAILABLE, "the service could not be broken");
	if (loop(p, answer))
		return err_set(
			e, ERR_CASE, "the loop did not fix the service: look in '%s'", p->dir);
	return 0;
}

static int earn(const struct scene *p, struct err *e)
{
	for (int round = 1; round <= ROUNDS_ASKED; round++) {
		bool ask = !option.yes && round == 1;

		if (round == 1)
			say("\nThe service is killed. The same pipeline finds it, knows a runbook, and asks.");
		else if (round == 2)
			say("\nIt happens again, and again: every approval and every outcome is a commit.");
		if (fail_once(p, ask ? NULL : "approve", e))
			return -1;
		if (round == 5 || round == ROUNDS_ASKED) {
			/* The last success counts once the runbook's window has passed. */
			nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 100000000}, NULL);
			printf("\n%d of %d: is that enough to go one step up?\n", round, round);
			if (RUN("hl-promote"))
				return err_set(e, ERR_UNAVAILABLE, "hl-promote failed");
		}
	}
	return 0;
}

static int end(const struct scene *p, struct err *e)
{
	say("\nNow nobody is asked.");
	if (fail_once(p, NULL, e))
		return -1;
	say("\nWhat was decided, by whom, and what came of it:");
	RUN("git", "-C", p->ops, "--no-pager", "log", "--oneline");
	RUN("git", "-C", p->ops, "--no-pager", "show", "--stat");
	say("\nAnd why it may act alone:");
	RUN("git", "-C", p->ops, "--no-pager", "log", "-1", "--grep=^Promoted-to: auto_notify");
	printf("\nThe place is left for you to look at: %s\nremove it with: rm -r %s\n", p->dir,
		p->dir);
	return 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct scene p = {.dir = NULL};

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("takes no operands");
	if (!option.yes && !isatty(0))
		return prog_usage("no terminal to ask at: use --yes");
	if (make_scene(&p, &e) == 0) {
		set_environment(&p);
		if (begin(&p, &e) == 0 && earn(&p, &e) == 0)
			end(&p, &e);
		RUN("hl-demo-service", "stop", p.dir);
	}
	free(p.dir);
	free(p.ops);
	free(p.state);
	free(p.cases);
	return prog_end(&e);
}
