/* Tools that are run, and checks on them. */
#include "flow/runner.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/output.h"
#include "edge/yaml.h"

static const char toolset[] =
	"toolset: test\n"
	"tools:\n"
	"- {name: t.echo, effect: read, args: {word: {type: string, dash: true}}, run: [printf, '%s|', '{word}', 'a{word}b'], output: text}\n"
	"- {name: t.json, effect: read, run: [printf, '[1, 2]'], output: json}\n"
	"- {name: t.broken, effect: read, run: [printf, '{{'], output: json}\n"
	"- {name: t.pairs, effect: read, run: [printf, 'A=1\\nB=x=y\\n'], output: pairs}\n"
	"- {name: t.absent, effect: read, run: [no-such-program], output: text}\n"
	"- {name: t.fails, effect: read, run: [sh, -c, 'echo one >&2; echo two >&2; echo three >&2; exit 4']}\n"
	"- {name: t.four, effect: read, run: [sh, -c, 'exit 4'], ok_status: [0, 4]}\n"
	"- {name: t.slow, effect: read, run: [sleep, '30'], timeout: 200ms}\n"
	"- {name: t.flood, effect: read, run: ['yes'], output_max: 1000}\n"
	"- {name: t.env, effect: read, run: [env], output: pairs, env: {TOKEN: 'b {secret.token}', X: '{env.HL_TEST_X}'}}\n"
	"- {name: t.escaped, effect: read, run: [sh, -c, 'printf \"{{\\\"key\\\": [\\\"%s\\\"]}}\" \"$J\"'], output: json, env: {J: '{env.HL_TEST_J}', T: '{secret.token}', L: '{secret.longer}'}}\n"
	"- {name: t.noenv, effect: read, run: [echo, '{env.HL_TEST_NOT_SET}']}\n"
	"- {name: t.change, effect: change, blast_radius: single_service, run: ['true']}\n";

struct ground {
	struct catalogue *catalogue;
	struct policy *policy;
};

static struct ground ground;

static int setup(void **state)
{
	struct source source = {.name = "test.yaml", .kind = ERR_CONFIG};
	struct err e = ERR_INIT;
	struct toolset *t;

	(void)state;
	t = toolset_take(yaml_load(str_of(toolset), "test.yaml", NULL, &e), &source, &e);
	if (!t)
		fail_msg("%s", e.text);
	ground.catalogue = catalogue_new();
	assert_int_equal(catalogue_take(ground.catalogue, t, &e), 0);
	ground.policy = policy_take(yaml_load(STR("tools: {deny: [t.four]}"), "p", NULL, &e), &source, &e);
	if (!ground.policy)
		fail_msg("%s", e.text);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	catalogue_free(ground.catalogue);
	policy_free(ground.policy);
	return 0;
}

static json_t *run(const char *name, const char *args)
{
	struct err e = ERR_INIT;
	json_t *given = json_loads(args, 0, NULL);
	json_t *o = runner_run(catalogue_find(ground.catalogue, name), given, NULL, 0, &e);

	json_decref(given);
	if (!o)
		fail_msg("%s", e.text);
	assert_string_equal(json_string_value(json_object_get(o, "kind")), "observation");
	assert_string_equal(json_string_value(json_object_get(o, "tool")), name);
	return o;
}

static void gives(const char *name, const char *args, const char *data)
{
	json_t *o = run(name, args);
	char *text = json_canonical(json_object_get(o, "data"));

	assert_string_equal(text, data);
	assert_true(json_is_true(json_object_get(o, "ok")));
	free(text);
	json_decref(o);
}

static void fails(const char *name, const char *error)
{
	json_t *o = run(name, "{}");

	assert_string_equal(json_string_value(json_object_get(o, "error")), error);
	assert_true(json_is_false(json_object_get(o, "ok")));
	assert_null(json_object_get(o, "data"));
	assert_int_equal(json_is_true(json_object_get(o, "absent")), strcmp(name, "t.absent") == 0);
	json_decref(o);
}

static void test_output(void **state)
{
	(void)state;
	gives("t.echo", "{\"word\":\"; rm -rf $HOME `x` {word} 'q\\\"\"}",
		"{\"text\":\"; rm -rf $HOME `x` {word} 'q\\\"|a; rm -rf $HOME `x` {word} 'q\\\"b|\"}");
	gives("t.json", "{}", "{\"items\":[1,2]}");
	gives("t.pairs", "{}", "{\"A\":\"1\",\"B\":\"x=y\"}");
	gives("t.four", "{}", "{\"text\":\"\"}");
}

static void test_failures(void **state)
{
	(void)state;
	fails("t.absent", "'no-such-program' is not installed here");
	fails("t.fails", "'sh' exited with status 4: two three");
	fails("t.slow", "'sleep' was ended after 200ms");
	fails("t.flood", "'yes' printed more than 1000 bytes and was ended");
	fails("t.broken", "line 1 of its output is not JSON: string or '}' expected near end of file");
	fails("t.noenv", "tool 't.noenv': the environment variable 'HL_TEST_NOT_SET' is not set");
}

