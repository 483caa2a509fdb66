/* expect: what is well-formed, what holds, and what is said when it does not. And checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#undef expect_check /* cmocka's, for mocks */

#include "doc/check.h"
#include "doc/expect.h"
#include "edge/yaml.h"

static json_t *load(const char *yaml)
{
	struct err e = ERR_INIT;
	json_t *v = yaml_load(str_of(yaml), "t.yaml", NULL, &e);

	if (!v)
		fail_msg("%s: %s", yaml, e.text);
	return v;
}

static const char data[] =
	"{ActiveState: active, n: 5, text: '5', real: 0.50, empty: '', list: [a, 1], none: [], nil: ~,\n"
	" t: true, disks: [{used: 91}], a/b: 1, long: '12 apples', obj: {}}";

static void holds(void **state)
{
	/* 1 holds, 0 not */
	static const struct {
		int wanted;
		const char *expect;
	} table[] = {
		{1, "{}"}, {1, "{/ActiveState: active}"}, {0, "{/ActiveState: failed}"}, {1, "{/n: 5}"}, {1, "{/n: 5.0}"},
		{1, "{/text: 5}"}, {1, "{/text: '5'}"}, {0, "{/n: '5'}"}, {1, "{/real: 0.5}"}, {0, "{/long: 12}"},
		{1, "{/t: true}"}, {0, "{/t: false}"}, {0, "{/t: 1}"}, {1, "{/list: [a, 1]}"}, {0, "{/list: [a]}"},
		{1, "{/disks/0/used: {'>': 90}}"}, {0, "{/disks/0/used: {'>': 91}}"}, {1, "{/disks/0/used: {'>=': 91}}"},
		{1, "{/n: {'<': 6, '>': 4}}"}, {0, "{/n: {'<': 6, '>': 5}}"}, {1, "{/n: {'<=': 5}}"},
		{1, "{/text: {'<': 6}}"}, {0, "{/long: {'<': 60}}"}, {0, "{/empty: {'<': 60}}"}, {0, "{/list: {'<': 9}}"},
		{1, "{/n: {'==': 5}}"}, {1, "{/ActiveState: {'!=': failed}}"}, {0, "{/ActiveState: {'!=': active}}"},
		{1, "{/ActiveState: {matches: '^act'}}"}, {0, "{/ActiveState: {matches: '^ive'}}"}, {0, "{/n: {matches: '5'}}"},
		{1, "{/long: {contains: apple}}"}, {0, "{/long: {contains: pear}}"}, {1, "{/list: {contains: a}}"},
		{1, "{/list: {contains: 1}}"}, {0, "{/list: {contains: b}}"}, {0, "{/n: {contains: 5}}"},
		{1, "{/none: {empty: true}}"}, {1, "{/empty: {empty: true}}"}, {1, "{/obj: {empty: true}}"},
		{1, "{/list: {empty: false}}"}, {0, "{/n: {empty: false}}"}, {0, "{/n: {empty: true}}"},
		{1, "{/n: {exists: true}}"}, {0, "{/n: {exists: false}}"}, {1, "{/x: {exists: false}}"},
		{1, "{/nil: {exists: false}}"}, {1, "{/nil: ~}"}, {1, "{/x: ~}"}, {0, "{/n: ~}"},
		{1, "{/ActiveState: {in: [active, reloading]}}"}, {0, "{/ActiveState: {in: [failed]}}"}, {1, "{/n: {in: [5]}}"},
		{1, "{/long: {not: {contains: pear}}}"}, {0, "{/long: {not: {contains: apple}}}"},
		{1, "{/x: {not: {exists: true}}}"}, {1, "{/a~1b: 1}"},
		/* no answer is no yes */
		{0, "{/x: {'!=': failed}}"}, {0, "{/x: {not: {contains: y}}}"}, {0, "{/x: {not: {in: [failed]}}}"},
		{0, "{/x: {empty: true}}"}, {0, "{/x: {'<': 5}}"}, {0, "{/nil: {not: {matches: a}}}"},
		{0, "{/n: {not: {matches: a}}}"}, {0, "{/n: {not: {empty: true}}}"}, {0, "{/x: {not: {not: {contains: y}}}}"},
		{0, "{/n: 5, /x: 1}"},
	};
	json_t *v = load(data);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct source source = {.name = "t.yaml", .kind = ERR_CONFIG};
		json_t *expect = load(table[i].expect);
		struct node root = node_root(expect, &source);
		struct buf why = BUF_INIT(4096);
		struct err e = ERR_INIT;
		int got;

		if (expect_check(&root, &e))
			fail_msg("%s: %s", table[i].expect, e.text);
		got = expect_holds(expect, v, &why);
		if (got != table[i].wanted)
			fail_msg("%s gave %d: %s", table[i].expect, got, buf_text(&why));
		assert_int_equal(got, why.n == 0);
		buf_clear(&why);
		json_decref(expect);
	}
	assert_int_equal(expect_holds(NULL, v, NULL), 1);
	json_decref(v);
}

