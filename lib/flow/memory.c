#include "flow/memory.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/labels.h"
#include "flow/store.h"

/* What each says of ON CONFLICT is what makes the same thing told twice harmless. */
enum {
	Q_SETTLE,
	Q_PUT_CASE,
	Q_PUT_ALERT,
	Q_PUT_ALERTS,
	Q_PUT_EPISODE,
	Q_EPISODES,
	Q_LOAD_CASES,
	Q_LOAD_ALERTS,
	Q_OPEN_SIGNALS,
	Q_ACTION_BEGIN,
	Q_ACTION_END,
	Q_ACTIONS,
	Q_FAILURES,
	Q_LAST_ACTION,
	Q_ASK,
	Q_DATA_VERSION,
	QUERIES,
};

#define ALERT   "(?, ?, ?, ?, ?, ?)"
#define ALERTS4 ALERT ", " ALERT ", " ALERT ", " ALERT
_Static_assert(MEMORY_ALERTS == 16, "four times ALERTS4");
#define PUT_ALERTS(rows)                                                                           \
	"INSERT INTO alerts VALUES" rows " ON CONFLICT(fingerprint) DO UPDATE SET"                 \
	" grp = excluded.grp, starts_at = excluded.starts_at, ends_at = excluded.ends_at,"         \
	" source = CASE excluded.source WHEN '' THEN source ELSE excluded.source END,"             \
	" labels = CASE excluded.labels WHEN '' THEN labels ELSE excluded.labels END"

static const char *const sql[QUERIES] = {
	[Q_SETTLE] =
		"INSERT INTO cases VALUES(?1, ?2, 1, ?3, ?4, ?5, 0) ON CONFLICT(grp) DO UPDATE SET"
		" fired = CASE opened_at WHEN ?2 THEN fired ELSE 1 END,"
		" closed_at = CASE opened_at WHEN ?2 THEN closed_at ELSE 0 END,"
		" opened_at = ?2, how = ?3, settled_at = ?4, until = ?5"
		" WHERE opened_at <= ?2",
	[Q_PUT_CASE] =
		"INSERT INTO cases VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(grp) DO UPDATE SET"
		" fired = CASE opened_at WHEN ?2 THEN max(fired, ?3) ELSE ?3 END,"
		" how = CASE opened_at WHEN ?2 THEN how ELSE ?4 END,"
		" settled_at = CASE opened_at WHEN ?2 THEN settled_at ELSE ?5 END,"
		" until = CASE opened_at WHEN ?2 THEN until ELSE ?6 END,"
		" opened_at = ?2, closed_at = ?7"
		" WHERE opened_at <= ?2",
	[Q_PUT_ALERT] = PUT_ALERTS(ALERT),
	[Q_PUT_ALERTS] = PUT_ALERTS(ALERTS4 ", " ALERTS4 ", " ALERTS4 ", " ALERTS4),
	[Q_PUT_EPISODE] = "INSERT INTO episodes VALUES(?1, ?2) ON CONFLICT DO NOTHING",
	[Q_EPISODES] = "SELECT count(*) FROM episodes WHERE fingerprint = ?1 AND starts_at >= ?2",
	[Q_LOAD_CASES] =
		"SELECT grp, opened_at, fired, how, settled_at, until, closed_at FROM cases",
	[Q_LOAD_ALERTS] = "SELECT fingerprint, grp, starts_at, ends_at FROM alerts",
	[Q_OPEN_SIGNALS] =
		"SELECT labels, starts_at, EXISTS(SELECT 1 FROM cases WHERE cases.grp = alerts.grp"
		"  AND how = 'fixed' AND settled_at >= starts_at)"
		" FROM alerts WHERE source = ?1 AND ends_at = 0",
	[Q_ACTION_BEGIN] =
		"INSERT INTO actions VALUES(?1, ?2, ?3, ?4, ?5, '') ON CONFLICT DO NOTHING",
	[Q_ACTION_END] = "UPDATE actions SET result = ?2 WHERE case_id = ?1",
	[Q_ACTIONS] = "SELECT count(*) FROM actions WHERE at >= ?1 AND by_itself",
	[Q_FAILURES] = "SELECT count(*) FROM actions WHERE at >= ?1"
		       " AND (result IN ('failed', 'rolled_back')"
		       "  OR (result = 'unverified' AND runbook <> ''))",
	[Q_LAST_ACTION] = "SELECT max(at) FROM actions WHERE runbook = ?1 AND target = ?2",
	[Q_ASK] = "INSERT INTO asks SELECT ?3 WHERE"
		  " (SELECT count(*) FROM asks WHERE at >= ?1) < ?2 RETURNING at",
	[Q_DATA_VERSION] = "PRAGMA data_version",
};

