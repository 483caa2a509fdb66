/* Rules on what tools saw. */
#include "doc/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static json_t *json(const char *text)
{
	json_t *v = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(v);
	return v;
}

static const char observation[] = "{\"tool\":\"t.x\",\"args\":{\"a\":1,\"b\":\"two\"},\"host\":\"nas\",\"at\":\"2026-11-21T04:00:00.5Z\","
				  "\"ok\":true,\"data\":{\"list\":[{\"n\":1,\"name\":\"{host}\"},{\"n\":2,\"name\":\"\"},{\"n\":3}]}}";

/* Applies a rule and gives its signals, printed. */
static char *apply(struct goal_rule r, const char *when, const char *labels, const char *override, long wanted)
{
	json_t *o = json(observation), *w = json(when), *l = json(labels), *over = json(override);
	json_t *signals = json_array();
	struct err e = ERR_INIT;
	char *text;

	r.when = w;
	r.labels = json_is_null(l) ? NULL : l;
	assert_int_equal(rule_apply(&r, json_is_null(over) ? NULL : over, o, signals, &e), wanted);
	text = json_dumps(signals, JSON_COMPACT);
	json_decref(o);
	json_decref(w);
	json_decref(l);
	json_decref(over);
	json_decref(signals);
	return text;
}

static const struct goal_rule plain = {
	.alert = "A", .tool = "t.x", .each = "/list", .summary = "{/name} has {/n}", .severity = SEVERITY_WARNING};

static void test_each(void **state)
{
	char *text = apply(plain, "{\"/n\":{\"<\":3}}", "{\"name\":\"{/name}\",\"n\":\"n{/n}\",\"fixed\":7}", "null", 2);

	(void)state;
	/* A value is never looked at for placeholders; an empty label is no label. The fingerprints were computed apart. */
	assert_string_equal(text,
		"[{\"kind\":\"signal\",\"id\":\"fc2cea1bb2033710-20261121T040000Z\",\"source\":\"hl-gather\",\"status\":\"firing\","
		"\"name\":\"A\",\"severity\":\"warning\",\"labels\":{\"alertname\":\"A\",\"host\":\"nas\",\"instance\":\"nas\","
		"\"severity\":\"warning\",\"name\":\"{host}\",\"n\":\"n1\",\"fixed\":\"7\"},\"annotations\":{\"summary\":"
		"\"{host} has 1\",\"tool\":\"t.x\"},\"starts_at\":\"2026-11-21T04:00:00.500Z\",\"fingerprint\":\"fc2cea1bb2033710\"},"
		"{\"kind\":\"signal\",\"id\":\"721cdc0290ba8a4c-20261121T040000Z\",\"source\":\"hl-gather\",\"status\":\"firing\","
		"\"name\":\"A\",\"severity\":\"warning\",\"labels\":{\"alertname\":\"A\",\"host\":\"nas\",\"instance\":\"nas\","
		"\"severity\":\"warning\",\"n\":\"n2\",\"fixed\":\"7\"},\"annotations\":{\"summary\":\" has 2\",\"tool\":\"t.x\"},"
		"\"starts_at\":\"2026-11-21T04:00:00.500Z\",\"fingerprint\":\"721cdc0290ba8a4c\"}]");
	free(text);
}

static void test_override(void **state)
{
	char *text = apply(plain, "{\"/n\":{\"<\":3}}", "null",
		"{\"when\":{\"/n\":3},\"severity\":\"critical\",\"summary\":\"{tool} on {host}\"}", 1);

	(void)state;
	assert_non_null(strstr(text, "\"severity\":\"critical\",\"labels\""));
	assert_non_null(strstr(text, "\"summary\":\"t.x on nas\""));
	free(text);
	assert_true(rule_is_off(json_true()) == false);
}

static void test_whole_and_missing(void **state)
{
	struct goal_rule whole = plain, wrong = plain;
	char *text;

	(void)state;
	whole.each = NULL;
	text = apply(whole, "{\"/list/0/n\":1}", "null", "null", 1);
	assert_non_null(strstr(text, "\"annotations\":{\"tool\":\"t.x\"}")); /* a summary that finds nothing is left out, the signal stays */
	free(text);
	wrong.each = "/list/0";
	free(apply(wrong, "{}", "null", "null", -1));
	wrong.each = "/nothing";
	free(apply(wrong, "{}", "null", "null", -1));
}

static void test_concerns(void **state)
{
	static const struct {
		const char *tool, *args;
		bool concerns;
	} cases[] = {
		{"t.x", NULL, true},
		{"t.y", NULL, false},
		{"t.x", "{\"a\":1}", true},
		{"t.x", "{\"a\":2}", false},
		{"t.x", "{\"c\":2}", false},
		{"t.x", "{\"b\":\"two\",\"a\":1}", true},
	};
	json_t *o = json(observation);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *args = cases[i].args ? json(cases[i].args) : NULL;
		struct goal_rule r = {.alert = "A", .tool = cases[i].tool, .args = args};

		assert_int_equal(rule_concerns(&r, o), cases[i].concerns);
		json_decref(args);
	}
	json_decref(o);
}

static void test_resolved(void **state)
{
	json_t *labels = json("{\"alertname\":\"A\",\"severity\":\"critical\"}");
	json_t *s = rule_resolved(labels, 1000, 61000);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(s, "status")), "resolved");
	assert_string_equal(json_string_value(json_object_get(s, "starts_at")), "1970-01-01T00:00:01Z");
	assert_string_equal(json_string_value(json_object_get(s, "ends_at")), "1970-01-01T00:01:01Z");
	assert_string_equal(json_string_value(json_object_get(s, "severity")), "critical");
	assert_non_null(strstr(json_string_value(json_object_get(s, "id")), "-19700101T000001Z"));
	json_decref(s);
	json_decref(labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_override),
		cmocka_unit_test(test_whole_and_missing),
		cmocka_unit_test(test_concerns),
		cmocka_unit_test(test_resolved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
