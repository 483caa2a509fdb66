#include "flow/quota.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/when.h"
#include "flow/store.h"

#define REST_FIRST (30 * (int64_t)WHEN_SECOND)
#define REST_MOST  ((int64_t)WHEN_HOUR)
#define MONDAY     3 /* the first day of 1970 was a Thursday */

enum { Q_USED, Q_ADD, Q_REST, Q_PUT_REST, Q_WELL, Q_TELL, QUERIES };

static const char *const sql[QUERIES] = {
	[Q_USED] = "SELECT coalesce(sum(calls), 0), coalesce(sum(tokens), 0), coalesce(sum(money), 0)"
		   " FROM usage WHERE model = ?1 AND day BETWEEN ?2 AND ?3",
	[Q_ADD] = "INSERT INTO usage VALUES(?1, ?2, ?3, max(?4, 0), max(?5, 0))"
		  " ON CONFLICT(model, day) DO UPDATE SET calls = calls + ?3,"
		  " tokens = max(tokens + ?4, 0), money = max(money + ?5, 0)",
	[Q_REST] = "SELECT until, failures, why FROM rests WHERE model = ?1",
	[Q_PUT_REST] = "INSERT OR REPLACE INTO rests VALUES(?1, ?2, ?3, ?4)",
	[Q_WELL] = "DELETE FROM rests WHERE model = ?1",
	[Q_TELL] = "INSERT INTO told VALUES(?1, ?2, ?3) ON CONFLICT(model, period)"
		   " DO UPDATE SET since = ?3 WHERE since <> ?3 RETURNING since",
};

struct quota {
	struct db *db;
	struct query *queries[QUERIES]; /* prepared on first use */
};

struct quota *quota_open(struct err *e)
{
	struct db *db = store_open(e);
	struct quota *q = NULL;

	if (db) {
		q = mem_new(sizeof *q);
		q->db = db;
	}
	return q;
}

void quota_close(struct quota *q)
{
	if (!q)
		return;
	for (int i = 0; i < QUERIES; i++)
		query_free(q->queries[i]);
	db_close(q->db);
	free(q);
}

/* With the model's name bound. */
static struct query *query_of(struct quota *q, int which, const char *name, struct err *e)
{
	if (!q->queries[which])
		q->queries[which] = query_new(q->db, sql[which], e);
	if (q->queries[which])
		query_bind_text(q->queries[which], 1, str_of(name));
	return q->queries[which];
}

/* ---- days and weeks ---- */

static int64_t day_of(int64_t at)
{
	return at / WHEN_DAY;
}

static int64_t first_day(enum model_period p, int64_t at)
{
	int64_t day = day_of(at);

	return p == MODEL_DAILY ? day : day - (day + MONDAY) % 7;
}

static int64_t end_of(enum model_period p, int64_t at)
{
	return (first_day(p, at) + (p == MODEL_DAILY ? 1 : 7)) * WHEN_DAY;
}

static int read_used(struct quota *q, const struct model *m, enum model_period p, int64_t now,
	struct quota_use *used, struct err *e)
{
	struct query *one = query_of(q, Q_USED, m->counted, e);

	if (!one)
		return -1;
	query_bind_integer(one, 2, first_day(p, now));
	query_bind_integer(one, 3, day_of(now));
	if (query_step(one, e) != 1)
		return -1;
	*used = (struct quota_use){
		query_integer(one, 0), query_integer(one, 1), query_integer(one, 2)};
	query_reset(one);
	return 0;
}

static int add_use(struct quota *q, const struct model *m, int64_t at, struct quota_use use,
	struct err *e)
{
	struct query *one = query_of(q, Q_ADD, m->counted, e);

	if (!one)
		return -1;
	query_bind_integer(one, 2, day_of(at));
	query_bind_integer(one, 3, use.calls);
	query_bind_integer(one, 4, use.tokens);
	query_bind_integer(one, 5, use.money);
	return query_run(one, e);
}

/* ---- limits ---- */

struct measure {
	const char *what;
	int64_t limit, used, more;
};

