/* route: the role of a question, by goal, stage and words, and the models that are asked in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "doc/route.h"
#include "edge/yaml.h"

static const char some_models[] =
	"models:\n"
	"  gemini-flash: {provider: gemini, model: a}\n"
	"  gemini-pro: {provider: gemini, model: b, fallback: [near]}\n"
	"  near: {provider: ollama, model: c, where: local}\n"
	"  far: {provider: openai, model: d}\n"
	"roles: {complex: far}\n"
	"fallback: [near, gemini-flash]\n"
	"model_list:\n"
	"  - {model_name: broken, litellm_params: {model: bedrock/x}}\n";

static json_t *parse(const char *text)
{
	struct err e = ERR_INIT;
	json_t *tree = yaml_load(str_of(text), "a.yaml", NULL, &e);

	if (!tree)
		fail_msg("%s", e.text);
	return tree;
}

static const struct source source = {.name = "a.yaml", .kind = ERR_CONFIG};
static json_t *policy_tree, *shipped_tree;

static struct route_table table_of(const char *models, const char *policy)
{
	struct buf shipped = BUF_INIT(65536), path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	struct models *m = models_new();
	struct route_table t = {.models = m};
	struct node n;

	buf_putf(&path, "%s/routes/routes.yaml", getenv("HL_TOP") ? getenv("HL_TOP") : ".");
	if (file_read(buf_text(&path), &shipped, &e))
		fail_msg("%s", e.text);
	policy_tree = parse(policy);
	shipped_tree = parse(buf_text(&shipped));
	n = node_root(policy_tree, &source);
	if (models_take(m, parse(models), &source, &e) || models_close(m, &e) ||
		routes_load(&t.policy, &n, &e) || routes_check(m, &n, &e))
		fail_msg("%s", e.text);
	n = node_root(shipped_tree, &source);
	if (routes_load(&t.shipped, &n, &e))
		fail_msg("%s", e.text);
	buf_clear(&shipped);
	buf_clear(&path);
	return t;
}

static void release(struct route_table *t)
{
	models_free((struct models *)t->models);
	json_decref(policy_tree);
	json_decref(shipped_tree);
}

static const char *role(const struct route_table *t, const char *prompt)
{
	struct route_ask ask = {.prompt = str_of(prompt)};

	return route_role(t, &ask);
}

static void words(void **state)
{
	static const struct {
		const char *prompt, *role;
	} cases[] = {
		{"Is this normal?", "triage"},
		{"radarr has a PROBLEM", "triage"},
		{"Fixes for nginx", "solution"},
		{"the prefix of a name", "default"},
		{"how to restart it", "solution"},
		{"write a haiku", "code"},
		{"create a firewall rule", "code_critical"},
		{"a script for terraform", "code_critical"},
		{"decode that", "default"},
		{"what architecture would do", "architecture"},
		{"compare the two", "complex"},
		{"weigh the trade-off", "complex"},
		{"hello", "default"},
		{"", "default"},
	};
	struct route_table t = table_of(some_models, "{}");
	char *long_prompt = malloc(ROUTE_PROMPT + 64);
	struct route_ask nul = {.prompt = STR("a\0fix")};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(role(&t, cases[i].prompt), cases[i].role);
	memset(long_prompt, 'x', ROUTE_PROMPT);
	memcpy(long_prompt + ROUTE_PROMPT - 2, " fix it", 8);
	assert_string_equal(role(&t, long_prompt), "default");
	memcpy(long_prompt + ROUTE_PROMPT - 4, " fix it", 8);
	assert_string_equal(role(&t, long_prompt), "solution");
	assert_string_equal(route_role(&t, &nul), "solution");
	free(long_prompt);
	release(&t);
}

static void what_decides(void **state)
{
	static const struct {
		struct route_ask ask;
		const char *role;
	} cases[] = {
		{{.stage = "plan", .prompt = STR("is this a problem?")}, "solution"},
		{{.stage = "triage", .prompt = STR("write code")}, "triage"},
		{{.stage = "unheard-of", .prompt = STR("write code")}, "default"},
		{{.goal = "explain", .prompt = STR("write code")}, "default"},
		{{.goal = "capacity", .stage = "plan", .role = "code"}, "complex"},
		{{.goal = "capacity", .role = "validator"}, "validator"},
		{{.goal = "explain", .stage = "plan", .role = "code"}, "code"},
		{{.role = "code", .prompt = STR("is this a problem?")}, "code"},
		{{.prompt = STR("Bake bread")}, "architecture"},
		{{.prompt = STR("write code")}, "default"},
	};
	struct route_table t = table_of(some_models,
		"{goals: {capacity: complex}, keywords: [{role: architecture, any: [bake]}]}");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(route_role(&t, &cases[i].ask), cases[i].role);
	release(&t);
}

static void order(void **state)
{
	static const struct {
		const char *policy, *role, *names;
	} cases[] = {
		{"{}", "triage", "gemini-flash near "},
		{"{}", "solution", "gemini-pro near gemini-flash "},
		{"{}", "complex", "far near gemini-flash "},
		{"{}", "code_critical", "gemini-flash near "}, /* claude-sonnet is not here */
		{"{}", "unheard-of", "gemini-flash near "},
		{"{fallback: [far, far]}", "solution", "gemini-pro near far "},
		{"{roles: {default: far}}", "architecture", "far near gemini-flash "},
		{"{roles: {default: broken}}", "default", "near gemini-flash "},
		{"{roles: {default: broken}, fallback: []}", "default", "gemini-flash "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct route_table t = table_of(some_models, cases[i].policy);
		const struct model *list[ROUTE_MOST];
		size_t n = route_models(&t, cases[i].role, list);
		struct buf names = BUF_INIT(4096);

		for (size_t j = 0; j < n; j++)
			buf_putf(&names, "%s ", list[j]->name);
		assert_string_equal(buf_text(&names), cases[i].names);
		buf_clear(&names);
		release(&t);
	}
}

