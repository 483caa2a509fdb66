/* db and memory: what is told is there in the next run, told twice it is told once, and a bad file is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "edge/db.h"
#include "edge/state.h"
#include "flow/memory.h"

#define ID "20261121T041300Z-9c2e51d0a7b3f644"
#define GROUP UINT64_C(0x9c2e51d0a7b3f644)
#define OPENED INT64_C(1795234380000)
#define HOUR INT64_C(3600000)

static struct memory *open_memory(void)
{
	struct err e = ERR_INIT;
	struct memory *m = memory_open(&e);

	if (!m)
		fail_msg("%s", e.text);
	return m;
}

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

struct seen {
	struct memory_case cases[4];
	struct memory_alert alerts[4];
	char how[4][16];
	size_t n_cases, n_alerts;
};

static int see_case(void *arg, const struct memory_case *c, struct err *e)
{
	struct seen *s = arg;

	(void)e;
	assert_true(s->n_cases < 4);
	snprintf(s->how[s->n_cases], sizeof s->how[0], "%.*s", STR_ARG(c->how));
	s->cases[s->n_cases++] = *c;
	return 0;
}

static int see_alert(void *arg, const struct memory_alert *a, struct err *e)
{
	struct seen *s = arg;

	(void)e;
	assert_true(s->n_alerts < 4);
	s->alerts[s->n_alerts++] = *a;
	return 0;
}

static struct seen look(struct memory *m)
{
	struct err e = ERR_INIT;
	struct seen s = {0};

	if (memory_load(m, see_case, see_alert, &s, &e))
		fail_msg("%s", e.text);
	return s;
}

static void test_case_and_alert(void **state)
{
	struct err e = ERR_INIT;
	struct memory_case c = {.group = GROUP, .opened_at = OPENED, .fired = 2};
	struct memory_alert a = {.fingerprint = UINT64_MAX, .group = GROUP, .starts_at = OPENED,
		.source = STR("hl-gather"), .labels = STR("{\"a\":\"b\"}")};
	struct memory *m = open_memory();
	struct seen s;

	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(memory_begin(m, &e), 0);
		assert_int_equal(memory_put_case(m, &c, &e), 0);
		assert_int_equal(memory_put_alert(m, &a, &e), 0);
		assert_int_equal(memory_commit(m, &e), 0);
	}
	c.fired = 1; /* from one who knew less */
	assert_int_equal(memory_put_case(m, &c, &e), 0);
	memory_close(m);
	m = open_memory();
	s = look(m);
	assert_int_equal(s.n_cases, 1);
	assert_int_equal(s.cases[0].fired, 2);
	assert_int_equal(s.cases[0].opened_at, OPENED);
	assert_true(s.cases[0].group == GROUP);
	assert_int_equal(s.n_alerts, 1);
	assert_true(s.alerts[0].fingerprint == UINT64_MAX);
	memory_close(m);
}

static void test_rollback(void **state)
{
	struct err e = ERR_INIT;
	struct memory_case c = {.group = GROUP, .opened_at = OPENED, .fired = 1};
	struct memory *m = open_memory();

	(void)state;
	assert_int_equal(memory_begin(m, &e), 0);
	assert_int_equal(memory_put_case(m, &c, &e), 0);
	memory_rollback(m);
	memory_rollback(m);
	assert_int_equal(look(m).n_cases, 0);
	memory_close(m);
}

static void test_settle(void **state)
{
	struct err e = ERR_INIT;
	struct memory_case c = {.group = GROUP, .opened_at = OPENED, .fired = 3};
	struct memory *m = open_memory();
	struct seen s;

	(void)state;
	/* not an alert's case: nothing to remember */
	assert_int_equal(memory_settle(m, "wish-12", "fixed", 1, 0, &e), 0);
	assert_int_equal(memory_settle(m, "20261121T041300Z-9C2E51D0A7B3F644", "fixed", 1, 0, &e), 0);
	assert_int_equal(look(m).n_cases, 0);
	/* unknown here: the id says all */
	assert_int_equal(memory_settle(m, ID, "snoozed", OPENED + 5, OPENED + HOUR, &e), 0);
	s = look(m);
	assert_int_equal(s.n_cases, 1);
	assert_int_equal(s.cases[0].opened_at, OPENED);
	assert_string_equal(s.how[0], "snoozed");
	assert_int_equal(s.cases[0].until, OPENED + HOUR);
	/* a newer case of the group starts clean, and old news of the former does not touch it */
	c.opened_at = OPENED + HOUR;
	assert_int_equal(memory_put_case(m, &c, &e), 0);
	assert_int_equal(memory_settle(m, ID, "fixed", OPENED + 9, 0, &e), 0);
	s = look(m);
	assert_int_equal(s.n_cases, 1);
	assert_string_equal(s.how[0], "");
	assert_int_equal(s.cases[0].until, 0);
	assert_int_equal(s.cases[0].fired, 3);
	/* what a person said stays when the case is put again */
	assert_int_equal(memory_settle(m, "20261121T051300Z-9c2e51d0a7b3f644", "ignored", 7, 0, &e), 0);
	assert_int_equal(memory_put_case(m, &c, &e), 0);
	assert_string_equal(look(m).how[0], "ignored");
	memory_close(m);
}

