/* args: declarations that are right and wrong, values that fit and do not, the schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "doc/args.h"
#include "edge/yaml.h"

static json_t *load(const char *yaml)
{
	struct err e = ERR_INIT;
	json_t *v = yaml_load(str_of(yaml), "t.yaml", NULL, &e);

	if (!v)
		fail_msg("%s: %s", yaml, e.text);
	return v;
}

static void declarations(void **state)
{
	/* wanted NULL: right */
	static const char *const table[][2] = {
		{"~", NULL}, {"{}", NULL}, {"{unit: {type: string, pattern: '^[a-z]+$', description: d}}", NULL},
		{"{n: {type: integer, default: 100, min: 1, max: 10000}}", NULL},
		{"{s: {type: string, enum: [started, stopped], default: stopped}}", NULL},
		{"{t: {type: array, items: {type: string}, max_items: 20, default: [a]}}", NULL},
		{"{b: {type: boolean, required: false}, r: {type: number, max: 0.5}}", NULL},
		{"[a]", "t.yaml: must be an object"}, {"{1: {type: string}}", "1: an argument's name is"},
		{"{a.b: {type: string}}", "an argument's name is"}, {"{a: string}", "a: must be a mapping"},
		{"{a: {}}", "a: 'type' is missing"}, {"{a: {type: strng}}", "did you mean 'string'?"},
		{"{a: {type: string, patern: x}}", "a.patern: unknown key: did you mean 'pattern'?"},
		{"{a: {type: integer, pattern: x}}", "a.pattern: unknown key"},
		{"{a: {type: string, pattern: '('}}", "a.pattern: "},
		{"{a: {type: string, enum: []}}", "a.enum: must be a list"},
		{"{a: {type: string, enum: [1]}}", "a.enum[0]: must be a text"},
		{"{a: {type: integer, min: 2, max: 1}}", "a.min: is more than max"},
		{"{a: {type: integer, default: x}}", "a.default: must be a whole number"},
		{"{a: {type: integer, min: 5, default: 4}}", "a.default: is less than 5"},
		{"{a: {type: string, default: x, required: true}}", "a.required: has a default"},
		{"{a: {type: string, default: -x}}", "a.default: '-x' starts with '-'"},
		{"{a: {type: integer, default: -5}}", "a.default: is negative and would be read as an option"},
		{"{a: {type: integer, min: -9, default: -5}}", NULL},
		{"{a: {type: number, enum: [-0.5, 1], default: -0.5}}", NULL},
		{"{a: {type: string, max_length: 0}}", "a.max_length: must be from 1"},
		{"{a: {type: array}}", "a: 'items' is missing"}, {"{a: {type: array, items: {}}}", "'type' is missing"},
		{"{a: {type: array, items: {type: array, items: {type: string}}}}", "a list in a list"},
		{"{a: {type: array, items: {type: string, default: x}}}", "an element has no default"},
		{"{a: {type: string, required: 1}}", "a.required: must be true or false"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct source source = {.name = "t.yaml", .kind = ERR_CONFIG};
		json_t *tree = load(table[i][0]);
		struct node root = node_root(tree, &source);
		struct err e = ERR_INIT;
		int rc = args_check_declaration(&root, &e);

		if (table[i][1] ? rc == 0 || !strstr(e.text, table[i][1]) : rc != 0)
			fail_msg("%s: got '%s', wanted '%s'", table[i][0], e.text, table[i][1]);
		json_decref(tree);
	}
}

static const char declared[] =
	"unit: {type: string, pattern: '^[a-z.-]+$'}\n"
	"lines: {type: integer, default: 100, min: 1, max: 1000}\n"
	"state: {type: string, enum: [up, down], required: false}\n"
	"ratio: {type: number, default: 0.5, max: 1}\n"
	"force: {type: boolean, default: false}\n"
	"flag: {type: string, dash: true, multiline: true, default: x, max_length: 5}\n"
	"tags: {type: array, items: {type: integer, max: 9}, max_items: 2, default: []}\n";

