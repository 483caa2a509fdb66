/* workflow, step, task: what loads, what may be written, what counts as an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/step.h"
#include "doc/task.h"
#include "doc/workflow.h"

static const struct source source = {"w.yaml", NULL, ERR_CONFIG};

static json_t *parse(const char *text)
{
	json_t *v = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(v);
	return v;
}

static struct workflow *take(const char *text, struct err *e)
{
	json_t *types = parse("{\"t\":{\"tool\":\"a.b\",\"args\":{\"x\":\"{resource.x}\",\"n\":\"{n}\"}}}");
	json_t *problems = json_array();
	struct workflow *w = workflow_take(parse(text), &source, types, problems, e);

	json_decref(types);
	json_decref(problems);
	return w;
}

static void documents_only(void **state)
{
	static const char *const yes[] = {
		"docs/a.md", "docs/a/b/c.txt", "inventory/x.yaml", "wishes/w.md", "README.md",
		"INFRASTRUCTURE.md", NULL};
	static const char *const no[] = {"", "docs", "docs/", "/docs/a.md", "docs//a", "docs/../policy.yaml",
		"docs/.git/config", ".git/config", "policy.yaml", "runbooks/a.md", "tools/a.yaml",
		"goals/a.md", "workflows/a.yaml", "decisions/a.md", "docs/a\nb", "docs\\a", ".md", "README.txt",
		"docs/a b", "Docs/a.md", "AGENTS.md", "CLAUDE.md", NULL};

	(void)state;
	for (size_t i = 0; yes[i]; i++)
		assert_true(step_may_write(yes[i]));
	for (size_t i = 0; no[i]; i++)
		assert_false(step_may_write(no[i]));
}

static void what_is_put_in_stays(void **state)
{
	struct err e = ERR_INIT;
	struct workflow *w = take("{\"workflow\":\"w\",\"args\":{\"x\":{\"type\":\"string\"}},\"steps\":["
				  "{\"id\":\"a\",\"tool\":\"a.b\",\"args\":{\"v\":\"{x}\"}},"
				  "{\"id\":\"b\",\"needs\":[\"a\"],\"human\":\"see {x}\"},"
				  "{\"id\":\"c\",\"check\":{\"tool\":\"a.c\",\"expect\":{\"/k\":{\"matches\":\"^a{2}$\"}}}}]}",
		&e);
	json_t *args = parse("{\"x\":\"{x} {{y}}\"}"), *steps = w ? workflow_steps(w, args, &e) : NULL;

	(void)state;
	assert_non_null(steps);
	assert_string_equal(
		json_string_value(pointer_get(steps, "/0/args/v")), "{x} {{y}}");
	assert_string_equal(json_string_value(pointer_get(steps, "/1/ask")), "see {x} {{y}}");
	assert_string_equal(json_string_value(pointer_get(steps, "/2/expect/~1k/matches")), "^a{2}$");
	json_decref(steps);
	json_decref(args);
	workflow_free(w);
}

static void resources(void **state)
{
	struct err e = ERR_INIT;
	struct workflow *w = take("{\"apiVersion\":\"kro.run/v1alpha1\",\"kind\":\"ResourceGraphDefinition\","
				  "\"metadata\":{\"name\":\"w\"},\"spec\":{\"resources\":["
				  "{\"name\":\"a\",\"type\":\"t\",\"x\":[\"{{.n}}\",\"{n}\"]},"
				  "{\"name\":\"b\",\"type\":\"?\",\"waitForHuman\":true,\"y\":1}]}}",
		&e);
	json_t *args = parse("{\"n\":\"{{.n}}\"}"), *steps;

	(void)state;
	assert_non_null(w);
	assert_non_null(json_object_get(w->args, "n"));
	steps = workflow_steps(w, args, &e);
	assert_string_equal(json_string_value(pointer_get(steps, "/0/args/x/0")), "{{.n}}");
	assert_string_equal(json_string_value(pointer_get(steps, "/0/args/x/1")), "{n}");
	assert_string_equal(json_string_value(pointer_get(steps, "/0/args/n")), "{{.n}}");
	assert_int_equal(json_integer_value(pointer_get(steps, "/1/details/y")), 1);
	json_decref(steps);
	json_decref(args);
	workflow_free(w);
}

static void refused(void **state)
{
	static const char *const wrong[][2] = {
		{"[]", "must be a workflow"},
		{"{\"workflow\":\"w\"}", "'steps' is missing"},
		{"{\"workflow\":\"w\",\"steps\":[{\"tool\":\"a.b\",\"human\":\"x\"}]}", "more than one thing"},
		{"{\"workflow\":\"w\",\"steps\":[{\"human\":{\"ask\":\"x\",\"within\":\"500d\"}}]}", "from 1s to 400d"},
		{"{\"workflow\":\"w\",\"steps\":[{\"write\":{\"path\":\"docs/a\",\"text\":\"a\",\"append\":\"b\"}}]}",
			"either 'text'"},
		{"{\"workflow\":\"w\",\"steps\":[{\"id\":\"a\",\"human\":\"x\"},{\"id\":\"a\",\"human\":\"x\"}]}", "occurs twice"},
		{"{\"workflow\":\"w\",\"args\":{\"x\":{\"type\":\"string\",\"required\":false}},\"steps\":[{\"human\":\"{x}\"}]}",
			"may be left out"},
		{"{\"apiVersion\":\"kro.run/v1alpha1\"}", "'kind' is missing"},
		{"{\"apiVersion\":\"kro.run/v1alpha1\",\"kind\":\"ResourceGraphDefinition\",\"metadata\":{\"name\":\"w\"}}",
			"'spec' is missing"},
		{"{\"apiVersion\":\"kro.run/v1alpha1\",\"kind\":\"ResourceGraphDefinition\",\"metadata\":{\"name\":\"w\"},"
		 "\"spec\":{\"resources\":[{\"name\":\"a\",\"type\":\"t\"}]}}", "the resource has no 'x'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct err e = ERR_INIT;

		assert_null(take(wrong[i][0], &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		if (!strstr(e.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][1], e.text);
	}
}

static void what_counts_as_an_answer(void **state)
{
	json_t *wait = parse("{\"event\":\"wait\",\"step\":\"s\",\"at\":\"2026-11-21T04:00:00Z\","
			     "\"until\":\"2026-11-22T04:00:00Z\"}");
	json_t *answer = parse("{\"step\":\"s\",\"said\":\"done\",\"by\":\"b\",\"via\":\"terminal\","
			       "\"at\":\"2026-11-21T05:00:00Z\",\"digest\":\"d\"}");
	static const char *const spoilt[][2] = {{"step", "t"}, {"said", "maybe"}, {"by", ""},
		{"via", "policy"}, {"at", "2026-11-22T04:00:00Z"}, {"at", "2026-11-21T03:59:59Z"},
		{"at", "?"}, {"digest", "e"}};
	struct task_end end;
	int64_t now = 0;

	(void)state;
	assert_int_equal(when_parse(STR("2026-11-21T06:00:00Z"), &now), 0);
	assert_false(task_over(wait, NULL, "d", now, &end));
	assert_true(task_over(wait, answer, "d", now, &end) && end.done && !end.expired);
	assert_true(task_over(wait, answer, "d", now + WHEN_DAY, &end) && end.done);
	for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
		json_t *bad = json_copy(answer);

		json_object_set_new(bad, spoilt[i][0], json_string(spoilt[i][1]));
		assert_false(task_over(wait, bad, "d", now, &end));
		assert_true(task_over(wait, bad, "d", now + WHEN_DAY, &end) && end.expired);
		json_decref(bad);
	}
	json_decref(answer);
	json_decref(wait);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_only),
		cmocka_unit_test(what_is_put_in_stays),
		cmocka_unit_test(resources),
		cmocka_unit_test(refused),
		cmocka_unit_test(what_counts_as_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
