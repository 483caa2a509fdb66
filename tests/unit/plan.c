#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/ladder.h"
#include "doc/plan.h"

static const struct source source = {"plan", NULL, ERR_DATA};

static json_t *parse(const char *text)
{
	json_t *v = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(v);
	return v;
}

#define STEP "\"tool\":\"t\",\"args\":{}"
#define GOOD                                                                                       \
	"{\"at\":\"2026-11-21T04:00:00Z\",\"solutions\":[{\"n\":1,\"id\":\"a\",\"effect\":"        \
	"\"change\","                                                                              \
	"\"blast_radius\":\"none\",\"steps\":[{\"id\":\"s\"," STEP "}]}],\"recommended\":1,"       \
	"\"autonomy\":{\"level\":\"suggest\",\"why\":[]},"                                         \
	"\"expires_at\":\"2026-11-21T16:00:00Z\",\"digest\":\"d\"}"

static void digest_is_of_case_and_plan(void **state)
{
	json_t *a = parse("{\"x\":1,\"y\":{\"b\":2,\"a\":3}}");
	json_t *b = parse("{\"y\":{\"a\":3,\"b\":2},\"x\":1,\"digest\":\"whatever\"}");
	char one[SHA_HEX], two[SHA_HEX];

	(void)state;
	/* printf '%s' '{"case":"c","plan":{"x":1,"y":{"a":3,"b":2}}}' | sha256sum */
	assert_string_equal(plan_digest("c", a, one),
		"f41e89b682a5952743bb94e8cb6d32acff8053c38a8cf047c8a5e96ef946f335");
	assert_string_equal(one, plan_digest("c", b, two));
	assert_non_null(json_object_get(b, "digest")); /* the plan itself is left as it was */
	assert_string_not_equal(one, plan_digest("d", a, two));
	assert_false(plan_sealed("c", b));
	json_object_set_new(b, "digest", json_string(one));
	assert_true(plan_sealed("c", b));
	assert_false(plan_sealed("d", b));
	json_object_set_new(b, "x", json_integer(2));
	assert_false(plan_sealed("c", b));
	assert_false(plan_sealed("c", a));
	json_decref(a);
	json_decref(b);
}

static const struct {
	const char *steps, *order, *error;
} orders[] = {
	{"[]", "", NULL},
	{"[{\"id\":\"a\"," STEP "},{\"id\":\"b\"," STEP "},{\"id\":\"c\"," STEP "}]", "0 1 2 ",
		NULL},
	{"[{\"id\":\"a\"," STEP ",\"needs\":[\"c\"]},{\"id\":\"b\"," STEP "},{\"id\":\"c\"," STEP
	 "}]",
		"1 2 0 ", NULL},
	{"[{\"id\":\"a\"," STEP ",\"needs\":[\"b\",\"c\"]},{\"id\":\"b\"," STEP
	 ",\"needs\":[\"c\"]},{\"id\":\"c\"," STEP "}]",
		"2 1 0 ", NULL},
	{"[{\"id\":\"a\"," STEP ",\"needs\":[\"b\",\"b\"]},{\"id\":\"b\"," STEP ",\"needs\":[]}]",
		"1 0 ", NULL},
	{"[{\"id\":\"a\"," STEP ",\"needs\":[\"a\"]}]", NULL,
		"plan: steps need each other in a circle"},
	{"[{\"id\":\"a\"," STEP ",\"needs\":[\"b\"]},{\"id\":\"b\"," STEP ",\"needs\":[\"a\"]}]",
		NULL, "plan: steps need each other in a circle"},
	{"[{\"id\":\"a\"," STEP ",\"needs\":[\"z\"]}]", NULL, "plan: [0].needs[0]: no step 'z'"},
	{"[{\"id\":\"a\"," STEP ",\"needs\":[7]}]", NULL,
		"plan: [0].needs[0]: not the id of a step"},
	{"[{\"id\":\"a\"," STEP "},{\"id\":\"a\"," STEP "}]", NULL,
		"plan: [1]: id 'a' occurs twice"},
	{"[{\"id\":\"../a\"," STEP "}]", NULL, "plan: [0]: id '../a' is not a name"},
	{"[7]", NULL, "plan: [0]: not a step"},
};

static void steps_are_ordered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		json_t *v = parse(orders[i].steps);
		struct node root = node_root(v, &source);
		struct err e = ERR_INIT;
		size_t order[PLAN_STEPS];
		char text[64] = "";
		int n = plan_order(&root, order, &e);

		for (int k = 0; k < n; k++)
			snprintf(text + strlen(text), 8, "%zu ", order[k]);
		if (orders[i].error)
			assert_int_equal(n, -1);
		assert_string_equal(orders[i].error ? e.text : text,
			orders[i].error ? orders[i].error : orders[i].order);
		json_decref(v);
	}
}

