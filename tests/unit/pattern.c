/* Regular expressions over text of any size: whole lines where a limit is hit, in linear time. */
#include "doc/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"

static struct regex *regex(const char *pattern)
{
	struct err e = ERR_INIT;
	struct regex *r = regex_seek_new(pattern, false, &e);

	if (!r)
		fail_msg("%s", e.text);
	return r;
}

static void is_found(const char *pattern, struct str text, size_t from, long at, long n)
{
	struct regex *r = regex(pattern);
	size_t found = 0, length = 0;
	bool is = pattern_find(r, text, from, &found, &length);

	if (is != (at >= 0) || (is && ((long)found != at || (long)length != n)))
		fail_msg("'%s' from %zu: %d at %zu, %zu bytes", pattern, from, is, found, length);
	regex_free(r);
}

static void test_find(void **state)
{
	(void)state;
	is_found("b+", STR("abbc"), 0, 1, 2);
	is_found("b+", STR("abbc"), 2, 2, 1);
	is_found("b+", STR("abbc"), 3, -1, 0);
	is_found("b+", STR(""), 0, -1, 0);
	is_found("x*", STR("aaxx"), 0, 2, 2); /* nothing empty */
	is_found("x*", STR("aa"), 0, -1, 0);
	is_found("^b", STR("ab\nb"), 0, 3, 1);
	is_found("a.b", STR("a\nb"), 0, -1, 0); /* within a line */
	is_found("\\bcat", STR("concat cat"), 0, 7, 3);
	is_found("\\bcat", STR("concat"), 3, -1, 0); /* what stands before is seen */
	is_found("\xc3\xa9", STR("\xff\xc3\xa9\xff"), 0, 1, 2); /* any bytes */
	is_found("b", STR("\xc3\xa9" "b"), 1, 2, 1); /* from within a character */
}

/* A limit is hit: nobody knows, and so the line is it, and nothing else. */
static void test_limit(void **state)
{
	struct buf text = BUF_INIT(1 << 16);

	(void)state;
	buf_puts(&text, "fine\n");
	for (int i = 0; i < 40; i++)
		buf_puts(&text, "aaaaaaaaaa");
	buf_puts(&text, "\nfine");
	is_found("(a+)+[bc]", buf_str(&text), 0, 5, 400);
	buf_clear(&text);
}

static void test_windows(void **state)
{
	struct buf text = BUF_INIT(1 << 20);
	size_t at;

	(void)state;
	for (at = 0; at < 100000; at += 997) { /* wherever it stands in a window */
		buf_reset(&text);
		while (text.n < at)
			buf_puts(&text, ".");
		buf_puts(&text, "<needle>");
		while (text.n < at + 9000)
			buf_puts(&text, ".");
		is_found("<n[a-z]+>", buf_str(&text), 0, (long)at, 8);
	}
	buf_reset(&text); /* longer than a window: all the rest */
	buf_puts(&text, "x<");
	while (text.n < 50000)
		buf_puts(&text, "y");
	is_found("<y+", buf_str(&text), 0, 1, 49999);
	buf_clear(&text);
}

static void test_linear(void **state)
{
	struct buf text = BUF_INIT(4 << 20);
	struct regex *r = regex("[a-z]+@corp|(x+)+y");
	clock_t start = clock();
	size_t at, n;

	(void)state;
	while (text.n < 1000000)
		buf_puts(&text, "aaaaaaaaaaaaaaaa");
	assert_false(pattern_find(r, buf_str(&text), 0, &at, &n));
	assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
	regex_free(r);
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
