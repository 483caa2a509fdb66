/* The digest of a tool in a plan: whatever decides what is run changes it, what is said about it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "doc/plan.h"
#include "edge/yaml.h"

#define RUN  "name: t.x, effect: change, blast_radius: none, run: [ls, -l]"
#define CALL "name: t.x, effect: read, mcp: {server: s, tool: a}"

static void digest_of(const char *set, const char *tool, char hex[SHA_HEX])
{
	char yaml[1024];
	struct err e = ERR_INIT;
	struct source source = {.name = "t.yaml", .kind = ERR_CONFIG};
	struct toolset *t;
	json_t *tree;

	snprintf(yaml, sizeof yaml, "toolset: t\n%s\ntools:\n  - {%s}\n", set, tool);
	tree = yaml_load(str_of(yaml), "t.yaml", NULL, &e);
	t = tree ? toolset_take(tree, &source, &e) : NULL;
	if (!t)
		fail_msg("%s: %s", yaml, e.text);
	plan_tool_digest(&t->tools[0], hex);
	toolset_free(t);
}

static void compare(const char *const two[2][2], bool same)
{
	char a[SHA_HEX], b[SHA_HEX];

	digest_of(two[0][0], two[0][1], a);
	digest_of(two[1][0], two[1][1], b);
	if ((strcmp(a, b) == 0) != same)
		fail_msg("%s, %s\nand %s, %s: %s", two[0][0], two[0][1], two[1][0], two[1][1],
			same ? "differ" : "are the same");
}

static void differs(void **state)
{
	static const char server[] = "servers: {s: {run: [a]}}";
	const char *const table[][2][2] = {
		{{"", RUN}, {"", "name: t.x, effect: change, blast_radius: none, run: [ls, -a]"}},
		{{"", RUN}, {"", "name: t.x, effect: destroy, blast_radius: none, run: [ls, -l]"}},
		{{"", RUN}, {"", RUN ", cwd: /srv"}},
		{{"", RUN}, {"", RUN ", env: {A: b}"}},
		{{"", RUN}, {"", RUN ", contain: {user: nobody}"}},
		{{"", RUN}, {"contain: {user: nobody}", RUN}},
		{{"contain: {user: nobody}", RUN}, {"contain: {user: nobody}", RUN ", contain: {user: daemon}"}},
		{{server, CALL}, {"servers: {s: {run: [b]}}", CALL}},
		{{server, CALL}, {"servers: {s: {run: [a], env: {A: b}}}", CALL}},
		{{server, CALL}, {"servers: {s: {run: [a], contain: {cpu: 1s}}}", CALL}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		compare(table[i], false);
}

static void stays(void **state)
{
	const char *const table[][2][2] = {
		{{"", RUN}, {"description: d", RUN ", description: d"}},
		{{"", RUN}, {"", RUN ", timeout: 5s"}},
		{{"contain: {user: nobody}", RUN}, {"", RUN ", contain: {user: nobody}"}},
		{{"contain: {user: nobody, cpu: 2s}", RUN ", contain: {cpu: 1s}"},
			{"", RUN ", contain: {cpu: 1s, user: nobody}"}},
		{{"servers: {s: {run: [a]}}", CALL}, {"servers: {s: {run: [a]}, other: {run: [b]}}", CALL}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		compare(table[i], true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differs),
		cmocka_unit_test(stays),
	};

	return cmocka_run_group_tests_name("tool_digest", tests, NULL, NULL);
}