struct memory {
	struct db *db;
	struct query *queries[QUERIES]; /* prepared on first use */
	bool in_batch;
	int64_t data_version;
};

static struct query *query_of(struct memory *m, int which, struct err *e)
{
	if (!m->queries[which])
		m->queries[which] = query_new(m->db, sql[which], e);
	return m->queries[which];
}

struct memory *memory_open(struct err *e)
{
	struct db *db = store_open(e);
	struct memory *m = NULL;

	if (db) {
		m = mem_new(sizeof *m);
		m->db = db;
	}
	return m;
}

void memory_close(struct memory *m)
{
	if (!m)
		return;
	for (int i = 0; i < QUERIES; i++)
		query_free(m->queries[i]);
	db_close(m->db);
	free(m);
}

int memory_relax(struct memory *m, struct err *e)
{
	return db_relax(m->db, e);
}

int memory_begin(struct memory *m, struct err *e)
{
	if (db_begin(m->db, e))
		return -1;
	m->in_batch = true;
	return 0;
}

int memory_commit(struct memory *m, struct err *e)
{
	m->in_batch = false;
	return db_commit(m->db, e);
}

void memory_rollback(struct memory *m)
{
	if (m->in_batch)
		db_rollback(m->db);
	m->in_batch = false;
}

/* The first column of the only row. */
static int ask_integer(struct query *q, int64_t *n, struct err *e)
{
	if (query_step(q, e) != 1)
		return err_set(e, ERR_BUG, "no row where one is always given");
	*n = query_integer(q, 0);
	query_reset(q);
	return 0;
}

static int count_since(struct memory *m, int which, int64_t since, int64_t *count, struct err *e)
{
	struct query *q = query_of(m, which, e);

	if (!q)
		return -1;
	query_bind_integer(q, 1, since);
	return ask_integer(q, count, e);
}

/* "20261121T041300Z-9c2e51d0a7b3f644" back into what case_id made it of. */
static int parse_id(const char *id, int64_t *opened_at, uint64_t *group)
{
	struct str s = str_of(id);
	char at[WHEN_TEXT];

	if (s.n != strlen("20261121T041300Z-9c2e51d0a7b3f644") || s.p[16] != '-')
		return -1;
	snprintf(at, sizeof at, "%.4s-%.2s-%.5s:%.2s:%.3s", id, id + 4, id + 6, id + 11, id + 13);
	if (when_parse(str_of(at), opened_at))
		return -1;
	return fingerprint_parse((struct str){s.p + 17, s.n - 17}, group);
}

int memory_settle(struct memory *m, const char *case_id, const char *how, int64_t at, int64_t until,
	struct err *e)
{
	struct query *q = query_of(m, Q_SETTLE, e);
	int64_t opened_at;
	uint64_t group;

	if (!q)
		return -1;
	if (parse_id(case_id, &opened_at, &group))
		return 0;
	query_bind_integer(q, 1, (int64_t)group);
	query_bind_integer(q, 2, opened_at);
	query_bind_text(q, 3, str_of(how));
	query_bind_integer(q, 4, at);
	query_bind_integer(q, 5, until);
	return query_run(q, e);
}

int memory_action_begin(struct memory *m, const char *case_id, const char *runbook,
	const char *target, bool by_itself, int64_t at, struct err *e)
{
	struct query *q = query_of(m, Q_ACTION_BEGIN, e);

	if (!q)
		return -1;
	query_bind_text(q, 1, str_of(case_id));
	query_bind_text(q, 2, str_of(runbook));
	query_bind_text(q, 3, str_of(target));
	query_bind_integer(q, 4, by_itself);
	query_bind_integer(q, 5, at);
	return query_run(q, e);
}

