/* path: joining, taking apart, and the names that may become part of a path. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/path.h"

#include "base/mem.h"
#include "base/str.h"

static void check_take(char *got, const char *wanted)
{
	assert_string_equal(got, wanted);
	free(got);
}

static void joins_and_parts(void **state)
{
	(void)state;
	check_take(path_join("a", "b"), "a/b");
	check_take(path_join("a/", "b"), "a/b");
	check_take(path_join("", "b"), "b");
	check_take(path_join("/", "b"), "/b");
	assert_string_equal(path_base("/a/b.json"), "b.json");
	assert_string_equal(path_base("b.json"), "b.json");
	assert_string_equal(path_base("/a/"), "");
	check_take(path_dir("/a/b"), "/a");
	check_take(path_dir("/a"), "/");
	check_take(path_dir("a"), ".");
	check_take(path_dir("a/b/c"), "a/b");
}

static void finds_itself(void **state)
{
	char *dir = path_self();

	(void)state;
	assert_non_null(dir);
	assert_true(str_ends(str_of(dir), "/unit"));
	free(dir);
}

static void names(void **state)
{
	static const struct {
		const char *name;
		bool good;
	} cases[] = {{"a", true}, {"20261121T041300Z-9c2e51d0a7b3f644", true}, {"nginx@web:80_a.b-c", true}, {"", false},
		{".", false}, {"..", false}, {".hidden", false}, {"a/b", false}, {"/", false}, {"a b", false}, {"a\nb", false},
		{"a\\b", false}, {"caf\xc3\xa9", false}, {"a\x01", false}, {"~root", false}, {"$HOME", false}, {"a%2fb", false}};
	char longest[202];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (path_is_name(cases[i].name) != cases[i].good)
			fail_msg("'%s'", cases[i].name);
	memset(longest, 'x', sizeof longest);
	longest[201] = '\0';
	assert_false(path_is_name(longest));
	longest[200] = '\0';
	assert_true(path_is_name(longest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_and_parts),
		cmocka_unit_test(finds_itself),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
