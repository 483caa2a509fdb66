#include "flow/tasker.h"

#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/when.h"
#include "doc/notice.h"
#include "doc/plan.h"
#include "doc/ruling.h"
#include "doc/step.h"
#include "doc/task.h"
#include "edge/tty.h"
#include "flow/screen.h"

static const char *text_at(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static int64_t now_of(const struct asker *a)
{
	return a->now ? a->now : when_now();
}

static struct ruling ruling_on(const struct asker *a, const json_t *whole_case, const char *via)
{
	return (struct ruling){.by = a->by, .via = via, .at = now_of(a), .whole_case = whole_case};
}

/* ---- without a person ---- */

/* What is shown has to be what was approved, and not what a file says. */
static int check(const json_t *whole_case, struct err *e)
{
	const json_t *task = task_of(whole_case), *plan = json_object_get(whole_case, "plan");
	const json_t *chosen = plan_solution(plan,
		json_integer_value(json_object_get(
			json_object_get(whole_case, "approval"), "solution")));
	static const char *const same[] = {"title", "ask", "details", NULL};
	json_t *step, *found = NULL;
	size_t i;

	json_array_foreach (json_object_get(chosen, "steps"), i, step)
		if (strcmp(text_at(step, "id"), text_at(task, "step")) == 0)
			found = step;
	if (!found || step_kind(found) != STEP_HUMAN)
		return err_set(e, ERR_DATA, "%s: outcome.waiting: no step of the plan is a person's '%s'",
			text_at(whole_case, "id"), text_at(task, "step"));
	for (i = 0; same[i]; i++) {
		json_t *a = json_object_get(found, same[i]), *b = json_object_get(task, same[i]);

		if (a != b && !(a && b && json_equal(a, b)))
			return err_set(e, ERR_DATA, "%s: outcome.waiting.%s: is not the plan's",
				text_at(whole_case, "id"), same[i]);
	}
	return 0;
}

/* The first answer that is one to a task: one list serves plans and tasks. */
static enum asked by_script(struct asker *a, const json_t *whole_case, json_t **answer)
{
	struct ruling r = ruling_on(a, whole_case, "answer");
	struct err why = ERR_INIT;

	for (size_t i = 0; i < a->n_answers; i++) {
		enum ruled rc = ruling_say_task(&r, &a->answers[i], answer, &why);

		if (rc != RULED_NOT)
			return rc == RULED_DECIDED ? ASKED_ANSWERED : ASKED_PARK;
	}
	msg_error("%s: %s; parked", text_at(whole_case, "id"), why.text);
	err_set(&a->misfit, why.kind, "%s: %s", text_at(whole_case, "id"), why.text);
	return ASKED_PARK;
}

enum asked tasker_settle(struct asker *a, const json_t *whole_case, json_t **answer, struct err *e)
{
	const struct ruling policy = {
		.by = "hl", .via = "policy", .at = now_of(a), .whole_case = whole_case};

	if (asker_check_plan(whole_case, e) || check(whole_case, e))
		return ASKED_BAD;
	if (now_of(a) >= task_until(task_of(whole_case))) {
		msg_say("%s: the time for the task is over", text_at(whole_case, "id"));
		*answer = ruling_task_answer(&policy, "expired", STR_NONE);
		return ASKED_ANSWERED;
	}
	if (a->n_answers)
		return by_script(a, whole_case, answer);
	return a->stopped || !tty_there() ? ASKED_PARK : ASKED_PERSON;
}

/* ---- at the terminal ---- */

static enum ruled hear(struct asker *a, const json_t *whole_case, const char *line, json_t **answer)
{
	struct ruling r = ruling_on(a, whole_case, "terminal");
	struct err why = ERR_INIT;
	enum ruled rc = RULED_NOT;
	struct answer said;

	if (!line[0])
		return RULED_NOT;
	if (answer_parse(str_of(line), &said, &why) == 0) {
		if (said.word == ANSWER_DETAILS) {
			screen_show(notice_details, whole_case, now_of(a));
			return RULED_NOT;
		}
		if (said.word == ANSWER_QUIT)
			a->stopped = true;
		rc = ruling_say_task(&r, &said, answer, &why);
	}
	if (why.kind != ERR_NONE)
		screen_error(&why);
	return rc;
}

enum asked tasker_talk(struct asker *a, const json_t *whole_case, json_t **answer)
{
	enum ruled rc = RULED_NOT;

	tty_show("\n");
	screen_show(notice_head, whole_case, now_of(a));
	tty_show("\n");
	screen_show(notice_task, task_of(whole_case), now_of(a));
	tty_show("done (it is done), failed: why (it cannot be), details, quit (later)\n");
	while (rc == RULED_NOT) {
		char *line = tty_ask("> ", NULL, answer_words);

		if (!line) {
			a->stopped = true;
			rc = RULED_LATER;
		} else {
			rc = hear(a, whole_case, line, answer);
		}
		free(line);
	}
	tty_show(rc == RULED_DECIDED ? "  said\n" : "  parked\n");
	return rc == RULED_DECIDED ? ASKED_ANSWERED : ASKED_PARK;
}
