/* hl-apply: runs what was approved, once, and finds out what came of it; hl-apply(1). */
#include <string.h>

#include "base/msg.h"
#include "base/prog.h"
#include "doc/case.h"
#include "doc/task.h"
#include "edge/spool.h"
#include "edge/state.h"
#include "flow/applier.h"
#include "flow/rehearsal.h"
#include "flow/resumer.h"
#include "json/stream.h"

enum { WAIT_MS = 60000 };

static struct {
	bool dry_run, resume, drill;
} option;

static const struct opt options[] = {
	{'n', "dry-run", NULL, "say what would be run, and run only the pre-flight checks",
		OPT_FLAG, &option.dry_run},
	{'r', "resume", NULL, "finish what was cut off, and hand out what was not recorded",
		OPT_FLAG, &option.resume},
	{0, "drill", NULL, "apply drills only, and let every other case pass", OPT_FLAG,
		&option.drill},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-apply",
	.purpose = "run the approved solution of each case, and verify it",
	.synopsis = "",
	.options = options,
	.see = "hl(7), hl-case(5), hl-toolset(5), hl-policy(5)",
};

/* What is opened by the first case that needs it, and what the exit status will be. */
struct apply {
	struct applier applier;
	struct stream *out;
	struct err first; /* the first case that could not be decided */
	struct err ended; /* the worst end: failed before refused */
};

static int stand(struct apply *a, struct err *e)
{
	a->applier.ops = ops_refresh(a->applier.ops, e);
	if (a->applier.ops && !a->applier.memory)
		a->applier.memory = memory_open(e);
	return a->applier.ops && a->applier.memory ? 0 : -1;
}

static void remember_end(struct apply *a, const char *id, const json_t *outcome)
{
	const char *result = json_string_value(json_object_get(outcome, "result"));
	enum err_kind kind;

	if (!result || strcmp(result, "fixed") == 0 || strcmp(result, "waiting") == 0 ||
		strcmp(result, "drilled") == 0)
		return;
	kind = strcmp(result, "refused") == 0 ? ERR_DENIED : ERR_CASE;
	if (kind == ERR_CASE && a->ended.kind == ERR_DENIED)
		err_clear(&a->ended);
	err_set(&a->ended, kind, "case '%s' ended %s", id, result);
}

/* A case that could not be decided goes on as it is, and can be brought again. */
static int pass_undecided(struct apply *a, const struct record *r, const char *id,
	const struct err *why, struct err *e)
{
	if (a->first.kind != ERR_NONE)
		msg_error("case '%s' was not applied: %s", id, why->text);
	err_set(&a->first, why->kind, "case '%s' was not applied: %s", id, why->text);
	return stream_pass(a->out, r, e);
}

/* What waits for a person is parked before anybody is told of it: then power may fail. */
static int put_ended(struct apply *a, json_t *whole_case, struct err *e)
{
	const char *id = json_string_value(json_object_get(whole_case, "id"));
	struct buf line = BUF_INIT(BUF_RECORD);
	int rc = 0;

	if (task_of(whole_case)) {
		json_put(&line, whole_case);
		rc = line.full ? err_set(e, ERR_DATA, "case '%s' is too long to be parked", id)
			       : spool_put(id, buf_str(&line), e);
		if (rc == 0)
			msg_say("case '%s': parked; when it is done say so with: hl-ask --parked | "
				"hl-apply | hl-record",
				id);
	}
	buf_clear(&line);
	return rc || stream_put(a->out, whole_case, e) ? -1 : 0;
}

/* A case that waited, or waits now: its outcome is not the last thing that is said about it. */
static int put_outcome(struct apply *a, const struct record *r, json_t *whole_case,
	json_t *outcome, struct err *e)
{
	bool first = !json_object_get(whole_case, "outcome") &&
		     !json_object_get(outcome, "waiting");

	if (first)
		return stream_put_with(a->out, r, "outcome", outcome, e);
	json_object_del(whole_case, "answer");
	json_object_set(whole_case, "outcome", outcome);
	return put_ended(a, whole_case, e);
}

static int apply_one(struct apply *a, const struct record *r, struct err *e)
{
	json_t *whole_case = record_load(r), *outcome = NULL;
	const char *id = json_string_value(json_object_get(whole_case, "id"));
	struct err why = ERR_INIT;
	int rc;

	if (stand(a, &why) == 0 && !option.dry_run)
		outcome = applier_apply(&a->applier, whole_case, &why);
	else if (why.kind == ERR_NONE)
		rehearsal_show(&a->applier, whole_case, &why);
	if (outcome) {
		remember_end(a, id, outcome);
		rc = put_outcome(a, r, whole_case, outcome, e);
	} else if (why.kind != ERR_NONE) {
		rc = pass_undecided(a, r, id, &why, e);
	} else {
		rc = stream_pass(a->out, r, e);
	}
	json_decref(outcome);
	json_decref(whole_case);
	return rc;
}

static int put_resumed(void *arg, json_t *whole_case, struct err *e)
{
	struct apply *a = arg;

	remember_end(a, json_string_value(json_object_get(whole_case, "id")),
		json_object_get(whole_case, "outcome"));
	return put_ended(a, whole_case, e) || stream_flush(a->out, e) ? -1 : 0;
}

/* The plan decides what it is; --drill only keeps the hands off everything else. */
static bool is_mine(const struct record *r)
{
	return !option.drill ||
	       scan_member(r->value[CASE_PLAN], "drill").type == SCAN_OBJECT;
}

static int apply_stream(struct apply *a, struct err *e)
{
	struct record r;
	int rc = 0;

	while (rc == 0 && stream_next(a->out, &r, e) > 0) {
		const char *fault = r.kind == KIND_CASE ? case_fault(r.value) : NULL;

		if (fault)
			rc = stream_reject(a->out, &r, e, "%s", fault);
		else if (r.kind == KIND_CASE && case_next(r.value) == CASE_TO_APPLY && is_mine(&r))
			rc = apply_one(a, &r, e);
		else
			rc = stream_pass(a->out, &r, e);
	}
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct stream s;
	struct apply a = {
		.applier.wait_ms = WAIT_MS, .out = &s, .first = ERR_INIT, .ended = ERR_INIT};

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("hl-apply takes no operands: records come on standard input");
	if (option.resume && (option.dry_run || option.drill))
		return prog_usage("--resume excludes --dry-run and --drill");
	stream_open(&s, option.resume ? -1 : 0, "stdin", 1, case_members, CASE_MEMBERS,
		state_reject, NULL);
	if (!option.resume)
		apply_stream(&a, &e);
	else if (stand(&a, &e) == 0)
		resumer_run(&a.applier, put_resumed, &a, &e);
	stream_flush(&s, &e);
	if (a.first.kind != ERR_NONE)
		err_set(&e, a.first.kind, "%s", a.first.text);
	if (a.ended.kind != ERR_NONE)
		err_set(&e, a.ended.kind, "%s", a.ended.text);
	stream_close(&s, &e);
	memory_close(a.applier.memory);
	ops_free(a.applier.ops);
	return prog_end(&e);
}