static void values_fit(void **state)
{
	static const char *const table[][2] = {
		{"{unit: a}", "{\"unit\":\"a\",\"lines\":100,\"ratio\":0.5,\"force\":false,\"flag\":\"x\",\"tags\":[]}"},
		{"{tags: ['1', 2], flag: \"-\\n\\u00e9\\u00e9z\", force: 'true', ratio: '1', state: up, lines: '7', unit: b.c}",
			"{\"unit\":\"b.c\",\"lines\":7,\"state\":\"up\",\"ratio\":1,\"force\":true,"
			"\"flag\":\"-\\n\xc3\xa9\xc3\xa9z\",\"tags\":[1,2]}"},
	};
	json_t *declaration = load(declared);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *given = load(table[i][0]), *got;
		struct err e = ERR_INIT;
		char *text;

		got = args_check(declaration, given, &e);
		assert_string_equal(e.text, "");
		text = json_dumps(got, JSON_COMPACT); /* the order is the declaration's */
		assert_string_equal(text, table[i][1]);
		free(text);
		json_decref(got);
		json_decref(given);
	}
	json_decref(declaration);
}

static void values_refused(void **state)
{
	static const char *const table[][2] = {
		{"{}", "argument 'unit': missing"}, {"{unit: 5}", "argument 'unit': must be a text; put it in quotes"},
		{"{unit: A}", "argument 'unit': 'A' does not match ^[a-z.-]+$"}, {"{unit: ~}", "must be a text"},
		{"{unit: -a}", "'-a' starts with '-' and would be read as an option"},
		{"{unit: \"a\\nb\"}", "has more than one line"}, {"{unit: \"a\\rb\"}", "has more than one line"},
		{"{unit: a, line: 1}", "argument 'line': not known, did you mean 'lines'?"},
		{"{unit: a, zzzzzz: 1}", "argument 'zzzzzz': not known"}, {"[unit]", "arguments must be an object"},
		{"{unit: a, lines: 0}", "argument 'lines': is less than 1"},
		{"{unit: a, lines: 1001}", "argument 'lines': is more than 1000"},
		{"{unit: a, lines: 1.5}", "must be a whole number"}, {"{unit: a, lines: '5 '}", NULL},
		{"{unit: a, lines: '0x5'}", "must be a whole number"}, {"{unit: a, lines: ''}", "must be a whole"},
		{"{unit: a, ratio: 'nan'}", "must be a number"}, {"{unit: a, ratio: '1e999'}", "must be a number"},
		{"{unit: a, force: 1}", "argument 'force': must be true or false"},
		{"{unit: a, force: 'yes'}", "must be true or false"},
		{"{unit: a, state: upp}", "argument 'state': is not one of up, down"},
		{"{unit: a, flag: abcdef}", "argument 'flag': is longer than 5 characters"},
		{"{unit: a, tags: 1}", "argument 'tags': must be a list"},
		{"{unit: a, tags: [1, 2, 3]}", "argument 'tags': has more than 2 elements"},
		{"{unit: a, tags: [1, 10]}", "argument 'tags': [1] is more than 9"},
	};
	json_t *declaration = load(declared);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *given = load(table[i][0]), *got;
		struct err e = ERR_INIT;

		got = args_check(declaration, given, &e);
		if (!table[i][1] ? !got : got || e.kind != ERR_DATA || !strstr(e.text, table[i][1]))
			fail_msg("%s: got '%s', wanted '%s'", table[i][0], e.text, table[i][1]);
		json_decref(got);
		json_decref(given);
	}
	json_decref(declaration);
}

static void nothing_declared(void **state)
{
	json_t *given = load("{a: 1}"), *got;
	struct err e = ERR_INIT;

	(void)state;
	got = args_check(NULL, NULL, &e);
	assert_int_equal(json_object_size(got), 0);
	json_decref(got);
	assert_null(args_check(NULL, given, &e));
	assert_string_equal(e.text, "argument 'a': not known, it takes none");
	json_decref(given);
}

static void schema(void **state)
{
	json_t *declaration = load(declared), *got = args_schema(declaration);
	json_t *wanted = load(
		"type: object\n"
		"properties:\n"
		"  unit: {type: string, pattern: '^[a-z.-]+$'}\n"
		"  lines: {type: integer, default: 100, minimum: 1, maximum: 1000}\n"
		"  state: {type: string, enum: [up, down]}\n"
		"  ratio: {type: number, default: 0.5, maximum: 1}\n"
		"  force: {type: boolean, default: false}\n"
		"  flag: {type: string, default: x, maxLength: 5}\n"
		"  tags: {type: array, items: {type: integer, maximum: 9}, maxItems: 2, default: []}\n"
		"required: [unit]\n"
		"additionalProperties: false\n");

	(void)state;
	assert_true(json_equal(got, wanted));
	json_decref(got);
	json_decref(wanted);
	json_decref(declaration);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(declarations),
		cmocka_unit_test(values_fit),
		cmocka_unit_test(values_refused),
		cmocka_unit_test(nothing_declared),
		cmocka_unit_test(schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
