#include "doc/drill.h"

#include <stdlib.h>

#include "doc/check.h"
#include "doc/plan.h"
#include "doc/regex.h"

static int check_texts(const struct node *n, const char *key, bool needed, struct err *e)
{
	struct node texts = node_get(n, key);
	const char *name;
	json_t *v;

	if ((needed && node_require(n, key, e)) || node_is_object(&texts, e))
		return -1;
	json_object_foreach (texts.v, name, v) {
		struct node one = node_get(&texts, name);

		if (!json_is_string(v))
			return node_fail(&one, e, "must be a text: put it in quotes");
	}
	return 0;
}

int drill_check(const struct node *drill, struct err *e)
{
	static const char *const known[] = {"labels", "annotations", "verify", NULL};
	struct node verify = node_get(drill, "verify");

	if (!node_there(drill))
		return 0;
	if (node_is_object(drill, e) || node_known(drill, known, e) ||
		check_texts(drill, "labels", true, e) ||
		check_texts(drill, "annotations", false, e) || checks_check(&verify, e))
		return -1;
	if (!node_count(&verify))
		return node_fail(drill, e,
			"'verify' is missing: say what holds before, and again after the undo");
	if (node_count(&verify) > PLAN_CHECKS)
		return node_fail(&verify, e, "more than %d checks", PLAN_CHECKS);
	return 0;
}

static int check_target(const struct node *target, struct err *e)
{
	const char *name;
	json_t *v;

	if (!json_is_object(target->v) || !json_object_size(target->v))
		return node_fail(target, e,
			"must be arguments and what they match, such as {namespace: hl-drill}");
	json_object_foreach (target->v, name, v) {
		struct node one = node_get(target, name);
		struct err why = ERR_INIT;
		struct regex *r;

		if (!json_is_string(v) || !json_string_length(v))
			return node_fail(&one, e, "must be a regular expression, in quotes");
		r = regex_new(json_string_value(v), true, &why);
		regex_free(r);
		if (!r)
			return node_fail(&one, e, "%s", why.text);
		if (strcmp(json_string_value(v), ".*") == 0)
			return node_fail(&one, e, "'.*' would throw away everything");
	}
	return 0;
}

int drill_check_targets(const struct node *targets, struct err *e)
{
	if (node_is_array(targets, e))
		return -1;
	for (size_t i = 0; i < node_count(targets); i++) {
		struct node one = node_at(targets, i);

		if (check_target(&one, e))
			return -1;
	}
	return 0;
}

/* "/srv/drill/../real" is no drill, whatever the expression lets through. */
static bool climbs(struct str text)
{
	struct str part;

	while (str_split(&text, '/', &part))
		if (str_is(part, ".."))
			return true;
	return false;
}

/* Texts and whole numbers; no list or truth names a target. */
static bool matches(const json_t *value, const char *pattern)
{
	struct err ignored = ERR_INIT;
	struct regex *r = regex_new(pattern, true, &ignored);
	char number[32];
	bool yes = false;

	if (r && json_is_string(value)) {
		struct str text = {json_string_value(value), json_string_length(value)};

		yes = !climbs(text) && regex_match(r, text);
	} else if (r && json_is_integer(value)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
		yes = regex_match(r, str_of(number));
	}
	regex_free(r);
	return yes;
}

static bool is_on(const json_t *target, const json_t *args)
{
	const char *name;
	json_t *pattern;

	json_object_foreach ((json_t *)target, name, pattern)
		if (!matches(json_object_get(args, name), json_string_value(pattern)))
			return false;
	return true;
}

bool drill_is_throwaway(const json_t *targets, const json_t *args)
{
	json_t *one;
	size_t i;

	json_array_foreach (targets, i, one)
		if (is_on(one, args))
			return true;
	return false;
}
