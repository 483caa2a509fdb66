/* msg: bytes that could drive a terminal or fool its reader; levels. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/msg.h"

static void check_safe(struct str in, const char *wanted, bool keep_lines)
{
	struct buf b = BUF_INIT(10000);

	msg_safe(&b, in, keep_lines);
	assert_string_equal(buf_text(&b), wanted);
	buf_clear(&b);
}

static void makes_safe(void **state)
{
	static const struct {
		struct str in;
		const char *out;
	} cases[] = {
		{{"plain caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 20}, "plain caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
		{{"", 0}, ""},
		{{"\x1b[31mred\x1b[0m", 12}, "\\x1b[31mred\\x1b[0m"},
		{{"\x1b]0;title\a", 10}, "\\x1b]0;title\\x07"},
		{{"a\0b", 3}, "a\\x00b"},
		{{"a\rb\bc\x7f", 6}, "a\\x0db\\x08c\\x7f"},
		{{"\xc2\x9b" "2J", 4}, "\\xc2\\x9b2J"}, /* CSI as one character */
		{{"\x9b" "2J", 3}, "\\x9b2J"},
		{{"\xff\xfe", 2}, "\\xff\\xfe"},
		{{"\xc0\x9b", 2}, "\\xc0\\x9b"}, /* overlong ESC */
		{{"\xe2\x80\xae" "gpj.exe", 10}, "\\xe2\\x80\\xaegpj.exe"}, /* right-to-left override */
		{{"\xe2\x81\xa6", 3}, "\\xe2\\x81\\xa6"},
		{{"\xd8\x9c", 2}, "\\xd8\\x9c"}, /* Arabic letter mark */
		{{"a\xe2\x80\x8b" "b", 5}, "a\\xe2\\x80\\x8bb"}, /* no width */
		{{"\xef\xbb\xbf", 3}, "\\xef\\xbb\\xbf"},
		{{"\xe2\x80\xa8", 3}, "\\xe2\\x80\\xa8"}, /* line separator */
		{{"\xf3\xa0\x81\x81", 4}, "\\xf3\\xa0\\x81\\x81"}, /* a tag, not seen */
		{{"\xed\xa0\x80", 3}, "\\xed\\xa0\\x80"},
		{{"cut \xe2\x82", 6}, "cut \\xe2\\x82"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_safe(cases[i].in, cases[i].out, false);
	check_safe(STR("a\nb\tc\r"), "a\\x0ab\\x09c\\x0d", false);
	check_safe(STR("a\nb\tc\r"), "a\nb\tc\\x0d", true);
}

/* Whatever the bytes are, what comes out has no control character. */
static void any_bytes(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			char in[2] = {(char)a, (char)b};
			struct buf out = BUF_INIT(100);

			msg_safe(&out, (struct str){in, 2}, false);
			for (size_t i = 0; i < out.n; i++)
				assert_true((unsigned char)out.p[i] >= 0x20 && out.p[i] != 0x7f);
			buf_clear(&out);
		}
}

static void check_messages(enum msg_level level, const char *wanted)
{
	char name[] = "/tmp/hl-msg.XXXXXX";
	int fd = mkstemp(name), was = dup(2);
	struct buf b = BUF_INIT(100000);
	struct err e = ERR_INIT;

	dup2(fd, 2);
	msg_init("hl-test", level);
	msg_error("e %s", "\x1b");
	msg_warn("w");
	msg_say("s %d%%", 5);
	msg_why("y\nhl-test: not a line of ours");
	msg_progress("not on a terminal");
	dup2(was, 2);
	close(was);
	close(fd);
	assert_int_equal(file_read(name, &b, &e), 0);
	unlink(name);
	assert_string_equal(buf_text(&b), wanted);
	buf_clear(&b);
}

static void levels(void **state)
{
	(void)state;
	check_messages(MSG_QUIET, "hl-test: e \\x1b\n");
	check_messages(MSG_NORMAL, "hl-test: e \\x1b\nhl-test: w\nhl-test: s 5%\n");
	check_messages(MSG_VERBOSE,
		"hl-test: e \\x1b\nhl-test: w\nhl-test: s 5%\nhl-test: y\\x0ahl-test: not a line of ours\n");
	assert_string_equal(msg_program(), "hl-test");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_safe),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
