/* goal: front matter and body, what can be said, and what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "doc/goal.h"
#include "edge/yaml.h"

static struct goal *load(const char *text, struct err *e)
{
	struct places *places = places_new();
	struct source source = {.name = "g.md", .kind = ERR_CONFIG, .places = places};
	struct str front, body;
	struct goal *g = NULL;
	json_t *tree;

	goal_split(str_of(text), &front, &body);
	tree = yaml_load(front, "g.md", places, e);
	if (tree)
		g = goal_take(tree, body, &source, e);
	places_free(places);
	return g;
}

static void splits(void **state)
{
	static const struct {
		const char *text, *front, *body;
	} cases[] = {
		{"---\na: b\n---\nbody\n", "\na: b\n", "body\n"},
		{"---\r\na: b\r\n---\r\nbody\r\n", "\r\na: b\r\n", "body\r\n"},
		{"---\na: b\n---", "\na: b\n", ""},
		{"no front\n---\n", "", "no front\n---\n"},
		{"---\nnever closed\n", "", "---\nnever closed\n"},
		{"", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str front, body;

		goal_split(str_of(cases[i].text), &front, &body);
		assert_true(str_is(front, cases[i].front));
		assert_true(str_is(body, cases[i].body));
	}
}

static const char health[] = "---\n"
			     "name: health-check\n"
			     "description: is all well?\n"
			     "tools:\n"
			     "  - host.disks\n"
			     "  - {tool: systemd.unit, args: {unit: nginx.service}, deadline: 5s}\n"
			     "rules:\n"
			     "  - alert: DiskAlmostFull\n"
			     "    tool: host.disks\n"
			     "    each: /filesystems\n"
			     "    when: {/used_percent: {\">\": 90}}\n"
			     "    severity: critical\n"
			     "    labels: {mountpoint: \"{/mountpoint}\"}\n"
			     "    summary: \"{/mountpoint} is {/used_percent} % full\"\n"
			     "  - {alert: Down, tool: systemd.unit, args: {unit: nginx.service}, "
			     "when: {/ActiveState: failed}}\n"
			     "---\n"
			     "\n# Health\n\nLook at it.\n\n";

static void loads(void **state)
{
	struct err e = ERR_INIT;
	struct goal *g = load(health, &e);

	(void)state;
	if (!g)
		fail_msg("%s", e.text);
	assert_string_equal(g->name, "health-check");
	assert_string_equal(g->description, "is all well?");
	assert_string_equal(g->prompt, "# Health\n\nLook at it.");
	assert_int_equal(g->n_tools, 2);
	assert_string_equal(g->tools[0].tool, "host.disks");
	assert_null(g->tools[0].args);
	assert_int_equal(g->tools[1].deadline_ms, 5000);
	assert_int_equal(g->n_rules, 2);
	assert_string_equal(g->rules[0].each, "/filesystems");
	assert_int_equal(g->rules[0].severity, SEVERITY_CRITICAL);
	assert_null(g->rules[1].each);
	assert_int_equal(g->rules[1].severity, SEVERITY_WARNING);
	assert_string_equal(g->rules[1].summary, "");
	assert_non_null(g->rules[1].args);
	goal_free(g);
}

#define FRONT(more) "---\nname: x\ntools: [host.disks]\n" more "---\n"

static const struct {
	const char *text, *message;
} refused[] = {
	{"body only\n", "g.md: has no front matter between two '---' lines"},
	{"---\ntools: []\n---\n", "g.md:2:1: 'name' is missing"},
	{"---\nname: a/b\n---\n", "g.md:2:1: name: 'a/b' cannot be a file name"},
	{FRONT("may_use: systemd\n"), "g.md:4:1: may_use: must be a list, is a text"},
	{FRONT("may_use: [\"a*b\"]\n"),
		"g.md:4:11: may_use[0]: must be a tool such as 'systemd.stop', or 'systemd.*' for all "
		"of them"},
	{FRONT("rule: []\n"), "g.md:4:1: rule: unknown key: did you mean 'rules'?"},
	{FRONT("rules: [{alert: A, tool: host.disk, when: {/a: 1}}]\n"),
		"g.md:4:20: rules[0].tool: 'host.disk' is not among this goal's tools: did you "
		"mean 'host.disks'?"},
	{FRONT("rules: [{alert: A, tool: host.disks}]\n"),
		"g.md:4:9: rules[0]: 'when' is missing: say what to look for"},
	{FRONT("rules: [{alert: A, tool: host.disks, each: x, when: {/a: 1}}]\n"),
		"g.md:4:38: rules[0].each: 'x' is not a JSON pointer: it starts with '/'"},
	{FRONT("rules: [{alert: A, tool: host.disks, when: {/a: 1}, labels: {m: "
	       "'{mountpoint}'}}]\n"),
		"g.md:4:62: rules[0].labels.m: '{mountpoint}' cannot be filled in: use "
		"{/json/pointer}, {host} or {tool}"},
	{FRONT("rules: [{tool: host.disks, when: {/a: 1}}]\n"),
		"g.md:4:9: rules[0]: 'alert' is missing"},
	{FRONT("rules: [{alert: A, tool: host.disks, when: {/a: 1}, severity: bad}]\n"),
		"g.md:4:53: rules[0].severity: 'bad' is not one of info, warning, critical"},
	{"---\nname: x\ntools: [{tool: a.b, deadline: 0s}]\n---\n",
		"g.md:3:21: tools[0].deadline: must be longer than nothing"},
	{"---\nname: x\ntools: [3]\n---\n",
		"g.md:3:9: tools[0]: must be the name of a tool, or an object with 'tool'"},
};

static void refused_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct err e = ERR_INIT;

		assert_null(load(refused[i].text, &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_string_equal(e.text, refused[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits),
		cmocka_unit_test(loads),
		cmocka_unit_test(refused_with_the_place),
	};

	return cmocka_run_group_tests_name("goal", tests, NULL, NULL);
}