static void reasons(void **state)
{
	static const char *const table[][2] = {
		{"{/ActiveState: failed}", "/ActiveState is \"active\", expected \"failed\""},
		{"{/n: {'<': 5, '>': 1}}", "/n is 5, expected < 5 and > 1"},
		{"{/x: {'<': 5}}", "/x is absent, expected < 5"},
		{"{/long: {not: {contains: apple}}}", "/long is \"12 apples\", expected not contains \"apple\""},
		{"{/list: {in: [1]}}", "/list is [\"a\",1], expected in [1]"},
		{"{'': 1}", "the whole is {"},
	};
	json_t *v = load(data);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *expect = load(table[i][0]);
		struct buf why = BUF_INIT(4096);

		assert_int_equal(expect_holds(expect, v, &why), 0);
		if (!strstr(buf_text(&why), table[i][1]))
			fail_msg("got '%s', wanted '%s'", buf_text(&why), table[i][1]);
		buf_clear(&why);
		json_decref(expect);
	}
	json_decref(v);
}

typedef int check_fn(const struct node *n, struct err *e);

static void refuse_all(const char *const table[][2], check_fn *check)
{
	for (size_t i = 0; table[i][0]; i++) {
		struct places *places = places_new();
		struct source source = {.name = "t.yaml", .kind = ERR_CONFIG, .places = places};
		struct err e = ERR_INIT;
		json_t *v = yaml_load(str_of(table[i][0]), "t.yaml", places, &e);
		struct node root = node_root(v, &source);
		int rc;

		assert_non_null(v);
		rc = check(&root, &e);
		if (table[i][1] ? rc == 0 || !strstr(e.text, table[i][1]) : rc != 0)
			fail_msg("%s: got '%s', wanted '%s'", table[i][0], e.text, table[i][1]);
		json_decref(v);
		places_free(places);
	}
}

static void malformed(void **state)
{
	static const char *const table[][2] = {
		{"~", NULL}, {"[a]", "must be an object"}, {"ActiveState: x\n", "did you mean '/ActiveState'?"},
		{"\n/a: {'<': x}\n", "t.yaml:2:6: /a.<: must be a number"}, {"{/a: {match: x}}", "did you mean 'matches'?"},
		{"{/a: {matches: '('}}", "/a.matches: "}, {"{/a: {matches: 5}}", "must be a regular expression"},
		{"{/a: {empty: 1}}", "must be true or false"}, {"{/a: {in: x}}", "must be a list"},
		{"{/a: {}}", "an empty condition"}, {"{/a: {contains: [x]}}", "must be one value"},
		{"{/a: {not: {'<': x}}}", "/a.not.<: must be a number"}, {NULL, NULL},
	};

	(void)state;
	refuse_all(table, expect_check);
}

static void checks(void **state)
{
	static const char *const table[][2] = {
		{"~", NULL}, {"[]", NULL}, {"[{tool: a.b}]", NULL},
		{"[{tool: a.b, args: {u: '{labels.x}'}, expect: {/a: 1}, within: 30s, title: t}]", NULL},
		{"{tool: a.b}", "must be a list"}, {"[a.b]", "[0]: must be a check"}, {"[{}]", "[0]: 'tool' is missing"},
		{"- tool: a.b\n  expects: {}\n", "t.yaml:2:3: [0].expects: unknown key: did you mean 'expect'?"},
		{"[{tool: a.b, within: 30}]", "[0].within: must be a time such as"},
		{"[{tool: a.b, args: {u: '{x'}}]", "[0].args.u: '{x': a '{' that is not closed"},
		{"[{tool: a.b, args: [x]}]", "[0].args: must be an object"},
		{"[{tool: a.b, expect: {a: 1}}]", "[0].expect.a: "}, {NULL, NULL},
	};

	(void)state;
	refuse_all(table, checks_check);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds),
		cmocka_unit_test(reasons),
		cmocka_unit_test(malformed),
		cmocka_unit_test(checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
