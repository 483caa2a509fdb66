/*
 * hl-ask: gets each planned case its answer, from a person at the terminal, from a script, or from
 * policy; parks what nobody answers.
 */
#include "base/mem.h"
#include "base/msg.h"
#include "base/prog.h"
#include "base/utf8.h"
#include "base/when.h"
#include "doc/case.h"
#include "doc/notice.h"
#include "doc/task.h"
#include "edge/person.h"
#include "edge/spool.h"
#include "edge/state.h"
#include "edge/tty.h"
#include "flow/tasker.h"
#include "json/stream.h"

static struct {
	struct opt_list answers;
	const char *by;
	bool parked, list, unattended;
} option;

static const struct opt options[] = {
	{'a', "answer", "TEXT", "answer each case so; again for the next question", OPT_LIST,
		&option.answers},
	{'b', "by", "NAME", "who answers (your login name)", OPT_TEXT, &option.by},
	{'p', "parked", NULL, "ask about the parked cases instead of standard input", OPT_FLAG,
		&option.parked},
	{'l', "list", NULL, "list the parked cases", OPT_FLAG, &option.list},
	{'u', "unattended", NULL, "ask nobody: park what needs a person", OPT_FLAG,
		&option.unattended},
	{0, "state", "DIR", "state directory ($HL_STATE)", OPT_TEXT, &state_option.dir},
	OPT_END,
};

static const struct prog program = {
	.name = "hl-ask",
	.purpose = "get planned cases their answer from a person",
	.synopsis = "",
	.options = options,
	.see = "hl-case(5), hl-apply(1)",
};

struct run {
	struct asker asker;
	struct stream stream;
	bool from_spool; /* where the cases come from */
	size_t parked;   /* not yet said */
	size_t bad;      /* parked files that hold no case to ask about */
};

static int read_options(struct run *run, struct err *e)
{
	struct answer *answers = mem_array(option.answers.count + 1, sizeof *answers);

	run->asker.answers = answers;
	for (size_t i = 0; i < option.answers.count; i++)
		if (answer_parse(
			    str_of(option.answers.items[i]), &answers[run->asker.n_answers++], e))
			return err_prefix(e, "--answer: ");
	if (option.by && (!utf8_is_line(str_of(option.by)) || strlen(option.by) > 100))
		return err_set(e, ERR_USAGE, "--by: not a name of one line and at most 100 bytes");
	if (option.unattended && run->asker.n_answers)
		return err_set(e, ERR_USAGE, "--unattended and --answer exclude each other");
	run->asker.stopped = option.unattended;
	return 0;
}

static void say_parked(struct run *run)
{
	if (run->parked)
		msg_say("parked %zu case%s; answer %s with: hl-ask --parked | hl-apply | hl-record",
			run->parked, run->parked == 1 ? "" : "s", run->parked == 1 ? "it" : "them");
	run->parked = 0;
}

static int on_idle(void *arg, struct err *e)
{
	(void)e;
	say_parked(arg);
	return 0;
}

static int park(const struct run *run, const char *id, const struct record *r, struct err *e)
{
	return run->from_spool ? 0 : spool_put(id, r->line, e);
}

/*
 * The line is out before the case leaves the spool: at worst it is delivered twice, and that
 * changes nothing.
 */
static int pass_answer(struct run *run, const char *id, const struct record *r, const char *key,
	const json_t *answer, struct err *e)
{
	if (stream_put_with(&run->stream, r, key, answer, e))
		return -1;
	if (!spool_has(id))
		return 0;
	if (stream_flush(&run->stream, e))
		return -1;
	if (isatty(1)) {
		msg_say("%s: the answer went to the terminal and no further; the case stays parked",
			id);
		return 0;
	}
	return spool_remove(id, e);
}

