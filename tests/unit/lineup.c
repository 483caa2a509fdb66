/* lineup, remaining: whose file of models is read, what is made of it, and what is left of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/when.h"
#include "edge/state.h"
#include "flow/lineup.h"
#include "flow/quota.h"
#include "flow/remaining.h"

#define NOW INT64_C(1795392000000) /* Monday, 2026-11-23T00:00:00Z */

static char home[] = "lineup-XXXXXX";

static int make_home(void **state)
{
	char here[2048];
	struct buf path = BUF_INIT(4096);

	(void)state;
	if (!mkdtemp(home) || !getcwd(here, sizeof here))
		return -1;
	buf_putf(&path, "%s/%s", here, home);
	setenv("XDG_CONFIG_HOME", buf_text(&path), 1);
	setenv("HL_STATE", buf_text(&path), 1);
	buf_puts(&path, "/hl");
	mkdir(buf_text(&path), 0700);
	buf_clear(&path);
	return 0;
}

static void write_file(const char *name, const char *text)
{
	struct buf path = BUF_INIT(4096);
	struct err e = ERR_INIT;

	buf_putf(&path, "%s/%s", home, name);
	if (file_replace(buf_text(&path), str_of(text), &e))
		fail_msg("%s", e.text);
	buf_clear(&path);
}

static struct lineup *load(const char *file)
{
	struct buf path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	struct lineup *l;

	buf_putf(&path, "%s/%s", home, file ? file : "");
	l = lineup_load(NULL, file ? buf_text(&path) : NULL, &e);
	if (!l)
		fail_msg("%s", e.text);
	buf_clear(&path);
	return l;
}