int memory_action_end(struct memory *m, const char *case_id, const char *result, struct err *e)
{
	struct query *q = query_of(m, Q_ACTION_END, e);

	if (!q)
		return -1;
	query_bind_text(q, 1, str_of(case_id));
	query_bind_text(q, 2, str_of(result));
	return query_run(q, e);
}

int memory_actions(struct memory *m, int64_t since, int64_t *count, struct err *e)
{
	return count_since(m, Q_ACTIONS, since, count, e);
}

int memory_failures(struct memory *m, int64_t since, int64_t *count, struct err *e)
{
	return count_since(m, Q_FAILURES, since, count, e);
}

int memory_last_action(
	struct memory *m, const char *runbook, const char *target, int64_t *at, struct err *e)
{
	struct query *q = query_of(m, Q_LAST_ACTION, e);
	bool never;

	if (!q)
		return -1;
	query_bind_text(q, 1, str_of(runbook));
	query_bind_text(q, 2, str_of(target));
	if (query_step(q, e) != 1)
		return -1;
	never = query_is_null(q, 0);
	if (!never)
		*at = query_integer(q, 0);
	query_reset(q);
	return !never;
}

int memory_ask(struct memory *m, int64_t since, int64_t most, int64_t at, struct err *e)
{
	struct query *q = query_of(m, Q_ASK, e);
	int rc;

	if (!q)
		return -1;
	query_bind_integer(q, 1, since);
	query_bind_integer(q, 2, most);
	query_bind_integer(q, 3, at);
	rc = query_step(q, e);
	if (rc > 0 && query_step(q, e) < 0) /* the row is there once the statement has ended */
		return -1;
	return rc;
}

int memory_open_signals(
	struct memory *m, const char *source, memory_labels_fn *each, void *arg, struct err *e)
{
	struct query *q = query_of(m, Q_OPEN_SIGNALS, e);
	int rc;

	if (!q)
		return -1;
	query_bind_text(q, 1, str_of(source));
	while ((rc = query_step(q, e)) > 0)
		if (each(arg, query_text(q, 0), query_integer(q, 1), query_integer(q, 2) != 0, e)) {
			query_reset(q);
			return -1;
		}
	return rc;
}

static int load_cases(struct memory *m, memory_case_fn *each, void *arg, struct err *e)
{
	struct query *q = query_of(m, Q_LOAD_CASES, e);
	int rc = -1;

	while (q && (rc = query_step(q, e)) > 0) {
		struct memory_case c = {
			.group = (uint64_t)query_integer(q, 0),
			.opened_at = query_integer(q, 1),
			.fired = query_integer(q, 2),
			.how = query_text(q, 3),
			.settled_at = query_integer(q, 4),
			.until = query_integer(q, 5),
			.closed_at = query_integer(q, 6),
		};

		if (each(arg, &c, e)) {
			query_reset(q);
			return -1;
		}
	}
	return rc;
}

static int load_alerts(struct memory *m, memory_alert_fn *each, void *arg, struct err *e)
{
	struct query *q = query_of(m, Q_LOAD_ALERTS, e);
	int rc = -1;

	while (q && (rc = query_step(q, e)) > 0) {
		struct memory_alert a = {
			.fingerprint = (uint64_t)query_integer(q, 0),
			.group = (uint64_t)query_integer(q, 1),
			.starts_at = query_integer(q, 2),
			.ends_at = query_integer(q, 3),
		};

		if (each(arg, &a, e)) {
			query_reset(q);
			return -1;
		}
	}
	return rc;
}

int memory_load(struct memory *m, memory_case_fn *each_case, memory_alert_fn *each_alert, void *arg,
	struct err *e)
{
	/* One transaction, so that cases and alerts are of the same moment. */
	if (memory_changed(m, e) < 0 || db_exec(m->db, "BEGIN", e))
		return -1;
	if (load_cases(m, each_case, arg, e) || load_alerts(m, each_alert, arg, e)) {
		db_rollback(m->db);
		return -1;
	}
	return db_commit(m->db, e);
}