/* The case is parked while a person thinks: whatever happens to this process, it is not lost. */
static enum asked talk(struct run *run, const char *id, const struct record *r,
	const json_t *whole_case, json_t **answer, struct err *e)
{
	if (park(run, id, r, e) || stream_flush(&run->stream, e))
		return ASKED_BAD;
	return task_of(whole_case) ? tasker_talk(&run->asker, whole_case, answer)
				   : asker_talk(&run->asker, whole_case, answer);
}

/* 0, or -1; or 1 with `why`: the case is in no state to be asked about. */
static int ask_one(struct run *run, const struct record *r, struct err *why, struct err *e)
{
	json_t *whole_case = record_load(r), *answer = NULL;
	const char *id = json_string_value(json_object_get(whole_case, "id"));
	bool task = task_of(whole_case) != NULL;
	enum asked asked;
	int rc = 0;

	if (!run->asker.by)
		run->asker.by = option.by ? option.by : person_name();
	asked = task ? tasker_settle(&run->asker, whole_case, &answer, why)
		     : asker_settle(&run->asker, whole_case, &answer, why);
	if (asked == ASKED_BAD)
		rc = 1;
	else if (asked == ASKED_PARK)
		rc = park(run, id, r, e);
	else if (asked == ASKED_PERSON &&
		 (asked = talk(run, id, r, whole_case, &answer, e)) == ASKED_BAD)
		rc = -1;
	if (asked == ASKED_ANSWERED)
		rc = pass_answer(run, id, r, task ? "answer" : "approval", answer, e);
	run->parked += asked == ASKED_PARK;
	json_decref(answer);
	json_decref(whole_case);
	return rc;
}

static int take_record(struct run *run, const struct record *r, struct err *e)
{
	const char *fault = r->kind == KIND_CASE ? case_fault(r->value) : NULL;
	struct err why = ERR_INIT;
	int rc;

	if (fault)
		return stream_reject(&run->stream, r, e, "%s", fault);
	if (r->kind != KIND_CASE || case_next(r->value) != CASE_TO_ASK)
		return stream_pass(&run->stream, r, e);
	rc = ask_one(run, r, &why, e);
	return rc > 0 ? stream_reject(&run->stream, r, e, "%s", why.text) : rc;
}

static int ask_stdin(struct run *run, struct err *e)
{
	struct record r;
	int rc;

	stream_open(&run->stream, 0, "stdin", 1, case_members, CASE_MEMBERS, state_reject, NULL);
	run->stream.on_idle = on_idle;
	run->stream.idle_arg = run;
	while ((rc = stream_next(&run->stream, &r, e)) > 0)
		if (take_record(run, &r, e))
			return -1;
	return rc;
}

/* The spool. */

typedef int parked_fn(struct run *run, const char *id, struct record *r, struct err *e);

/* What is parked and cannot be asked about is kept with the other rejected lines. */
static int reject_parked(
	struct run *run, const char *id, struct str line, const char *why, struct err *e)
{
	run->bad++;
	msg_error("spool: %s: %s", id, why);
	return state_reject(NULL, line, why, e) || spool_remove(id, e) ? -1 : 0;
}

/* What nothing of ours parks. An approval is taken from a person or policy, never from a file. */
static const char *parked_fault(const char *id, const struct record *r)
{
	const char *fault = case_fault(r->value);

	if (fault)
		return fault;
	if (!scan_is(r->value[CASE_ID_MEMBER], str_of(id)))
		return "its file has the name of another case";
	return case_next(r->value) == CASE_TO_APPLY
		       ? "it is approved already: nothing parks such a case"
		       : NULL;
}

static int take_parked(struct run *run, const char *id, struct record *r, struct err *e)
{
	const char *fault = parked_fault(id, r);
	struct err why = ERR_INIT;
	int rc;

	if (fault)
		return reject_parked(run, id, r->line, fault, e);
	if (case_next(r->value) != CASE_TO_ASK) /* it went another way meanwhile; send it on */
		return stream_pass(&run->stream, r, e) || stream_flush(&run->stream, e) ||
				       spool_remove(id, e)
			       ? -1
			       : 0;
	rc = ask_one(run, r, &why, e);
	return rc > 0 ? reject_parked(run, id, r->line, why.text, e) : rc;
}

