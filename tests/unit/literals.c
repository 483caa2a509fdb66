#include "doc/literals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doc/regex.h"

/* The texts with blanks between, "= " before them when exact, "^ " when prefixes, "-" for none. */
static void assert_literals(const char *pattern, const char *wanted)
{
	struct buf got = BUF_INIT(BUF_RECORD);
	char *texts[LITERALS_MAX];
	bool exact;
	size_t n = literals_read(pattern, texts, &exact);

	buf_puts(&got, n == 0 ? "-" : exact ? "=" : "^");
	for (size_t i = 0; i < n; i++) {
		buf_putf(&got, " %s", texts[i]);
		free(texts[i]);
	}
	if (strcmp(buf_text(&got), wanted) != 0)
		fail_msg("%s gives '%s', not '%s'", pattern, buf_text(&got), wanted);
	buf_clear(&got);
}

static void table(void **state)
{
	static const char *const cases[][2] = {
		{"DiskFull", "= DiskFull"},
		{"Disk.*", "^ Disk"},
		{"Disk(Full|Slow)", "= DiskFull DiskSlow"},
		{"(?:a|b)suffix", "= asuffix bsuffix"},
		{"web-(a|b)[0-9]+", "^ web-a web-b"},
		{"a|b|c", "= a b c"},
		{"a.*|bc", "^ a bc"},
		{"(a.*|b)c", "^ a bc"},
		{"nas[.]home", "= nas.home"},
		{"nas\\.home\\-x", "= nas.home-x"},
		{"abc?", "^ ab"},
		{"ab+", "^ a"},
		{"ab{2}", "^ a"},
		{"(ab)*c", "-"},
		{"x(ab)*c", "^ x"},
		{"^nas.*$", "^ nas"},
		{"^nas", "= nas"},
		{"abc$", "^ abc"},
		{"caf\xc3\xa9?", "^ caf"},
		{"caf\xc3\xa9", "= caf\xc3\xa9"},
		{"(?i)disk", "-"},
		{"disk(?i:full)", "-"},
		{".*disk", "-"},
		{"[ab]disk", "-"},
		{"x[]a]y", "^ x"},
		{"x[^]]y", "^ x"},
		{"x[[:alpha:]]y", "-"},
		{"x[\\]]y", "^ x"},
		{"\\d+", "-"},
		{"x\\d+|y", "^ x y"},
		{"x\\Q.*\\E", "-"},
		{"x\\x41", "-"},
		{"x\\cA", "-"},
		{"(*UTF)x", "-"},
		{"(?=x)y", "-"},
		{"(?P<n>x)y", "-"},
		{"a|", "= a "},
		{"a|.*", "-"},
		{"", "= "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_literals(cases[i][0], cases[i][1]);
	assert_literals("x{a", "-"); /* the brace may repeat the x away */
}

static void many_alternatives(void **state)
{
	struct buf pattern = BUF_INIT(BUF_RECORD);
	char *texts[LITERALS_MAX];
	bool exact;
	size_t n;

	(void)state;
	for (int i = 0; i < LITERALS_MAX + 1; i++)
		buf_putf(&pattern, "%shost%d", i ? "|" : "", i);
	assert_int_equal(literals_read(buf_text(&pattern), texts, &exact), 0);
	buf_reset(&pattern);
	buf_puts(&pattern, "x(0|1|2|3|4|5|6|7|8|9)(0|1|2|3|4|5|6|7|8|9)");
	n = literals_read(buf_text(&pattern), texts, &exact); /* 100 do not fit: 10 prefixes do */
	assert_int_equal(n, 10);
	assert_false(exact);
	for (size_t i = 0; i < n; i++)
		free(texts[i]);
	buf_reset(&pattern);
	for (int i = 0; i < 2000; i++)
		buf_putc(&pattern, 'a');
	n = literals_read(buf_text(&pattern), texts, &exact);
	assert_int_equal(n, 1);
	assert_int_equal(strlen(texts[0]), LITERALS_LENGTH);
	assert_false(exact);
	free(texts[0]);
	buf_clear(&pattern);
}

static bool covered(const char *pattern, const char *text)
{
	char *texts[LITERALS_MAX];
	bool exact, is = false;
	size_t n = literals_read(pattern, texts, &exact);

	for (size_t i = 0; i < n; i++) {
		is = is || (exact ? strcmp(text, texts[i]) == 0
				  : strncmp(text, texts[i], strlen(texts[i])) == 0);
		free(texts[i]);
	}
	return n == 0 || is;
}

static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

/* Whatever a random pattern matches starts with one of its literals. */
static void never_loses_a_match(void **state)
{
	static const char *const pieces[] = {"a", "b", "c", "ab", "\\.", "[.]", "[ab]", ".", "*",
		"+", "?", "{1}", "{2}", "{,2}", "{0,1}", "(", ")", "(?:", "|", "^", "$", "\\d",
		"\\b", "\\w", "[^a]", "[]a]", "\xc3\xa9", "\\(", "\\\\", "[\\]]", "[[]", "{", "}",
		"]", "(?i)", "\\Q", "\\E", "(?i:", "(?#", "(?=", "[a", "-c]", "(?|", "\\1", "(?x)",
		"#", " "};
	static const char alphabet[] = "aabbcc..1(\\[]{}-Ax";
	uint32_t seed = 20261121;
	int matched = 0;

	(void)state;
	for (int round = 0; round < 60000; round++) {
		struct buf pattern = BUF_INIT(4096);
		struct err e = ERR_INIT;
		struct regex *r;

		for (uint32_t i = 1 + draw(&seed, 7); i > 0; i--)
			buf_puts(&pattern, pieces[draw(&seed, sizeof pieces / sizeof *pieces)]);
		r = regex_new(buf_text(&pattern), true, &e);
		for (int k = 0; r && k < 12; k++) {
			char text[8] = {0};
			uint32_t n = draw(&seed, 6);

			for (uint32_t i = 0; i < n; i++)
				text[i] = alphabet[draw(&seed, sizeof alphabet - 1)];
			if (!regex_match(r, str_of(text)))
				continue;
			matched++;
			if (!covered(buf_text(&pattern), text))
				fail_msg("'%s' matches '%s'", buf_text(&pattern), text);
		}
		regex_free(r);
		buf_clear(&pattern);
	}
	assert_true(matched > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(many_alternatives),
		cmocka_unit_test(never_loses_a_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