int memory_changed(struct memory *m, struct err *e)
{
	struct query *q = query_of(m, Q_DATA_VERSION, e);
	int64_t was = m->data_version;

	if (!q || ask_integer(q, &m->data_version, e))
		return -1;
	return was != m->data_version;
}

int memory_put_case(struct memory *m, const struct memory_case *c, struct err *e)
{
	struct query *q = query_of(m, Q_PUT_CASE, e);

	if (!q)
		return -1;
	query_bind_integer(q, 1, (int64_t)c->group);
	query_bind_integer(q, 2, c->opened_at);
	query_bind_integer(q, 3, c->fired);
	query_bind_text(q, 4, c->how);
	query_bind_integer(q, 5, c->settled_at);
	query_bind_integer(q, 6, c->until);
	query_bind_integer(q, 7, c->closed_at);
	return query_run(q, e);
}

static void bind_alert(struct query *q, int row, const struct memory_alert *a)
{
	int before = row * 6;

	query_bind_integer(q, before + 1, (int64_t)a->fingerprint);
	query_bind_integer(q, before + 2, (int64_t)a->group);
	query_bind_integer(q, before + 3, a->starts_at);
	query_bind_integer(q, before + 4, a->ends_at);
	query_bind_text(q, before + 5, a->source);
	query_bind_text(q, before + 6, a->labels);
}

int memory_put_alert(struct memory *m, const struct memory_alert *a, struct err *e)
{
	return memory_put_alerts(m, a, 1, e);
}

int memory_put_alerts(struct memory *m, const struct memory_alert *a, size_t n, struct err *e)
{
	for (size_t rows; n; a += rows, n -= rows) {
		bool many = n >= MEMORY_ALERTS;
		struct query *q = query_of(m, many ? Q_PUT_ALERTS : Q_PUT_ALERT, e);

		rows = many ? MEMORY_ALERTS : 1;
		for (size_t i = 0; q && i < rows; i++)
			bind_alert(q, (int)i, a + i);
		if (!q || query_run(q, e))
			return -1;
	}
	return 0;
}

int memory_put_episode(struct memory *m, uint64_t fingerprint, int64_t starts_at, struct err *e)
{
	struct query *q = query_of(m, Q_PUT_EPISODE, e);

	if (!q)
		return -1;
	query_bind_integer(q, 1, (int64_t)fingerprint);
	query_bind_integer(q, 2, starts_at);
	return query_run(q, e);
}

int memory_episodes(
	struct memory *m, uint64_t fingerprint, int64_t since, int64_t *count, struct err *e)
{
	struct query *q = query_of(m, Q_EPISODES, e);

	if (!q)
		return -1;
	query_bind_integer(q, 1, (int64_t)fingerprint);
	query_bind_integer(q, 2, since);
	return ask_integer(q, count, e);
}

static const char *const forgetting[] = {
	"DELETE FROM alerts WHERE ends_at <> 0 AND ends_at < ?1",
	"DELETE FROM cases WHERE closed_at <> 0 AND closed_at < ?1",
	/* Settled, and no alert of it was ever seen here. */
	"DELETE FROM cases WHERE settled_at <> 0 AND settled_at < ?1 AND grp NOT IN (SELECT grp FROM alerts)",
	"DELETE FROM episodes WHERE starts_at < ?1",
	"DELETE FROM actions WHERE at < ?1",
	"DELETE FROM asks WHERE at < ?1",
	"DELETE FROM usage WHERE day < ?1 / 86400000 - 7", /* quota.h sums up weeks */
	"DELETE FROM rests WHERE until < ?1",
};

int memory_forget(struct memory *m, int64_t before, struct err *e)
{
	for (size_t i = 0; i < sizeof forgetting / sizeof *forgetting; i++) {
		struct query *q = query_new(m->db, forgetting[i], e);
		int rc = -1;

		if (q) {
			query_bind_integer(q, 1, before);
			rc = query_run(q, e);
		}
		query_free(q);
		if (rc)
			return -1;
	}
	return 0;
}
