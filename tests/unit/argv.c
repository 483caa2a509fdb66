/* argv: command lines that are right and wrong, groups, lists, and what would become an option. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "doc/args.h"
#include "doc/argv.h"
#include "edge/yaml.h"

static const char declared[] =
	"{one: {type: string}, maybe: {type: string, required: false},\n"
	" list: {type: array, items: {type: string}, default: []}, other: {type: array, items: {type: string}, default: []},\n"
	" n: {type: integer, min: -5, default: 0}, dash: {type: string, dash: true, default: \"\"},\n"
	" flags: {type: array, items: {type: string, dash: true}, default: []},\n"
	" set: {type: string, enum: [a, b], default: a}, name: {type: string, pattern: \"^[a-z]+$\", default: x}}";

static json_t *load(const char *yaml)
{
	struct err e = ERR_INIT;
	json_t *v = yaml_load(str_of(yaml), "t.yaml", NULL, &e);

	if (!v)
		fail_msg("%s: %s", yaml, e.text);
	return v;
}

static void checks(void **state)
{
	/* wanted NULL: right */
	static const char *const table[][2] = {
		{"[ls]", NULL}, {"[ls, '{one}', -n, '{n}']", NULL}, {"[ls, [-l, '{maybe}'], --, ['{list}']]", NULL},
		{"[ls, ['{list}={list}', '{one}{env.HOME}']]", NULL}, {"ls", "must be a list"}, {"[]", "must be a list"},
		{"[[ls]]", "[0]: must be the name of a program"}, {"['{one}']", "[0]: '{one}': the program must be named"},
		{"[5]", "[0]: must be the name"}, {"[ls, 5]", "[1]: must be a text"},
		{"[ls, '{maybe}']", "[1]: '{maybe}' may be absent"}, {"[ls, '{list}']", "[1]: '{list}' is a list"},
		{"[ls, [-l, [-m]]]", "[1][1]: a list in a list in a list"}, {"[ls, [-l]]", "[1]: has no argument in it"},
		{"[ls, []]", "[1]: has no argument in it"}, {"[ls, ['{env.X}']]", "[1]: has no argument in it"},
		{"[ls, ['{mabe}']]", "[1][0]: '{mabe}' is no argument: did you mean '{maybe}'?"},
		{"[ls, ['{list}', '{other}']]", "[1][1]: '{other}': a second list"},
		{"[ls, ['{secret.k}']]", "[1][0]: '{secret.k}': a secret in a command line"},
		{"[ls, [{a: b}, '{one}']]", "[1][0]: must be a text"},
	};
	json_t *args = load(declared);

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct source source = {.name = "t.yaml", .kind = ERR_CONFIG};
		json_t *run = load(table[i][0]);
		struct node root = node_root(run, &source);
		struct err e = ERR_INIT;
		int rc = argv_check(&root, args, &e);

		if (!table[i][1] && rc)
			fail_msg("%s: %s", table[i][0], e.text);
		if (table[i][1] && (!rc || !strstr(e.text, table[i][1])))
			fail_msg("%s: wanted '%s', got '%s'", table[i][0], table[i][1], e.text);
		json_decref(run);
	}
	json_decref(args);
}

/* {env.FLAG} is "-v"; {env.HOME} is "/root". */
static const json_t *look(void *arg, struct str name, struct err *e)
{
	json_t *args = arg;
	char *key = mem_copy(name.p, name.n);
	const json_t *v = json_object_get(args, key);

	(void)e;
	free(key);
	return v;
}

/* The words with '|' between, or the error. */
static void fill(const char *run_text, const char *given_text, struct buf *into)
{
	json_t *run = load(run_text), *given = load(given_text), *types = load(declared);
	struct err e = ERR_INIT;
	json_t *args = args_check(types, given, &e);
	struct words words = {.count = 0};

	if (args) {
		json_t *all = json_copy(args);
		struct argv_values values = {.declared = types, .args = args, .lookup = look, .arg = all};

		json_object_set_new(all, "env.FLAG", json_string("-v"));
		json_object_set_new(all, "env.HOME", json_string("/root"));
		if (argv_fill(run, &values, &words, &e) == 0)
			for (size_t i = 0; i < words.count; i++)
				buf_putf(into, "%s%s", i ? "|" : "", words.items[i]);
		json_decref(all);
	}
	if (e.kind)
		buf_puts(into, e.text);
	words_clear(&words);
	json_decref(args);
	json_decref(types);
	json_decref(given);
	json_decref(run);
}

