#include "flow/asker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/when.h"
#include "doc/approval.h"
#include "doc/case.h"
#include "doc/ladder.h"
#include "doc/notice.h"
#include "doc/plan.h"
#include "doc/ruling.h"
#include "edge/state.h"
#include "edge/tty.h"
#include "flow/screen.h"

/* One case that is being answered. */
struct talk {
	struct asker *a;
	const json_t *whole_case, *plan;
	const char *via;
	int64_t now;
	bool unsure; /* it has still to be said that this is a problem */
};

static const char *text_at(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static struct talk talk_about(struct asker *a, const json_t *whole_case, const char *via)
{
	struct talk t = {.a = a, .whole_case = whole_case, .via = via};

	t.plan = json_object_get(whole_case, "plan");
	t.now = a->now ? a->now : when_now();
	t.unsure = !case_is_sure(whole_case);
	return t;
}

/* What an answer means for this case. */
static enum ruled say(
	const struct talk *t, const struct answer *said, json_t **approval, struct err *e)
{
	struct ruling r = {.by = t->a->by,
		.via = t->via,
		.at = t->now,
		.whole_case = t->whole_case,
		.unsure = t->unsure};

	return ruling_say(&r, said, approval, e);
}

/* Without a person. */

int asker_check_plan(const json_t *whole_case, struct err *e)
{
	struct source source = {.kind = ERR_DATA, .name = text_at(whole_case, "id")};
	struct node root = node_root((json_t *)whole_case, &source), plan = node_get(&root, "plan");

	if (plan_check(&plan, e))
		return -1;
	if (!plan_sealed(source.name, plan.v))
		return err_set(e, ERR_DATA,
			"%s: plan.digest: is not this plan's: it was changed after it was made",
			source.name);
	return 0;
}

/* A message is one line, so the notice goes out as several. */
static void tell(const json_t *whole_case, int64_t now)
{
	struct buf text = BUF_INIT(1 << 20);
	struct notice n = {.into = &text, .now = now};
	struct str rest, line;

	notice_solution(&n, plan_recommended(json_object_get(whole_case, "plan")), false);
	rest = buf_str(&text);
	msg_say("%s: %s: policy lets this be done without asking:", text_at(whole_case, "id"),
		text_at(whole_case, "title"));
	while (str_split(&rest, '\n', &line))
		msg_say("%.*s", STR_ARG(line));
	buf_clear(&text);
}

static json_t *by_policy(const struct asker *a, const json_t *whole_case)
{
	int64_t now = a->now ? a->now : when_now();
	json_t *approval = approval_by_policy(whole_case, now);
	const char *decision = text_at(approval, "decision");

	if (strcmp(decision, "expired") == 0)
		msg_say("%s: the plan has expired and nobody had answered",
			text_at(whole_case, "id"));
	else if (approval && plan_level(json_object_get(whole_case, "plan")) == LEVEL_AUTO_NOTIFY)
		tell(whole_case, now);
	return approval;
}

static enum asked park_misfit(struct asker *a, const json_t *whole_case, const struct err *why)
{
	msg_error("%s: %s; parked", text_at(whole_case, "id"), why->text);
	err_set(&a->misfit, why->kind, "%s: %s", text_at(whole_case, "id"), why->text);
	return ASKED_PARK;
}

/* A script's answers, in turn, until one decides. */
static enum asked by_script(struct asker *a, const json_t *whole_case, json_t **approval)
{
	struct talk t = talk_about(a, whole_case, "answer");
	struct err why = ERR_INIT;

	for (size_t i = 0; i < a->n_answers; i++) {
		/*
		 * One list serves cases that have still to be called a problem and those that
		 * are one.
		 */
		if (!t.unsure && a->answers[i].word == ANSWER_YES && i + 1 < a->n_answers)
			continue;
		switch (say(&t, &a->answers[i], approval, &why)) {
		case RULED_DECIDED:
			return ASKED_ANSWERED;
		case RULED_LATER:
			return ASKED_PARK;
		case RULED_NOT:
			err_set(&why, ERR_USAGE, "'%s' decides nothing",
				answer_words[a->answers[i].word]);
			return park_misfit(a, whole_case, &why);
		case RULED_PROBLEM:
			t.unsure = false;
		}
	}
	err_set(&why, ERR_USAGE, "it is a problem, and what is to be done? Give one more --answer");
	return park_misfit(a, whole_case, &why);
}

enum asked asker_settle(struct asker *a, const json_t *whole_case, json_t **approval, struct err *e)
{
	if (asker_check_plan(whole_case, e))
		return ASKED_BAD;
	*approval = by_policy(a, whole_case);
	if (*approval)
		return ASKED_ANSWERED;
	if (a->n_answers)
		return by_script(a, whole_case, approval);
	return a->stopped || !tty_there() ? ASKED_PARK : ASKED_PERSON;
}

/* At the terminal. */

static void show_choices(const struct talk *t)
{
	size_t n = json_array_size(json_object_get(t->plan, "solutions"));
	bool observing = plan_level(t->plan) == LEVEL_OBSERVE;
	struct buf text = BUF_INIT(4096);

	if (t->unsure) {
		tty_show("Is this a problem? yes, no (it is expected), snooze 1h, ignore, details, "
			 "quit\n");
		return;
	}
	if (observing)
		buf_puts(&text, "Policy only observes here: nothing may be approved.\n");
	for (size_t i = 1; !observing && i <= n; i++)
		buf_putf(&text, "%zu, ", i);
	if (!observing && plan_recommended(t->plan))
		buf_puts(&text, "approve, ");
	buf_puts(&text, "ignore, snooze 2h, reject, custom: ..., details, help, quit\n");
	tty_show(buf_text(&text));
	buf_clear(&text);
}

static void show_help(void)
{
	tty_show("  1               do solution 1\n"
		 "  approve         do the one recommended\n"
		 "  ignore          do nothing this time       (ignore: why)\n"
		 "  no              do nothing: it is expected (no: why)\n"
		 "  reject          the plan is wrong          (reject: why)\n"
		 "  custom: TEXT    none of these; this should be done instead\n"
		 "  snooze 2h       ask again in two hours\n"
		 "  investigate     look into it first; the case stays parked\n"
		 "  details         signals, observations, steps\n"
		 "  quit            park this case and those that follow\n");
}

/* Tells what is shown again and what is not understood; else gives the word on. */
static enum ruled hear(struct talk *t, const char *line, json_t **approval)
{
	struct err why = ERR_INIT;
	struct answer said;
	enum ruled what;

	if (answer_parse(str_of(line), &said, &why)) {
		if (line[0])
			screen_error(&why);
		return RULED_NOT;
	}
	if (said.word == ANSWER_DETAILS) {
		screen_show(notice_details, t->whole_case, t->now);
		return RULED_NOT;
	}
	if (said.word == ANSWER_HELP) {
		show_help();
		return RULED_NOT;
	}
	if (said.word == ANSWER_QUIT)
		t->a->stopped = true;
	what = say(t, &said, approval, &why);
	if (why.kind)
		screen_error(&why);
	return what;
}

static char *history_path(void)
{
	struct err ignored = ERR_INIT;
	char *dir = state_make("history", &ignored), *path = NULL;
	struct buf text = BUF_INIT(65536);

	if (dir) {
		buf_putf(&text, "%s/hl-ask", dir);
		path = buf_take(&text);
	}
	free(dir);
	return path;
}

/* Until something is decided. */
static enum ruled converse(struct talk *t, const char *history, json_t **approval)
{
	enum ruled what = RULED_NOT;

	show_choices(t);
	while (what == RULED_NOT) {
		char *line = tty_ask("> ", history, answer_words);

		if (!line) {
			t->a->stopped = true;
			return RULED_LATER;
		}
		t->now = t->a->now ? t->a->now : when_now();
		what = hear(t, line, approval);
		free(line);
	}
	return what;
}

static void show_end(const json_t *approval)
{
	const char *decision = text_at(approval, "decision"), *until = text_at(approval, "until");
	struct buf text = BUF_INIT(256);

	buf_putf(&text, "  %s", decision[0] ? decision : "parked");
	if (json_is_integer(json_object_get(approval, "solution")))
		buf_putf(&text, ": %lld",
			(long long)json_integer_value(json_object_get(approval, "solution")));
	if (until[0])
		buf_putf(&text, " until %s", until);
	buf_putc(&text, '\n');
	tty_show(buf_text(&text));
	buf_clear(&text);
}

enum asked asker_talk(struct asker *a, const json_t *whole_case, json_t **approval)
{
	struct talk t = talk_about(a, whole_case, "terminal");
	char *history = history_path();
	enum ruled what;

	tty_show("\n");
	screen_show(notice_head, whole_case, t.now);
	tty_show("\n");
	what = RULED_PROBLEM;
	if (t.unsure)
		what = converse(&t, history, approval);
	if (what == RULED_PROBLEM) {
		t.unsure = false;
		screen_show(notice_plan, t.plan, t.now);
		what = converse(&t, history, approval);
	}
	free(history);
	show_end(*approval);
	return what == RULED_DECIDED ? ASKED_ANSWERED : ASKED_PARK;
}
