/* node: typed reading with errors that name the place; pointers; trees written as text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/when.h"
#include "json/node.h"
#include "json/scan.h"

static json_t *tree;
static struct places *places;
static const struct source source = {"r.yaml", NULL, ERR_CONFIG};

static const char document[] =
	"{\"id\":\"nginx\",\"on\":true,\"off\":false,\"n\":3,\"x\":2.5,\"wait\":\"1h30m\",\"none\":null,"
	"\"solutions\":[{\"risk\":\"low\"},{\"risk\":\"lwo\",\"steps\":{}}]}";

static int setup(void **state)
{
	(void)state;
	tree = json_loads(document, 0, NULL);
	places = places_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	json_decref(tree);
	places_free(places);
	places_free(NULL);
	return 0;
}

static void reads_members(void **state)
{
	struct node root = node_root(tree, &source);
	struct node list = node_get(&root, "solutions"), one = node_at(&list, 1), absent = node_get(&root, "y");
	struct err e = ERR_INIT;

	(void)state;
	assert_string_equal(node_text(&root, "id", NULL, &e), "nginx");
	assert_string_equal(node_text(&root, "absent", "else", &e), "else");
	assert_string_equal(node_text(&root, "none", "else", &e), "else");
	assert_null(node_text_or_null(&root, "absent", &e));
	assert_true(node_bool(&root, "on", false, &e));
	assert_false(node_bool(&root, "off", true, &e));
	assert_true(node_bool(&root, "absent", true, &e));
	assert_int_equal(node_integer(&root, "n", 7, &e), 3);
	assert_int_equal(node_integer(&root, "absent", 7, &e), 7);
	assert_true(node_number(&root, "x", 0, &e) == 2.5);
	assert_true(node_number(&root, "n", 0, &e) == 3);
	assert_true(node_number(&root, "absent", -1, &e) == -1);
	assert_int_equal(node_span(&root, "wait", 0, &e), 90 * WHEN_MINUTE);
	assert_int_equal(node_span(&root, "absent", 5, &e), 5);
	assert_int_equal(node_count(&list), 2);
	assert_int_equal(node_count(&one), 2);
	assert_int_equal(node_count(&absent), 0);
	assert_false(node_there(&absent));
	assert_int_equal(node_is_object(&absent, &e), 0);
	assert_int_equal(node_is_array(&list, &e), 0);
	assert_int_equal(node_require(&root, "id", &e), 0);
	/* What is absent has no members, however deep. */
	assert_string_equal(node_text(&absent, "deeper", "else", &e), "else");
	assert_int_equal(e.kind, ERR_NONE);
}

