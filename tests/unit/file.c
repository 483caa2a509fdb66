/* file: reading with a limit, replacing whole; lock: one holder. Runs in a directory of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/when.h"

static void check_content(const char *path, struct str wanted)
{
	struct buf b = BUF_INIT(1000000);
	struct err e = ERR_INIT;

	assert_int_equal(file_read(path, &b, &e), 0);
	assert_true(str_eq(buf_str(&b), wanted));
	buf_clear(&b);
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void replaces(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(file_make_dirs("d", &e), 0);
	assert_int_equal(file_replace("d/f", STR("one\0two"), &e), 0);
	check_content("d/f", STR("one\0two"));
	assert_int_equal(mode_of("d/f"), 0600);
	assert_int_equal(chmod("d/f", 0640), 0);
	assert_int_equal(file_replace("d/f", STR(""), &e), 0);
	check_content("d/f", STR(""));
	assert_int_equal(mode_of("d/f"), 0640);
	assert_int_equal(file_replace("here", STR("x"), &e), 0);
	check_content("here", STR("x"));
	/* Nothing else is left in the directory. */
	assert_int_equal(unlink("d/f"), 0);
	assert_int_equal(rmdir("d"), 0);
	assert_int_equal(e.kind, ERR_NONE);
}

static void keeps_the_old_when_it_fails(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(file_make_dirs("t/dir/x", &e), 0);
	assert_int_equal(file_replace("t/dir", STR("x"), &e), -1);
	assert_int_equal(e.kind, ERR_OUTPUT);
	assert_int_equal(rmdir("t/dir/x") | rmdir("t/dir"), 0);
	assert_int_equal(rmdir("t"), 0); /* the temporary file is gone */
	err_clear(&e);
	assert_int_equal(file_replace("absent/f", STR("x"), &e), -1);
	assert_int_equal(e.kind, ERR_OUTPUT);
}

static void reads_with_a_limit(void **state)
{
	struct buf b = BUF_INIT(10);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(file_replace("f", STR("0123456789"), &e), 0);
	assert_int_equal(file_read("f", &b, &e), 0);
	assert_int_equal(b.n, 10);
	assert_int_equal(file_replace("f", STR("0123456789a"), &e), 0);
	buf_reset(&b);
	assert_int_equal(file_read("f", &b, &e), -1);
	assert_int_equal(e.kind, ERR_DATA);
	assert_string_equal(e.text, "'f' is larger than 10 bytes");
	err_clear(&e);
	assert_int_equal(file_read("absent", &b, &e), -1);
	assert_string_equal(e.text, "cannot open 'absent': No such file or directory");
	err_clear(&e);
	assert_int_equal(file_read(".", &b, &e), -1);
	assert_string_equal(e.text, "cannot read '.': Is a directory");
	buf_clear(&b);
}

static void makes_directories(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(file_make_dirs("a/b//c/", &e), 0);
	assert_int_equal(mode_of("a/b/c"), 0700);
	assert_int_equal(file_make_dirs("a/b/c", &e), 0);
	assert_int_equal(file_make_dirs("/", &e), 0);
	assert_int_equal(file_make_dirs(".", &e), 0);
	assert_int_equal(file_replace("a/f", STR("x"), &e), 0);
	assert_true(file_exists("a/f"));
	assert_false(file_exists("a/g"));
	assert_int_equal(file_make_dirs("a/f", &e), -1);
	assert_string_equal(e.text, "cannot create directory 'a/f': Not a directory");
	err_clear(&e);
	assert_int_equal(file_make_dirs("a/f/g", &e), -1);
	assert_int_equal(e.kind, ERR_OUTPUT);
	assert_int_equal(symlink("nowhere", "a/dangling"), 0);
	assert_true(file_exists("a/dangling"));
}

/* A pipe takes 64 KiB at once: writing more needs several calls while somebody reads. */
static void writes_all(void **state)
{
	static char bytes[300000];
	int fd[2], status;
	struct err e = ERR_INIT;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		size_t n = 0;
		ssize_t got;

		close(fd[1]);
		while ((got = read(fd[0], bytes, sizeof bytes)) > 0)
			n += (size_t)got;
		_exit(n == sizeof bytes ? 0 : 1);
	}
	close(fd[0]);
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	assert_int_equal(file_write_all(fd[1], (struct str){bytes, sizeof bytes}, "pipe", &e), 0);
	close(fd[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(file_write_all(-1, STR("x"), "closed", &e), -1);
	assert_string_equal(e.text, "cannot write 'closed': Bad file descriptor");
}

static void one_holder(void **state)
{
	struct err e = ERR_INIT;
	int a = lock_take("lock", 0, &e), b;
	int64_t start = when_tick();

	(void)state;
	assert_true(a >= 0);
	b = lock_take("lock", 20, &e);
	assert_int_equal(b, -1);
	assert_int_equal(e.kind, ERR_AGAIN);
	assert_string_equal(e.text, "'lock' is held by another process: try again");
	assert_in_range(when_tick() - start, 20, 10000);
	err_clear(&e);
	lock_drop(a);
	b = lock_take("lock", 0, &e);
	assert_true(b >= 0);
	lock_drop(b);
	lock_drop(-1);
	assert_int_equal(lock_take("absent/lock", 0, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
}

/* The lock goes with its holder, however that ends; whoever waits gets it. */
static void the_dead_hold_nothing(void **state)
{
	int ready[2], lock, status;
	char c;
	struct err e = ERR_INIT;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct err ignored = ERR_INIT;

		if (lock_take("lock", 0, &ignored) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(lock_take("lock", 0, &e), -1);
	err_clear(&e);
	kill(pid, SIGKILL);
	lock = lock_take("lock", -1, &e);
	assert_true(lock >= 0);
	lock_drop(lock);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ready[0]);
	close(ready[1]);
}

/* Not in a directory that another test uses: run directly, it makes one. */
static int enter(void **state)
{
	char dir[] = "/tmp/hl-file.XXXXXX";

	(void)state;
	umask(022);
	return mkdtemp(dir) ? chdir(dir) : -1;
}

static int leave(void **state)
{
	char command[] = "rm", option[] = "-rf", dir[4096];
	pid_t pid;

	(void)state;
	if (!getcwd(dir, sizeof dir) || chdir("/"))
		return -1;
	pid = fork();
	if (pid == 0) {
		execvp(command, (char *[]){command, option, dir, NULL});
		_exit(127);
	}
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces),
		cmocka_unit_test(keeps_the_old_when_it_fails),
		cmocka_unit_test(reads_with_a_limit),
		cmocka_unit_test(makes_directories),
		cmocka_unit_test(writes_all),
		cmocka_unit_test(one_holder),
		cmocka_unit_test(the_dead_hold_nothing),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