/* Escaped, it is another row of bytes; and one secret may be the start of another. */
static void test_escaped_secret(void **state)
{
	const char *data = "/data/key/0";
	json_t *o;

	(void)state;
	setenv("HL_SECRET_TOKEN", "pass\"word", 1);
	setenv("HL_SECRET_LONGER", "pass\"word-longer", 1);
	setenv("HL_TEST_J", "a pass\\\"word-longer, pass\\u0022word", 1);
	o = run("t.escaped", "{}");
	assert_string_equal(json_string_value(pointer_get(o, data)),
		"a [secret longer], [secret token]");
	json_decref(o);
	unsetenv("HL_SECRET_TOKEN");
	unsetenv("HL_SECRET_LONGER");
	unsetenv("HL_TEST_J");
}

static void test_secret(void **state)
{
	json_t *whole, *o;

	(void)state;
	setenv("HL_SECRET_TOKEN", "hunter2-hunter2", 1);
	setenv("HL_TEST_X", "y", 1);
	setenv("LEAK", "leak", 1);
	whole = run("t.env", "{}");
	o = json_object_get(whole, "data");
	assert_string_equal(json_string_value(json_object_get(o, "TOKEN")), "b [secret token]");
	assert_string_equal(json_string_value(json_object_get(o, "X")), "y");
	assert_string_equal(json_string_value(json_object_get(o, "LC_ALL")), "C.UTF-8");
	assert_null(json_object_get(o, "LEAK"));
	assert_null(json_object_get(o, "HL_SECRET_TOKEN"));
	json_decref(whole);
	unsetenv("HL_SECRET_TOKEN");
	o = run("t.env", "{}");
	assert_non_null(strstr(json_string_value(json_object_get(o, "error")), "no secret 'token'"));
	json_decref(o);
}

static void test_wrong_calls(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_null(runner_run(catalogue_find(ground.catalogue, "t.echo"), NULL, NULL, 0, &e));
	assert_int_equal(e.kind, ERR_DATA);
	assert_string_equal(e.text, "tool 't.echo': argument 'word': missing");
	err_clear(&e);
	assert_null(runner_run(catalogue_find(ground.catalogue, "t.four"), NULL, ground.policy, 0, &e));
	assert_int_equal(e.kind, ERR_DENIED);
}

static int count(void *arg, size_t which, json_t *o, struct err *e)
{
	(void)e;
	assert_non_null(json_object_get(o, "ok"));
	*(unsigned *)arg |= 1U << which;
	return 0;
}

static void test_all(void **state)
{
	static const char *const names[] = {"t.echo", "t.json", "t.slow", "t.absent", "t.four"};
	struct runner_call calls[5];
	struct err e = ERR_INIT;
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		calls[i] = (struct runner_call){.tool = catalogue_find(ground.catalogue, names[i])};
	assert_int_equal(runner_run_all(calls, 5, ground.policy, count, &seen, &e), 0);
	assert_int_equal(seen, 31);
}

static int check(const char *text, struct buf *why, struct err *e)
{
	json_t *one = yaml_load(str_of(text), "check", NULL, e), *o = NULL;
	int rc = runner_check(ground.catalogue, one, NULL, why, &o, e);

	json_decref(one);
	json_decref(o);
	return rc;
}

static void test_checks(void **state)
{
	struct buf why = BUF_INIT(4096);
	struct err e = ERR_INIT;
	int64_t start = when_tick();

	(void)state;
	assert_int_equal(check("{tool: t.pairs, expect: {/A: 1}}", &why, &e), 1);
	assert_int_equal(check("{tool: t.pairs}", &why, &e), 1);
	assert_int_equal(check("{tool: t.pairs, expect: {/A: 2}}", &why, &e), 0);
	assert_string_equal(buf_text(&why), "/A is \"1\", expected 2");
	buf_reset(&why);
	assert_int_equal(check("{tool: t.absent, within: 300ms}", &why, &e), 0);
	assert_string_equal(buf_text(&why), "'no-such-program' is not installed here");
	assert_in_range(when_tick() - start, 300, 3000);
	assert_int_equal(check("{tool: t.change}", &why, &e), -1);
	assert_int_equal(e.kind, ERR_DENIED);
	err_clear(&e);
	assert_int_equal(check("{tool: t.pair}", &why, &e), -1);
	assert_string_equal(e.text, "check: no tool 't.pair' in the catalogue, did you mean 't.pairs'?");
	buf_clear(&why);
}

static void test_odd_bytes(void **state)
{
	json_t *v = output_text((struct str){"a\0b\xff", 4});

	(void)state;
	assert_string_equal(json_string_value(v), "a\xef\xbf\xbd" "b\xef\xbf\xbd");
	json_decref(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_escaped_secret),
		cmocka_unit_test(test_wrong_calls),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_odd_bytes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
