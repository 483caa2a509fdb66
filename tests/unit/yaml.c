/* yaml: what a scalar means, what is refused and where, and edits that change nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "edge/yaml.h"

/* The runbook of the first seed, as it stands there. */
static const char seed[] =
	"# runbooks/radarr-memory-pressure.yaml\n"
	"id: radarr-memory-pressure-001\n"
	"created: 2025-12-21\n"
	"trigger:\n"
	"  metric: container_memory_usage_bytes{pod=~\"radarr.*\"}\n"
	"  condition: \"> 90%\"\n"
	"  duration: 5m\n"
	"\n"
	"solutions:\n"
	"  - id: increase_memory\n"
	"    action: kubectl_patch\n"
	"    human_selected: 4  # Times chosen\n"
	"    success_rate: 1.0  # 4/4\n"
	"    \n"
	"  - id: restart_pod\n"
	"    action: kubectl_rollout_restart\n"
	"    human_selected: 1\n"
	"    success_rate: 1.0\n"
	"\n"
	"automation_level: ask_human  # Will promote after 5 successes\n"
	"\n"
	"promotion_criteria:\n"
	"  min_approvals: 5\n"
	"  min_success_rate: 0.95\n"
	"  blast_radius: single_pod\n";

static struct str with_nul(const char *text, size_t n)
{
	return (struct str){text, n};
}

static void expect_json(const char *yaml, const char *json)
{
	struct err e = ERR_INIT;
	json_t *got = yaml_load(str_of(yaml), "x.yaml", NULL, &e);
	json_t *wanted = json_loads(json, JSON_DECODE_ANY, NULL);

	if (!got)
		fail_msg("%s: %s", yaml, e.text);
	assert_non_null(wanted);
	if (!json_equal(got, wanted)) {
		char *text = json_dumps(got, JSON_ENCODE_ANY);

		fail_msg("%s gave %s, wanted %s", yaml, text, json);
	}
	json_decref(got);
	json_decref(wanted);
}

static void core_schema(void **state)
{
	static const char *const table[][2] = {
		{"null", "null"}, {"Null", "null"}, {"NULL", "null"}, {"~", "null"}, {"", "null"},
		{"# only a comment\n", "null"}, {"--- \n", "null"}, {"nUll", "\"nUll\""},
		{"true", "true"}, {"True", "true"}, {"TRUE", "true"}, {"false", "false"}, {"tRUE", "\"tRUE\""},
		{"yes", "\"yes\""}, {"no", "\"no\""}, {"on", "\"on\""}, {"off", "\"off\""}, {"y", "\"y\""},
		{"0", "0"}, {"-0", "0"}, {"+1", "1"}, {"-7", "-7"}, {"010", "10"}, {"0644", "644"},
		{"0o17", "15"}, {"0x1F", "31"}, {"0x1f", "31"}, {"-0x1F", "\"-0x1F\""}, {"0o8", "\"0o8\""},
		{"0x", "\"0x\""}, {"0b1", "\"0b1\""}, {"1_000", "\"1_000\""}, {"+", "\"+\""},
		{"9223372036854775807", "9223372036854775807"}, {"-9223372036854775808", "-9223372036854775808"},
		{"1e3", "1000.0"}, {"1E+3", "1000.0"}, {"12e-1", "1.2"}, {".5", "0.5"}, {"-.5", "-0.5"},
		{"1.", "1.0"}, {"0.95", "0.95"}, {"+12.5", "12.5"}, {".", "\".\""}, {"1e", "\"1e\""},
		{"1e+", "\"1e+\""}, {"e3", "\"e3\""}, {"1.2.3", "\"1.2.3\""}, {"1:30", "\"1:30\""},
		{"2025-12-21", "\"2025-12-21\""}, {"90%", "\"90%\""}, {"5m", "\"5m\""}, {"\"5\"", "\"5\""},
		{"'true'", "\"true\""}, {"\"\"", "\"\""}, {"''", "\"\""}, {"\"> 90%\"", "\"> 90%\""},
		{"!!str 5", "\"5\""}, {"!!int \"5\"", "5"}, {"!!float 5", "5"}, {"!!str", "\"\""},
		{"!!null ''", "null"}, {"!!map {a: 1}", "{\"a\":1}"}, {"!!seq [1]", "[1]"},
		{"|\n  12\n", "\"12\\n\""}, {">-\n  a\n  b\n", "\"a b\""}, {"\"\\u00e9\\t\"", "\"\\u00e9\\t\""},
		{"a: 1\nb: [x, {c: ~}]\n", "{\"a\":1,\"b\":[\"x\",{\"c\":null}]}"},
		{"a:\n- 1\n- 2\nb:\n", "{\"a\":[1,2],\"b\":null}"}, {"1: x\nnull: y", "{\"1\":\"x\",\"null\":\"y\"}"},
		{"a: &anchor 1", "{\"a\":1}"}, {"%YAML 1.2\n---\na: 1\n...\n", "{\"a\":1}"},
		{"a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}"}, {"\xef\xbb\xbf" "a: 1", "{\"a\":1}"},
		{"/ActiveState: active", "{\"/ActiveState\":\"active\"}"}, {"{\"<\": 80}", "{\"<\":80}"},
		{"<<: x", "{\"<<\":\"x\"}"}, {"a: b: c", NULL},
	};

	(void)state;
	for (size_t i = 0; table[i][1]; i++)
		expect_json(table[i][0], table[i][1]);
}

