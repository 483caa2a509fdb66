/* utf8: what is well-formed and what is not, by every first byte and every edge. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/str.h"
#include "base/utf8.h"

/* Every code point survives the way there and back, and no surrogate is one. */
static void every_code_point(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char bytes[4];
		uint32_t back = 0;
		size_t n = utf8_put(code, bytes);

		if (code >= 0xd800 && code < 0xe000) {
			assert_int_equal(utf8_at(bytes, n, &back), 0);
			continue;
		}
		assert_int_equal(n, code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
		assert_int_equal(utf8_at(bytes, n, &back), n);
		assert_int_equal(back, code);
		for (size_t cut = 1; cut < n; cut++)
			assert_int_equal(utf8_at(bytes, cut, &back), 0);
	}
}

static void ill_formed(void **state)
{
	static const char *const cases[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3\xc3", "\xe0\x80\x80",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82", "\xe2\x28\xa1", "\xe2\x82\x28", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80",
		"\xfe", "\xff", "\xf0\x9f\x98"};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t code;

		if (utf8_at(cases[i], strlen(cases[i]), &code))
			fail_msg("case %zu", i);
	}
}

static void what_shows(void **state)
{
	static const uint32_t gaps[] = {0xa0, 0x1160, 0x2000, 0x2007, 0x200a, 0x202f, 0x2800, 0x3000, 0x3164};
	static const uint32_t wide[] = {0x1100, 0x3042, 0x6f22, 0xac00, 0xff21, 0x1f600, 0x20000};
	static const uint32_t narrow[] = {'a', ' ', 0xe9, 0x416, 0x5d0, 0x20ac, 0x2192, 0xff71};

	(void)state;
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
		assert_true(utf8_is_gap(gaps[i]));
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		assert_int_equal(utf8_columns(wide[i]), 2);
	for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
		assert_int_equal(utf8_columns(narrow[i]), 1);
		assert_false(utf8_is_gap(narrow[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point),
		cmocka_unit_test(ill_formed),
		cmocka_unit_test(what_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