static void nothing_is_configured(void **state)
{
	struct err e = ERR_INIT;
	struct lineup *l = load(NULL);
	char *db = state_path("hl.db");
	json_t *tree = remaining_tree(l, NOW, &e);
	struct buf text = BUF_INIT(4096);

	(void)state;
	assert_int_equal(l->models->count, 0);
	assert_int_equal(json_array_size(json_object_get(tree, "models")), 0);
	assert_int_equal(json_object_size(json_object_get(tree, "roles")), 0);
	assert_false(file_exists(db));
	remaining_put(&text, l, tree);
	assert_non_null(strstr(buf_text(&text), "/hl/models.yaml, such as 'models: {qwen"));
	assert_int_equal(lineup_none(l, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_null(strstr(e.text, "commit"));
	json_decref(tree);
	lineup_free(l);
	buf_clear(&text);
	free(db);
}

static void a_persons_own_file(void **state)
{
	struct err e = ERR_INIT;
	struct lineup *l;

	(void)state;
	write_file("hl/models.yaml", "models:\n"
				     "  far: {provider: openai, model: x, url: \"{env.HL_TEST_BASE}/v1\"}\n"
				     "  near: {provider: ollama, model: y, where: local}\n");
	unsetenv("HL_TEST_BASE");
	l = load(NULL);
	assert_int_equal(l->models->count, 2);
	assert_null(lineup_named(l, "far", &e));
	assert_non_null(strstr(e.text, "HL_TEST_BASE, which is its url, is not in the environment"));
	err_clear(&e);
	assert_non_null(lineup_named(l, "near", &e));
	assert_null(lineup_named(l, "neat", &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_non_null(strstr(e.text, "did you mean 'near'?"));
	lineup_free(l);
	err_clear(&e);
	setenv("HL_TEST_BASE", "http://127.0.0.1:9", 1);
	l = load(NULL);
	assert_string_equal(lineup_named(l, "far", &e)->url, "http://127.0.0.1:9/v1");
	lineup_free(l);
	write_file("priced.yaml", "models: {a: {provider: gemini, model: gemini-2.5-flash-lite}}\n");
	l = load("priced.yaml"); /* by the installed list */
	assert_int_equal(model_cost(&l->models->list[0], 1000000, 1000000), 500000);
	lineup_free(l);
	setenv("HL_TEST_BASE", "file:///etc", 1);
	l = load(NULL);
	assert_null(lineup_named(l, "far", &e));
	lineup_free(l);
}

static void wrong_file(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	write_file("bad.yaml", "models:\n  a: {provider: opnai, model: x}\n");
	assert_null(lineup_load(NULL, home, &e)); /* a directory */
	err_clear(&e);
	assert_null(lineup_load(NULL, "no-such-file.yaml", &e));
	err_clear(&e);
	assert_int_equal(chdir(home), 0);
	assert_null(lineup_load(NULL, "bad.yaml", &e));
	assert_non_null(strstr(e.text, "bad.yaml:2:7: models.a.provider: 'opnai' is not one of"));
	assert_int_equal(chdir(".."), 0);
}

static void what_is_left(void **state)
{
	struct err e = ERR_INIT;
	struct quota *q = quota_open(&e);
	struct quota_verdict v;
	struct quota_use expect = {.tokens = 1000, .money = 250000};
	struct buf text = BUF_INIT(65536);
	struct lineup *l;
	json_t *tree, *one;

	(void)state;
	write_file("three.yaml",
		"models:\n"
		"  a: {provider: openai, model: x, limits: {daily: {calls: 2, money: 1}, alert_at: 0.5}}\n"
		"  b: {provider: ollama, model: y, where: local, price: {input: 0, output: 0}}\n"
		"model_list: [{model_name: c, litellm_params: {model: bedrock/z}}]\n");
	l = load("three.yaml");
	assert_int_equal(quota_begin(q, models_find(l->models, "a"), NOW, expect, &v, &e), 1);
	assert_int_equal(quota_rest(q, models_find(l->models, "b"), NOW, 0, "HTTP 503\033[2J", &e), 0);
	quota_close(q);
	tree = remaining_tree(l, NOW, &e);
	assert_non_null(tree);
	one = json_array_get(json_object_get(tree, "models"), 0);
	assert_string_equal(json_string_value(pointer_get(one, "/state")), "ok");
	assert_true(json_is_true(pointer_get(one, "/alerts")));
	assert_true(json_is_false(pointer_get(one, "/priced")));
	assert_int_equal(json_integer_value(pointer_get(one, "/daily/calls/left")), 1);
	assert_true(json_number_value(pointer_get(one, "/daily/money/left")) == 0.75);
	assert_int_equal(json_integer_value(pointer_get(one, "/weekly/tokens/used")), 1000);
	assert_null(pointer_get(one, "/weekly/tokens/limit"));
	assert_string_equal(json_string_value(pointer_get(one, "/daily/ends")), "2026-11-24T00:00:00Z");
	assert_string_equal(json_string_value(pointer_get(one, "/weekly/ends")), "2026-11-30T00:00:00Z");
	one = json_array_get(json_object_get(tree, "models"), 1);
	assert_string_equal(json_string_value(pointer_get(one, "/state")), "resting");
	assert_string_equal(json_string_value(pointer_get(one, "/until")), "2026-11-23T00:00:30Z");
	assert_int_equal(json_integer_value(pointer_get(one, "/failures")), 1);
	one = json_array_get(json_object_get(tree, "models"), 2);
	assert_string_equal(json_string_value(pointer_get(one, "/state")), "unusable");
	assert_string_equal(json_string_value(pointer_get(tree, "/roles/default")), "a");
	remaining_put(&text, l, tree);
	assert_non_null(strstr(buf_text(&text), "ok        a: x by openai, cloud, most of a limit is used\n"
						"          today: 1 of 2 calls, 1000 tokens, $0.25 of $1.00\n"
						"          this week: 1 calls, 1000 tokens, $0.25\n"));
	assert_non_null(strstr(buf_text(&text), "HTTP 503\\x1b[2J; until 2026-11-23T00:00:30Z\n"));
	json_decref(tree);
	lineup_free(l);
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_configured),
		cmocka_unit_test(a_persons_own_file),
		cmocka_unit_test(wrong_file),
		cmocka_unit_test(what_is_left),
	};

	return cmocka_run_group_tests(tests, make_home, NULL);
}
