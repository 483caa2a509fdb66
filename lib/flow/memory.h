/*
 * memory: what hl remembers between runs, in hl.db of the state directory. None of it is a
 * decision (those are in git): a lost hl.db means that open cases are asked about once more.
 *
 * Each function that changes something is one transaction of its own, unless it stands between
 * memory_begin and memory_commit. Telling the same thing twice changes nothing. All times are
 * points in milliseconds (when.h).
 */
#ifndef HL_FLOW_MEMORY_H
#define HL_FLOW_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct memory;

/* Opens hl.db, creating it and the state directory. NULL on error. */
struct memory *memory_open(struct err *e);
void memory_close(struct memory *m); /* accepts NULL */

/* What is told from now on may be forgotten in a power cut: db_relax. For hl-record, whose
 * decisions are in git. */
int memory_relax(struct memory *m, struct err *e);

int memory_begin(struct memory *m, struct err *e);
int memory_commit(struct memory *m, struct err *e);
void memory_rollback(struct memory *m);

/*
 * What became of a case, told by hl-record: the result of its outcome or the decision of its
 * approval ("fixed", "failed", "rolled_back", "unverified", "ignored", "rejected", "expired",
 * "snoozed", ...). `until` is for snoozed, else 0. A case that memory does not know is remembered
 * too: its id says what it is about. An id that case_id did not make is no alert's, and nothing to
 * remember.
 */
int memory_settle(struct memory *m, const char *case_id, const char *how, int64_t at, int64_t until,
	struct err *e);

/*
 * Actions, told by hl-apply: begun before the first step, ended with the outcome's result, or
 * "unchecked": what was asked for was done, and had no check. The target is the group's part of the
 * case's id. An action begun twice for one case is one action.
 */
int memory_action_begin(struct memory *m, const char *case_id, const char *runbook,
	const char *target, bool by_itself, int64_t at, struct err *e);
int memory_action_end(struct memory *m, const char *case_id, const char *result, struct err *e);

/*
 * How many actions since (at >= since) no person approved; how many of all failed or were rolled
 * back, or unverified though a runbook's.
 */
int memory_actions(struct memory *m, int64_t since, int64_t *count, struct err *e);
int memory_failures(struct memory *m, int64_t since, int64_t *count, struct err *e);

/* When the runbook last acted on the target: 1 and *at, 0 never, -1 error. */
int memory_last_action(
	struct memory *m, const char *runbook, const char *target, int64_t *at, struct err *e);

/*
 * A stage is about to ask a model: counted at `at`, before it asks, unless `most` were counted since
 * (at >= since) already. 1 counted, 0 not, -1 error. However many programs count at once, no more
 * than `most` are.
 */
int memory_ask(struct memory *m, int64_t since, int64_t most, int64_t at, struct err *e);

/* The source that is asked, by memory_open_signals, what fires now: only its labels are kept. */
#define MEMORY_ASKED "hl-gather"

/*
 * The labels (a JSON object) and the start of each signal of that source that fires now. `mended`:
 * its case was settled as fixed since then, so what fires now is another failure. `each` returns 0
 * to go on.
 */
typedef int memory_labels_fn(
	void *arg, struct str labels, int64_t starts_at, bool mended, struct err *e);
int memory_open_signals(
	struct memory *m, const char *source, memory_labels_fn *each, void *arg, struct err *e);

/*
 * For hl-triage.
 *
 * A group has at most one remembered case: the newest. It stays open while one of its alerts
 * fires, whether settled or not.
 */
struct memory_case {
	uint64_t group;
	int64_t opened_at;  /* with the group: the id */
	int64_t fired;      /* how often, the first time included */
	struct str how;     /* settled: how; empty otherwise */
	int64_t settled_at; /* 0: not settled */
	int64_t until;      /* snoozed until; 0 */
	int64_t closed_at;  /* all its alerts were resolved; 0: open */
};

/* One distinct alert: the last episode that was seen of it. */
struct memory_alert {
	uint64_t fingerprint, group;
	int64_t starts_at;
	int64_t ends_at;   /* 0: firing */
	struct str source; /* may be empty when read by memory_load */
	struct str labels; /* likewise */
};

typedef int memory_case_fn(void *arg, const struct memory_case *c, struct err *e);
typedef int memory_alert_fn(void *arg, const struct memory_alert *a, struct err *e);

/* Everything that is remembered; sources and labels are left out. */
int memory_load(struct memory *m, memory_case_fn *each_case, memory_alert_fn *each_alert, void *arg,
	struct err *e);

/* Whether another program changed hl.db since the last call (or memory_load). 1, 0, -1 error. */
int memory_changed(struct memory *m, struct err *e);

/*
 * Adds or replaces. A case keeps the greater count, and what settled it unless it is another case
 * (another opening time). An alert keeps its source and labels where the new ones are empty.
 */
int memory_put_case(struct memory *m, const struct memory_case *c, struct err *e);
int memory_put_alert(struct memory *m, const struct memory_alert *a, struct err *e);

/* Quickest by MEMORY_ALERTS at once, and in the order of their fingerprints as signed integers. */
#define MEMORY_ALERTS 16
int memory_put_alerts(struct memory *m, const struct memory_alert *a, size_t n, struct err *e);

/* An alert began to fire: for flapping. The same episode twice is one. */
int memory_put_episode(struct memory *m, uint64_t fingerprint, int64_t starts_at, struct err *e);
int memory_episodes(
	struct memory *m, uint64_t fingerprint, int64_t since, int64_t *count, struct err *e);

/*
 * Forgets closed cases, resolved alerts, episodes, asks and actions that ended before `before`, and
 * what models were used for more than a week before it.
 */
int memory_forget(struct memory *m, int64_t before, struct err *e);

#endif