static void seed_loads(void **state)
{
	(void)state;
	expect_json(seed,
		"{\"id\":\"radarr-memory-pressure-001\",\"created\":\"2025-12-21\",\"trigger\":{\"metric\":"
		"\"container_memory_usage_bytes{pod=~\\\"radarr.*\\\"}\",\"condition\":\"> 90%\",\"duration\":\"5m\"},"
		"\"solutions\":[{\"id\":\"increase_memory\",\"action\":\"kubectl_patch\",\"human_selected\":4,"
		"\"success_rate\":1.0},{\"id\":\"restart_pod\",\"action\":\"kubectl_rollout_restart\","
		"\"human_selected\":1,\"success_rate\":1.0}],\"automation_level\":\"ask_human\","
		"\"promotion_criteria\":{\"min_approvals\":5,\"min_success_rate\":0.95,"
		"\"blast_radius\":\"single_pod\"}}");
}

static void expect_refused(struct str text, const char *wanted)
{
	struct err e = ERR_INIT;
	json_t *got = yaml_load(text, "x.yaml", NULL, &e);

	if (got)
		fail_msg("accepted, wanted: %s", wanted);
	assert_int_equal(e.kind, ERR_CONFIG);
	if (!strstr(e.text, wanted))
		fail_msg("got '%s', wanted '%s'", e.text, wanted);
}

static void hostile(void **state)
{
	static const char *const table[][2] = {
		{"a: &x 1\nb: *x\n", "x.yaml:2:4: an alias"},
		{"a: 1\nb: 2\na: 3\n", "x.yaml:3:1: the key 'a' is here twice"},
		{"{a: 1, \"a\": 2}", "x.yaml:1:8: the key 'a' is here twice"},
		{"a: ~\na: ~\n", "x.yaml:2:1: the key 'a' is here twice"},
		{"? [a]\n: 1\n", "x.yaml:1:3: a key must be"}, {"{{unit}}: 1", "x.yaml:1:1: a key must be"},
		{"*x : 1\n", "x.yaml:1:1: a key must be"},
		{"a: !!binary aGk=\n", "x.yaml:1:4: the tag 'tag:yaml.org,2002:binary'"},
		{"a: !ruby/object:X {}\n", "x.yaml:1:4: the tag '!ruby/object:X'"},
		{"a: !!int x\n", "x.yaml:1:4: the tag"}, {"!!seq {}\n", "x.yaml:1:1: the tag"},
		{"a: 1\n---\nb: 2\n", "x.yaml:2:1: a second document"},
		{"a:\n\tb: 1\n", "x.yaml:2:1: a tab"}, {"a: [1, 2\n", "x.yaml:2:1: did not find"},
		{"a: \"x\n", "x.yaml:2:1: "}, {"a: b: c\n", "x.yaml:1:5: "}, {"a: @x", "x.yaml:1:4: "},
		{"\xff\xfe" "a\0:\0", "x.yaml:1:1: "}, {"a: \"\\0\"\n", "x.yaml:1:4: a text with a NUL"},
		{"\"\\0\": 1\n", "x.yaml:1:1: a key with a NUL"}, {"a: b\nc: \xc3\x28\n", "x.yaml:2:5: "},
		{"a: \xed\xa0\x80\n", "x.yaml:1:4: "}, {"a: \xc0\xaf\n", "x.yaml:1:4: "},
		{"\xc3\xa9: \x01\n", "x.yaml:1:4: "}, {"a: \"\\ud800\"\n", "x.yaml:1:"},
		{"a: .inf", "x.yaml:1:4: '.inf' is more than"}, {"a: -.INF", "x.yaml:1:4: "},
		{"a: .nan", "x.yaml:1:4: "}, {"a: 1e999", "x.yaml:1:4: "},
		{"a: 9223372036854775808", "x.yaml:1:4: '9223372036854775808' is more than"},
		{"a: 0xFFFFFFFFFFFFFFFFF", "x.yaml:1:4: "},
		{"a: {b}\n", "x.yaml:1:6: 'b' has no value; a placeholder needs quotes: \"{b}\""},
		{"a: [x, { b }]\n", "'b' has no value"}, {"a: {b}/c\n", "x.yaml:1:6: 'b' has no value"},
		{"{c: {d: 1, \"e\"}}", "'e' has no value"},
		{NULL, NULL},
	};
	static const char nul[] = "a: 1\nb: x\0y\n";

	(void)state;
	for (size_t i = 0; table[i][0]; i++)
		expect_refused(str_of(table[i][0]), table[i][1]);
	expect_refused(with_nul(nul, sizeof nul - 1), "x.yaml:2:5: a NUL byte");
}

