/* quota: limits hold over many programs at once, days and weeks begin anew, and what failed rests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/when.h"
#include "edge/state.h"
#include "flow/memory.h"
#include "flow/quota.h"

#define MONDAY  INT64_C(1795392000000) /* 2026-11-23T00:00:00Z */
#define TUESDAY (MONDAY + WHEN_DAY)

static const struct quota_use none;

static int fresh(void **state)
{
	static const char *const files[] = {"hl.db", "hl.db-wal", "hl.db-shm"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *path = state_path(files[i]);

		unlink(path);
		free(path);
	}
	return 0;
}

static struct model model(int64_t daily, int64_t weekly)
{
	struct model m;

	model_init(&m, "claude");
	m.limits[MODEL_DAILY].calls = daily;
	m.limits[MODEL_WEEKLY].calls = weekly;
	return m;
}

static struct quota *open_quota(void)
{
	struct err e = ERR_INIT;
	struct quota *q = quota_open(&e);

	if (!q)
		fail_msg("%s", e.text);
	return q;
}

static int begin(struct quota *q, const struct model *m, int64_t now, struct quota_verdict *v)
{
	struct err e = ERR_INIT;
	int rc = quota_begin(q, m, now, none, v, &e);

	if (rc < 0)
		fail_msg("%s", e.text);
	return rc;
}

static void the_day_is_one_of_1970s_weeks(void **state)
{
	int64_t at;

	(void)state;
	assert_int_equal(when_parse(STR("2026-11-23T00:00:00Z"), &at), 0);
	assert_true(at == MONDAY);
}

static void days_and_weeks(void **state)
{
	struct model m = model(2, 3);
	struct quota *q = open_quota();
	struct quota_verdict v;

	(void)state;
	assert_int_equal(begin(q, &m, MONDAY, &v), 1);
	assert_int_equal(begin(q, &m, MONDAY + WHEN_DAY - 1, &v), 1);
	assert_int_equal(begin(q, &m, MONDAY + WHEN_DAY - 1, &v), 0);
	assert_int_equal(v.word, QUOTA_SPENT);
	assert_true(v.until == TUESDAY);
	assert_string_equal(v.why, "2 of 2 calls of the day are used");
	quota_close(q);
	q = open_quota(); /* another program */
	assert_int_equal(begin(q, &m, TUESDAY, &v), 1);
	assert_int_equal(begin(q, &m, TUESDAY, &v), 0);
	assert_string_equal(v.why, "3 of 3 calls of the week are used");
	assert_true(v.until == MONDAY + 7 * (int64_t)WHEN_DAY);
	assert_int_equal(begin(q, &m, MONDAY + 7 * (int64_t)WHEN_DAY - 1, &v), 0);
	assert_int_equal(begin(q, &m, MONDAY + 7 * (int64_t)WHEN_DAY, &v), 1);
	quota_close(q);
}

static void tokens_and_money(void **state)
{
	struct err e = ERR_INIT;
	struct model m = model(-1, -1);
	struct quota *q = open_quota();
	struct quota_use expect = {.tokens = 600}, used = {.tokens = 900, .money = 1500000};
	struct quota_verdict v;

	(void)state;
	m.limits[MODEL_DAILY].tokens = 1000;
	m.limits[MODEL_WEEKLY].money = 2000000;
	assert_int_equal(quota_begin(q, &m, MONDAY, expect, &v, &e), 1);
	assert_int_equal(quota_begin(q, &m, MONDAY, expect, &v, &e), 0); /* the first is at it */
	assert_string_equal(v.why, "600 of 1000 tokens of the day are used");
	assert_int_equal(quota_end(q, &m, MONDAY, expect, used, true, &e), 0);
	assert_int_equal(quota_begin(q, &m, MONDAY, (struct quota_use){.tokens = 101}, &v, &e), 0);
	assert_int_equal(quota_begin(q, &m, MONDAY, (struct quota_use){.tokens = 100}, &v, &e), 1);
	assert_int_equal(quota_begin(q, &m, TUESDAY, (struct quota_use){.money = 600000}, &v, &e), 0);
	assert_string_equal(v.why, "$1.50 of $2.00 of the week are used");
	assert_int_equal(begin(q, &m, TUESDAY, &v), 1);
	quota_close(q);
}

#define PROGRAMS 20
#define LIMIT    10

/* Each is a program of its own; all begin when the pipe is closed. */
static void many_at_once(void **state)
{
	struct model m = model(LIMIT, -1);
	int gate[2], counted = 0, status;
	struct quota *q = open_quota();
	char c;

	(void)state;
	quota_close(q);
	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < PROGRAMS; i++)
		if (fork() == 0) {
			struct err e = ERR_INIT;
			struct quota_verdict v;

			close(gate[1]);
			q = quota_open(&e);
			if (!q || read(gate[0], &c, 1) != 0)
				_exit(2);
			_exit(quota_begin(q, &m, MONDAY, none, &v, &e) + 10);
		}
	close(gate[0]);
	close(gate[1]);
	for (int i = 0; i < PROGRAMS; i++) {
		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status));
		assert_true(WEXITSTATUS(status) == 10 || WEXITSTATUS(status) == 11);
		counted += WEXITSTATUS(status) == 11;
	}
	assert_int_equal(counted, LIMIT);
}