static int64_t count(int (*of)(struct memory *, int64_t, int64_t *, struct err *), struct memory *m, int64_t since)
{
	struct err e = ERR_INIT;
	int64_t n = -1;

	assert_int_equal(of(m, since, &n, &e), 0);
	return n;
}

static void test_actions(void **state)
{
	struct err e = ERR_INIT;
	struct memory *m = open_memory();
	int64_t at = 0;

	(void)state;
	assert_int_equal(memory_last_action(m, "nginx", "t", &at, &e), 0);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(memory_action_begin(m, "a", "nginx", "t", true, 1000 + twice, &e), 0);
	assert_int_equal(memory_action_begin(m, "b", "nginx", "t", false, 2000, &e), 0);
	assert_int_equal(memory_action_begin(m, "c", "disk", "t", true, 3000, &e), 0);
	assert_int_equal(count(memory_actions, m, 0), 2);
	assert_int_equal(count(memory_actions, m, 1000), 2);
	assert_int_equal(count(memory_actions, m, 1001), 1);
	assert_int_equal(memory_last_action(m, "nginx", "t", &at, &e), 1);
	assert_int_equal(at, 2000);
	assert_int_equal(memory_last_action(m, "nginx", "elsewhere", &at, &e), 0);
	assert_int_equal(memory_action_end(m, "a", "failed", &e), 0);
	assert_int_equal(memory_action_end(m, "b", "rolled_back", &e), 0);
	assert_int_equal(memory_action_end(m, "c", "fixed", &e), 0);
	assert_int_equal(count(memory_failures, m, 0), 2);
	assert_int_equal(count(memory_failures, m, 2000), 1);
	assert_int_equal(memory_action_begin(m, "d", "disk", "t", false, 4000, &e), 0);
	assert_int_equal(memory_action_begin(m, "e", "", "t", false, 4000, &e), 0);
	assert_int_equal(memory_action_end(m, "e", "unverified", &e), 0);
	assert_int_equal(count(memory_failures, m, 4000), 0); /* asked for: nothing verifies it */
	assert_int_equal(memory_action_end(m, "d", "unverified", &e), 0);
	assert_int_equal(count(memory_failures, m, 4000), 1);
	memory_close(m);
}

static int collect(void *arg, struct str labels, int64_t starts_at, bool mended, struct err *e)
{
	(void)e;
	buf_putstr(arg, labels);
	buf_putf(arg, " %d%s\n", (int)starts_at, mended ? " mended" : "");
	return 0;
}

static void test_open_signals(void **state)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT(4096);
	struct memory *m = open_memory();
	struct memory_alert a = {.fingerprint = 1, .group = 1, .starts_at = 5, .source = STR("hl-gather"),
		.labels = STR("{\"a\":\"1\"}")};

	(void)state;
	assert_int_equal(memory_put_alert(m, &a, &e), 0);
	a.fingerprint = 2;
	a.source = STR("alertmanager");
	assert_int_equal(memory_put_alert(m, &a, &e), 0);
	a.fingerprint = 3;
	a.source = STR("hl-gather");
	a.ends_at = 9;
	assert_int_equal(memory_put_alert(m, &a, &e), 0);
	/* fires again, told without its texts */
	a = (struct memory_alert){.fingerprint = 1, .group = 1, .starts_at = 6};
	assert_int_equal(memory_put_alert(m, &a, &e), 0);
	assert_int_equal(memory_open_signals(m, "hl-gather", collect, &b, &e), 0);
	assert_string_equal(buf_text(&b), "{\"a\":\"1\"} 6\n");
	buf_reset(&b);
	/* its case was fixed after it began: what fires now is another failure; before: it is not */
	assert_int_equal(memory_settle(m, "19700101T000000Z-0000000000000001", "fixed", 5, 0, &e), 0);
	assert_int_equal(memory_open_signals(m, "hl-gather", collect, &b, &e), 0);
	assert_int_equal(memory_settle(m, "19700101T000000Z-0000000000000001", "fixed", 7, 0, &e), 0);
	assert_int_equal(memory_open_signals(m, "hl-gather", collect, &b, &e), 0);
	assert_string_equal(buf_text(&b), "{\"a\":\"1\"} 6\n{\"a\":\"1\"} 6 mended\n");
	buf_clear(&b);
	memory_close(m);
}

