#include "flow/resumer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/msg.h"
#include "base/path.h"
#include "base/when.h"
#include "doc/decision.h"
#include "doc/plan.h"
#include "doc/run.h"
#include "doc/task.h"
#include "edge/journal.h"
#include "edge/spool.h"
#include "edge/state.h"

enum { KEEP_DAYS = 30 };

/* The nth event of a case. 1 with its bytes in `file`, 0 none, -1 error. */
static int read_event(
	struct ops *o, const char *case_id, unsigned n, struct buf *file, struct err *e)
{
	char path[DECISION_PATH];
	int rc = 0;

	for (int crowded = 0; crowded < 2 && rc == 0; crowded++) {
		buf_reset(file);
		rc = repo_read(ops_repo(o), ops_commit(o), decision_path(case_id, n, crowded, path),
			file, e);
	}
	return rc;
}

/*
 * 1 this outcome is in the ops repo, 0 not, -1 error. That there is a decision of the case is not
 * enough: it may have been snoozed before.
 */
static int is_recorded(struct ops *o, const char *case_id, const json_t *ended, struct err *e)
{
	struct decision d = {.message = NULL};
	struct buf file = BUF_INIT(2 * BUF_RECORD);
	bool found = false;
	int rc = 1;

	if (!decision_is_id(case_id))
		return 0;
	decision_event(ended, d.event);
	for (unsigned n = 1; rc > 0 && !found; n++) {
		rc = read_event(o, case_id, n, &file, e);
		found = rc > 0 && decision_same(&d, buf_str(&file));
	}
	buf_clear(&file);
	return rc < 0 ? -1 : found;
}

static bool is_old(const char *name)
{
	char *runs = state_path("runs"), path[4096];
	struct stat st;
	bool old;

	snprintf(path, sizeof path, "%s/%s.jsonl", runs, name);
	old = stat(path, &st) == 0 &&
	      when_now() - (int64_t)st.st_mtime * WHEN_SECOND > KEEP_DAYS * (int64_t)WHEN_DAY;
	free(runs);
	return old;
}

/* An approval may be brought again until its plan expires: so long its journal has to answer. */
static void tidy(const char *name, const struct run *run)
{
	const json_t *plan = json_object_get(json_object_get(run->begin, "case"), "plan");
	struct err ignored = ERR_INIT;
	struct journal *j;

	if (!run->outcome || when_now() <= plan_expires(plan) || !is_old(name))
		return;
	if ((j = journal_open(name, 0, &ignored)))
		journal_remove(j, &ignored);
}

static json_t *with_outcome(const json_t *whole_case, const json_t *outcome)
{
	json_t *ended = json_copy((json_t *)whole_case);

	json_object_set(ended, "outcome", (json_t *)outcome);
	return ended;
}

static int resume_case(const struct applier *a, const json_t *whole_case, resumer_each_fn *each,
	void *arg, struct err *e)
{
	json_t *outcome = applier_apply(a, whole_case, e), *ended;
	int rc;

	if (!outcome)
		return -1;
	ended = with_outcome(whole_case, outcome);
	rc = each(arg, ended, e);
	json_decref(ended);
	json_decref(outcome);
	return rc;
}

/* 1 the run ended and is recorded, 0 not, -1 error. */
static int is_over(const struct applier *a, const char *name, const struct run *run, struct err *e)
{
	json_t *ended;
	int rc;

	if (!run->outcome)
		return 0;
	ended = with_outcome(json_object_get(run->begin, "case"), run->outcome);
	rc = is_recorded(a->ops, name, ended, e);
	json_decref(ended);
	return rc;
}

/* A person has it, can see it, and has time left. */
static bool is_in_hand(const char *name, const struct run *run)
{
	const json_t *wait = run_waits(run);

	return wait && when_now() < task_until(wait) && spool_has(name);
}

static int resume_one(
	const struct applier *a, const char *name, resumer_each_fn *each, void *arg, struct err *e)
{
	json_t *lines = journal_peek(name, e);
	struct run run = {.begin = NULL};
	int over, rc = -1;

	if (!lines || run_read(&run, lines, "", e) || (over = is_over(a, name, &run, e)) < 0)
		goto out;
	rc = 0;
	if (over)
		tidy(name, &run);
	else if (run.begin && !is_in_hand(name, &run))
		rc = resume_case(a, json_object_get(run.begin, "case"), each, arg, e);
out:
	if (rc && e->kind != ERR_OUTPUT)
		err_prefix(e, "journal '%s': ", name);
	json_decref(lines);
	return rc;
}

int resumer_run(const struct applier *a, resumer_each_fn *each, void *arg, struct err *e)
{
	char **names = NULL;
	long n = journal_list(&names, e);
	int rc = n < 0 ? -1 : 0;

	for (long i = 0; i < n; i++) {
		struct err why = ERR_INIT;

		if (resume_one(a, names[i], each, arg, &why)) {
			if (e->kind != ERR_NONE || why.kind == ERR_AGAIN)
				msg_warn("%s", why.text);
			if (why.kind != ERR_AGAIN)
				rc = err_set(e, why.kind, "%s", why.text);
		}
		free(names[i]);
	}
	free(names);
	return rc;
}
