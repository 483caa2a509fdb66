#include "flow/progress.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"
#include "doc/case.h"
#include "doc/decision.h"
#include "doc/plan.h"
#include "doc/run.h"
#include "edge/journal.h"
#include "edge/spool.h"
#include "json/scan.h"

#define HOW_TO_APPROVE "hl-ask --parked | hl-apply | hl-record"
#define SUFFIX         17 /* "-9c2e51d0a7b3f644" */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *progress_new(const json_t *whole_case, const char *state)
{
	return json_pack("{s:s, s:s, s:s}", "case", text_of(whole_case, "id"), "state", state,
		"title", text_of(whole_case, "title"));
}

/* Only these members of an object. */
static json_t *some(const json_t *object, const char *const *keys)
{
	json_t *copy = json_object();

	for (; *keys; keys++)
		if (json_object_get(object, *keys))
			json_object_set(copy, *keys, json_object_get(object, *keys));
	return copy;
}

/* A person has something to do before it goes on. */
static bool has_task(const json_t *outcome)
{
	return strcmp(text_of(outcome, "result"), "waiting") == 0;
}

static json_t *ended(const json_t *whole_case, const json_t *outcome)
{
	static const char *const told[] = {"result", "why", "at", "steps", "undo", NULL};
	json_t *p = progress_new(whole_case, has_task(outcome) ? "task" : "done");

	json_object_set_new(p, "outcome", some(outcome, told));
	return p;
}

static json_t *answered(const json_t *whole_case, const json_t *approval)
{
	static const char *const told[] = {"decision", "at", "reason", "until", NULL};
	const char *decision = text_of(approval, "decision");
	bool goes_on = strcmp(decision, "approved") == 0 || strcmp(decision, "auto") == 0;
	json_t *p = progress_new(whole_case, goes_on                            ? "running"
					     : strcmp(decision, "expired") == 0 ? "expired"
										: "answered");

	json_object_set_new(p, "approval", some(approval, told));
	return p;
}

static json_t *waits(const json_t *whole_case, int64_t now)
{
	const json_t *plan = json_object_get(whole_case, "plan");
	json_t *p;

	if (now >= plan_expires(plan))
		return progress_new(whole_case, "expired");
	p = progress_new(whole_case, "waiting");
	json_object_set_new(p, "expires_at", json_string(text_of(plan, "expires_at")));
	json_object_set_new(p, "approve", json_string(HOW_TO_APPROVE));
	return p;
}

/* What the keys of a case say. */
static json_t *read_case(const json_t *whole_case, int64_t now)
{
	const json_t *outcome = json_object_get(whole_case, "outcome");
	const json_t *approval = json_object_get(whole_case, "approval");

	return outcome    ? ended(whole_case, outcome)
	       : approval ? answered(whole_case, approval)
			  : waits(whole_case, now);
}