static void test_episodes_and_forgetting(void **state)
{
	struct err e = ERR_INIT;
	struct memory *m = open_memory();
	struct memory_alert gone = {.fingerprint = 1, .group = 1, .starts_at = 5, .ends_at = 9};
	struct memory_alert fires = {.fingerprint = 2, .group = 2, .starts_at = 5};
	struct memory_case closed = {.group = 1, .opened_at = 5, .fired = 1, .closed_at = 9};
	struct memory_case open = {.group = 2, .opened_at = 5, .fired = 1};
	struct seen s;
	int64_t n = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(memory_put_episode(m, 7, 100 + i / 2, &e), 0);
	assert_int_equal(memory_episodes(m, 7, 100, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_int_equal(memory_episodes(m, 7, 101, &n, &e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(memory_put_alert(m, &gone, &e), 0);
	assert_int_equal(memory_put_alert(m, &fires, &e), 0);
	assert_int_equal(memory_put_case(m, &closed, &e), 0);
	assert_int_equal(memory_put_case(m, &open, &e), 0);
	assert_int_equal(memory_forget(m, 9, &e), 0);
	assert_int_equal(look(m).n_cases, 2);
	assert_int_equal(memory_forget(m, 1000, &e), 0);
	s = look(m);
	assert_int_equal(s.n_cases, 1);
	assert_int_equal(s.n_alerts, 1);
	assert_true(s.alerts[0].fingerprint == 2);
	memory_close(m);
}

static void test_changed(void **state)
{
	struct err e = ERR_INIT;
	struct memory *one = open_memory(), *two = open_memory();

	(void)state;
	look(one);
	assert_int_equal(memory_settle(one, ID, "fixed", 1, 0, &e), 0);
	assert_int_equal(memory_changed(one, &e), 0);
	assert_int_equal(memory_settle(two, ID, "failed", 2, 0, &e), 0);
	assert_int_equal(memory_changed(one, &e), 1);
	assert_int_equal(memory_changed(one, &e), 0);
	memory_close(one);
	memory_close(two);
}

/* Eight programs at once on a database that is not there yet. */
static void test_together(void **state)
{
	enum { WRITERS = 8, EACH = 20 };
	struct memory *m;

	(void)state;
	for (int w = 0; w < WRITERS; w++)
		if (fork() == 0) {
			struct err e = ERR_INIT;
			struct memory *own = memory_open(&e);
			char id[32];

			for (int i = 0; own && i < EACH; i++) {
				snprintf(id, sizeof id, "%d-%d", w, i);
				if (memory_action_begin(own, id, "r", "t", true, 1, &e))
					break;
			}
			if (e.kind)
				fprintf(stderr, "# %s\n", e.text);
			_exit(e.kind != ERR_NONE);
		}
	for (int w = 0, status; w < WRITERS; w++) {
		wait(&status);
		assert_int_equal(status, 0);
	}
	m = open_memory();
	assert_int_equal(count(memory_actions, m, 0), WRITERS * EACH);
	memory_close(m);
}

static void test_private(void **state)
{
	char *path = state_path("hl.db");
	struct stat st;

	(void)state;
	memory_close(open_memory());
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);
}

static void test_damaged(void **state)
{
	struct err e = ERR_INIT;
	char *path = state_path("hl.db");

	(void)state;
	assert_int_equal(file_replace(path, STR("this is no database, and long enough to be read as one......"
						"......................................................"), &e), 0);
	assert_null(memory_open(&e));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_non_null(strstr(e.text, "hl.db' is damaged"));
	assert_non_null(strstr(e.text, "move it away"));
	free(path);
}

static void test_migration(void **state)
{
	static const char *const one[] = {"CREATE TABLE t(a)", NULL};
	static const char *const two[] = {"CREATE TABLE t(a)", "ALTER TABLE t ADD COLUMN b DEFAULT 7", NULL};
	static const char *const broken[] = {"CREATE TABLE t(a)", "ALTER TABLE t ADD COLUMN b DEFAULT 7",
		"CREATE TABLE u(a); CREATE TABLE t(again)", NULL};
	struct err e = ERR_INIT;
	char *path = state_path("other.db");
	struct db *d = db_open(path, one, &e);
	struct query *q;

	(void)state;
	assert_non_null(d);
	assert_int_equal(db_exec(d, "INSERT INTO t VALUES(1)", &e), 0);
	db_close(d);
	d = db_open(path, two, &e);
	assert_non_null(d);
	q = query_new(d, "SELECT a, b FROM t", &e);
	assert_int_equal(query_step(q, &e), 1);
	assert_int_equal(query_integer(q, 0), 1);
	assert_int_equal(query_integer(q, 1), 7);
	query_free(q);
	db_close(d);
	/* a step that fails leaves nothing of itself */
	assert_null(db_open(path, broken, &e));
	err_clear(&e);
	d = db_open(path, two, &e);
	assert_non_null(d);
	assert_int_equal(db_exec(d, "CREATE TABLE u(a)", &e), 0);
	db_close(d);
	/* an older program on a newer database */
	assert_null(db_open(path, one, &e));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_non_null(strstr(e.text, "version 2, this program knows 1"));
	unlink(path);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_case_and_alert, fresh),
		cmocka_unit_test_setup(test_rollback, fresh),
		cmocka_unit_test_setup(test_settle, fresh),
		cmocka_unit_test_setup(test_actions, fresh),
		cmocka_unit_test_setup(test_open_signals, fresh),
		cmocka_unit_test_setup(test_episodes_and_forgetting, fresh),
		cmocka_unit_test_setup(test_changed, fresh),
		cmocka_unit_test_setup(test_together, fresh),
		cmocka_unit_test_setup(test_private, fresh),
		cmocka_unit_test_setup(test_damaged, fresh),
		cmocka_unit_test_setup(test_migration, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
