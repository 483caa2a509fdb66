/*
 * hl-record: puts decisions into the history of the ops repo.
 */
#include "base/msg.h"
#include "base/prog.h"
#include "doc/case.h"
#include "edge/state.h"
#include "flow/recorder.h"

static struct {
	bool batch, dry_run;
} option;

static const struct opt options[] = {
	{'b', "batch", NULL, "one commit for all cases that come together", OPT_FLAG,
		&option.batch},
	{'n', "dry-run", NULL, "say what would be committed, and pass the cases on", OPT_FLAG,
		&option.dry_run},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-record",
	.purpose = "put decisions into the history of the ops repo",
	.synopsis = "",
	.options = options,
	.see = "hl-record(1), hl-decision(5)",
};

static int show(struct stream *s, const struct record *r, struct err *e)
{
	struct err why = ERR_INIT;
	char path[DECISION_PATH];
	struct decision d;

	if (decision_load(&d, r->object, &why))
		return stream_reject(s, r, e, "%s", why.text);
	msg_say("would commit '%s'", decision_path(d.id, 1, false, path));
	for (struct str rest = str_of(d.message), line; str_split(&rest, '\n', &line);)
		msg_say("    %.*s", STR_ARG(line));
	decision_clear(&d);
	return stream_pass(s, r, e);
}

static int record_one(
	struct recorder *recorder, struct stream *s, const struct record *r, struct err *e)
{
	const char *fault;

	if (r->kind != KIND_CASE)
		return recorder_pass(recorder, r, e);
	fault = case_fault(r->value);
	if (fault)
		return stream_reject(s, r, e, "%s", fault);
	if (case_next(r->value) != CASE_TO_RECORD)
		return recorder_pass(recorder, r, e);
	return option.dry_run ? show(s, r, e) : recorder_take(recorder, r, e);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct recorder *recorder;
	struct stream s;
	struct record r;
	int rc;

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("takes no operands, but reads standard input");
	stream_open(&s, 0, "stdin", 1, case_members, CASE_MEMBERS, state_reject, NULL);
	recorder = recorder_new(&s, option.batch);
	s.on_idle = recorder_end;
	s.idle_arg = recorder;
	while ((rc = stream_next(&s, &r, &e)) > 0)
		if (record_one(recorder, &s, &r, &e))
			break;
	recorder_end(recorder, &e); /* also after an error: what was taken is not dropped */
	if (recorder_failed(recorder)->kind)
		err_set(&e, recorder_failed(recorder)->kind, "%s", recorder_failed(recorder)->text);
	stream_close(&s, &e);
	recorder_free(recorder);
	return prog_end(&e);
}
