/* scan: what is JSON and what is not, by table and against jansson; reading what was validated. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>

#include "base/mem.h"
#include "json/scan.h"

/* jansson nests deeper and reports differently; apart from the depth it must agree. */
static bool jansson_accepts(struct str text)
{
	json_error_t error;
	json_t *v = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	json_decref(v);
	return v != NULL;
}

static bool scan_accepts(struct str text)
{
	struct scan_value v;
	struct scan_error error;

	return scan_text(text, &v, &error) == 0;
}

static void check_agreement(struct str text)
{
	/* A copy of its own, so that a read past the end is seen by valgrind and ASan. */
	char *copy = malloc(text.n ? text.n : 1);
	struct str own = {copy, text.n};
	bool ours, theirs;

	memcpy(copy, text.p, text.n);
	ours = scan_accepts(own);
	theirs = jansson_accepts(own);
	if (ours != theirs)
		print_error("scan %s, jansson %s: %.*s\n", ours ? "accepts" : "refuses",
			theirs ? "accepts" : "refuses", (int)text.n, text.p);
	free(copy);
	assert_int_equal(ours, theirs);
}

static const struct {
	const char *text;
	const char *why; /* NULL: accepted */
	size_t at;
} cases[] = {
	{"null", NULL, 0},
	{" \t\r\n true \t\r\n", NULL, 0},
	{"[]", NULL, 0},
	{"{}", NULL, 0},
	{"[ ]", NULL, 0},
	{"{ }", NULL, 0},
	{"[1,2 , 3]", NULL, 0},
	{"{\"a\":1,\"b\":{\"a\":[{\"a\":null}]}}", NULL, 0},
	{"", "nothing there", 0},
	{"  ", "nothing there", 2},
	{"[", "the text ends too early", 1},
	{"[1", "the text ends too early", 2},
	{"[1,", "the text ends too early", 3},
	{"[,1]", "not a value", 1},
	{"[1,]", "not a value", 3},
	{"[1 2]", "a comma or a closing bracket is missing", 3},
	{"[1}", "a comma or a closing bracket is missing", 2},
	{"{\"a\":1]", "a comma or a closing brace is missing", 6},
	{"{\"a\" 1}", "a colon is missing", 5},
	{"{\"a\":}", "not a value", 5},
	{"{\"a\":1,}", "a member's name is missing", 7},
	{"{,}", "a member's name is missing", 1},
	{"{1:2}", "a member's name is missing", 1},
	{"1 1", "something follows the value", 2},
	{"{}}", "something follows the value", 2},
	{"tru", "not a value", 0},
	{"truex", "something follows the value", 4},
	{"'a'", "not a value", 0},
	{"NaN", "not a value", 0},
	{"\xef\xbb\xbf{}", "a byte order mark is not JSON", 0},
	/* strings */
	{"\"\"", NULL, 0},
	{"\"plain text that is longer than sixteen bytes\"", NULL, 0},
	{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"", NULL, 0},
	{"\"a", "the text ends inside a string", 2},
	{"\"a\\", "the string has no end", 2},
	{"\"\\x\"", "unknown escape sequence", 1},
	{"\"\\u12g4\"", "\\u needs four hexadecimal digits", 1},
	{"\"\\u12\"", "\\u needs four hexadecimal digits", 1},
	{"\"\\u0000\"", "\\u0000 cannot be held in a record", 1},
	{"\"\\ud800\"", "half a surrogate pair", 1},
	{"\"\\udc00\"", "half a surrogate pair", 1},
	{"\"\\ud800\\u0041\"", "half a surrogate pair", 1},
	{"\"\\ud800\\ud800\"", "half a surrogate pair", 1},
	{"\"a\nb\"", "control character in a string", 2},
	{"\"a\x1f\"", "control character in a string", 2},
	{"\"\x7f\"", NULL, 0},
	/* UTF-8 */
	{"\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xef\xbf\xbf \xf4\x8f\xbf\xbf\"", NULL, 0},
	{"\"\x80\"", "not UTF-8", 1},
	{"\"\xc0\xaf\"", "not UTF-8", 1},
	{"\"\xc3\"", "not UTF-8", 1},
	{"\"\xc3(\"", "not UTF-8", 1},
	{"\"\xe0\x9f\xbf\"", "not UTF-8", 1},
	{"\"\xed\xa0\x80\"", "not UTF-8", 1},
	{"\"\xf0\x8f\xbf\xbf\"", "not UTF-8", 1},
	{"\"\xf4\x90\x80\x80\"", "not UTF-8", 1},
	{"\"\xf8\x88\x80\x80\x80\"", "not UTF-8", 1},
	{"\"\xff\"", "not UTF-8", 1},
	{"\xc3\xa9", "not a value", 0},
	/* numbers */
	{"0", NULL, 0},
	{"-0", NULL, 0},
	{"-0.0", NULL, 0},
	{"0.5e-7", NULL, 0},
	{"1E+2", NULL, 0},
	{"01", "something follows the value", 1},
	{"-", "a number without digits", 1},
	{"+1", "not a value", 0},
	{".5", "not a value", 0},
	{"1.", "a number without digits behind its point", 2},
	{"1.e1", "a number without digits behind its point", 2},
	{"1e", "a number without digits in its exponent", 2},
	{"1e+", "a number without digits in its exponent", 3},
	{"0x1", "something follows the value", 1},
	{"9223372036854775807", NULL, 0},
	{"9223372036854775808", "a whole number too large for 64 bits", 0},
	{"-9223372036854775808", NULL, 0},
	{"-9223372036854775809", "a whole number too large for 64 bits", 0},
	{"10000000000000000000", "a whole number too large for 64 bits", 0},
	{"1e308", NULL, 0},
	{"1.7976931348623157e308", NULL, 0},
	{"1.7976931348623158e308", NULL, 0},
	{"1.7976931348623159e308", "a number too large for a double", 0},
	{"1e309", "a number too large for a double", 0},
	{"-1e309", "a number too large for a double", 0},
	{"0.00001e313", NULL, 0},
	{"0.00001e314", "a number too large for a double", 0},
	{"100000e303", NULL, 0},
	{"100000e304", "a number too large for a double", 0},
	{"0e999999999999999999999", NULL, 0},
	{"0.000e999999999999999999999", NULL, 0},
	{"1e-999999999999999999999", NULL, 0},
	{"1e999999999999999999999", "a number too large for a double", 0},
	{"0.1e99999999999999999999", "a number too large for a double", 0},
	/* names */
	{"{\"a\":1,\"a\":2}", "the same name twice in an object", 7},
	{"{\"a\":1,\"\\u0061\":2}", "the same name twice in an object", 7},
	{"{\"\\u0061\":1,\"a\":2}", "the same name twice in an object", 12},
	{"{\"\\/\":1,\"/\":2}", "the same name twice in an object", 8},
	{"{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}", "the same name twice in an object", 18},
	{"{\"abcdefghi\":1,\"abcdefgh\\u0069\":2}", "the same name twice in an object", 15},
	{"{\"\":1,\"\":2}", "the same name twice in an object", 6},
	{"{\"a\":{\"a\":1},\"b\":{\"a\":1}}", NULL, 0},
	{"[{\"a\":1},{\"a\":1}]", NULL, 0},
	{"{\"x\":[[{\"a\":1,\"b\":2,\"a\":3}]]}", "the same name twice in an object", 20},
};

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scan_value v;
		struct scan_error error = {0, NULL};
		struct str text = str_of(cases[i].text);
		int rc = scan_text(text, &v, &error);

		if ((rc == 0) != !cases[i].why || (rc && (strcmp(error.why, cases[i].why) != 0 ||
							     error.at != cases[i].at)))
			fail_msg("%s: got %s at %zu", cases[i].text, rc ? error.why : "accepted", error.at);
		if (rc == 0)
			assert_true(str_eq(v.raw, str_trim(text)));
		check_agreement(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