static void choices(void **state)
{
	static const char *const risks[] = {"low", "medium", "high", NULL};
	struct node root = node_root(tree, &source);
	struct node list = node_get(&root, "solutions"), first = node_at(&list, 0), second = node_at(&list, 1);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(node_choice(&first, "risk", risks, -1, &e), 0);
	assert_int_equal(node_choice(&first, "absent", risks, 2, &e), 2);
	assert_int_equal(e.kind, ERR_NONE);
	assert_int_equal(node_choice(&second, "risk", risks, 1, &e), 1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_string_equal(e.text, "r.yaml: solutions[1].risk: 'lwo' is not one of low, medium, high: did you mean 'low'?");
	err_clear(&e);
	assert_int_equal(node_choice(&first, "absent", risks, -1, &e), -1);
	assert_string_equal(e.text, "r.yaml: solutions[0]: 'absent' is missing");
}

static void check(const struct err *e, const char *text)
{
	assert_int_equal(e->kind, ERR_CONFIG);
	assert_string_equal(e->text, text);
	err_clear((struct err *)e);
}

static void wrong_types(void **state)
{
	struct node root = node_root(tree, &source), id = node_get(&root, "id"), list = node_get(&root, "solutions");
	struct err e = ERR_INIT;

	(void)state;
	assert_null(node_text(&root, "absent", NULL, &e));
	check(&e, "r.yaml: 'absent' is missing");
	assert_null(node_text(&root, "none", NULL, &e));
	check(&e, "r.yaml: 'none' is missing");
	assert_null(node_text(&root, "n", NULL, &e));
	check(&e, "r.yaml: n: must be a text, is a number");
	assert_true(node_bool(&root, "id", true, &e));
	check(&e, "r.yaml: id: must be true or false, is a text");
	assert_int_equal(node_integer(&root, "x", 1, &e), 1);
	check(&e, "r.yaml: x: must be a whole number, is a number");
	assert_true(node_number(&root, "on", 1, &e) == 1);
	check(&e, "r.yaml: on: must be a number, is true or false");
	assert_int_equal(node_span(&root, "n", 1, &e), 1);
	check(&e, "r.yaml: n: must be a time such as 30s, 5m or 2h, is a number");
	assert_int_equal(node_span(&root, "id", 1, &e), 1);
	check(&e, "r.yaml: id: 'nginx' is not a time such as 30s, 5m or 2h");
	assert_int_equal(node_is_object(&list, &e), -1);
	check(&e, "r.yaml: solutions: must be an object, is a list");
	assert_int_equal(node_is_array(&id, &e), -1);
	check(&e, "r.yaml: id: must be a list, is a text");
	assert_string_equal(node_text(&id, "deeper", "else", &e), "else");
	check(&e, "r.yaml: id: must be an object, is a text");
	assert_null(node_text(&id, "deeper", NULL, &e));
	check(&e, "r.yaml: id: must be an object, is a text");
}

static void the_first_error_stays(void **state)
{
	struct node root = node_root(tree, &source);
	struct err e = ERR_INIT;

	(void)state;
	node_text(&root, "a", NULL, &e);
	node_text(&root, "b", NULL, &e);
	node_fail(&root, &e, "c");
	check(&e, "r.yaml: 'a' is missing");
}

static void unknown_keys(void **state)
{
	static const char *const all[] = {"id", "on", "off", "n", "x", "wait", "none", "solutions", NULL};
	static const char *const near[] = {"id", "on", "off", "n", "x", "wait", "none", "solution", NULL};
	static const char *const far[] = {"id", "on", "off", "n", "x", "waiting-for-it", "none", "solutions", NULL};
	struct node root = node_root(tree, &source), absent = node_get(&root, "absent");
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(node_known(&root, all, &e), 0);
	assert_int_equal(node_known(&absent, all, &e), 0);
	assert_int_equal(node_known(&root, near, &e), -1);
	check(&e, "r.yaml: solutions: unknown key: did you mean 'solution'?");
	assert_int_equal(node_known(&root, far, &e), -1);
	check(&e, "r.yaml: wait: unknown key");
}

static void errors_name_the_place(void **state)
{
	const struct source placed = {"r.yaml", places, ERR_CONFIG};
	struct node root = node_root(tree, &placed);
	struct node list = node_get(&root, "solutions"), second = node_at(&list, 1), risk = node_get(&second, "risk");
	struct err e = ERR_INIT;

	(void)state;
	assert_null(places_find(places, NULL, NULL, 0));
	places_put(places, NULL, NULL, 0, (struct place){1, 1, 0, 0});
	places_put(places, tree, "solutions", 0, (struct place){7, 12, 90, 90});
	places_put(places, list.v, NULL, 0, (struct place){8, 5, 99, 99});
	places_put(places, list.v, NULL, 1, (struct place){9, 5, 120, 120});
	places_put(places, second.v, "risk", 0, (struct place){9, 11, 126, 129});
	assert_int_equal(places_find(places, second.v, "risk", 0)->start, 126);
	assert_null(places_find(places, second.v, "steps", 0));
	node_fail(&risk, &e, "is wrong");
	check(&e, "r.yaml:9:11: solutions[1].risk: is wrong");
	node_text(&second, "absent", NULL, &e);
	check(&e, "r.yaml:9:5: solutions[1]: 'absent' is missing");
	node_fail(&root, &e, "is wrong");
	check(&e, "r.yaml:1:1: is wrong");
}

static void places_are_many(void **state)
{
	struct places *p = places_new();
	json_t *list = json_array();

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		places_put(p, list, NULL, i, (struct place){i + 1, 1, i, i});
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(places_find(p, list, NULL, i)->line, i + 1);
	assert_null(places_find(p, list, NULL, 100000));
	assert_null(places_find(p, list, "", 0));
	places_free(p);
	json_decref(list);
}

static void pointers(void **state)
{
	/* The document and the pointers of RFC 6901, section 5. */
	json_t *v = json_loads("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,"
			       "\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8}",
		0, NULL);
	static const struct {
		const char *pointer, *value;
	} cases[] = {{"/foo", "[\"bar\",\"baz\"]"}, {"/foo/0", "\"bar\""}, {"/", "0"}, {"/a~1b", "1"}, {"/c%d", "2"},
		{"/e^f", "3"}, {"/g|h", "4"}, {"/i\\j", "5"}, {"/k\"l", "6"}, {"/ ", "7"}, {"/m~0n", "8"},
		{"/foo/2", NULL}, {"/foo/-", NULL}, {"/foo/00", NULL}, {"/foo/01", NULL}, {"/foo/", NULL},
		{"/foo/0/x", NULL}, {"foo", NULL}, {"/foo/99999999999999999999", NULL}, {"/nope/deeper", NULL},
		{"/m~n", "8"}};

	(void)state;
	assert_ptr_equal(pointer_get(v, ""), v);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf text = BUF_INIT(1000);
		json_t *found = pointer_get(v, cases[i].pointer);

		if (found)
			json_put(&text, found);
		if (!cases[i].value != !found)
			fail_msg("%s", cases[i].pointer);
		if (found)
			assert_string_equal(buf_text(&text), cases[i].value);
		buf_clear(&text);
	}
	assert_null(pointer_get(NULL, "/a"));
	json_decref(v);
}

