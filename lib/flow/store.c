#include "flow/store.h"

#include <stdlib.h>

#include "edge/state.h"

/*
 * Each text takes it one version further, and is never changed. A fingerprint is stored as the
 * signed integer of the same bits: SQLite knows no other.
 */
static const char *const schema[] = {
	"CREATE TABLE cases(grp INTEGER PRIMARY KEY, opened_at INTEGER NOT NULL, fired INTEGER NOT NULL,"
	"  how TEXT NOT NULL, settled_at INTEGER NOT NULL, until INTEGER NOT NULL,"
	"  closed_at INTEGER NOT NULL);"
	"CREATE TABLE alerts(fingerprint INTEGER PRIMARY KEY, grp INTEGER NOT NULL,"
	"  starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, source TEXT NOT NULL,"
	"  labels TEXT NOT NULL);"
	"CREATE TABLE episodes(fingerprint INTEGER NOT NULL, starts_at INTEGER NOT NULL,"
	"  PRIMARY KEY(fingerprint, starts_at)) WITHOUT ROWID;"
	"CREATE TABLE actions(case_id TEXT PRIMARY KEY, runbook TEXT NOT NULL, target TEXT NOT NULL,"
	"  by_itself INTEGER NOT NULL, at INTEGER NOT NULL, result TEXT NOT NULL);"
	"CREATE INDEX actions_by_time ON actions(at);",
	"CREATE TABLE asks(at INTEGER NOT NULL);"
	"CREATE INDEX asks_by_time ON asks(at);",
	"CREATE TABLE usage(model TEXT NOT NULL, day INTEGER NOT NULL, calls INTEGER NOT NULL,"
	"  tokens INTEGER NOT NULL, money INTEGER NOT NULL, PRIMARY KEY(model, day)) WITHOUT ROWID;"
	"CREATE TABLE rests(model TEXT PRIMARY KEY, until INTEGER NOT NULL, failures INTEGER NOT NULL,"
	"  why TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE told(model TEXT NOT NULL, period INTEGER NOT NULL, since INTEGER NOT NULL,"
	"  PRIMARY KEY(model, period)) WITHOUT ROWID;",
	NULL,
};

struct db *store_open(struct err *e)
{
	char *dir = state_make("", e);
	char *path = dir ? state_path("hl.db") : NULL;
	struct db *db = path ? db_open(path, schema, e) : NULL;

	free(path);
	free(dir);
	return db;
}
