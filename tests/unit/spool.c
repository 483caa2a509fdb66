/* spool: parked cases are durable, replaced whole, listed in order; names from outside cannot leave it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "edge/spool.h"
#include "edge/state.h"

#define FIRST "20261121T041300Z-9c2e51d0a7b3f644"
#define SECOND "20261121T041301Z-0000000000000001"

static void put(const char *id, const char *line)
{
	struct err e = ERR_INIT;

	if (spool_put(id, str_of(line), &e))
		fail_msg("%s", e.text);
}

static void expect(const char *id, const char *line)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT(BUF_RECORD);

	assert_int_equal(spool_get(id, &b, &e), 1);
	assert_string_equal(buf_text(&b), line);
	buf_clear(&b);
}

static void test_put_get_remove(void **state)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT(BUF_RECORD);

	(void)state;
	assert_false(spool_has(FIRST));
	assert_int_equal(spool_get(FIRST, &b, &e), 0);
	put(FIRST, "{\"kind\":\"case\"}");
	assert_true(spool_has(FIRST));
	expect(FIRST, "{\"kind\":\"case\"}");
	put(FIRST, "{\"kind\":\"case\",\"n\":2}");
	expect(FIRST, "{\"kind\":\"case\",\"n\":2}");
	assert_int_equal(spool_remove(FIRST, &e), 0);
	assert_int_equal(spool_remove(FIRST, &e), 0);
	assert_false(spool_has(FIRST));
	assert_int_equal(e.kind, ERR_NONE);
}

static void test_list(void **state)
{
	struct err e = ERR_INIT;
	char **ids = NULL, *half;

	(void)state;
	put(SECOND, "{}");
	put(FIRST, "{}");
	put(FIRST, "{}");
	/* What a crash between write and rename leaves is no case. */
	half = state_path("spool/." FIRST ".json.Ab12Cd");
	assert_int_equal(file_replace(half, STR("{"), &e), 0);
	assert_int_equal(spool_list(&ids, &e), 2);
	assert_string_equal(ids[0], FIRST);
	assert_string_equal(ids[1], SECOND);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(spool_remove(ids[i], &e), 0);
		free(ids[i]);
	}
	free(ids);
	free(half);
}

static void test_names(void **state)
{
	static const char *const bad[] = {"../x", "", ".", "..", "a/b", ".hidden", "a\nb", "/etc/passwd"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = ERR_INIT;
		struct buf b = BUF_INIT(64);

		assert_int_equal(spool_put(bad[i], STR("{}"), &e), -1);
		assert_int_equal(e.kind, ERR_DATA);
		assert_int_equal(spool_get(bad[i], &b, &e), -1);
		assert_int_equal(spool_remove(bad[i], &e), -1);
		assert_false(spool_has(bad[i]));
	}
}

static void test_private(void **state)
{
	char *path = state_path("spool/" FIRST ".json");
	struct stat st;

	(void)state;
	put(FIRST, "{}");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);
	path = state_path("spool");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	free(path);
}

/* A writer that is killed at any time leaves the old case or the new one. */
static void test_killed(void **state)
{
	enum { SIZE = 1 << 20, ROUNDS = 40 };
	char *big = malloc(SIZE);
	struct err e = ERR_INIT;

	(void)state;
	memset(big, 'x', SIZE);
	put(FIRST, "old");
	for (int round = 0; round < ROUNDS; round++) {
		struct buf b = BUF_INIT(2 * SIZE);
		pid_t child = fork();

		if (child == 0) {
			for (;;)
				if (spool_put(FIRST, (struct str){big, SIZE}, &e))
					_exit(1);
		}
		for (volatile int spin = 0; spin < round * 20000; spin++)
			;
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		assert_int_equal(spool_get(FIRST, &b, &e), 1);
		assert_true(b.n == SIZE || str_is(buf_str(&b), "old"));
		buf_clear(&b);
	}
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_get_remove),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