static void measure(struct measure all[3], const struct model_limit *l, struct quota_use used,
	struct quota_use expect)
{
	all[0] = (struct measure){"calls", l->calls, used.calls, 1};
	all[1] = (struct measure){"tokens", l->tokens, used.tokens, expect.tokens};
	all[2] = (struct measure){"money", l->money, used.money, expect.money};
}

static const char *period_noun(enum model_period p)
{
	return p == MODEL_DAILY ? "day" : "week";
}

/* "$0.90 of $1.00 of the day are used" */
static void put_used(char *text, size_t n, const struct measure *one, enum model_period p)
{
	if (strcmp(one->what, "money") == 0)
		snprintf(text, n, "$%.2f of $%.2f of the %s are used",
			(double)one->used / MODEL_MILLION, (double)one->limit / MODEL_MILLION,
			period_noun(p));
	else
		snprintf(text, n, "%" PRId64 " of %" PRId64 " %s of the %s are used", one->used,
			one->limit, one->what, period_noun(p));
}

static void look_at_limit(struct quota_verdict *v, const struct model *m, enum model_period p,
	struct quota_use used, struct quota_use expect, int64_t now)
{
	struct measure all[3];

	measure(all, &m->limits[p], used, expect);
	for (int i = 0; i < 3; i++) {
		const struct measure *one = &all[i];

		if (one->limit == MODEL_UNLIMITED || end_of(p, now) <= v->until ||
			(one->used < one->limit && one->used + one->more <= one->limit))
			continue;
		v->word = QUOTA_SPENT;
		v->until = end_of(p, now);
		put_used(v->why, sizeof v->why, one, p);
	}
}

/* 1 and how long it rests and why; 0 it never failed, -1. */
static int read_rest(struct quota *q, const struct model *m, int64_t *until, int64_t *failures,
	char *why, size_t n, struct err *e)
{
	struct query *one = query_of(q, Q_REST, m->name, e);
	int rc = one ? query_step(one, e) : -1;

	if (rc != 1)
		return rc;
	*until = query_integer(one, 0);
	*failures = query_integer(one, 1);
	snprintf(why, n, "%.*s", STR_ARG(query_text(one, 2)));
	query_reset(one);
	return 1;
}

static int look_at_rest(struct quota *q, const struct model *m, int64_t now,
	struct quota_verdict *v, struct err *e)
{
	struct quota_verdict rest = {.word = QUOTA_RESTING};
	int64_t failures;
	int rc = read_rest(q, m, &rest.until, &failures, rest.why, sizeof rest.why, e);

	if (rc == 1 && rest.until > now && rest.until > v->until)
		*v = rest;
	return rc < 0 ? -1 : 0;
}

/* The reason that holds longest is told. */
int quota_may(struct quota *q, const struct model *m, int64_t now, struct quota_use expect,
	struct quota_verdict *v, struct err *e)
{
	*v = (struct quota_verdict){.word = QUOTA_OK};
	for (enum model_period p = MODEL_DAILY; p < MODEL_PERIODS; p++) {
		struct quota_use used;

		if (read_used(q, m, p, now, &used, e))
			return -1;
		look_at_limit(v, m, p, used, expect, now);
	}
	return look_at_rest(q, m, now, v, e);
}

int quota_begin(struct quota *q, const struct model *m, int64_t now, struct quota_use expect,
	struct quota_verdict *v, struct err *e)
{
	int rc;

	if (db_begin(q->db, e))
		return -1;
	expect.calls = 1;
	rc = quota_may(q, m, now, expect, v, e);
	if (rc == 0 && v->word == QUOTA_OK)
		rc = add_use(q, m, now, expect, e) ? -1 : 1;
	if (rc > 0)
		return db_commit(q->db, e) ? -1 : 1;
	db_rollback(q->db);
	return rc;
}

int quota_end(struct quota *q, const struct model *m, int64_t began, struct quota_use expect,
	struct quota_use used, bool answered, struct err *e)
{
	struct quota_use change = {
		.tokens = used.tokens - expect.tokens, .money = used.money - expect.money};
	struct query *well = answered ? query_of(q, Q_WELL, m->name, e) : NULL;

