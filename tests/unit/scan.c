/* scan: what is JSON and what is not, by table and against jansson; reading what was validated. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>

#include "base/mem.h"
#include "json/scan.h"

/* jansson overlooks a NUL byte behind a number or a word; no byte of that kind stands in JSON. */
static bool jansson_accepts(struct str text)
{
	const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
	json_t *v = json_loadb(text.p, text.n, flags, NULL);

	json_decref(v);
	return v && !(text.n && memchr(text.p, 0, text.n));
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
		print_error("scan %s, jansson %s, %zu bytes: %.*s\n", ours ? "accepts" : "refuses",
			theirs ? "accepts" : "refuses", text.n, (int)text.n, text.p);
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

/* A pseudo-random sequence that is the same on every run (xorshift64*, Vigna). */
static uint64_t seed;

static unsigned pick(unsigned n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned)((seed * UINT64_C(2685821657736338717)) >> 33) % n;
}

static void make_string(struct buf *b)
{
	static const char *const parts[] = {"a", "b", "kind", "id", " ", "\\n", "\\\"", "\\\\", "\\u0061",
		"\\u00e9", "\xc3\xa9", "\xe2\x82\xac", "\\ud83d\\ude00", "\xf0\x9f\x98\x80", "\\/", "0123456789abcdef"};

	buf_putc(b, '"');
	for (unsigned n = pick(5); n; n--)
		buf_puts(b, parts[pick(sizeof parts / sizeof *parts)]);
	buf_putc(b, '"');
}

/* Names enough for the table of names, and now and then one twice, maybe written otherwise. */
static void make_wide(struct buf *b, unsigned depth)
{
	unsigned n = 25 + pick(30);

	buf_putc(b, '{');
	for (unsigned i = 0; i < n; i++) {
		unsigned number = pick(100) ? i : pick(n);

		buf_putf(b, "%s\"%s%u\":", i ? "," : "", pick(9) ? "k" : "\\u006b", number);
		if (depth && !pick(30))
			make_wide(b, depth - 1);
		else
			buf_putc(b, '1');
	}
	buf_putc(b, '}');
}

static void make_value(struct buf *b, unsigned depth)
{
	static const char *const scalars[] = {"0", "-1", "12.5", "1e3", "9223372036854775807", "1.7e308", "-0.0",
		"true", "false", "null", "4e-320", "123456789012345678.25"};
	unsigned kind = pick(depth ? 8 : 5), n = pick(5);
	const char *blank = pick(4) ? "" : " ";

	if (kind < 3) {
		buf_puts(b, scalars[pick(sizeof scalars / sizeof *scalars)]);
	} else if (kind < 5) {
		make_string(b);
	} else {
		buf_putc(b, kind == 5 ? '[' : '{');
		for (unsigned i = 0; i < n; i++) {
			buf_putf(b, "%s%s", i ? "," : "", blank);
			if (kind != 5) {
				make_string(b);
				buf_putf(b, "%s:%s", blank, blank);
			}
			make_value(b, depth - 1);
		}
		buf_putf(b, "%s%c", blank, kind == 5 ? ']' : '}');
	}
}

/* One change of the kind that breaks things. */
static void mutate(struct buf *b)
{
	static const char *const pieces[] = {"\"", "\\", "{", "}", "[", "]", ",", ":", "0", "9", "-", ".", "e", "E5",
		"e309", "99999999999999999999", "\\u", "\\ud800", "\\u0000", "\x80", "\xc3", "\xed\xa0\x80", "\xf4\x90",
		"\x01", "\n", " ", "true", "nul", "\"a\":1", "\xef\xbb\xbf", "//", "'"};
	const char *piece = pieces[pick(sizeof pieces / sizeof *pieces)];
	size_t at = pick((unsigned)b->n + 1), n, len = strlen(piece);

	switch (pick(4)) {
	case 0: /* cut short */
		b->n = at;
		break;
	case 1: /* leave some out */
		n = pick(4);
		n = n < b->n - at ? n : b->n - at;
		memmove(b->p + at, b->p + at + n, b->n - at - n);
		b->n -= n;
		break;
	case 2: /* put something in */
		buf_room(b, len);
		memmove(b->p + at + len, b->p + at, b->n - at);
		memcpy(b->p + at, piece, len);
		b->n += len;
		break;
	case 3: /* any byte, NUL among them */
		if (at < b->n)
			b->p[at] = (char)pick(256);
		break;
	}
}

static void check_same(struct scan_value v, json_t *tree);

static void check_members(struct scan_value v, json_t *tree)
{
	struct scan_value key, member;
	size_t n = 0;

	for (struct scan_iter it = scan_open(v); scan_next(&it, &key, &member); n++) {
		struct buf name = BUF_INIT(1000000);

		if (v.type == SCAN_ARRAY) {
			check_same(member, json_array_get(tree, n));
			continue;
		}
		assert_int_equal(scan_string(key, &name), 0);
		assert_true(scan_is(key, buf_str(&name)));
		check_same(member, json_object_get(tree, buf_text(&name)));
		check_same(scan_member(v, buf_text(&name)), json_object_get(tree, buf_text(&name)));
		buf_clear(&name);
	}
	assert_int_equal(n, v.type == SCAN_ARRAY ? json_array_size(tree) : json_object_size(tree));
}