static void rests(void **state)
{
	static const int64_t rest_s[] = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600};
	struct err e = ERR_INIT;
	struct model m = model(-1, -1);
	struct quota *q = open_quota();
	struct quota_verdict v;
	int64_t now = MONDAY;

	(void)state;
	for (size_t i = 0; i < sizeof rest_s / sizeof *rest_s; i++) {
		assert_int_equal(quota_rest(q, &m, now, 0, "HTTP 529", &e), 0);
		assert_int_equal(quota_rest(q, &m, now + 1, 0, "HTTP 529", &e), 0); /* of another */
		assert_int_equal(begin(q, &m, now + rest_s[i] * 1000 - 1, &v), 0);
		assert_int_equal(v.word, QUOTA_RESTING);
		assert_string_equal(v.why, "HTTP 529");
		now += rest_s[i] * 1000;
		assert_true(v.until == now);
		assert_int_equal(begin(q, &m, now, &v), 1);
	}
	assert_int_equal(quota_end(q, &m, now, none, none, true, &e), 0);
	assert_int_equal(quota_rest(q, &m, now, now + 90000, "busy", &e), 0); /* Retry-After */
	assert_int_equal(begin(q, &m, now + 89999, &v), 0);
	assert_int_equal(begin(q, &m, now + 90000, &v), 1);
	now += 90000;
	assert_int_equal(quota_rest(q, &m, now, 0, "busy", &e), 0);
	assert_int_equal(begin(q, &m, now + 60000, &v), 1); /* the second in a row: a minute */
	now += 60000 + WHEN_DAY + 1;
	assert_int_equal(quota_rest(q, &m, now, 0, "busy", &e), 0);
	assert_int_equal(begin(q, &m, now + 30000, &v), 1); /* long ago */
	quota_close(q);
}

static void one_of_several_rests_alone(void **state)
{
	struct err e = ERR_INIT;
	struct model a = model(2, -1), b = a;
	struct quota *q = open_quota();
	struct quota_verdict v;

	(void)state;
	b.name = "claude/2";
	assert_int_equal(quota_rest(q, &a, MONDAY, 0, "down", &e), 0);
	assert_int_equal(begin(q, &a, MONDAY, &v), 0);
	assert_int_equal(begin(q, &b, MONDAY, &v), 1);
	assert_int_equal(begin(q, &b, MONDAY, &v), 1);
	assert_int_equal(begin(q, &b, MONDAY, &v), 0);
	assert_int_equal(begin(q, &a, MONDAY + WHEN_HOUR, &v), 0);
	assert_int_equal(v.word, QUOTA_SPENT);
	quota_close(q);
}

static void told_once(void **state)
{
	struct err e = ERR_INIT;
	struct model m = model(5, 10);
	struct quota *q = open_quota();
	struct quota_standing s;
	struct quota_verdict v;
	char text[256];

	(void)state;
	m.alert_at = 0.5;
	begin(q, &m, MONDAY, &v);
	begin(q, &m, MONDAY, &v);
	assert_int_equal(quota_alert(q, &m, MONDAY, text, &e), 0);
	begin(q, &m, MONDAY, &v);
	assert_int_equal(quota_look(q, &m, MONDAY, &s, &e), 0);
	assert_true(s.alerts);
	assert_int_equal(s.used[MODEL_DAILY].calls, 3);
	assert_int_equal(s.verdict.word, QUOTA_OK);
	assert_true(s.ends[MODEL_DAILY] == TUESDAY);
	assert_int_equal(quota_alert(q, &m, MONDAY, text, &e), 1);
	assert_string_equal(text, "model 'claude': 3 of 5 calls of the day are used");
	assert_int_equal(quota_alert(q, &m, MONDAY, text, &e), 0);
	begin(q, &m, TUESDAY, &v);
	begin(q, &m, TUESDAY, &v);
	assert_int_equal(quota_alert(q, &m, TUESDAY, text, &e), 1);
	assert_string_equal(text, "model 'claude': 5 of 10 calls of the week are used");
	begin(q, &m, TUESDAY, &v);
	assert_int_equal(quota_alert(q, &m, TUESDAY, text, &e), 1);
	assert_string_equal(text, "model 'claude': 3 of 5 calls of the day are used");
	assert_int_equal(quota_alert(q, &m, TUESDAY, text, &e), 0);
	quota_close(q);
}

static void old_use_is_forgotten(void **state)
{
	struct err e = ERR_INIT;
	struct model m = model(-1, -1);
	struct quota *q = open_quota();
	struct memory *memory = memory_open(&e);
	struct quota_standing s;
	struct quota_verdict v;

	(void)state;
	begin(q, &m, MONDAY, &v);
	begin(q, &m, TUESDAY, &v);
	assert_int_equal(quota_rest(q, &m, MONDAY, 0, "down", &e), 0);
	assert_int_equal(memory_forget(memory, TUESDAY, &e), 0);
	assert_int_equal(quota_look(q, &m, TUESDAY, &s, &e), 0);
	assert_int_equal(s.used[MODEL_WEEKLY].calls, 2); /* of this week all counts still */
	assert_int_equal(s.failures, 0);
	assert_int_equal(memory_forget(memory, TUESDAY + 7 * (int64_t)WHEN_DAY, &e), 0);
	assert_int_equal(quota_look(q, &m, TUESDAY, &s, &e), 0);
	assert_int_equal(s.used[MODEL_WEEKLY].calls, 1);
	memory_close(memory);
	quota_close(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_day_is_one_of_1970s_weeks),
		cmocka_unit_test_setup(days_and_weeks, fresh),
		cmocka_unit_test_setup(tokens_and_money, fresh),
		cmocka_unit_test_setup(many_at_once, fresh),
		cmocka_unit_test_setup(rests, fresh),
		cmocka_unit_test_setup(one_of_several_rests_alone, fresh),
		cmocka_unit_test_setup(told_once, fresh),
		cmocka_unit_test_setup(old_use_is_forgotten, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
