/* buf: growing, the maximum, taking the bytes away; err: the first one stays; mem. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdint.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

static void grows(void **state)
{
	struct buf b = BUF_INIT(1000000);
	char *taken;

	(void)state;
	assert_string_equal(buf_text(&b), "");
	for (int i = 0; i < 100000; i++)
		assert_int_equal(buf_putc(&b, (char)('a' + i % 26)), 0);
	assert_int_equal(b.n, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
	assert_int_equal(b.p[b.n], '\0');
	buf_reset(&b);
	assert_string_equal(buf_text(&b), "");
	buf_puts(&b, "text");
	buf_put(&b, NULL, 0);
	buf_putstr(&b, STR_NONE);
	buf_putstr(&b, STR("\0x"));
	assert_int_equal(b.n, 6);
	taken = buf_take(&b);
	assert_memory_equal(taken, "text\0x\0", 7);
	free(taken);
	assert_int_equal(b.n, 0);
	assert_int_equal(b.max, 1000000);
	taken = buf_take(&b);
	assert_string_equal(taken, "");
	free(taken);
	buf_clear(&b);
	buf_clear(&b);
}

static void formats(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	assert_int_equal(buf_putf(&b, "%s-%d", "a", 5), 0);
	assert_string_equal(buf_text(&b), "a-5");
	assert_int_equal(buf_putf(&b, "%500d", 1), 0);
	assert_int_equal(b.n, 503);
	assert_int_equal(b.p[502], '1');
	assert_int_equal(b.p[503], '\0');
	assert_int_equal(buf_putf(&b, "%255d", 1), 0);
	assert_int_equal(buf_putf(&b, "%242d", 1), 0);
	assert_int_equal(b.n, 1000);
	assert_false(b.full);
	assert_int_equal(buf_putf(&b, "%s", ""), 0);
	assert_int_equal(buf_putf(&b, "%300d", 1), -1);
	assert_true(b.full);
	assert_int_equal(b.n, 1000);
	buf_clear(&b);
}

static void has_a_maximum(void **state)
{
	struct buf b = BUF_INIT(4), none = BUF_INIT(0);

	(void)state;
	assert_int_equal(buf_puts(&b, "abcd"), 0);
	assert_int_equal(buf_putc(&b, 'e'), -1);
	assert_true(b.full);
	assert_string_equal(buf_text(&b), "abcd");
	buf_reset(&b);
	assert_false(b.full);
	assert_int_equal(buf_puts(&b, "abcde"), -1);
	assert_int_equal(b.n, 0);
	assert_null(buf_room(&b, SIZE_MAX));
	assert_null(buf_room(&b, SIZE_MAX - 2));
	assert_int_equal(buf_puts(&none, ""), 0);
	assert_int_equal(buf_putc(&none, 'x'), -1);
	buf_clear(&b);
	buf_clear(&none);
}

static void keeps_the_end(void **state)
{
	struct buf b = BUF_INIT(4);

	(void)state;
	buf_put_end(&b, "ab", 2);
	buf_put_end(&b, "cde", 3);
	assert_string_equal(buf_text(&b), "bcde");
	buf_put_end(&b, "0123456789", 10);
	assert_string_equal(buf_text(&b), "6789");
	assert_false(b.full);
	buf_clear(&b);
}

static void the_first_error_stays(void **state)
{
	struct err e = ERR_INIT;
	char big[3000];

	(void)state;
	assert_int_equal(err_set(&e, ERR_DATA, "first %d", 1), -1);
	assert_int_equal(err_set(&e, ERR_BUG, "second"), -1);
	errno = ENOENT;
	assert_int_equal(err_sys(&e, ERR_BUG, "third"), -1);
	assert_int_equal(e.kind, ERR_DATA);
	assert_string_equal(e.text, "first 1");
	assert_int_equal(err_prefix(&e, "%s:%d: ", "r.yaml", 3), -1);
	assert_string_equal(e.text, "r.yaml:3: first 1");
	err_clear(&e);
	assert_int_equal(e.kind, ERR_NONE);
	assert_string_equal(e.text, "");
	errno = ENOENT;
	err_sys(&e, ERR_UNAVAILABLE, "cannot open '%s'", "x");
	assert_int_equal(errno, ENOENT);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_string_equal(e.text, "cannot open 'x': No such file or directory");
	/* Long texts are cut, never past the end. */
	memset(big, 'x', sizeof big);
	big[sizeof big - 1] = '\0';
	err_clear(&e);
	err_sys(&e, ERR_BUG, "%s", big);
	err_prefix(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
}

static void memory(void **state)
{
	size_t cap = 0;
	int *numbers = NULL;
	char *copy = mem_copy("a\0b", 3);

	(void)state;
	assert_memory_equal(copy, "a\0b\0", 4);
	free(copy);
	assert_null(mem_text(NULL));
	for (size_t i = 0; i < 1000; i++) {
		numbers = mem_room(numbers, i, &cap, sizeof *numbers);
		numbers[i] = (int)i;
	}
	assert_true(cap >= 1000 && cap < 2048);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	free(numbers);
	free(mem_new(0));
}

/* A child that asks for more than there is ends with 70, not by a signal. */
static void memory_that_is_not_there(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		close(2);
		(void)mem_grow(NULL, SIZE_MAX / 2, 4);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(formats),
		cmocka_unit_test(has_a_maximum),
		cmocka_unit_test(keeps_the_end),
		cmocka_unit_test(the_first_error_stays),
		cmocka_unit_test(memory),
		cmocka_unit_test(memory_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
