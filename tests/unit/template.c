/* template: braces, names, types, and that a value is never looked at again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "doc/template.h"

static const json_t *look_up(void *arg, struct str name, struct err *e)
{
	char key[64];

	snprintf(key, sizeof key, "%.*s", STR_ARG(name));
	if (strcmp(key, "forbidden") == 0)
		err_set(e, ERR_DENIED, "not for you");
	return key[0] == '/' ? pointer_get(arg, key) : json_object_get(arg, key);
}

static json_t *values(void)
{
	return json_pack("{s:s, s:i, s:f, s:b, s:n, s:[i,i], s:s, s:{s:i}}", "unit", "nginx.service", "n", 5,
		"ratio", 0.1, "yes", 1, "nothing", "list", 1, 2, "labels.instance", "{unit}", "disk", "used", 91);
}

static void fills(void **state)
{
	static const char *const table[][2] = {
		{"", ""}, {"plain", "plain"}, {"{unit}", "nginx.service"}, {"a {unit} b{n}", "a nginx.service b5"},
		{"{{unit}}", "{unit}"}, {"{{{unit}}}", "{nginx.service}"}, {"}}{{", "}{"}, {"{ratio}", "0.1"},
		{"{yes}", "true"}, {"{labels.instance}", "{unit}"}, {"{/disk/used} %", "91 %"},
	};
	json_t *v = values();

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf into = BUF_INIT(1000);
		struct err e = ERR_INIT;

		assert_int_equal(template_fill(table[i][0], look_up, v, &into, &e), 0);
		assert_string_equal(buf_text(&into), table[i][1]);
		buf_clear(&into);
	}
	json_decref(v);
}

static void refuses(void **state)
{
	static const char *const table[][2] = {
		{"{unit", "a '{' that is not closed"}, {"a}", "a '}' that closes nothing"}, {"{}", "names nothing"},
		{"{", "not closed"}, {"{a{unit}", "not closed"}, {"{nosuch}", "nothing here is called 'nosuch'"},
		{"{list}", "'list' is no text"}, {"{disk}", "'disk' is no text"}, {"{nothing}", "'nothing' is no"},
		{"{forbidden}", "not for you"}, {"{unit}{unit}", "too long"},
	};
	json_t *v = values();

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf into = BUF_INIT(20);
		struct err e = ERR_INIT;

		assert_int_equal(template_fill(table[i][0], look_up, v, &into, &e), -1);
		if (!strstr(e.text, table[i][1]))
			fail_msg("got '%s', wanted '%s'", e.text, table[i][1]);
		buf_clear(&into);
	}
	json_decref(v);
}

static void trees_keep_types(void **state)
{
	json_t *v = values(), *filled;
	json_t *tree = json_loads("{\"a\":\"{n}\",\"b\":[\"{list}\",\"x{n}\",7,null],\"c\":{\"{n}\":\"{{n}}\"},"
		"\"d\":\"{labels.instance}\"}", 0, NULL);
	json_t *wanted = json_loads("{\"a\":5,\"b\":[[1,2],\"x5\",7,null],\"c\":{\"{n}\":\"{n}\"},"
		"\"d\":\"{unit}\"}", 0, NULL);
	struct err e = ERR_INIT;

	(void)state;
	filled = template_tree(tree, look_up, v, &e);
	assert_true(json_equal(filled, wanted));
	json_decref(filled);
	json_object_set_new(tree, "e", json_string("{nosuch}"));
	assert_null(template_tree(tree, look_up, v, &e));
	assert_string_equal(e.text, "nothing here is called 'nosuch'");
	json_decref(tree);
	json_decref(wanted);
	json_decref(v);
}

static int count(void *arg, struct str name, struct err *e)
{
	(*(int *)arg)++;
	return str_is(name, "stop") ? err_set(e, ERR_DATA, "stopped") : 0;
}

static void names_are_listed(void **state)
{
	struct source source = {.name = "x.yaml", .kind = ERR_CONFIG};
	json_t *tree = json_loads("{\"a\":[\"{b}\",{\"c\":\"{d} {stop}\"}]}", 0, NULL);
	struct node root = node_root(tree, &source);
	struct err e = ERR_INIT;
	int n = 0;

	(void)state;
	assert_int_equal(template_names("{a} {{b}} {c}", count, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_int_equal(template_names("{a} {stop} {c}", count, &n, &e), -1);
	assert_int_equal(n, 4);
	err_clear(&e);
	assert_int_equal(template_check(&root, count, &n, &e), -1);
	assert_string_equal(e.text, "x.yaml: a[1].c: stopped");
	assert_int_equal(e.kind, ERR_CONFIG);
	err_clear(&e);
	assert_int_equal(template_check(&root, NULL, NULL, &e), 0);
	json_decref(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills),
		cmocka_unit_test(refuses),
		cmocka_unit_test(trees_keep_types),
		cmocka_unit_test(names_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