static void many_steps_are_refused(void **state)
{
	json_t *v = json_array();
	struct node root = node_root(v, &source);
	struct err e = ERR_INIT;
	size_t order[PLAN_STEPS];

	(void)state;
	for (int i = 0; i <= PLAN_STEPS; i++)
		json_array_append_new(
			v, json_pack("{s:o, s:s}", "id", json_sprintf("s%d", i), "tool", "t"));
	assert_int_equal(plan_order(&root, order, &e), -1);
	assert_string_equal(e.text, "plan: 51 steps, at most 50 are possible");
	json_array_remove(v, 0);
	err_clear(&e);
	assert_int_equal(plan_order(&root, order, &e), PLAN_STEPS);
	json_decref(v);
}

static void a_plan_is_read(void **state)
{
	json_t *v = parse(GOOD), *empty = json_object();
	struct node root = node_root(v, &source);
	struct err e = ERR_INIT;
	int64_t at;

	(void)state;
	assert_int_equal(plan_check(&root, &e), 0);
	assert_string_equal(json_string_value(json_object_get(plan_recommended(v), "id")), "a");
	assert_null(plan_solution(v, 0));
	assert_null(plan_solution(v, 2));
	assert_int_equal(plan_level(v), LEVEL_SUGGEST);
	assert_int_equal(plan_level(empty), LEVEL_OBSERVE);
	when_parse(STR("2026-11-21T16:00:00Z"), &at);
	assert_int_equal(plan_expires(v), at);
	assert_true(plan_expires(empty) == WHEN_NEVER);
	assert_null(plan_recommended(empty));
	json_decref(v);
	json_decref(empty);
}

/*
 * A good plan with the value at `pointer`'s parent replaced: what is wrong is named with its
 * place.
 */
static const struct {
	const char *at, *key, *value, *error;
} faults[] = {
	{"", "recommended", "2", "plan: recommended: no such solution"},
	{"", "recommended", "\"1\"", "plan: recommended: no such solution"},
	{"", "expires_at", "\"soon\"", "plan: expires_at is missing or is no time"},
	{"", "invariants", "[{}]", NULL},
	{"", "solutions", "{}", NULL},
	{"", "solutions", "[1]", "plan: solutions[0]: not a solution"},
	{"", "digest", "1", NULL},
	{"/autonomy", "level", "\"god\"", NULL},
	{"/solutions/0", "n", "0", "plan: solutions[0]: its number is missing or occurs twice"},
	{"/solutions/0", "n", "-1", "plan: solutions[0]: its number is missing or occurs twice"},
	{"/solutions/0", "effect", "\"gentle\"", NULL},
	{"/solutions/0", "blast_radius", "7", NULL},
	{"/solutions/0", "verify", "[1]", "plan: solutions[0].verify[0]: not a check"},
	{"/solutions/0", "preflight", "{}", NULL},
	{"/solutions/0/steps/0", "undo", "{\"args\":{}}", NULL},
	{"/solutions/0/steps/0", "undo", "\"undo\"", NULL},
	{"/solutions/0/steps/0", "args", "[]", NULL},
	{"/solutions/0/steps/0", "needs", "\"s\"", NULL},
};

static void faults_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		json_t *v = parse(GOOD);
		struct node root = node_root(v, &source);
		struct err e = ERR_INIT;

		json_object_set_new(pointer_get(v, faults[i].at), faults[i].key,
			json_loads(faults[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(plan_check(&root, &e), -1);
		assert_int_equal(e.kind, ERR_DATA);
		if (faults[i].error)
			assert_string_equal(e.text, faults[i].error);
		else if (!strstr(e.text, faults[i].key))
			fail_msg("'%s' does not name %s", e.text, faults[i].key);
		json_decref(v);
	}
}

static void no_plan_is_a_fault(void **state)
{
	static const char *const texts[] = {"[]", "1", "null", "\"x\"", "{}", "[[]]"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *v = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		struct node root = node_root(v, &source);
		struct err e = ERR_INIT;

		assert_int_equal(plan_check(&root, &e), -1);
		json_decref(v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digest_is_of_case_and_plan),
		cmocka_unit_test(steps_are_ordered),
		cmocka_unit_test(many_steps_are_refused),
		cmocka_unit_test(a_plan_is_read),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(no_plan_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