static json_t *load(const struct buf *text)
{
	return text->n ? json_loadb(text->p, text->n, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

static json_t *in_spool(const char *id, struct err *e)
{
	struct buf line = BUF_INIT(BUF_RECORD);
	json_t *whole_case = spool_get(id, &line, e) > 0 ? load(&line) : NULL;

	buf_clear(&line);
	return whole_case;
}

/* The last event of the case. */
static json_t *in_history(struct ops *o, const char *id, struct err *e)
{
	struct buf file = BUF_INIT(2 * BUF_RECORD), last = BUF_INIT(2 * BUF_RECORD);
	char path[DECISION_PATH];
	json_t *whole_case;
	int rc = 1;

	for (unsigned n = 1; rc > 0 && decision_is_id(id); n++) {
		buf_reset(&file);
		rc = repo_read(
			ops_repo(o), ops_commit(o), decision_path(id, n, false, path), &file, e);
		if (rc == 0)
			rc = repo_read(ops_repo(o), ops_commit(o), decision_path(id, n, true, path),
				&file, e);
		if (rc > 0) {
			buf_reset(&last);
			buf_putstr(&last, buf_str(&file));
		}
	}
	whole_case = load(&last);
	buf_clear(&file);
	buf_clear(&last);
	return whole_case;
}

/* The case of a journal, with its outcome if it has one; NULL: none was begun. */
static json_t *in_journal(const char *id, struct err *e)
{
	json_t *lines = journal_peek(id, e), *whole_case = NULL;
	struct run run = {.begin = NULL};

	if (lines && run_read(&run, lines, "", e) == 0 && run.begin)
		whole_case = json_deep_copy(json_object_get(run.begin, "case"));
	if (whole_case && run.outcome)
		json_object_set(whole_case, "outcome", (json_t *)run.outcome);
	json_decref(lines);
	return whole_case;
}

json_t *progress_of(struct ops *o, const char *id, int64_t now, struct err *e)
{
	json_t *whole_case = NULL, *p = NULL;

	if (path_is_name(id))
		whole_case = in_spool(id, e);
	if (!whole_case && path_is_name(id) && e->kind == ERR_NONE)
		whole_case = in_journal(id, e);
	if (!whole_case && o && e->kind == ERR_NONE)
		whole_case = in_history(o, id, e);
	if (whole_case)
		p = read_case(whole_case, now);
	else
		err_set(e, ERR_DATA, "no case '%.200s' is known", id);
	json_decref(whole_case);
	return p;
}

void progress_words(const json_t *progress, struct buf *into)
{
	const char *state = text_of(progress, "state"), *id = text_of(progress, "case");
	const json_t *outcome = json_object_get(progress, "outcome");
	const json_t *approval = json_object_get(progress, "approval");

	if (strcmp(state, "waiting") == 0)
		buf_putf(into,
			"Nothing was done yet. Case %s waits for a person until %s, who answers it "
			"with: %s. Ask hl_case for what became of it.",
			id, text_of(progress, "expires_at"), HOW_TO_APPROVE);
	else if (strcmp(state, "expired") == 0)
		buf_putf(into, "Case %s expired: nobody approved it, and nothing was done.", id);
	else if (strcmp(state, "running") == 0)
		buf_putf(into, "Case %s was approved and is being carried out.", id);
	else if (strcmp(state, "task") == 0)
		buf_putf(into, "Case %s is being carried out, and waits for a person to do a step: %s",
			id, text_of(outcome, "why"));
	else if (outcome)
		buf_putf(into, "Case %s ended: %s: %s", id, text_of(outcome, "result"),
			text_of(outcome, "why"));
	else
		buf_putf(into, "Case %s was answered: %s%s%s. Nothing was done.", id,
			text_of(approval, "decision"), *text_of(approval, "reason") ? ": " : "",
			text_of(approval, "reason"));
}

static bool is_same(const json_t *whole_case, const json_t *new_case)
{
	static const char *const subject[] = {"tool", "workflow", "args", NULL};
	json_t *a = some(json_object_get(whole_case, "request"), subject);
	json_t *b = some(json_object_get(new_case, "request"), subject);
	bool same = json_equal(a, b);

	json_decref(a);
	json_decref(b);
	return same;
}

static bool is_recent(const char *id, const json_t *new_case, int64_t now, int64_t recent_ms)
{
	struct err ignored = ERR_INIT;
	json_t *whole_case = in_journal(id, &ignored);
	const json_t *outcome = json_object_get(whole_case, "outcome");
	int64_t at;
	bool recent = whole_case && is_same(whole_case, new_case);

	if (recent && outcome)
		recent = when_parse(str_of(text_of(outcome, "at")), &at) == 0 &&
			 now - at < recent_ms;
	json_decref(whole_case);
	return recent;
}

char *progress_recent(const json_t *new_case, int64_t now, int64_t recent_ms)
{
	const char *id = text_of(new_case, "id");
	const char *suffix = strlen(id) > SUFFIX ? id + strlen(id) - SUFFIX : id;
	struct err ignored = ERR_INIT;
	char **names = NULL, *found = NULL;
	long n = journal_list(&names, &ignored);

	for (long i = n - 1; i >= 0; i--) {
		if (!found && str_ends(str_of(names[i]), suffix) &&
			is_recent(names[i], new_case, now, recent_ms))
			found = mem_text(names[i]);
		free(names[i]);
	}
	free(names);
	return found;
}

/* Looked at without making a tree of it: the spool may be full of large cases. */
static bool asked_by_program(const char *id)
{
	static const char *const want[] = {"request"};
	struct buf line = BUF_INIT(BUF_RECORD);
	struct err ignored = ERR_INIT;
	struct scan_error fault;
	struct scan_value v[1];
	struct str by;
	bool it_is;

	it_is = spool_get(id, &line, &ignored) > 0 &&
		scan_object(buf_str(&line), want, v, 1, &fault) == 0 && v[0].type == SCAN_OBJECT &&
		scan_plain(scan_member(v[0], "by"), &by) && str_starts(by, "mcp:");
	buf_clear(&line);
	return it_is;
}

long progress_waiting(struct err *e)
{
	char **ids = NULL;
	long n = spool_list(&ids, e), count = 0;

	for (long i = 0; i < n; i++) {
		count += asked_by_program(ids[i]);
		free(ids[i]);
	}
	free(ids);
	return n < 0 ? -1 : count;
}