static void repeated(const char *head, const char *unit, size_t times, const char *wanted)
{
	struct buf text = BUF_INIT((size_t)64 << 20);

	buf_puts(&text, head);
	while (times--)
		buf_puts(&text, unit);
	expect_refused(buf_str(&text), wanted);
	buf_clear(&text);
}

static void limits(void **state)
{
	struct buf deep = BUF_INIT(4096);

	(void)state;
	repeated("", "[", 1000000, "nested more than 64 deep");
	repeated("", "{a: ", 100000, "nested more than 64 deep");
	repeated("", "- ", 100000, "nested more than 64 deep");
	repeated("a: ", "0123456789abcdef", 300000, "longer than 4 MiB");
	for (int i = 0; i < YAML_DEPTH; i++)
		buf_putc(&deep, '[');
	for (int i = 0; i < YAML_DEPTH; i++)
		buf_putc(&deep, ']');
	expect_json(buf_text(&deep), buf_text(&deep));
	buf_clear(&deep);
}

static void places_are_right(void **state)
{
	static const char text[] = "\xc3\xa9: x\nlist:\n  - a: \"q\"\n    b: {c: 1}\n# end\nz: 1\n";
	struct places *places = places_new();
	struct err e = ERR_INIT;
	json_t *v = yaml_load(str_of(text), "x", places, &e), *list, *one;
	const struct place *at;

	(void)state;
	assert_non_null(v);
	list = json_object_get(v, "list");
	one = json_array_get(list, 0);
	at = places_find(places, v, "\xc3\xa9", 0);
	assert_int_equal(at->start, 4);
	assert_int_equal(at->end, 5);
	at = places_find(places, v, "list", 0);
	assert_int_equal(at->line, 2);
	assert_int_equal(at->column, 1);
	assert_string_equal(text + at->end, "\n# end\nz: 1\n");
	at = places_find(places, list, NULL, 0);
	assert_int_equal(at->column, 5);
	assert_memory_equal(text + at->start, "a: \"q\"", 6);
	at = places_find(places, one, "a", 0);
	assert_memory_equal(text + at->start, "\"q\"", at->end - at->start);
	at = places_find(places, one, "b", 0);
	assert_int_equal(at->line, 4);
	assert_memory_equal(text + at->start, "{c: 1}", at->end - at->start);
	json_decref(v);
	places_free(places);
}

struct edit_case {
	const char *text, *pointer, *scalar, *wanted;
};

