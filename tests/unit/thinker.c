/* Asking through hl-llm: a stand-in of that name, in a directory of $HL_PATH. */
#include "flow/thinker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/when.h"
#include "json/node.h"

static json_t *ask_new(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:i}}", "kind", "ask", "stage", "plan", "case",
		"20261121T035900Z-a", "prompt", "why?", "bounds", "time_ms", 5000);
}

/* bin/hl-llm, with this body */
static void stand_in(const char *body)
{
	struct err e = ERR_INIT;
	struct buf text = BUF_INIT(65536);

	buf_putf(&text, "#!/bin/sh\n%s\n", body);
	if (file_replace("bin/hl-llm", buf_str(&text), &e))
		fail_msg("%s", e.text);
	assert_int_equal(chmod("bin/hl-llm", 0755), 0);
	buf_clear(&text);
}

static json_t *ask(void)
{
	struct err e = ERR_INIT;
	json_t *one = ask_new(), *answer = thinker_ask(NULL, one, &e);

	json_decref(one);
	assert_non_null(answer);
	return answer;
}

static int lines_of(const char *path)
{
	struct buf text = BUF_INIT(65536);
	struct err e = ERR_INIT;
	int n = 0;

	assert_int_equal(file_read(path, &text, &e), 0);
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	buf_clear(&text);
	return n;
}

static void fails_as(const char *reason, const char *words)
{
	json_t *answer = ask();
	const char *error = json_string_value(json_object_get(answer, "error"));

	assert_false(thinker_is_ok(answer));
	assert_string_equal(json_string_value(json_object_get(answer, "reason")), reason);
	if (!error || !strstr(error, words))
		fail_msg("'%s' is not in '%s'", words, error ? error : "");
	json_decref(answer);
}

static void test_answer(void **state)
{
	json_t *answer;

	(void)state;
	stand_in("[ \"$*\" = --requests ] || exit 64\n"
		 "read -r line\n"
		 "case $line in *'\"prompt\":\"why?\"'*) ;; *) exit 1 ;; esac\n"
		 "echo 'hl-llm: 70 % of it is used' >&2\n"
		 "printf '{\"kind\":\"answer\",\"ok\":true,\"text\":\"%s\",\"model\":\"m\"}\\n' \"$HL_STATE\"");
	answer = ask();
	assert_true(thinker_is_ok(answer));
	assert_string_equal(json_string_value(json_object_get(answer, "text")), getenv("HL_STATE"));
	json_decref(answer);
}

static void test_absent(void **state)
{
	(void)state;
	assert_int_equal(rename("bin", "elsewhere"), 0);
	fails_as("none", "not installed");
	assert_int_equal(rename("elsewhere", "bin"), 0);
}

static void test_nonsense(void **state)
{
	static const char *const said[] = {
		"true",
		"echo '{\"kind\":\"answer\",\"ok\":true'",
		"echo '[1]'",
		"echo '{\"kind\":\"case\"}'",
		"echo '{\"kind\":\"answer\"}'",
		"echo '{\"kind\":\"answer\",\"ok\":\"yes\",\"text\":\"t\",\"model\":\"m\"}'",
		"echo '{\"kind\":\"answer\",\"ok\":true,\"model\":\"m\"}'",
		"echo '{\"kind\":\"answer\",\"ok\":true,\"text\":\"t\",\"model\":7}'",
		"echo '{\"kind\":\"answer\",\"ok\":true,\"text\":\"t\",\"model\":\"m\",\"calls\":[1]}'",
		"echo '{\"kind\":\"answer\",\"ok\":true,\"text\":\"t\",\"model\":\"m\",\"transcript\":\"../x\"}'",
		"echo '{\"kind\":\"answer\",\"ok\":true,\"ok\":true,\"text\":\"t\",\"model\":\"m\"}'",
		"echo '{\"kind\":\"answer\",\"ok\":false,\"reason\":\"mood\"}'",
		"echo '{\"kind\":\"answer\",\"ok\":false}'",
		"yes",
		"kill -9 $$"};

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		json_t *answer;

		stand_in(said[i]);
		answer = ask();
		if (thinker_is_ok(answer))
			fail_msg("believed: %s", said[i]);
		assert_true(json_is_string(json_object_get(answer, "reason")));
		assert_true(json_is_string(json_object_get(answer, "error")));
		json_decref(answer);
	}
}

static void test_reason(void **state)
{
	(void)state;
	stand_in("echo '{\"kind\":\"answer\",\"ok\":false,\"reason\":\"quota\",\"error\":\"spent\"}'; exit 75");
	fails_as("quota", "spent");
}

static void test_budget(void **state)
{
	struct err e = ERR_INIT;
	struct thinker t = {.memory = memory_open(&e), .an_hour = 2, .now = 10 * WHEN_HOUR};
	json_t *one = ask_new();

	(void)state;
	assert_non_null(t.memory);
	stand_in("echo x >>times; echo '{\"kind\":\"answer\",\"ok\":true,\"text\":\"t\",\"model\":\"m\"}'");
	for (int i = 0; i < 4; i++) {
		json_t *answer = thinker_ask(&t, one, &e);

		assert_int_equal(thinker_is_ok(answer), i < 2);
		if (i >= 2)
			assert_string_equal(
				json_string_value(json_object_get(answer, "reason")), "quota");
		json_decref(answer);
	}
	t.now += WHEN_HOUR + 1; /* by then they are older than an hour */
	json_decref(thinker_ask(&t, one, &e));
	memory_close(t.memory);
	json_decref(one);
	assert_int_equal(lines_of("times"), 3);
}

/* ---- a replay ---- */

static json_t *kept(void *arg, const char *asked, struct err *e)
{
	json_t *given = arg;

	(void)e;
	if (json_object_get(given, "asked"))
		return json_incref(given);
	return json_pack("{s:s, s:s, s:{s:s, s:b, s:s, s:s}}", "kind", "transcript", "asked", asked,
		"result", "kind", "answer", "ok", 1, "text", "because", "model", "m");
}

static void test_replay(void **state)
{
	json_t *nothing = json_object(), *other = json_pack("{s:s, s:{}}", "asked", "x", "result");
	struct thinker t = {.kept = kept, .arg = nothing};
	struct err e = ERR_INIT;
	json_t *one = ask_new(), *answer;

	(void)state;
	stand_in("touch was-run");
	answer = thinker_ask(&t, one, &e);
	assert_non_null(answer);
	assert_string_equal(json_string_value(json_object_get(answer, "text")), "because");
	assert_int_equal(json_string_length(json_object_get(answer, "transcript")), 64);
	json_decref(answer);
	t.arg = other;
	assert_null(thinker_ask(&t, one, &e));
	assert_non_null(strstr(e.text, "another question"));
	assert_false(file_exists("was-run"));
	json_decref(one);
	json_decref(other);
	json_decref(nothing);
}

static int setup(void **state)
{
	char here[4096], path[8192];

	(void)state;
	if (!getcwd(here, sizeof here))
		return -1;
	snprintf(path, sizeof path, "%s/bin:/usr/bin:/bin", here);
	setenv("HL_PATH", path, 1);
	return mkdir("bin", 0755);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_reason),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_replay),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