	if ((answered && !well) || db_begin(q->db, e))
		return -1;
	if (add_use(q, m, began, change, e) || (well && query_run(well, e))) {
		db_rollback(q->db);
		return -1;
	}
	return db_commit(q->db, e);
}

/* ---- rests ---- */

static int64_t cool_down(int64_t failures)
{
	int64_t ms = REST_FIRST;

	while (--failures > 0 && ms < REST_MOST)
		ms *= 2;
	return ms < REST_MOST ? ms : REST_MOST;
}

static int put_rest(struct quota *q, const struct model *m, int64_t now, int64_t until,
	const char *why, struct err *e)
{
	struct query *put = query_of(q, Q_PUT_REST, m->name, e);
	int64_t was_until = 0, failures = 0, least;
	char was[256];

	if (!put || read_rest(q, m, &was_until, &failures, was, sizeof was, e) < 0)
		return -1;
	if (now - was_until > WHEN_DAY)
		failures = 0;
	if (was_until <= now)
		failures++;
	least = was_until > now ? was_until : now + cool_down(failures);
	query_bind_integer(put, 2, until > least ? until : least);
	query_bind_integer(put, 3, failures);
	query_bind_text(put, 4, str_of(why));
	return query_run(put, e);
}

int quota_rest(struct quota *q, const struct model *m, int64_t now, int64_t until, const char *why,
	struct err *e)
{
	if (db_begin(q->db, e))
		return -1;
	if (put_rest(q, m, now, until, why, e)) {
		db_rollback(q->db);
		return -1;
	}
	return db_commit(q->db, e);
}

/* ---- what is told of it ---- */

/* The measure of the period that is past alert_at by most; NULL: none is. */
static const struct measure *find_alert(
	const struct model *m, enum model_period p, struct quota_use used, struct measure all[3])
{
	const struct measure *worst = NULL;
	double most = m->alert_at;

	measure(all, &m->limits[p], used, (struct quota_use){0});
	for (int i = 0; i < 3; i++) {
		double part = all[i].limit > 0 ? (double)all[i].used / (double)all[i].limit : 0;

		if (all[i].limit > 0 && all[i].used > 0 && part >= most) {
			worst = &all[i];
			most = part;
		}
	}
	return worst;
}

/* 1: nobody was told in this period. */
static int tell_once(struct quota *q, const struct model *m, enum model_period p, int64_t now,
	struct err *e)
{
	struct query *one = query_of(q, Q_TELL, m->counted, e);
	int rc;

	if (!one)
		return -1;
	query_bind_integer(one, 2, p);
	query_bind_integer(one, 3, first_day(p, now));
	rc = query_step(one, e);
	if (rc > 0 && query_step(one, e) < 0)
		return -1;
	return rc;
}

int quota_alert(struct quota *q, const struct model *m, int64_t now, char text[256], struct err *e)
{
	for (int i = MODEL_PERIODS - 1; i >= 0; i--) {
		enum model_period p = (enum model_period)i;
		const struct measure *worst;
		struct quota_use used;
		struct measure all[3];
		char what[160];
		int rc;

		if (read_used(q, m, p, now, &used, e))
			return -1;
		worst = find_alert(m, p, used, all);
		rc = worst ? tell_once(q, m, p, now, e) : 0;
		if (rc > 0) {
			put_used(what, sizeof what, worst, p);
			snprintf(text, 256, "model '%.80s': %s", m->counted, what);
		}
		if (rc)
			return rc;
	}
	return 0;
}

int quota_look(struct quota *q, const struct model *m, int64_t now, struct quota_standing *s,
	struct err *e)
{
	struct measure all[3];
	char why[256];
	int64_t until;

	*s = (struct quota_standing){.alerts = false};
	for (enum model_period p = MODEL_DAILY; p < MODEL_PERIODS; p++) {
		if (read_used(q, m, p, now, &s->used[p], e))
			return -1;
		s->ends[p] = end_of(p, now);
		s->alerts |= find_alert(m, p, s->used[p], all) != NULL;
	}
	if (read_rest(q, m, &until, &s->failures, why, sizeof why, e) < 0)
		return -1;
	return quota_may(q, m, now, (struct quota_use){0}, &s->verdict, e);
}