static void edits(void **state)
{
	static const struct edit_case table[] = {
		{"a: 1 # c\nb: 2\n", "/a", "10", "a: 10 # c\nb: 2\n"},
		{"a: 1\r\nb: 2\r\n", "/b", "x", "a: 1\r\nb: x\r\n"},
		{"a: 1\nb: 2", "/b", "3", "a: 1\nb: 3"},
		{"a: \"x\" # c\n", "/a", "y z", "a: \"y z\" # c\n"},
		{"a: 'x'\n", "/a", "it's", "a: 'it''s'\n"},
		{"a: '5'\n", "/a", "6", "a: '6'\n"},
		{"a: 'x'\n", "/a", "two\nlines", "a: \"two\\x0alines\"\n"},
		{"a: x\n", "/a", "> 90%", "a: \"> 90%\"\n"},
		{"a: x\n", "/a", "say \"a\\b\"", "a: \"say \\\"a\\\\b\\\"\"\n"},
		{"a: x\n", "/a", "", "a: \"\"\n"},
		{"a: x\n", "/a", "- b", "a: \"- b\"\n"},
		{"a: x\n", "/a", "b: c", "a: \"b: c\"\n"},
		{"a: x\n", "/a", "b #c", "a: \"b #c\"\n"},
		{"a: x\n", "/a", "{b}", "a: \"{b}\"\n"},
		{"a: x\n", "/a", "*b", "a: \"*b\"\n"},
		{"a: x\n", "/a", "99999999999999999999", "a: \"99999999999999999999\"\n"},
		{"a: x\n", "/a", "2026-11-21T04:00:00Z", "a: 2026-11-21T04:00:00Z\n"},
		{"a: x\n", "/a", "\xc3\xa9", "a: \"\xc3\xa9\"\n"},
		{"a: x\n", "/a", "true", "a: true\n"},
		{"a: x\n", "/a", "-0.5", "a: -0.5\n"},
		{"a:\nb: 1\n", "/a", "x", "a: x\nb: 1\n"},
		{"a: # why\nb: 1\n", "/a", "x", "a: x # why\nb: 1\n"},
		{"{a: 1, b: , c: 2}\n", "/b", "x", "{a: 1, b: x , c: 2}\n"},
		{"{a: 1, b: [x, y]}\n", "/b/1", "z", "{a: 1, b: [x, z]}\n"},
		{"{a: 1}", "/a", "x, y", "{a: \"x, y\"}"},
		{"- a: 1\n- a: 2\n", "/1/a", "3", "- a: 1\n- a: 3\n"},
		{"x/y~z: 1\n", "/x~1y~0z", "2", "x/y~z: 2\n"},
		{"\"a\": 1\n", "/a", "2", "\"a\": 2\n"},
		{"\xef\xbb\xbf" "a: 1\n", "/a", "2", "\xef\xbb\xbf" "a: 2\n"},
		/* a member that is absent */
		{"a: 1\n", "/b", "2", "a: 1\nb: 2\n"},
		{"a: 1", "/b", "2", "a: 1\nb: 2"},
		{"a: 1\r\n", "/b", "2", "a: 1\r\nb: 2\r\n"},
		{"a: 1\r\nc: 3", "/b", "2", "a: 1\r\nc: 3\r\nb: 2"},
		{"a: 1 # c\n\n# tail\n", "/b", "2", "a: 1 # c\nb: 2\n\n# tail\n"},
		{"s:\n  - id: x # one\n    \n  - id: y\n\nz: 1\n", "/s/0/n", "1",
			"s:\n  - id: x # one\n    n: 1\n    \n  - id: y\n\nz: 1\n"},
		{"s:\n  - id: x\n    p:\n      - q: [1,\n         2]\n  - id: y\n", "/s/0/n", "1",
			"s:\n  - id: x\n    p:\n      - q: [1,\n         2]\n    n: 1\n  - id: y\n"},
		{"m:\n  a: |\n    text\n    # text too\n\nz: 1\n", "/m/b", "2",
			"m:\n  a: |\n    text\n    # text too\n\n  b: 2\nz: 1\n"},
		{"m:\n    a:\nz: 1\n", "/m/b", "2", "m:\n    a:\n    b: 2\nz: 1\n"},
		{"m:\n- a\n- b\n# c\n", "/n", "2", "m:\n- a\n- b\nn: 2\n# c\n"},
		{"---\na: 1\n...\n", "/b", "2", "---\na: 1\nb: 2\n...\n"},
		{"- - a: 1\n  - b\n", "/0/0/c", "2", "- - a: 1\n    c: 2\n  - b\n"},
		{"a: \"x\n  y\"\n", "/b", "2", "a: \"x\n  y\"\nb: 2\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf into = BUF_INIT(1 << 20);
		struct err e = ERR_INIT;

		if (yaml_edit(str_of(table[i].text), "x.yaml", table[i].pointer, table[i].scalar, &into, &e))
			fail_msg("%s in %s: %s", table[i].pointer, table[i].text, e.text);
		assert_string_equal(buf_text(&into), table[i].wanted);
		buf_clear(&into);
	}
}

static void edits_refused(void **state)
{
	static const struct edit_case table[] = {
		{"a: &x 1\n", "/a", "2", "cannot change '/a' in 'x.yaml': it has an anchor or a tag"},
		{"a: !!str 1\n", "/a", "2", "an anchor or a tag"},
		{"a: |\n  x\n", "/a", "2", "several lines"},
		{"a: \"x\n  y\"\n", "/a", "2", "several lines"},
		{"a: x\n  y\n", "/a", "2", "several lines"},
		{"a: [1]\n", "/a", "2", "it is a collection"},
		{"a: {}\n", "/a", "2", "it is a collection"},
		{"a: 1\n", "", "2", "names no member"},
		{"a: 1\n", "/b/c", "2", "no such place"},
		{"a: [1]\n", "/a/1", "2", "no such place"},
		{"a: [1]\n", "/a/x", "2", "no such place"},
		{"a: {}\n", "/a/b", "2", "flow style"},
		{"{a: 1}\n", "/b", "2", "flow style"},
		{"m: &x\n  a: 1\n", "/m/b", "2", "cannot be added exactly"},
		{"a: 1\n", "/b: c", "2", "cannot be added exactly"},
		{"-\n- 1\n", "/0", "2", "it is empty"},
		{"a: 1\n", "/a", "\xff", "UTF-8"},
		{"a: [1\n", "/a", "2", "x.yaml:2:1: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf into = BUF_INIT(1 << 20);
		struct err e = ERR_INIT;

		if (yaml_edit(str_of(table[i].text), "x.yaml", table[i].pointer, table[i].scalar, &into, &e) == 0)
			fail_msg("%s in %s gave %s", table[i].pointer, table[i].text, buf_text(&into));
		assert_int_equal(into.n, 0);
		if (!strstr(e.text, table[i].wanted))
			fail_msg("got '%s', wanted '%s'", e.text, table[i].wanted);
		buf_clear(&into);
	}
}

/* Changes `was` to `is` once in the seed: what a person would have written. */
static void expect_seed_edit(const char *pointer, const char *scalar, const char *was, const char *is)
{
	struct buf into = BUF_INIT(1 << 20), wanted = BUF_INIT(1 << 20);
	const char *at = strstr(seed, was);
	struct err e = ERR_INIT;

	assert_non_null(at);
	buf_put(&wanted, seed, (size_t)(at - seed));
	buf_puts(&wanted, is);
	buf_puts(&wanted, at + strlen(was));
	if (yaml_edit(str_of(seed), "seed.yaml", pointer, scalar, &into, &e))
		fail_msg("%s", e.text);
	assert_string_equal(buf_text(&into), buf_text(&wanted));
	buf_clear(&into);
	buf_clear(&wanted);
}

static void seed_is_edited(void **state)
{
	(void)state;
	expect_seed_edit("/automation_level", "suggest", "ask_human  #", "suggest  #");
	expect_seed_edit("/solutions/0/human_selected", "5", "4  # Times", "5  # Times");
	expect_seed_edit("/solutions/0/success_rate", "0.8", "1.0  # 4/4", "0.8  # 4/4");
	expect_seed_edit("/trigger/condition", "> 95%", "> 90%", "> 95%");
	expect_seed_edit("/solutions/0/last_used", "2026-11-21", "1.0  # 4/4\n",
		"1.0  # 4/4\n    last_used: 2026-11-21\n");
	expect_seed_edit("/promotion_criteria/x", "y", "single_pod\n", "single_pod\n  x: y\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(core_schema),
		cmocka_unit_test(seed_loads),
		cmocka_unit_test(hostile),
		cmocka_unit_test(limits),
		cmocka_unit_test(places_are_right),
		cmocka_unit_test(edits),
		cmocka_unit_test(edits_refused),
		cmocka_unit_test(seed_is_edited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
