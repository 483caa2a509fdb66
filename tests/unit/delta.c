#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sha1.h"
#include "edge/delta.h"

static void of_lines(struct buf *out, struct str old, struct str new)
{
	struct delta_text text = {.bytes = BUF_INIT(1 << 24)};
	struct delta_lines lines = {.line = NULL};

	delta_split(&lines, old);
	delta_load(&text, old, &lines);
	delta_split(&lines, new);
	assert_true(delta_common(&text, &lines) <= new.n);
	delta_of_lines(out, &text, new, &lines);
	delta_text_clear(&text);
	free(lines.line);
}

typedef void delta_fn(struct buf *out, struct str old, struct str new);

static size_t there_and_back(delta_fn *make, struct str old, struct str new)
{
	struct buf delta = BUF_INIT(1 << 24), again = BUF_INIT(1 << 24);
	size_t n;

	make(&delta, old, new);
	assert_int_equal(delta_apply(buf_str(&delta), old, &again), 0);
	assert_true(str_eq(buf_str(&again), new));
	n = delta.n;
	buf_clear(&delta);
	buf_clear(&again);
	return n;
}

static void makes_what_it_was_made_from(void **unused)
{
	static const char *const texts[] = {"", "a", "a\n", "one line of text\nanother line of text\n",
		"another line of text\none line of text\n", "one line of text, changed\nanother line of text\nthird",
		"\n\n\n\n\n\n\n\n\n\n", "one line of text\none line of text\none line of text\n"};
	size_t n = sizeof texts / sizeof *texts;

	(void)unused;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			there_and_back(of_lines, str_of(texts[i]), str_of(texts[k]));
			there_and_back(delta_of_edges, str_of(texts[i]), str_of(texts[k]));
		}
}

/* Sizes around the limits of the format: 127 bytes an insert, 65,535 a copy, offsets of three bytes. */
static void at_the_limits(void **unused)
{
	static const size_t sizes[] = {1, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537, 131071, 300000};
	struct buf old = BUF_INIT(1 << 24), new = BUF_INIT(1 << 24);

	(void)unused;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		buf_reset(&old);
		buf_reset(&new);
		for (size_t k = 0; k < sizes[i]; k++)
			buf_putc(&old, (char)(k % 251 == 250 ? '\n' : 'a' + k * k % 23));
		buf_puts(&new, "x");
		buf_putstr(&new, buf_str(&old));
		buf_puts(&new, "y");
		there_and_back(of_lines, buf_str(&old), buf_str(&new));
		assert_true(there_and_back(delta_of_edges, buf_str(&old), STR("")) < 16);
		there_and_back(delta_of_edges, STR(""), buf_str(&old));
		there_and_back(delta_of_edges, buf_str(&old), buf_str(&new));
	}
	assert_true(there_and_back(of_lines, buf_str(&old), buf_str(&new)) < 64);
	buf_clear(&old);
	buf_clear(&new);
}

static void refuses_what_does_not_fit(void **unused)
{
	static const struct str bad[] = {{"\x03\x01\x01x", 4}, {"\x01\x02\x01x", 4}, {"\x01\x01\x00", 3},
		{"\x01\x01\x05x", 4}, {"\x01\x01\x91", 3}, {"\x01\x09\x91\x00\x09", 5}, {"\x01\x01\x91\x07\x01", 5}};
	struct buf into = BUF_INIT(1 << 20);

	(void)unused;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		buf_reset(&into);
		assert_int_equal(delta_apply(bad[i], STR("o"), &into), -1);
	}
	buf_clear(&into);
}

/* FIPS 180-4's examples, and every length around a block. */
static void sha1(void **unused)
{
	static const struct {
		const char *text;
		unsigned char digest[4];
	} known[] = {{"abc", {0xa9, 0x99, 0x3e, 0x36}}, {"", {0xda, 0x39, 0xa3, 0xee}},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", {0x84, 0x98, 0x3e, 0x44}}};
	unsigned char whole[SHA1_SIZE], parts[SHA1_SIZE];
	char text[200];
	struct sha1 s;

	(void)unused;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		sha1_begin(&s);
		sha1_add(&s, str_of(known[i].text));
		sha1_end(&s, whole);
		assert_memory_equal(whole, known[i].digest, 4);
	}
	memset(text, 'q', sizeof text);
	for (size_t n = 0; n < sizeof text; n++) {
		sha1_begin(&s);
		sha1_add(&s, (struct str){text, n});
		sha1_end(&s, whole);
		sha1_begin(&s);
		for (size_t k = 0; k < n; k++)
			sha1_add(&s, (struct str){text + k, 1});
		sha1_end(&s, parts);
		assert_memory_equal(whole, parts, sizeof whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_what_it_was_made_from),
		cmocka_unit_test(at_the_limits),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(sha1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