static void none(void **state)
{
	struct route_table t = table_of("{}", "{}");
	const struct model *list[ROUTE_MOST];

	(void)state;
	assert_int_equal(route_models(&t, "default", list), 0);
	release(&t);
	t = table_of("model_list: [{model_name: broken, litellm_params: {model: bedrock/x}}]", "{}");
	assert_int_equal(route_models(&t, "default", list), 0);
	assert_int_equal(route_from(&t, models_find(t.models, "broken"), list), 1);
	release(&t);
}

static void refused(void **state)
{
	static const struct {
		const char *policy, *message;
	} cases[] = {
		{"{roles: {tirage: far}}", "did you mean 'triage'?"},
		{"{roles: {triage: 1}}", "roles.triage: must be a name"},
		{"{roles: {triage: fare}}", "no model 'fare': did you mean 'far'?"},
		{"{fallback: [fare]}", "fallback[0]: no model 'fare'"},
		{"{local: [fare]}", "local[0]: no model 'fare'"},
		{"{fallback: far}", "must be a list"},
		{"{goals: {capacity: big}}", "goals.capacity: 'big' is not one of triage"},
		{"{keywords: [{role: code}]}", "keywords[0]: 'any' is missing"},
		{"{keywords: [{role: cod, any: [a]}]}", "did you mean 'code'?"},
		{"{keywords: [{role: code, any: ['']}]}", "must be a word"},
	};
	struct err e = ERR_INIT;
	struct models *m = models_new();

	(void)state;
	if (models_take(m, parse(some_models), &source, &e) || models_close(m, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *tree = parse(cases[i].policy);
		struct node n = node_root(tree, &source);
		struct routes r;

		err_clear(&e);
		if (routes_load(&r, &n, &e) == 0 && routes_check(m, &n, &e) == 0)
			fail_msg("not refused: %s", cases[i].policy);
		if (!strstr(e.text, cases[i].message))
			fail_msg("%s: %s", cases[i].message, e.text);
		json_decref(tree);
	}
	models_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(what_decides),
		cmocka_unit_test(order),
		cmocka_unit_test(none),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
