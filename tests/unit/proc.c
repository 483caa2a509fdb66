/* Children that end well, badly, late, never, loudly and not at all. */
#include "edge/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/when.h"

static struct proc_result run(struct proc_spec spec)
{
	struct proc_result r = PROC_RESULT_INIT;
	struct err e = ERR_INIT;

	spec.path = "/usr/bin:/bin";
	assert_int_equal(proc_run(&spec, &r, &e), 0);
	assert_int_equal(e.kind, ERR_NONE);
	return r;
}

static struct proc_result sh(const char *script, int64_t timeout_ms)
{
	const char *argv[] = {"sh", "-c", script, NULL};

	return run((struct proc_spec){.argv = argv, .cwd = ".", .timeout_ms = timeout_ms});
}

static void ends(struct proc_result r, enum proc_end end, int status, const char *out, const char *err)
{
	assert_int_equal(r.end, end);
	assert_int_equal(r.status, status);
	assert_string_equal(buf_text(&r.out), out);
	assert_string_equal(buf_text(&r.err), err);
	proc_result_clear(&r);
}

static void test_status_and_output(void **state)
{
	(void)state;
	ends(sh("echo out; echo err >&2", 5000), PROC_EXITED, 0, "out\n", "err\n");
	ends(sh("exit 3", 5000), PROC_EXITED, 3, "", "");
	ends(sh("kill -9 $$", 5000), PROC_SIGNALED, SIGKILL, "", "");
}

static void test_nothing_is_inherited(void **state)
{
	const char *env[] = {"ONLY=this", NULL};
	const char *argv[] = {"env", NULL};
	const char *list[] = {"sh", "-c", "for n in 0 1 2 3 4 5 6 7 8 9 10 11 12; do [ -e /proc/$$/fd/$n ] && printf '%s ' $n; done;"
		" pwd; cat; tty 2>&1; : </dev/tty", NULL};
	int leak = open("/dev/null", O_RDONLY); /* not close-on-exec, on purpose */
	struct proc_result r;

	(void)state;
	setenv("SECRET", "hunter2", 1);
	ends(run((struct proc_spec){.argv = argv, .env = env}), PROC_EXITED, 0, "ONLY=this\n", "");
	ends(run((struct proc_spec){.argv = argv}), PROC_EXITED, 0, "", "");
	r = run((struct proc_spec){.argv = list, .cwd = "/tmp", .timeout_ms = 5000});
	assert_string_equal(buf_text(&r.out), "0 1 2 /tmp\nnot a tty\n");
	assert_int_not_equal(r.status, 0); /* no terminal to ask at */
	proc_result_clear(&r);
	close(leak);
}

static void test_signals_are_reset(void **state)
{
	sigset_t set;
	struct proc_result r;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGHUP, SIG_IGN);
	/* The first 28: what starts us may ignore 32 and 33, which are the C library's own and out of our reach. */
	r = sh("sed -nE 's/^Sig(Blk|Ign):.*(.{7})$/\\1 \\2/p' /proc/self/status", 5000);
	assert_string_equal(buf_text(&r.out), "Blk 0000000\nIgn 0000000\n");
	proc_result_clear(&r);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGHUP, SIG_DFL);
}

static void test_input(void **state)
{
	const char *cat[] = {"cat", NULL}, *deaf[] = {"true", NULL};
	size_t n = 300000;
	char *big = malloc(n);
	struct proc_result r;

	(void)state;
	memset(big, 'x', n);
	r = run((struct proc_spec){.argv = cat, .input = {big, n}, .timeout_ms = 5000});
	assert_int_equal(r.out.n, n);
	proc_result_clear(&r);
	/* who does not read gives us no SIGPIPE */
	ends(run((struct proc_spec){.argv = deaf, .input = {big, n}}), PROC_EXITED, 0, "", "");
	free(big);
}

static void test_not_there(void **state)
{
	const char *absent[] = {"no-such-program", NULL}, *path[] = {"/no/such", NULL}, *dir[] = {"/etc", NULL},
	     *ok[] = {"true", NULL}, *script[] = {"./script", NULL};
	FILE *f = fopen("script", "w");
	struct proc_result r;

	(void)state;
	fputs("#!/no/such/interpreter\n", f);
	fclose(f);
	assert_int_equal(chmod("script", 0755), 0);
	ends(run((struct proc_spec){.argv = absent}), PROC_ABSENT, ENOENT, "", "");
	ends(run((struct proc_spec){.argv = path}), PROC_ABSENT, ENOENT, "",
		"cannot run '/no/such': No such file or directory");
	ends(run((struct proc_spec){.argv = dir}), PROC_DENIED, EACCES, "", "cannot run '/etc': Permission denied");
	ends(run((struct proc_spec){.argv = ok, .cwd = "/nowhere"}), PROC_DENIED, ENOENT, "",
		"cannot enter '/nowhere': No such file or directory");
	r = run((struct proc_spec){.argv = script, .cwd = "."});
	ends(r, PROC_DENIED, ENOENT, "", "the interpreter that './script' names is not there");
}

static void test_timeout(void **state)
{
	int64_t start = when_tick();
	struct proc_result r = sh("echo begun; sleep 60", 100);

	(void)state;
	assert_int_equal(r.end, PROC_TIMED_OUT);
	assert_string_equal(buf_text(&r.out), "begun\n");
	assert_in_range(when_tick() - start, 100, 900);
	proc_result_clear(&r);
}