/* Reading with scan gives what jansson has in its tree, and the value loads as the same tree. */
static void check_same(struct scan_value v, json_t *tree)
{
	struct buf text = BUF_INIT(1000000);
	int64_t n;

	assert_non_null(tree);
	switch (json_typeof(tree)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		assert_int_equal(v.type, json_is_object(tree) ? SCAN_OBJECT : SCAN_ARRAY);
		check_members(v, tree);
		break;
	case JSON_STRING:
		assert_int_equal(scan_string(v, &text), 0);
		assert_int_equal(text.n, json_string_length(tree));
		assert_string_equal(buf_text(&text), json_string_value(tree));
		break;
	case JSON_INTEGER:
		assert_int_equal(scan_integer(v, &n), 0);
		assert_true(n == json_integer_value(tree));
		break;
	case JSON_REAL:
		assert_int_equal(v.type, SCAN_NUMBER);
		assert_int_equal(scan_integer(v, &n), -1);
		break;
	default:
		assert_int_equal(v.type, json_is_null(tree)   ? SCAN_NULL
					 : json_is_true(tree) ? SCAN_TRUE
							      : SCAN_FALSE);
	}
	buf_clear(&text);
}

static void check_reading(struct str text)
{
	struct scan_value v;
	struct scan_error error;
	json_t *tree;

	if (scan_text(text, &v, &error))
		return;
	tree = json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL);
	check_same(v, tree);
	json_decref(tree);
}

/* Documents made at random, then broken step by step: scan and jansson always agree. */
static void agrees_with_jansson(void **state)
{
	unsigned accepted = 0, total = 0;

	(void)state;
	seed = UINT64_C(0x6a09e667f3bcc908);
	for (int doc = 0; doc < 8000; doc++) {
		struct buf text = BUF_INIT(1000000);

		if (pick(8))
			make_value(&text, 4);
		else
			make_wide(&text, 2);
		for (int step = 0; step < 6; step++, total++) {
			check_agreement(buf_str(&text));
			check_reading(buf_str(&text));
			accepted += scan_accepts(buf_str(&text));
			mutate(&text);
		}
		buf_clear(&text);
	}
	/* Both kinds were there, or the test shows nothing. */
	assert_in_range(accepted, total / 10, total - total / 10);
}

static void nest(struct buf *b, unsigned depth, const char *open, const char *close)
{
	for (unsigned i = 0; i < depth; i++)
		buf_puts(b, open);
	buf_puts(b, "1");
	for (unsigned i = 0; i < depth; i++)
		buf_puts(b, close);
}

static void depth_is_limited(void **state)
{
	static const char *const pairs[][2] = {{"[", "]"}, {"{\"a\":", "}"}};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct buf b = BUF_INIT(100000000);
		struct scan_value v;
		struct scan_error error;

		nest(&b, SCAN_DEPTH, pairs[i][0], pairs[i][1]);
		assert_true(scan_accepts(buf_str(&b)));
		buf_reset(&b);
		nest(&b, SCAN_DEPTH + 1, pairs[i][0], pairs[i][1]);
		assert_int_equal(scan_text(buf_str(&b), &v, &error), -1);
		assert_string_equal(error.why, "nested too deep");
		assert_int_equal(error.at, SCAN_DEPTH * strlen(pairs[i][0]));
		buf_reset(&b);
		for (int n = 0; n < 1000000; n++)
			buf_puts(&b, pairs[i][0]);
		assert_false(scan_accepts(buf_str(&b)));
		buf_clear(&b);
	}
}

/* An object of n members, the last of which is written as given. */
static void many_members(struct buf *b, unsigned n, const char *last)
{
	buf_puts(b, "{");
	for (unsigned i = 1; i < n; i++)
		buf_putf(b, "\"name-%u\":%u,", i, i);
	buf_putf(b, "\"%s\":0}", last);
}

static void names_of_large_objects(void **state)
{
	static const unsigned sizes[] = {2, 31, 32, 33, 34, 64, 65, 1000, 100000};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct buf b = BUF_INIT(100000000);
		struct scan_value v;
		struct scan_error error;

		many_members(&b, sizes[i], "last");
		assert_true(scan_accepts(buf_str(&b)));
		buf_reset(&b);
		many_members(&b, sizes[i], "nam\\u0065-1");
		assert_int_equal(scan_text(buf_str(&b), &v, &error), -1);
		assert_string_equal(error.why, "the same name twice in an object");
		buf_clear(&b);
	}
}

/* Large objects within large objects: the same names in each are fine, twice in one are not. */
static void names_are_of_their_object(void **state)
{
	struct buf b = BUF_INIT(100000000);

	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		buf_reset(&b);
		buf_puts(&b, "[");
		for (int i = 0; i < 100; i++) {
			buf_puts(&b, i ? ",{\"name-99\":" : "{\"name-99\":");
			many_members(&b, 90, "last");
			for (unsigned k = 100; k < 150; k++)
				buf_putf(&b, ",\"name-%u\":1", k);
			buf_puts(&b, i == 99 && twice ? ",\"name-99\":1}" : "}");
		}
		buf_puts(&b, "]");
		assert_int_equal(scan_accepts(buf_str(&b)), !twice);
		check_agreement(buf_str(&b));
	}
	buf_clear(&b);
}

