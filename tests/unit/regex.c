#include "doc/regex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"

static bool matches(const char *pattern, bool whole, const char *text)
{
	struct err e = ERR_INIT;
	struct regex *r = regex_new(pattern, whole, &e);
	bool is;

	assert_non_null(r);
	is = regex_match(r, str_of(text));
	regex_free(r);
	return is;
}

static void whole_or_part(void **state)
{
	(void)state;
	assert_true(matches("a|ab", true, "ab"));
	assert_false(matches("a", true, "ab"));
	assert_false(matches("b", true, "ab"));
	assert_true(matches("b", false, "ab"));
	assert_false(matches("nas$", true, "nas\n"));
	assert_true(matches("", true, ""));
	assert_true(matches("caf.", true, "caf\xc3\xa9"));
	assert_false(matches("a.b", true, "a\nb"));
	assert_false(matches("a.*", true, "a\xff")); /* not UTF-8: no match, no crash */
}

static void says_what_is_wrong(void **state)
{
	static const char *const wrong[] = {"(", "a{2,1}", "[z-a]", "\\C", "*a", "(?<n>a", NULL};

	(void)state;
	for (size_t i = 0; wrong[i]; i++) {
		struct err e = ERR_INIT;

		assert_null(regex_new(wrong[i], true, &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_non_null(strstr(e.text, "regular expression"));
	}
}

/* The interpreter and the machine code agree, over the change from one to the other. */
static void same_before_and_after_jit(void **state)
{
	struct err e = ERR_INIT;
	struct regex *r = regex_new("(web|db)-[0-9]+(:[0-9]+)?", true, &e);

	(void)state;
	for (int i = 0; i < 500; i++) {
		assert_true(regex_match(r, STR("web-17:9100")));
		assert_false(regex_match(r, STR("web-17:")));
		assert_true(regex_match(r, STR("db-1")));
	}
	regex_free(r);
}

/* Patterns that take exponential time end soon, as neither yes nor no. */
static void limits(void **state)
{
	static const char *const evil[] = {
		"(a+)+$x?b", "(a*)*b", "(a|aa)+b", "(.*)*(.*)*(.*)*b", NULL};
	char text[5001];
	int64_t began = when_tick();
	int rounds = getenv("HL_NO_JIT") ? 2 : 110; /* past the change to machine code */

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (size_t i = 0; evil[i]; i++) {
		struct err e = ERR_INIT;
		struct regex *r = regex_new(evil[i], true, &e);

		assert_non_null(r);
		for (int k = 0; k < rounds; k++)
			assert_int_not_equal(regex_try(r, str_of(text)), 1);
		regex_free(r);
	}
	assert_true(when_tick() - began < 20000);
}

static void lazy(void **state)
{
	struct regex *good = regex_lazy("na.", true), *bad = regex_lazy("(", true);

	(void)state;
	assert_int_equal(regex_try(good, STR("nas")), 1);
	assert_int_equal(regex_try(bad, STR("(")), -1);
	assert_int_equal(regex_try(bad, STR("(")), -1);
	regex_free(good);
	regex_free(bad);
	regex_free(regex_lazy("never used", true));
	regex_free(NULL);
}

static void quotes(void **state)
{
	static const char all[] = " !\"#$%&'()*+,-./0:;<=>?@A[\\]^_`a{|}~\t\n\xc3\xa9";
	struct buf pattern = BUF_INIT(4096);

	(void)state;
	regex_quote(&pattern, str_of(all));
	assert_true(matches(buf_text(&pattern), true, all));
	assert_false(matches(buf_text(&pattern), true, "x"));
	buf_clear(&pattern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_or_part),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(same_before_and_after_jit),
		cmocka_unit_test(limits),
		cmocka_unit_test(lazy),
		cmocka_unit_test(quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
