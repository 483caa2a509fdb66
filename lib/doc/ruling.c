#include "doc/ruling.h"

#include "base/when.h"
#include "doc/approval.h"
#include "doc/ladder.h"
#include "doc/plan.h"
#include "doc/task.h"

static const char *text_at(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static const json_t *plan_of(const struct ruling *r)
{
	return json_object_get(r->whole_case, "plan");
}

static struct approval approval_of(const struct ruling *r)
{
	return (struct approval){.by = r->by, .via = r->via, .at = r->at, .plan = plan_of(r)};
}

static json_t *decline(
	const struct ruling *r, const char *decision, const char *lead, struct str reason)
{
	struct approval a = approval_of(r);

	return approval_against(&a, decision, lead, reason);
}

static json_t *snooze(const struct ruling *r, int64_t span)
{
	struct approval a = approval_of(r);

	return approval_snoozed(&a, r->at + span);
}

/* A person may think for longer than the plan is good. */
static json_t *approve(const struct ruling *r, const json_t *solution)
{
	struct approval a = approval_of(r);

	return r->at < plan_expires(a.plan) ? approval_for(&a, "approved", solution)
					    : approval_expired(a.plan, r->at);
}

json_t *ruling_solution(const struct ruling *r, const struct answer *said, struct err *e)
{
	const json_t *plan = plan_of(r);
	size_t n = json_array_size(json_object_get(plan, "solutions"));
	json_t *solution;

	if (said->word != ANSWER_APPROVE && said->word != ANSWER_SOLUTION)
		return NULL;
	if (plan_level(plan) == LEVEL_OBSERVE) {
		err_set(e, ERR_DENIED, "policy says observe here: nothing may be approved");
		return NULL;
	}
	if (said->word == ANSWER_APPROVE) {
		solution = plan_recommended(plan);
		if (!solution)
			err_set(e, ERR_USAGE,
				n ? "nothing is recommended: name a number"
				  : "there is no solution to approve");
		return solution;
	}
	solution = plan_solution(plan, said->solution);
	if (!solution)
		err_set(e, ERR_USAGE, "there is no solution %lld", (long long)said->solution);
	return solution;
}

/* Before it was said that there is a problem, only that is asked. */
static bool is_too_soon(const struct answer *said, struct err *e)
{
	switch (said->word) {
	case ANSWER_SOLUTION:
	case ANSWER_APPROVE:
	case ANSWER_CUSTOM:
	case ANSWER_REJECT:
		err_set(e, ERR_USAGE, "first: is this a problem? yes, no, or snooze 1h");
		return true;
	default:
		return false;
	}
}

static enum ruled say_solution(
	const struct ruling *r, const struct answer *said, json_t **approval, struct err *e)
{
	json_t *solution = ruling_solution(r, said, e);

	if (!solution)
		return RULED_NOT;
	*approval = approve(r, solution);
	return RULED_DECIDED;
}

/* Yes, before anything else; or nothing at all. */
static enum ruled say_yes(const struct ruling *r, struct err *e)
{
	if (r->unsure)
		return RULED_PROBLEM;
	err_set(e, ERR_USAGE, "yes to what? Say a number, or approve");
	return RULED_NOT;
}

enum ruled ruling_say(
	const struct ruling *r, const struct answer *said, json_t **approval, struct err *e)
{
	if (r->unsure && is_too_soon(said, e))
		return RULED_NOT;
	switch (said->word) {
	case ANSWER_SOLUTION:
	case ANSWER_APPROVE:
		return say_solution(r, said, approval, e);
	case ANSWER_NO:
		*approval = decline(r, "ignored", "expected", said->text);
		return RULED_DECIDED;
	case ANSWER_IGNORE:
		*approval = decline(r, "ignored", "", said->text);
		return RULED_DECIDED;
	case ANSWER_REJECT:
		*approval = decline(r, "rejected", "", said->text);
		return RULED_DECIDED;
	case ANSWER_CUSTOM:
		*approval = decline(r, "rejected", "custom", said->text);
		return RULED_DECIDED;
	case ANSWER_SNOOZE:
		*approval = snooze(r, said->span_ms);
		return RULED_DECIDED;
	case ANSWER_INVESTIGATE:
	case ANSWER_QUIT:
		return RULED_LATER;
	case ANSWER_YES:
		return say_yes(r, e);
	case ANSWER_DONE:
	case ANSWER_FAILED:
		err_set(e, ERR_USAGE, "'%s' is for a task: here a plan has to be approved",
			answer_words[said->word]);
		break;
	case ANSWER_DETAILS:
	case ANSWER_HELP:
		break;
	}
	return RULED_NOT;
}

/* ---- tasks ---- */

json_t *ruling_task_answer(const struct ruling *r, const char *said, struct str why)
{
	char at[WHEN_TEXT];
	json_t *answer = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "step",
		text_at(task_of(r->whole_case), "step"), "said", said, "by", r->by, "via", r->via,
		"at", when_format(r->at, at), "digest", text_at(plan_of(r), "digest"));

	if (why.n)
		json_object_set_new(answer, "why", json_stringn(why.p, why.n));
	return answer;
}

enum ruled ruling_say_task(
	const struct ruling *r, const struct answer *said, json_t **answer, struct err *e)
{
	switch (said->word) {
	case ANSWER_DONE:
		*answer = ruling_task_answer(r, "done", said->text);
		return RULED_DECIDED;
	case ANSWER_FAILED:
		*answer = ruling_task_answer(r, "failed", said->text);
		return RULED_DECIDED;
	case ANSWER_QUIT:
	case ANSWER_INVESTIGATE:
		return RULED_LATER;
	default:
		err_set(e, ERR_USAGE, "this is a task: say done, failed: why, details or quit");
		return RULED_NOT;
	}
}