static void object_picks_members(void **state)
{
	static const char *const keys[] = {"id", "plan", "absent", "kind", "list", "deep"};
	static const char text[] = " {\"kind\" : \"case\", \"x\":{\"id\":1}, \"\\u0069d\":\"a\\n\", \"plan\":null,"
				   "\"list\":[1,[2]] ,\"deep\":{\"plan\":{}}, \"ids\":2 } ";
	struct scan_value v[6];
	struct scan_error error;

	(void)state;
	assert_int_equal(scan_object(STR(text), keys, v, 6, &error), 0);
	assert_true(str_is(v[0].raw, "\"a\\n\""));
	assert_int_equal(v[0].type, SCAN_STRING);
	assert_int_equal(v[1].type, SCAN_NULL);
	assert_true(str_is(v[1].raw, "null"));
	assert_int_equal(v[2].type, SCAN_NONE);
	assert_true(str_is(v[3].raw, "\"case\""));
	assert_int_equal(v[4].type, SCAN_ARRAY);
	assert_true(str_is(v[4].raw, "[1,[2]]"));
	assert_int_equal(v[5].type, SCAN_OBJECT);
	assert_true(str_is(v[5].raw, "{\"plan\":{}}"));
	assert_int_equal(scan_object(STR(" [1]"), keys, v, 6, &error), -1);
	assert_string_equal(error.why, "not an object");
	assert_int_equal(error.at, 1);
	assert_int_equal(scan_object(STR_NONE, keys, v, 6, &error), -1);
}

static void integers(void **state)
{
	static const struct {
		const char *text;
		int rc;
		int64_t n;
	} cases_[] = {{"0", 0, 0}, {"-0", 0, 0}, {"42", 0, 42}, {"-42", 0, -42},
		{"9223372036854775807", 0, INT64_MAX}, {"-9223372036854775808", 0, INT64_MIN}, {"1.0", -1, 0},
		{"1e3", -1, 0}, {"\"1\"", -1, 0}, {"null", -1, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases_ / sizeof *cases_; i++) {
		struct scan_value v;
		struct scan_error error;
		int64_t n = 0;

		assert_int_equal(scan_text(str_of(cases_[i].text), &v, &error), 0);
		assert_int_equal(scan_integer(v, &n), cases_[i].rc);
		assert_true(n == cases_[i].n);
	}
}

static void strings(void **state)
{
	struct scan_value v;
	struct scan_error error;
	struct str inside;
	struct buf small = BUF_INIT(4);

	(void)state;
	scan_text(STR("\"caf\xc3\xa9\""), &v, &error);
	assert_true(scan_plain(v, &inside));
	assert_true(str_is(inside, "caf\xc3\xa9"));
	assert_true(scan_is(v, STR("caf\xc3\xa9")));
	assert_false(scan_is(v, STR("caf")));
	assert_int_equal(scan_string(v, &small), -1);
	assert_int_equal(small.n, 0);
	scan_text(STR("\"a\\u0062\\ud83d\\ude00\""), &v, &error);
	assert_false(scan_plain(v, &inside));
	assert_true(scan_is(v, STR("ab\xf0\x9f\x98\x80")));
	assert_false(scan_is(v, STR("ab")));
	assert_false(scan_is(v, STR("a\\u0062\\ud83d\\ude00")));
	scan_text(STR("1"), &v, &error);
	assert_false(scan_is(v, STR("1")));
	assert_false(scan_plain(v, &inside));
	assert_int_equal(scan_string(v, &small), -1);
	buf_clear(&small);
}

static void quoting(void **state)
{
	static const struct {
		struct str in;
		const char *out;
	} table_[] = {
		{{"", 0}, "\"\""},
		{{"plain", 5}, "\"plain\""},
		{{"a\"b\\c/", 6}, "\"a\\\"b\\\\c/\""},
		{{"\b\f\n\r\t\x01\x1f\x7f", 8}, "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""},
		{{"\xc3\xa9\xf0\x9f\x98\x80", 6}, "\"\xc3\xa9\xf0\x9f\x98\x80\""},
		{{"a\xff\xc3", 3}, "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
		{{"a\0b", 3}, "\"a\xef\xbf\xbd" "b\""},
		{{"\xed\xa0\x80", 3}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table_ / sizeof *table_; i++) {
		struct buf b = BUF_INIT(1000);

		assert_int_equal(scan_quote(&b, table_[i].in), 0);
		assert_string_equal(buf_text(&b), table_[i].out);
		assert_true(scan_accepts(buf_str(&b)));
		buf_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(agrees_with_jansson),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(names_of_large_objects),
		cmocka_unit_test(names_are_of_their_object),
		cmocka_unit_test(object_picks_members),
		cmocka_unit_test(integers),
		cmocka_unit_test(strings),
		cmocka_unit_test(quoting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