static void fills(void **state)
{
	static const char *const table[][3] = {
		{"[ls, '{one}', -n, '{n}']", "{one: a b, n: -3}", "ls|a b|-n|-3"},
		{"[ls, [-l, '{maybe}'], -o]", "{one: x}", "ls|-o"},
		{"[ls, [-l, '{maybe}'], -o]", "{one: x, maybe: 'y'}", "ls|-l|y|-o"},
		{"[ls, [-l, '{maybe}']]", "{one: x, maybe: ''}", "ls|-l|"},
		{"[ls, --, ['{list}']]", "{one: x}", "ls|--"},
		{"[ls, --, ['{list}']]", "{one: x, list: [a, 'b c', '{one}']}", "ls|--|a|b c|{one}"},
		{"[ls, [-e, '{one}={list}', '{list}']]", "{one: x, list: [a, b]}", "ls|-e|x=a|a|-e|x=b|b"},
		{"[ls, [-l, '{maybe}', '{list}']]", "{one: x, list: [a, b]}", "ls"},
		{"[ls, [-e, '{list}'], ['{other}'], '{one}']", "{one: x, list: [a], other: [b, c]}", "ls|-e|a|b|c|x"},
		{"[ls, ['{list}']]", "{one: x, list: [a, -rf]}", "argument 'list': [1] '-rf' starts with '-'"},
		{"[ls, ['{flags}']]", "{one: x, flags: [-rf]}", "ls|-rf"},
		{"[ls, '{dash}']", "{one: x, dash: -rf}", "ls|-rf"},
		{"[ls, --, '{one}']", "{one: -rf}", "argument 'one': '-rf' starts with '-'"},
		{"[ls, '{n}']", "{one: x, n: -6}", "argument 'n': is less than -5"},
		/* What no single value shows: the parts come to an option. */
		{"[ls, '{one}-rf']", "{one: ''}", "'{one}-rf' becomes '-rf', which would be read as an option"},
		{"[ls, '{one}{dash}']", "{one: '', dash: --all}", "'{one}{dash}' becomes '--all', which"},
		{"[ls, ['{list}-x']]", "{one: '', list: ['']}", "'{list}-x' becomes '-x', which"},
		{"[ls, '{env.FLAG}']", "{one: x}", "'{env.FLAG}' becomes '-v', which would be read"},
		{"[ls, '{env.HOME}', '--home={env.FLAG}', '-{one}']", "{one: x}", "ls|/root|--home=-v|-x"},
		{"[ls, '{{one}}', '-{{']", "{one: x}", "ls|{one}|-{"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf got = BUF_INIT(4096);

		fill(table[i][0], table[i][1], &got);
		if (strncmp(buf_text(&got), table[i][2], strlen(table[i][2])) != 0 ||
			(strncmp(table[i][2], "ls", 2) == 0 && strlen(table[i][2]) != got.n))
			fail_msg("%s of %s: wanted '%s', got '%s'", table[i][0], table[i][1], table[i][2],
				buf_text(&got));
		buf_clear(&got);
	}
}

static void warns(void **state)
{
	json_t *args = load(declared);
	json_t *run = load("[ls, '{one}', '{set}', '{name}', '{n}', 'x{one}', '{{one}}', '{env.X}', ['{list}', '{maybe}']]");
	struct source source = {.name = "t.yaml", .kind = ERR_CONFIG};
	struct node root = node_root(run, &source);
	struct buf got = BUF_INIT(4096);
	size_t lines = 0;

	(void)state;
	argv_warn(&root, args, &got);
	for (size_t i = 0; i < got.n; i++)
		lines += got.p[i] == '\n';
	assert_int_equal(lines, 3);
	assert_non_null(strstr(buf_text(&got), "[1]: '{one}' begins a word"));
	assert_non_null(strstr(buf_text(&got), "[8][0]: '{list}'"));
	assert_non_null(strstr(buf_text(&got), "[8][1]: '{maybe}'"));
	buf_clear(&got);
	json_decref(run);
	json_decref(args);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks),
		cmocka_unit_test(fills),
		cmocka_unit_test(warns),
	};

	return cmocka_run_group_tests_name("argv", tests, NULL, NULL);
}
