/* runbook: the seed's form, what we add, what is filled in, and what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/when.h"
#include "doc/runbook.h"
#include "edge/yaml.h"

static struct runbook *load(const char *yaml, struct err *e)
{
	struct places *places = places_new();
	struct source source = {.name = "r.yaml", .kind = ERR_CONFIG, .places = places};
	json_t *tree = yaml_load(str_of(yaml), "r.yaml", places, e);
	struct runbook *r = tree ? runbook_take(tree, &source, e) : NULL;

	places_free(places);
	return r;
}

static struct runbook *must_load(const char *yaml)
{
	struct err e = ERR_INIT;
	struct runbook *r = load(yaml, &e);

	if (!r)
		fail_msg("%s", e.text);
	return r;
}

static char *seed(void)
{
	struct buf text = BUF_INIT(65536), path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	const char *top = getenv("HL_TOP");

	buf_putf(&path, "%s/tests/samples/radarr-memory-pressure.yaml", top ? top : ".");
	if (file_read(buf_text(&path), &text, &e))
		fail_msg("%s", e.text);
	buf_clear(&path);
	return buf_take(&text);
}

static void seed_loads_as_it_stands(void **state)
{
	char *text = seed();
	struct runbook *r = must_load(text);

	(void)state;
	assert_string_equal(r->id, "radarr-memory-pressure-001");
	assert_string_equal(r->title, "radarr memory pressure 001");
	assert_string_equal(r->path, "r.yaml");
	assert_string_equal(r->metric_name, "container_memory_usage_bytes");
	assert_string_equal(r->condition, "> 90%");
	assert_int_equal(r->duration_ms, 5 * WHEN_MINUTE);
	assert_true(r->by_metric);
	assert_int_equal(r->match.count, 1);
	assert_string_equal(r->match.items[0].name, "pod");
	assert_string_equal(r->match.items[0].value, "radarr.*");
	assert_int_equal(r->count, 2);
	assert_string_equal(r->solutions[0].id, "increase_memory");
	assert_string_equal(r->solutions[0].title, "increase memory");
	assert_int_equal(r->solutions[0].human_selected, 4);
	assert_true(r->solutions[1].success_rate == 1.0);
	assert_int_equal(r->solutions[0].reversible, -1);
	assert_null(r->solutions[0].risk);
	assert_int_equal(r->level, LEVEL_ASK_HUMAN);
	assert_int_equal(r->criteria.min_approvals, 5);
	assert_int_equal(r->criteria.blast, BLAST_SINGLE_POD);
	assert_int_equal(r->recurs_ms, WHEN_DAY);
	runbook_free(r);
	free(text);
}

static void action_is_one_step(void **state)
{
	char *text = seed();
	struct runbook *r = must_load(text);
	char *steps = json_dumps(r->solutions[0].steps, JSON_COMPACT);

	(void)state;
	assert_string_equal(steps,
		"[{\"id\":\"kubectl_patch\",\"tool\":\"kubectl_patch\",\"args\":{},\"needs\":[]}]");
	free(steps);
	runbook_free(r);
	free(text);
}

#define HEAD "id: nginx\ntrigger: {alert: Down}\nsolutions:\n"
#define ONE  HEAD "  - id: a\n    steps: [{tool: systemd.restart}]\n"

static void short_form_is_filled_in(void **state)
{
	struct runbook *r = must_load(
		HEAD "  - id: restart\n    risk: low\n    reversible: true\n"
		     "    steps:\n      - {tool: x.y, args: {unit: '{labels.unit}'}}\n      - {id: "
		     "b, tool: x.z, needs: ['1']}\n"
		     "    verify: [{tool: x.q, expect: {/a: b}}]\n");
	char *steps = json_dumps(r->solutions[0].steps, JSON_COMPACT | JSON_SORT_KEYS);

	(void)state;
	assert_string_equal(steps,
		"[{\"args\":{\"unit\":\"{labels.unit}\"},\"id\":\"1\",\"needs\":[],\"tool\":\"x."
		"y\"},"
		"{\"args\":{},\"id\":\"b\",\"needs\":[\"1\"],\"tool\":\"x.z\"}]");
	assert_string_equal(r->solutions[0].risk, "low");
	assert_int_equal(r->solutions[0].reversible, 1);
	assert_int_equal(json_array_size(r->solutions[0].verify), 1);
	assert_false(r->by_metric);
	assert_string_equal(r->match.items[0].name, "alertname");
	free(steps);
	runbook_free(r);
}

static void trigger_forms(void **state)
{
	struct runbook *r = must_load(
		"id: x\ntrigger: {alert: A, match: {host: nas}, metric: up, condition: '== 0'}\n"
		"solutions: [{id: a, action: x.y}]\n");

	(void)state;
	assert_int_equal(r->match.count, 2);
	assert_false(r->by_metric);
	assert_string_equal(r->metric_name, "up");
	runbook_free(r);
	r = must_load(
		"id: x\ntrigger: {metric: 'job:up:sum'}\nsolutions: [{id: a, action: x.y}]\n");
	assert_true(r->by_metric);
	assert_int_equal(r->match.count, 0);
	runbook_free(r);
}

static void digest_of(const char *yaml, char hex[SHA_HEX])
{
	struct runbook *r = must_load(yaml);

	memcpy(hex, r->steps_digest, SHA_HEX);
	runbook_free(r);
}

static void digest_covers_what_is_done(void **state)
{
	char plain[SHA_HEX], other[SHA_HEX];

	(void)state;
	digest_of(ONE, plain);
	assert_int_equal(strlen(plain), 64);
	digest_of(ONE "    title: T\n    human_selected: 7\n    success_rate: 0.5\n    impact: "
		      "none\nautomation_level: auto\n",
		other);
	assert_string_equal(plain, other);
	digest_of(ONE "    verify: [{tool: x.y}]\n", other);
	assert_string_not_equal(plain, other);
	digest_of(ONE "    preflight: [{tool: x.y}]\n", other);
	assert_string_not_equal(plain, other);
	digest_of(HEAD "  - id: a\n    steps: [{tool: systemd.restart, args: {unit: x}}]\n", other);
	assert_string_not_equal(plain, other);
	digest_of(HEAD
		"  - id: a\n    steps: [{id: '1', tool: systemd.restart, args: {}, needs: []}]\n",
		other);
	assert_string_equal(plain, other);
}

static const struct {
	const char *yaml, *message;
} refused[] = {
	{"[]", "r.yaml:1:1: must be a runbook, with 'id', 'trigger' and 'solutions'"},
	{"trigger: {alert: A}\n", "r.yaml:1:1: 'id' is missing"},
	{"id: ../x\n", "r.yaml:1:1: id: '../x' is not a name: letters, digits and . _ - : @, not "
		       "starting with a dot"},
	{"id: x\n", "r.yaml:1:1: 'trigger' is missing: say which alert this is about"},
	{"id: x\ntrigger: {}\n", "r.yaml:2:1: trigger: needs one of 'alert', 'match' and 'metric'"},
	{"id: x\ntrigger: {match: {}}\n",
		"r.yaml:2:11: trigger.match: is empty: it would match every alert"},
	{"id: x\ntrigger: {alert: ''}\n", "r.yaml:2:11: trigger.alert: is empty"},
	{"id: x\ntrigger: {alrt: A}\n",
		"r.yaml:2:11: trigger.alrt: unknown key: did you mean 'alert'?"},
	{"id: x\ntrigger: {metric: '9x'}\n",
		"r.yaml:2:11: trigger.metric: '9x' is not a metric such as up{job=\"node\"}"},
	{"id: x\ntrigger: {metric: 'sum(up)'}\n",
		"r.yaml:2:11: trigger.metric: 'sum(up)' is not a metric such as up{job=\"node\"}"},
	{"id: x\ntrigger: {alert: A, condition: '> 3'}\n",
		"r.yaml:2:21: trigger.condition: means nothing without 'metric'"},
	{"id: x\ntrigger: {metric: up, condition: '> much'}\n",
		"r.yaml:2:23: trigger.condition: '> much' is not a condition such as \"> 90%\" or "
		"\"== 0\""},
	{"id: x\ntrigger: {metric: up, duration: 5}\n",
		"r.yaml:2:23: trigger.duration: must be a time such as 30s, 5m or 2h, is a number"},
	{"id: x\ntrigger: {alert: A}\n",
		"r.yaml:1:1: 'solutions' is missing: say what can be done"},
	{HEAD "  - id: a\n", "r.yaml:4:5: solutions[0]: says neither 'steps' nor 'action'"},
	{HEAD "  - {id: a, action: x.y, steps: []}\n",
		"r.yaml:4:13: solutions[0].action: either 'action' or 'steps', not both"},
	{HEAD "  - {id: a, steps: []}\n", "r.yaml:4:13: solutions[0].steps: has no step"},
	{HEAD "  - {id: a, args: {}, steps: [{tool: x.y}]}\n",
		"r.yaml:4:13: solutions[0].args: belongs to 'action'; a step has its own"},
	{HEAD "  - {id: a, action: x.y}\n  - {id: a, action: x.y}\n",
		"r.yaml:5:5: solutions[1]: id 'a' occurs twice"},
	{HEAD "  - {id: a, action: x.y, risk: lo}\n",
		"r.yaml:4:26: solutions[0].risk: 'lo' is not one of none, low, medium, high: did "
		"you mean 'low'?"},
	{HEAD "  - {id: a, action: x.y, success_rate: 95}\n",
		"r.yaml:4:26: solutions[0].success_rate: must be from 0 to 1"},
	{HEAD "  - {id: a, action: x.y, human_selected: -1}\n",
		"r.yaml:4:26: solutions[0].human_selected: cannot be negative"},
	{HEAD "  - {id: a, steps: [{tol: x.y}]}\n",
		"r.yaml:4:22: solutions[0].steps[0].tol: unknown key: did you mean 'tool'?"},
	{HEAD "  - id: a\n    steps:\n      - {id: stop, tool: x.y}\n      - {tool: x.z, needs: "
	      "[stp]}\n",
		"r.yaml:7:29: solutions[0].steps[1].needs[0]: no step 'stp': did you mean 'stop'?"},
	{HEAD "  - id: a\n    steps:\n      - {id: b, tool: x.y, needs: [c]}\n      - {id: c, "
	      "tool: x.z, needs: [b]}\n",
		"r.yaml:5:5: solutions[0].steps: steps need each other in a circle"},
	{HEAD "  - id: a\n    steps: [{tool: x.y, args: {u: '{labels.unit'}}]\n", "braces"},
	{ONE "    verify: [{tol: x}]\n",
		"r.yaml:6:15: solutions[0].verify[0].tol: unknown key: did you mean 'tool'?"},
	{ONE "automation_level: autonotify\n",
		"r.yaml:6:1: automation_level: 'autonotify' is not one of observe, ask_human, "
		"suggest, auto_notify, auto: "
		"did you mean 'auto_notify'?"},
	{ONE "promotion_criteria: {min_success_rate: 95}\n",
		"r.yaml:6:22: promotion_criteria.min_success_rate: must be above 0 and at most 1"},
	{ONE "promotion_criteria: {min_approvals: 0}\n",
		"r.yaml:6:22: promotion_criteria.min_approvals: must be 1 or more"},
	{ONE "evidence_window: 0s\n", "r.yaml:6:1: evidence_window: must be longer than nothing"},
	{ONE "ttle: x\n", "r.yaml:6:1: ttle: unknown key: did you mean 'title'?"},
};

static void refused_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct err e = ERR_INIT;
		struct runbook *r = load(refused[i].yaml, &e);

		assert_null(r);
		assert_int_equal(e.kind, ERR_CONFIG);
		if (strcmp(refused[i].message, "braces") == 0)
			assert_non_null(strstr(e.text, "r.yaml:5:"));
		else
			assert_string_equal(e.text, refused[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seed_loads_as_it_stands),
		cmocka_unit_test(action_is_one_step),
		cmocka_unit_test(short_form_is_filled_in),
		cmocka_unit_test(trigger_forms),
		cmocka_unit_test(digest_covers_what_is_done),
		cmocka_unit_test(refused_with_the_place),
	};

	return cmocka_run_group_tests_name("runbook", tests, NULL, NULL);
}
