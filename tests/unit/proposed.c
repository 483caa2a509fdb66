/* A model's proposal becomes our nouns, or a reason why not; and where workloads belong. */
#include "doc/proposed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doc/placement.h"

static json_t *tree(const char *json)
{
	json_t *v = json_loads(json, JSON_DECODE_ANY, NULL);

	if (!v)
		fail_msg("not JSON: %s", json);
	return v;
}

/* Swallows what came out. */
static void is(json_t *got, const char *wanted)
{
	char *text = json_canonical(got);

	assert_string_equal(text, wanted);
	free(text);
	json_decref(got);
}

static void lines(void **state)
{
	json_t *list = tree("[\"a\\nb\\u001b[2J\\u202ec\", \"\", 7, \"  \", \"d\"]"), *twelve = json_array();
	json_t *text = tree("\"1234567890\"");
	json_t *link = tree("[\"say \\\"x\\\" at ![y](https://h/?q=1)\", \"a\\u00a0\\u3000b\\u2800c\"]");

	(void)state;
	is(proposed_lines(list), "[\"a b [2Jc\",\"d\"]");
	is(proposed_line(text, 4), "\"1234...\"");
	is(proposed_line(NULL, 4), "\"\"");
	is(proposed_lines(link), "[\"say 'x' at ![y] (https[:]//h/?q=1)\",\"a b c\"]");
	for (int i = 0; i < 12; i++)
		json_array_append_new(twelve, json_string("x"));
	is(proposed_lines(twelve), "[\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\"]");
	json_decref(text);
	json_decref(link);
	json_decref(twelve);
	json_decref(list);
}

static bool supported(const char *place, size_t looks)
{
	json_t *told = tree("{\"signals\":[{\"labels\":{\"a\":\"b\",\"c/d\":null}}],\"\":1}");
	json_t *proposal = json_pack("{s:[{s:s, s:[s]}]}", "claims", "text", "t", "rests_on", place);
	json_t *claims = proposed_claims(proposal, told, looks);
	bool is_so = json_is_true(json_object_get(json_array_get(claims, 0), "supported"));

	json_decref(claims);
	json_decref(proposal);
	json_decref(told);
	return is_so;
}

static void claims(void **state)
{
	static const struct {
		const char *place;
		bool supported; /* with two looks */
	} table[] = {{"/signals/0", true}, {"/signals/0/labels/a", true}, {"/signals/0/labels/c~1d", true},
		{"/signals/1", false}, {"/signals/0/labels/b", false}, {"signals/0", false}, {"", false},
		{"1", true}, {"#2", true}, {"3", false}, {"0", false}, {"-1", false}, {"1x", false}, {"01", false},
		{"18446744073709551617", false}, {"/", true}};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (supported(table[i].place, 2) != table[i].supported)
			fail_msg("'%s'", table[i].place);
	assert_false(supported("1", 0));
}

/* The steps and the checks that come of it, or the reason. */
static void solution(const char *json, const char *wanted)
{
	json_t *one = tree(json);
	struct proposed p;
	struct err e = ERR_INIT;

	if (proposed_solution(&p, one, 3, &e) == 0) {
		assert_string_equal(p.solution.id, "model-3");
		assert_int_equal(p.solution.human_selected, 0);
		is(json_pack("[s, O, O]", p.solution.title, p.solution.steps, p.solution.verify), wanted);
	} else if (!strstr(e.text, wanted)) {
		fail_msg("'%s' is not in '%s'", wanted, e.text);
	}
	proposed_clear(&p);
	json_decref(one);
}

static void solutions(void **state)
{
	(void)state;
	solution("{\"title\":\"A\\tb\",\"risk\":\"low\",\"steps\":[{\"tool\":\"a.b\",\"args\":{\"x\":\"{y}\"}},"
		 "{\"id\":\"two\",\"tool\":\"c.d\",\"args\":{},\"needs\":[\"1\"]}],\"verify\":[{\"tool\":\"e.f\",\"args\":{},\"title\":\"T\\n\"}]}",
		"[\"A b\",[{\"args\":{\"x\":\"{y}\"},\"id\":\"1\",\"needs\":[],\"tool\":\"a.b\"},"
		"{\"args\":{},\"id\":\"two\",\"needs\":[\"1\"],\"tool\":\"c.d\"}],[{\"args\":{},\"tool\":\"e.f\"}]]");
	solution("{\"steps\":[],\"verify\":[]}", "[\"model-3\",[],[]]");
	solution("{\"steps\":[{\"tool\":\"a b\",\"args\":{}}]}", "no name of a tool");
	solution("{\"steps\":[{\"args\":{}}]}", "no name of a tool");
	solution("{\"steps\":[{\"id\":\"../x\",\"tool\":\"a.b\"}]}", "is no id");
	solution("{\"steps\":[],\"verify\":[{\"tool\":\"e.f\",\"args\":{},\"within\":\"16m\"}]}", "15 minutes");
	solution("{\"steps\":[],\"verify\":[{\"tool\":\"e.f\",\"args\":{},\"within\":\"soon\"}]}", "within");
	solution("{\"steps\":[],\"verify\":[{\"tool\":\"e.f\",\"args\":{},\"expect\":{\"no pointer\":1}}]}", "pointer");
	solution("{\"steps\":[],\"verify\":[{\"args\":{}}]}", "tool");
}

static void placements(void **state)
{
	json_t *rules = placement_default(), *none = tree("[\"big\", 7]"), *some = tree("[\"Trial\", \"persistent-storage\"]");
	json_t *place = placement_decide(rules, some);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(place, "where")), "k3s");
	assert_null(placement_decide(rules, none));
	assert_null(placement_decide(NULL, some));
	json_decref(place);
	json_decref(some);
	some = tree("[\"replicas\", \"one time\"]"); /* the first rule, not the first trait */
	place = placement_decide(rules, some);
	assert_string_equal(json_string_value(json_object_get(place, "where")), "manual");
	json_decref(place);
	json_decref(some);
	json_decref(none);
	json_decref(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(claims),
		cmocka_unit_test(solutions),
		cmocka_unit_test(placements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
