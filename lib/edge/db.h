/*
 * db: hl.db, an SQLite database in WAL mode in the state directory. Whatever is in it that was
 * derived from git can be deleted and rebuilt.
 *
 * A commit is on the disk when it returns (synchronous = FULL): that an action was begun must be
 * known after a power cut, and one commit serves a whole batch. A damaged file: ERR_CONFIG, with
 * its name and that it may be moved away; another writer that does not end: ERR_AGAIN.
 */
#ifndef HL_EDGE_DB_H
#define HL_EDGE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct db;
struct query; /* a prepared statement */

/*
 * Opens (creating) the file and brings the schema to the newest version: the nth text of
 * `steps` (NULL-terminated) takes version n to n + 1, in one transaction. A database that is
 * newer than this program: ERR_CONFIG. Waits up to 10 s for another writer.
 */
struct db *db_open(const char *path, const char *const *steps, struct err *e);
void db_close(struct db *d); /* accepts NULL */

/*
 * What is committed from now on may be forgotten in a power cut (not when a program is killed): for
 * what can be found out again, and is not worth a wait for the disk.
 */
int db_relax(struct db *d, struct err *e);

int db_exec(struct db *d, const char *sql, struct err *e);
int db_begin(struct db *d, struct err *e); /* BEGIN IMMEDIATE */
int db_commit(struct db *d, struct err *e);
void db_rollback(struct db *d);

/*
 * A statement is prepared once and used again and again:
 *	query_bind_text(q, 1, s); while ((rc = query_step(q, e)) > 0) ... query_integer(q, 0);
 * query_step: 1 a row, 0 done (and reset), -1 error (and reset). Columns count from 0, parameters
 * from 1. Texts of a row are lent until the next step.
 */
struct query *query_new(struct db *d, const char *sql, struct err *e);
void query_free(struct query *q); /* accepts NULL */
void query_bind_text(
	struct query *q, int at, struct str s); /* not copied: must live until the step */
void query_bind_integer(struct query *q, int at, int64_t n);
int query_step(struct query *q, struct err *e);
void query_reset(struct query *q);
struct str query_text(struct query *q, int column);
int64_t query_integer(struct query *q, int column);
bool query_is_null(struct query *q, int column);

/* Runs a statement that returns no row: step and reset. */
int query_run(struct query *q, struct err *e);

#endif