/* It and its child ignore SIGTERM: only SIGKILL to the group ends both. */
static void test_stubborn(void **state)
{
	int64_t start = when_tick();
	struct proc_result r =
		sh("trap '' TERM; sh -c 'echo $$ >pid; while :; do sleep 0.1; done' & "
		   "while :; do sleep 0.1; done", 300);
	struct buf pid = BUF_INIT(100), left = BUF_INIT(1000);
	char name[64];
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(r.end, PROC_TIMED_OUT);
	assert_false(r.left);
	assert_in_range(when_tick() - start, 1300, 3500);
	proc_result_clear(&r);
	assert_int_equal(file_read("pid", &pid, &e), 0);
	snprintf(name, sizeof name, "/proc/%ld/cmdline", strtol(buf_text(&pid), NULL, 10));
	for (int i = 0; i < 100 && file_read(name, &left, &e) == 0 && left.n; i++) {
		buf_reset(&left); /* gone, or a zombie that nobody has reaped yet: both read as empty */
		usleep(10000);
	}
	assert_int_equal(left.n, 0);
	buf_clear(&left);
	buf_clear(&pid);
}

static void test_for_ever(void **state)
{
	const char *argv[] = {"yes", NULL};
	struct proc_result r = run((struct proc_spec){.argv = argv, .out_max = 1000, .timeout_ms = 20000});

	(void)state;
	assert_int_equal(r.end, PROC_OVERFLOWED);
	assert_int_equal(r.out.n, 1000);
	assert_in_range(r.took_ms, 0, 3000);
	proc_result_clear(&r);
	r = sh("head -c 1000 /dev/zero | tr '\\0' x", 5000); /* what just fits is fine */
	assert_int_equal(r.end, PROC_EXITED);
	proc_result_clear(&r);
}

static void test_errors_keep_the_end(void **state)
{
	const char *argv[] = {"sh", "-c", "i=0; while [ $i -lt 500 ]; do echo line $i >&2; i=$((i+1)); done", NULL};
	struct proc_result r = run((struct proc_spec){.argv = argv, .err_max = 18, .timeout_ms = 20000});

	(void)state;
	ends(r, PROC_EXITED, 0, "", "line 498\nline 499\n");
}

/* Ends at once and leaves a child that holds the pipe open: that one is not waited for. */
static void test_daemon(void **state)
{
	int64_t start = when_tick();

	(void)state;
	ends(sh("sleep 4 & echo started", 20000), PROC_EXITED, 0, "started\n", "");
	assert_in_range(when_tick() - start, 0, 2000);
	ends(sh("setsid sleep 4 & echo started", 20000), PROC_EXITED, 0, "started\n", "");
	assert_in_range(when_tick() - start, 0, 2000);
}

static void test_closed_output(void **state)
{
	int64_t start = when_tick();
	struct proc_result r = sh("exec >&- 2>&-; sleep 60", 200);

	(void)state;
	assert_int_equal(r.end, PROC_TIMED_OUT);
	assert_in_range(when_tick() - start, 200, 1500);
	proc_result_clear(&r);
	ends(sh("exec >&- 2>&-; sleep 0.2; exit 7", 5000), PROC_EXITED, 7, "", "");
}

static void test_many(void **state)
{
	struct proc_set *s = proc_set_new();
	struct err e = ERR_INIT;
	struct proc_result r;
	int64_t start = when_tick();
	unsigned seen = 0, n = 0;
	void *tag;

	(void)state;
	for (int i = 0; i < 10; i++) {
		char script[64];
		const char *argv[] = {"sh", "-c", script, NULL};
		struct proc_spec spec = {.argv = argv, .path = "/usr/bin:/bin", .timeout_ms = i == 3 ? 100 : 10000};

		snprintf(script, sizeof script, "sleep 0.4; exit %d", i);
		assert_int_equal(proc_set_start(s, &spec, (char *)NULL + i, &e), 0);
	}
	while (proc_set_wait(s, &r, &tag, &e) > 0) {
		unsigned i = (unsigned)((char *)tag - (char *)NULL);

		assert_int_equal(r.end, i == 3 ? PROC_TIMED_OUT : PROC_EXITED);
		if (i != 3)
			assert_int_equal(r.status, i);
		seen |= 1U << i;
		n++;
		proc_result_clear(&r);
	}
	assert_int_equal(n, 10);
	assert_int_equal(seen, 0x3ff);
	assert_in_range(when_tick() - start, 400, 3000);
	proc_set_free(s);
}

static void test_free_kills(void **state)
{
	struct proc_set *s = proc_set_new();
	const char *argv[] = {"sleep", "60", NULL};
	struct proc_spec spec = {.argv = argv, .path = "/usr/bin:/bin"};
	struct err e = ERR_INIT;
	int64_t start = when_tick();

	(void)state;
	assert_int_equal(proc_set_start(s, &spec, NULL, &e), 0);
	assert_int_equal(proc_set_running(s), 1);
	proc_set_free(s);
	assert_in_range(when_tick() - start, 0, 900);
}

/* An inherited SIGCHLD that is ignored must not lose exit statuses. */
static void test_ignored_sigchld(void **state)
{
	(void)state;
	signal(SIGCHLD, SIG_IGN);
	ends(sh("exit 9", 5000), PROC_EXITED, 9, "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_and_output),
		cmocka_unit_test(test_nothing_is_inherited),
		cmocka_unit_test(test_signals_are_reset),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_stubborn),
		cmocka_unit_test(test_for_ever),
		cmocka_unit_test(test_errors_keep_the_end),
		cmocka_unit_test(test_daemon),
		cmocka_unit_test(test_closed_output),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_free_kills),
		cmocka_unit_test(test_ignored_sigchld),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