static void written_trees(void **state)
{
	static const struct {
		const char *in, *put, *canonical;
	} cases[] = {
		{"{\"b\":1,\"a\":[true,false,null],\"\":{}}", "{\"b\":1,\"a\":[true,false,null],\"\":{}}",
			"{\"\":{},\"a\":[true,false,null],\"b\":1}"},
		{"{\"\\u00e9\":1,\"z\":2,\"Z\":3}", "{\"\xc3\xa9\":1,\"z\":2,\"Z\":3}", "{\"Z\":3,\"z\":2,\"\xc3\xa9\":1}"},
		{"[91.3,0.1,1.0,-0.0,1e22,1e-7,0.30000000000000004,123456789.25]",
			"[91.3,0.1,1.0,-0.0,1e+22,1e-07,0.30000000000000004,123456789.25]",
			"[91.3,0.1,1,0,1e+22,1e-07,0.30000000000000004,123456789.25]"},
		{"[9223372036854775807,-9223372036854775808,-0]", "[9223372036854775807,-9223372036854775808,0]",
			"[9223372036854775807,-9223372036854775808,0]"},
		{"[5e-324,1.7976931348623157e308]", "[4.94065645841247e-324,1.7976931348623157e+308]",
			"[4.94065645841247e-324,1.7976931348623157e+308]"},
		{"[\"\\u001f\\n\\/\\\"\"]", "[\"\\u001f\\n/\\\"\"]", "[\"\\u001f\\n/\\\"\"]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *v = json_loads(cases[i].in, 0, NULL), *again;
		struct buf text = BUF_INIT(1000);
		char *canonical = json_canonical(v);

		json_put(&text, v);
		assert_string_equal(buf_text(&text), cases[i].put);
		assert_string_equal(canonical, cases[i].canonical);
		again = json_loads(buf_text(&text), 0, NULL);
		assert_true(json_equal(v, again));
		json_decref(again);
		json_decref(v);
		free(canonical);
		buf_clear(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_members),
		cmocka_unit_test(choices),
		cmocka_unit_test(wrong_types),
		cmocka_unit_test(the_first_error_stays),
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(errors_name_the_place),
		cmocka_unit_test(places_are_many),
		cmocka_unit_test(pointers),
		cmocka_unit_test(written_trees),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
