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
#include "edge/journal.h"
#include "edge/state.h"

enum { KEEP_DAYS = 30 };

/* 1 the decision is in the ops repo, 0 not, -1 error. */
static int is_recorded(struct ops *o, const char *case_id, struct err *e)
{
	char path[DECISION_PATH], id[REPO_ID];
	int found = 0;

	if (!decision_is_id(case_id))
		return 0;
	for (int crowded = 0; crowded < 2 && found == 0; crowded++)
		found = repo_find(ops_repo(o), ops_commit(o),
			decision_path(case_id, 1, crowded, path), id, e);
	return found;
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

static int resume_case(const struct applier *a, const json_t *whole_case, resumer_each_fn *each,
	void *arg, struct err *e)
{
	json_t *outcome = applier_apply(a, whole_case, e), *ended;
	int rc;

	if (!outcome)
		return -1;
	ended = json_copy((json_t *)whole_case);
	json_object_set_new(ended, "outcome", outcome);
	rc = each(arg, ended, e);
	json_decref(ended);
	return rc;
}

static int resume_one(
	const struct applier *a, const char *name, resumer_each_fn *each, void *arg, struct err *e)
{
	json_t *lines = journal_peek(name, e);
	struct run run = {.begin = NULL};
	int recorded = 0, rc = -1;

	if (!lines || run_read(&run, lines, "", e))
		goto out;
	if (run.outcome && (recorded = is_recorded(a->ops, name, e)) < 0)
		goto out;
	rc = 0;
	if (recorded)
		tidy(name, &run);
	else if (run.begin)
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
