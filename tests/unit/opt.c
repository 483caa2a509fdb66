/* opt: every way to write an option, and every wrong one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/opt.h"

static struct {
	bool flag, other;
	const char *text;
	long count;
	int64_t span;
	struct opt_list list;
} option;

static const struct opt own[] = {
	{'f', "flag", NULL, "a flag", OPT_FLAG, &option.flag},
	{'t', "text", "TEXT", "a text", OPT_TEXT, &option.text},
	{'n', "number", "N", "a count", OPT_COUNT, &option.count},
	{0, "wait", "TIME", "a span", OPT_SPAN, &option.span},
	{'l', "list", "X", "some", OPT_LIST, &option.list},
	OPT_END,
};
static const struct opt common[] = {{'o', "other", NULL, "another flag", OPT_FLAG, &option.other}, OPT_END};
static const struct opt *const tables[] = {own, common, NULL};

/* Parses words; the operands that are left, joined by blanks, or the error's text. */
static const char *parse(const char *const *words, struct err *e)
{
	static char *argv[16], joined[200];
	static char copies[16][100];
	int argc = 1, first = -1;

	free(option.list.items);
	memset(&option, 0, sizeof option);
	argv[0] = copies[0];
	for (; words[argc - 1]; argc++) {
		snprintf(copies[argc], sizeof copies[argc], "%s", words[argc - 1]);
		argv[argc] = copies[argc];
	}
	argv[argc] = NULL;
	err_clear(e);
	if (opt_parse(tables, argc, argv, &first, e))
		return e->text;
	joined[0] = '\0';
	for (int i = first; i < argc; i++) {
		size_t n = strlen(joined);

		snprintf(joined + n, sizeof joined - n, "%s%s", i > first ? " " : "", argv[i]);
	}
	return joined;
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL}, &e)

static void good(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_string_equal(parse((const char *const[]){NULL}, &e), "");
	assert_string_equal(PARSE("a", "-f", "b", "--other", "c"), "a b c");
	assert_true(option.flag && option.other);
	assert_string_equal(PARSE("-fot", "x", "y"), "y");
	assert_true(option.flag && option.other);
	assert_string_equal(option.text, "x");
	assert_string_equal(PARSE("-tx", "-n5"), "");
	assert_string_equal(option.text, "x");
	assert_int_equal(option.count, 5);
	assert_string_equal(PARSE("--text=a=b", "--number", "0", "--wait=5m"), "");
	assert_string_equal(option.text, "a=b");
	assert_int_equal(option.count, 0);
	assert_int_equal(option.span, 300000);
	assert_string_equal(PARSE("--text=", "-"), "-");
	assert_string_equal(option.text, "");
	assert_string_equal(PARSE("--text", "--flag"), "");
	assert_string_equal(option.text, "--flag");
	assert_false(option.flag);
	assert_string_equal(PARSE("a", "--", "-f", "--", "--nope"), "a -f -- --nope");
	assert_false(option.flag);
	assert_string_equal(PARSE("-l", "a", "--list=b", "-lc"), "");
	assert_int_equal(option.list.count, 3);
	assert_string_equal(option.list.items[0], "a");
	assert_string_equal(option.list.items[1], "b");
	assert_string_equal(option.list.items[2], "c");
}

static void wrong(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_string_equal(PARSE("--flags"), "unknown option '--flags': did you mean '--flag'?");
	assert_int_equal(e.kind, ERR_USAGE);
	assert_string_equal(PARSE("--fla"), "unknown option '--fla': did you mean '--flag'?");
	assert_string_equal(PARSE("--zzzzzz=1"), "unknown option '--zzzzzz': see --help");
	assert_string_equal(PARSE("-fz"), "unknown option '-z': see --help");
	assert_string_equal(PARSE("--flag=yes"), "--flag takes no value");
	assert_string_equal(PARSE("--text"), "--text needs a value: TEXT");
	assert_string_equal(PARSE("-ft"), "-t needs a value: TEXT");
	assert_string_equal(PARSE("-n", "x"), "--number takes a whole number, not 'x'");
	assert_string_equal(PARSE("-n", "-1"), "--number takes a whole number, not '-1'");
	assert_string_equal(PARSE("-n", " 1"), "--number takes a whole number, not ' 1'");
	assert_string_equal(PARSE("-n", "1x"), "--number takes a whole number, not '1x'");
	assert_string_equal(PARSE("-n", ""), "--number takes a whole number, not ''");
	assert_string_equal(PARSE("-n", "99999999999999999999"),
		"--number takes a whole number, not '99999999999999999999'");
	assert_string_equal(PARSE("--wait", "5"), "--wait takes a time such as 30s, 5m or 2h, not '5'");
	free(option.list.items);
	option.list = (struct opt_list){NULL, 0, 0};
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
