#include "edge/db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"

#define BUSY_MS  10000
#define PAUSE_NS 5000000

struct db {
	sqlite3 *handle;
	char *path;
};

struct query {
	sqlite3_stmt *statement;
	struct db *db;
	int bound; /* the first bind that failed, for the step to report */
};

/* Every failure passes here, so each is said once and in the same words. Always -1. */
static int fail(struct db *d, int code, struct err *e)
{
	const char *why = d->handle ? sqlite3_errmsg(d->handle) : sqlite3_errstr(code);

	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(e, ERR_CONFIG,
			"'%s' is damaged (%s): move it away and hl starts with an empty memory; "
			"no decision is in it",
			d->path, why);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(
			e, ERR_AGAIN, "'%s' is in use by another process: try again", d->path);
	case SQLITE_FULL:
	case SQLITE_IOERR:
		return err_set(e, ERR_OUTPUT, "cannot write '%s': %s", d->path, why);
	case SQLITE_NOMEM:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return err_set(
			e, ERR_UNAVAILABLE, "cannot open '%s' for writing: %s", d->path, why);
	default:
		return err_set(e, ERR_BUG, "'%s': %s", d->path, why);
	}
}

/* SQLite would create it readable by all. */
static int create(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot open '%s'", path);
	close(fd);
	return 0;
}

/*
 * SQLite does not wait on its own for a journal mode to change, so two programs that meet on
 * a new database would disturb each other.
 */
static int use_wal(struct db *d, struct err *e)
{
	int64_t until = when_tick() + BUSY_MS;
	int code;

	while ((code = sqlite3_exec(d->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL)) ==
		SQLITE_BUSY) {
		if (when_tick() >= until)
			break;
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	return code == SQLITE_OK ? 0 : fail(d, code, e);
}

static int version_get(struct db *d, int64_t *version, struct err *e)
{
	struct query *q = query_new(d, "PRAGMA user_version", e);
	int rc = -1;

	if (q && query_step(q, e) == 1) {
		*version = query_integer(q, 0);
		rc = 0;
	}
	query_free(q);
	return rc;
}

static int version_set(struct db *d, int64_t version, struct err *e)
{
	char sql[64];

	snprintf(sql, sizeof sql, "PRAGMA user_version = %lld", (long long)version);
	return db_exec(d, sql, e);
}

/* The version is read again inside the transaction: another program may have been first. */
static int migrate(struct db *d, const char *const *steps, int64_t newest, struct err *e)
{
	int64_t version = 0;

	if (db_begin(d, e))
		return -1;
	if (version_get(d, &version, e))
		goto fail;
	for (int64_t n = version; n < newest; n++)
		if (db_exec(d, steps[n], e))
			goto fail;
	if (version < newest && version_set(d, newest, e))
		goto fail;
	return db_commit(d, e);
fail:
	db_rollback(d);
	return -1;
}

static int bring_up_to_date(struct db *d, const char *const *steps, struct err *e)
{
	int64_t version = 0, newest = 0;

	while (steps[newest])
		newest++;
	if (version_get(d, &version, e))
		return -1;
	if (version > newest)
		return err_set(e, ERR_CONFIG,
			"'%s' is of version %lld, this program knows %lld: use the newer hl that wrote it",
			d->path, (long long)version, (long long)newest);
	return version < newest ? migrate(d, steps, newest, e) : 0;
}

struct db *db_open(const char *path, const char *const *steps, struct err *e)
{
	struct db *d = mem_new(sizeof *d);
	int code;

	d->path = mem_text(path);
	if (create(path, e))
		goto fail;
	code = sqlite3_open_v2(path, &d->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK) {
		fail(d, code, e);
		goto fail;
	}
	sqlite3_extended_result_codes(d->handle, 1);
	sqlite3_busy_timeout(d->handle, BUSY_MS);
	/* Each tool is the last one to close for a moment: folding the log in then costs four syncs
	 * a run. */
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (use_wal(d, e) || db_exec(d, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", e) ||
		bring_up_to_date(d, steps, e))
		goto fail;
	return d;
fail:
	db_close(d);
	return NULL;
}

void db_close(struct db *d)
{
	if (!d)
		return;
	sqlite3_close_v2(d->handle);
	free(d->path);
	free(d);
}

int db_exec(struct db *d, const char *sql, struct err *e)
{
	int code = sqlite3_exec(d->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : fail(d, code, e);
}

int db_relax(struct db *d, struct err *e)
{
	return db_exec(d, "PRAGMA synchronous = NORMAL", e);
}

int db_begin(struct db *d, struct err *e)
{
	return db_exec(d, "BEGIN IMMEDIATE", e);
}

int db_commit(struct db *d, struct err *e)
{
	if (db_exec(d, "COMMIT", e) == 0)
		return 0;
	db_rollback(d);
	return -1;
}

void db_rollback(struct db *d)
{
	sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
}

struct query *query_new(struct db *d, const char *sql, struct err *e)
{
	sqlite3_stmt *statement;
	struct query *q;
	int code = sqlite3_prepare_v3(
		d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

	if (code != SQLITE_OK) {
		fail(d, code, e);
		return NULL;
	}
	q = mem_new(sizeof *q);
	q->statement = statement;
	q->db = d;
	return q;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	sqlite3_finalize(q->statement);
	free(q);
}

static void bound(struct query *q, int code)
{
	if (q->bound == SQLITE_OK)
		q->bound = code;
}

void query_bind_text(struct query *q, int at, struct str s)
{
	/* A NULL pointer would bind NULL, which is not the empty text. */
	bound(q, sqlite3_bind_text64(
			 q->statement, at, s.n ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8));
}

void query_bind_integer(struct query *q, int at, int64_t n)
{
	bound(q, sqlite3_bind_int64(q->statement, at, n));
}

void query_reset(struct query *q)
{
	sqlite3_reset(q->statement);
	q->bound = SQLITE_OK;
}

int query_step(struct query *q, struct err *e)
{
	int code = q->bound != SQLITE_OK ? q->bound : sqlite3_step(q->statement);

	if (code == SQLITE_ROW)
		return 1;
	/* The message is read before the reset, which would take it away. */
	if (code != SQLITE_DONE)
		fail(q->db, code, e);
	query_reset(q);
	return code == SQLITE_DONE ? 0 : -1;
}

int query_run(struct query *q, struct err *e)
{
	int rc = query_step(q, e);

	if (rc == 1) {
		query_reset(q);
		return err_set(e, ERR_BUG, "a row from a statement that gives none: %s",
			sqlite3_sql(q->statement));
	}
	return rc;
}

struct str query_text(struct query *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q->statement, column);

	return (struct str){text, text ? (size_t)sqlite3_column_bytes(q->statement, column) : 0};
}

int64_t query_integer(struct query *q, int column)
{
	return sqlite3_column_int64(q->statement, column);
}

bool query_is_null(struct query *q, int column)
{
	return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}
