#include "doc/approval.h"

#include <string.h>

#include "base/when.h"
#include "doc/case.h"
#include "doc/ladder.h"
#include "doc/plan.h"

static const char *text_at(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static json_t *begin(const struct approval *a, const char *decision)
{
	char at[WHEN_TEXT];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:n, s:b}", "decision", decision, "by", a->by,
		"via", a->via, "at", when_format(a->at, at), "digest", text_at(a->plan, "digest"),
		"solution", "agreed", 0);
}

json_t *approval_for(const struct approval *a, const char *decision, const json_t *solution)
{
	json_t *approval = begin(a, decision);

	json_object_set(approval, "solution", json_object_get(solution, "n"));
	json_object_set_new(
		approval, "agreed", json_boolean(solution == plan_recommended(a->plan)));
	return approval;
}

json_t *approval_against(
	const struct approval *a, const char *decision, const char *lead, struct str words)
{
	json_t *approval = begin(a, decision);

	if (lead[0] || words.n)
		json_object_set_new(approval, "reason",
			json_sprintf("%s%s%.*s", lead, lead[0] && words.n ? ": " : "",
				STR_ARG(words)));
	return approval;
}

json_t *approval_snoozed(const struct approval *a, int64_t until)
{
	json_t *approval = begin(a, "snoozed");
	char text[WHEN_TEXT];

	json_object_set_new(approval, "until", json_string(when_format(until, text)));
	return approval;
}

json_t *approval_expired(const json_t *plan, int64_t at)
{
	return begin(&(struct approval){.by = "hl", .via = "policy", .at = at, .plan = plan},
		"expired");
}

json_t *approval_by_policy(const json_t *whole_case, int64_t at)
{
	const json_t *plan = json_object_get(whole_case, "plan");
	const json_t *solution = plan_recommended(plan);
	const struct approval policy = {.by = "hl", .via = "policy", .at = at, .plan = plan};

	if (at >= plan_expires(plan))
		return approval_expired(plan, at);
	if (plan_level(plan) < LEVEL_AUTO_NOTIFY || !solution || !case_is_sure(whole_case))
		return NULL;
	return approval_for(&policy, "auto", solution);
}
