/* str: views of bytes, splitting, and did-you-mean. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/str.h"

static void compares(void **state)
{
	static const struct {
		struct str a, b;
		int order;
	} cases[] = {{{"", 0}, {"", 0}, 0}, {{NULL, 0}, {"", 0}, 0}, {{"a", 1}, {"b", 1}, -1}, {{"a", 1}, {"ab", 2}, -1},
		{{"\x80", 1}, {"a", 1}, 1}, {{"a\0b", 3}, {"a\0c", 3}, -1}, {{"a\0", 2}, {"a", 1}, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int order = str_cmp(cases[i].a, cases[i].b), back = str_cmp(cases[i].b, cases[i].a);

		assert_int_equal((order > 0) - (order < 0), cases[i].order);
		assert_int_equal((back > 0) - (back < 0), -cases[i].order);
		assert_int_equal(str_eq(cases[i].a, cases[i].b), cases[i].order == 0);
	}
	assert_true(str_is(STR("abc"), "abc"));
	assert_false(str_is(STR("abc"), "ab"));
	assert_false(str_is(STR("a\0b"), "a"));
	assert_true(str_is(STR_NONE, ""));
	assert_true(str_is(str_of(NULL), ""));
}

static void starts_and_ends(void **state)
{
	(void)state;
	assert_true(str_starts(STR("host.disks"), "host."));
	assert_false(str_starts(STR("ho"), "host."));
	assert_true(str_starts(STR_NONE, ""));
	assert_true(str_ends(STR("policy.yaml"), ".yaml"));
	assert_false(str_ends(STR("yaml"), ".yaml"));
	assert_true(str_ends(STR_NONE, ""));
}

static void trims(void **state)
{
	(void)state;
	assert_true(str_is(str_trim(STR(" \t\r\na b\n ")), "a b"));
	assert_true(str_is(str_trim(STR(" \n\t\r ")), ""));
	assert_true(str_is(str_trim(STR("\v\f\xa0")), "\v\f\xa0"));
	assert_true(str_is(str_trim(STR_NONE), ""));
}

static void splits(void **state)
{
	static const struct {
		struct str text;
		const char *pieces[5];
	} cases[] = {{{"a,,b", 4}, {"a", "", "b"}}, {{"a,b,", 4}, {"a", "b"}}, {{",", 1}, {""}}, {{",a", 2}, {"", "a"}},
		{{"", 0}, {NULL}}, {{NULL, 0}, {NULL}}, {{"abc", 3}, {"abc"}}, {{",,", 2}, {"", ""}}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str rest = cases[i].text, piece;
		size_t n = 0;

		for (; str_split(&rest, ',', &piece); n++) {
			assert_non_null(cases[i].pieces[n]);
			assert_true(str_is(piece, cases[i].pieces[n]));
		}
		assert_null(cases[i].pieces[n]);
		assert_false(str_split(&rest, ',', &piece));
	}
}

static void did_you_mean(void **state)
{
	static const char *const names[] = {"low", "medium", "high", "rollout_restart", "x", NULL};
	static const struct {
		const char *word, *near;
	} cases[] = {{"lwo", "low"}, {"loww", "low"}, {"hihg", "high"}, {"hig", "high"}, {"meduim", "medium"},
		{"rolout_restrat", "rollout_restart"}, {"zebra", NULL}, {"", NULL}, {"low", "low"}, {"y", NULL},
		{"a-word-that-is-very-much-longer-than-any-name-and-than-sixty-four-bytes", NULL}};
	static const char *const none[] = {NULL};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *near = str_nearest(cases[i].word, names);

		if (!near != !cases[i].near || (near && strcmp(near, cases[i].near) != 0))
			fail_msg("%s: %s", cases[i].word, near ? near : "nothing");
	}
	assert_null(str_nearest("low", none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(starts_and_ends),
		cmocka_unit_test(trims),
		cmocka_unit_test(splits),
		cmocka_unit_test(did_you_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