static int list_parked(struct run *run, const char *id, struct record *r, struct err *e)
{
	json_t *whole_case = record_load(r);
	struct buf text = BUF_INIT(65536);
	struct notice n = {.into = &text, .now = when_now()};

	(void)id;
	(void)run;
	notice_line(&n, whole_case);
	if (puts(buf_text(&text)) == EOF)
		err_sys(e, ERR_OUTPUT, "cannot write standard output");
	buf_clear(&text);
	json_decref(whole_case);
	return e->kind ? -1 : 0;
}

static int each_one(struct run *run, const char *id, parked_fn *take, struct err *e)
{
	struct buf line = BUF_INIT(BUF_RECORD);
	struct record r = {.kind = KIND_CASE};
	struct scan_error fault;
	int rc = spool_get(id, &line, e);

	if (rc < 0) { /* a file that cannot be read must not keep the others from their answer */
		msg_error("spool: %s: %s", id, e->text);
		err_clear(e);
		run->bad++;
		rc = 0;
	} else if (rc > 0) {
		r.line = buf_str(&line);
		r.object = (struct scan_value){SCAN_OBJECT, r.line};
		if (scan_object(r.line, case_members, r.value, CASE_MEMBERS, &fault))
			rc = reject_parked(run, id, r.line, fault.why, e);
		else
			rc = take(run, id, &r, e);
	}
	buf_clear(&line);
	return rc;
}

static int each_parked(struct run *run, parked_fn *take, struct err *e)
{
	char **ids = NULL;
	long n = spool_list(&ids, e);
	int rc = n < 0 ? -1 : 0;

	for (long i = 0; i < n; i++) {
		if (rc == 0)
			rc = each_one(run, ids[i], take, e);
		free(ids[i]);
	}
	free(ids);
	return rc;
}

static int ask_parked(struct run *run, struct err *e)
{
	if (isatty(1))
		return err_set(e, ERR_USAGE,
			"the answers go to standard output; "
			"say: hl-ask --parked | hl-apply | hl-record");
	run->from_spool = true;
	stream_open(&run->stream, -1, "spool", 1, NULL, 0, NULL, NULL);
	return each_parked(run, take_parked, e);
}

/* At a prompt with nothing piped in, the parked cases are what can be meant. */
static bool takes_parked(void)
{
	return option.parked || (isatty(0) && !option.answers.count);
}

static void judge_spool(const struct run *run, struct err *e)
{
	if (run->bad)
		err_set(e, ERR_DATA, "spool: %zu parked file%s held no case to ask about", run->bad,
			run->bad == 1 ? "" : "s");
}

static void list_all(struct run *run, struct err *e)
{
	if (each_parked(run, list_parked, e) == 0)
		judge_spool(run, e);
}

/* The cases of standard input or of the spool; what went wrong is in e. */
static void ask_all(struct run *run, struct err *e)
{
	(void)(takes_parked() ? ask_parked(run, e) : ask_stdin(run, e));
	say_parked(run);
	tty_close();
	(void)stream_close(&run->stream, e);
	judge_spool(run, e);
	if (e->kind == ERR_NONE)
		e->kind = run->asker.misfit.kind; /* said when it was met */
}

int main(int argc, char **argv)
{
	struct run run = {.asker.misfit = ERR_INIT};
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv), status;

	if (first < argc) {
		status = prog_usage("hl-ask takes no operands, but '%s' is one", argv[first]);
	} else if (read_options(&run, &e)) {
		status = prog_usage("%s", e.text);
	} else {
		if (option.list)
			list_all(&run, &e);
		else
			ask_all(&run, &e);
		status = prog_end(&e);
	}
	free((void *)run.asker.answers);
	free(option.answers.items);
	return status;
}
