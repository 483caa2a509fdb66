/* state: where things are, rejects that lose nothing, the halt file that fails closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/msg.h"
#include "edge/state.h"

/* state_dir is found once in a process, so each case asks a child. */
static void expect_dir(const char *const *env, const char *option, const char *wanted)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		unsetenv("HL_STATE");
		unsetenv("STATE_DIRECTORY");
		unsetenv("XDG_STATE_HOME");
		for (; *env; env += 2)
			setenv(env[0], env[1], 1);
		state_option.dir = option;
		_exit(strcmp(state_dir(), wanted) != 0);
	}
	waitpid(child, &status, 0);
	if (status != 0)
		fail_msg("wanted %s", wanted);
}

static void test_where(void **state)
{
	static const char *const all[] = {"HL_STATE", "/a", "STATE_DIRECTORY", "/b", NULL};
	static const char *const systemd[] = {"HL_STATE", "", "STATE_DIRECTORY", "/b:/c", NULL};
	static const char *const user[] = {"HOME", "/home/u", NULL};
	static const char *const xdg[] = {"XDG_STATE_HOME", "/x", NULL};

	(void)state;
	expect_dir(all, "/o", "/o");
	expect_dir(all, NULL, "/a");
	expect_dir(systemd, NULL, "/b");
	expect_dir(user, NULL, geteuid() ? "/home/u/.local/state/hl" : "/var/lib/hl");
	expect_dir(xdg, NULL, geteuid() ? "/x/hl" : "/var/lib/hl");
}

static void expect_rejects(const char *wanted)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT(BUF_RECORD);
	char *path = state_path("rejects/2026-11-21");

	assert_int_equal(file_read(path, &b, &e), 0);
	assert_string_equal(buf_text(&b), wanted);
	buf_clear(&b);
	free(path);
}

static void test_rejects(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	msg_init("hl-test", MSG_NORMAL);
	assert_int_equal(state_reject(NULL, STR("{\"kind\":"), "stdin:1: truncated", &e), 0);
	assert_int_equal(state_reject(NULL, STR("# \xff"), "stdin:2: \033[2Jno\nobject", &e), 0);
	expect_rejects("# 2026-11-21T04:00:00Z hl-test: stdin:1: truncated\n{\"kind\":\n"
		       "# 2026-11-21T04:00:00Z hl-test: stdin:2: \\x1b[2Jno\\x0aobject\n# \xff\n");
}

/* Eight writers at once: every line is there, whole, behind its reason. */
static void test_together(void **state)
{
	enum { WRITERS = 8, LINES = 200 };
	struct buf b = BUF_INIT(BUF_RECORD);
	char *path = state_path("rejects/2026-11-21");
	struct str rest, line;
	struct err e = ERR_INIT;
	int n = 0;

	(void)state;
	unlink(path);
	for (int w = 0; w < WRITERS; w++)
		if (fork() == 0) {
			char text[64];

			for (int i = 0; i < LINES; i++) {
				snprintf(text, sizeof text, "%d/%d", w, i);
				if (state_reject(NULL, str_of(text), text, &e))
					_exit(1);
			}
			_exit(0);
		}
	for (int w = 0, status; w < WRITERS; w++) {
		wait(&status);
		assert_int_equal(status, 0);
	}
	assert_int_equal(file_read(path, &b, &e), 0);
	for (rest = buf_str(&b); str_split(&rest, '\n', &line); n++) {
		struct str reason = line;

		assert_true(str_split(&rest, '\n', &line));
		assert_true(reason.n > line.n && str_eq(line, (struct str){reason.p + reason.n - line.n, line.n}));
	}
	assert_int_equal(n, WRITERS * LINES);
	buf_clear(&b);
	free(path);
}

static void test_halt(void **state)
{
	struct err e = ERR_INIT;
	char *path = state_path("halt");

	(void)state;
	assert_false(state_halted());
	assert_int_equal(file_replace(path, STR(""), &e), 0);
	assert_true(state_halted());
	unlink(path);
	assert_false(state_halted());
	free(path);
}

/* What cannot be looked at is taken for halted: here the state directory is a file. */
static void test_halt_unreadable(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		state_option.dir = "/dev/null";
		_exit(!state_halted());
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_halt_unreadable),
		cmocka_unit_test(test_rejects),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_halt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
