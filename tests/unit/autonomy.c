#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/autonomy.h"

#define NOW INT64_C(1000000000)

static struct policy policy;

/*
 * Nothing binds: a mature policy, a proven runbook on `auto`, a harmless change that can be
 * undone.
 */
static struct autonomy free_of_caps(void)
{
	policy = (struct policy){.mode = MODE_MATURE,
		.caps = {LEVEL_AUTO, LEVEL_AUTO, LEVEL_AUTO, LEVEL_AUTO, LEVEL_AUTO},
		.budget = {6, 10 * WHEN_MINUTE},
		.breaker = {3, WHEN_HOUR},
		.undo_optional = -1};
	return (struct autonomy){.policy = &policy,
		.runbook = "disk-full",
		.level = LEVEL_AUTO,
		.effect = EFFECT_CHANGE,
		.blast = BLAST_SINGLE_SERVICE,
		.undoable = true,
		.sure = true,
		.claimed = -1,
		.human_selected = 1,
		.last_action = WHEN_NEVER,
		.now = NOW};
}

static void expect(const struct autonomy *a, enum level level, const char *why)
{
	json_t *sentences = json_array();

	assert_int_equal(autonomy_decide(a, sentences), level);
	assert_int_equal(json_array_size(sentences), 1);
	assert_string_equal(json_string_value(json_array_get(sentences, 0)), why);
	json_decref(sentences);
}

static void free_is_auto(void **state)
{
	struct autonomy a = free_of_caps();
	json_t *why = json_array();

	(void)state;
	assert_int_equal(autonomy_decide(&a, why), LEVEL_AUTO);
	assert_int_equal(json_array_size(why), 3); /* runbook, mode and blast radius all say auto */
	json_decref(why);
}

static void models_ask(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	a.model = "gemini";
	expect(&a, LEVEL_ASK_HUMAN, "model 'gemini' proposed it");
	a.runbook = NULL;
	expect(&a, LEVEL_ASK_HUMAN, "model 'gemini' proposed it");
}

static void nothing_known_asks(void **state)
{
	struct autonomy a;

	(void)state;
	free_of_caps();
	a = (struct autonomy){.policy = &policy, .last_action = WHEN_NEVER};
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_ASK_HUMAN);
	a.runbook = "x"; /* whose level is not known */
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_OBSERVE);
}

static void runbook_binds(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	a.level = LEVEL_OBSERVE;
	expect(&a, LEVEL_OBSERVE, "runbook 'disk-full' is at observe");
	a.level = LEVEL_AUTO_NOTIFY;
	expect(&a, LEVEL_AUTO_NOTIFY, "runbook 'disk-full' is at auto_notify");
	a.runbook = NULL;
	expect(&a, LEVEL_ASK_HUMAN, "no runbook says what to do");
}

static void policy_binds(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	policy.mode = MODE_VERBOSE;
	expect(&a, LEVEL_ASK_HUMAN, "mode verbose caps at ask_human");
	policy.mode = MODE_LEARNING;
	expect(&a, LEVEL_SUGGEST, "mode learning caps at suggest");
	policy.mode = MODE_SELECTIVE;
	expect(&a, LEVEL_AUTO_NOTIFY, "mode selective caps at auto_notify");
	policy.mode = MODE_MATURE;
	policy.caps[BLAST_SINGLE_SERVICE] = LEVEL_SUGGEST;
	expect(&a, LEVEL_SUGGEST, "policy caps a blast radius of single_service at suggest");
	a.blast = BLAST_SINGLE_POD;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
}

static void solution_binds(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	a.effect = EFFECT_DESTROY;
	expect(&a, LEVEL_ASK_HUMAN, "it destroys something, and that is always asked");
	a = free_of_caps();
	a.targets = 2;
	expect(&a, LEVEL_ASK_HUMAN, "it acts on 2 targets at once");
	a.targets = 1;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
	a = free_of_caps();
	a.human_selected = 0;
	expect(&a, LEVEL_ASK_HUMAN, "no person has chosen this solution before");
	a = free_of_caps();
	a.problems = 1;
	expect(&a, LEVEL_ASK_HUMAN, "1 part of the runbook did not validate");
	a.problems = 2;
	expect(&a, LEVEL_ASK_HUMAN, "2 parts of the runbook did not validate");
	a = free_of_caps();
	a.claimed = BLAST_SINGLE_SERVICE;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
	a.claimed = BLAST_SINGLE_POD;
	expect(&a, LEVEL_ASK_HUMAN,
		"its blast radius of single_service is wider than the runbook's single_pod");
	a = free_of_caps();
	a.sure = false;
	expect(&a, LEVEL_ASK_HUMAN, "triage is not sure that it is a problem");
}

static void undo_binds_up_to_the_blast_radius_policy_allows(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	a.undoable = false;
	expect(&a, LEVEL_SUGGEST,
		"it cannot be undone, and policy does not allow that alone for a blast radius of "
		"single_service");
	policy.undo_optional = BLAST_SINGLE_POD;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_SUGGEST);
	policy.undo_optional = BLAST_SINGLE_SERVICE;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
	policy.undo_optional = -1;
	a.effect = EFFECT_READ; /* there is nothing to undo */
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
}

static void budget_binds_at_its_edge(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	a.actions = 5;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
	a.actions = 6;
	expect(&a, LEVEL_ASK_HUMAN, "the budget of 6 actions an hour is used up");
	a.actions = 0;
	policy.budget.actions_an_hour = 0;
	expect(&a, LEVEL_ASK_HUMAN, "the budget of 0 actions an hour is used up");
}

static void cooldown_binds_at_its_edge(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	a.last_action = NOW - 10 * WHEN_MINUTE;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
	a.last_action++;
	expect(&a, LEVEL_ASK_HUMAN, "it acted on this target less than 10m ago");
	a.last_action = NOW + WHEN_DAY; /* the clock was set back */
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_ASK_HUMAN);
}

static void breaker_and_halt_bind(void **state)
{
	struct autonomy a = free_of_caps();

	(void)state;
	a.failures = 2;
	assert_int_equal(autonomy_decide(&a, NULL), LEVEL_AUTO);
	a.failures = 3;
	expect(&a, LEVEL_ASK_HUMAN, "the breaker is open: 3 failures within 1h");
	a = free_of_caps();
	a.halted = true;
	expect(&a, LEVEL_ASK_HUMAN, "the halt file is there, and nothing acts until it is gone");
}

/* Each bit of `caps` adds one cap to a decision that was free of it. */
enum { CAP_BITS = 13 };

static struct autonomy with(unsigned caps, enum level level, enum mode mode, enum level blast_cap)
{
	struct autonomy a = free_of_caps();

	a.level = level;
	policy.mode = mode;
	policy.caps[BLAST_SINGLE_SERVICE] = blast_cap;
	if (caps & 1u << 0)
		a.effect = EFFECT_DESTROY;
	if (caps & 1u << 1)
		a.undoable = false;
	if (caps & 1u << 2)
		a.sure = false;
	if (caps & 1u << 3)
		a.problems = 7;
	if (caps & 1u << 4)
		a.human_selected = 0;
	if (caps & 1u << 5)
		a.actions = 6;
	if (caps & 1u << 6)
		a.failures = 3;
	if (caps & 1u << 7)
		a.last_action = NOW;
	if (caps & 1u << 8)
		a.halted = true;
	if (caps & 1u << 9)
		policy.budget.actions_an_hour = 0;
	if (caps & 1u << 10)
		policy.breaker.failures = 0;
	if (caps & 1u << 11)
		a.claimed = BLAST_SINGLE_POD;
	if (caps & 1u << 12)
		a.level = a.level > LEVEL_OBSERVE ? a.level - 1 : a.level;
	return a;
}

static enum level decide(unsigned caps, enum level level, enum mode mode, enum level blast_cap)
{
	struct autonomy a = with(caps, level, mode, blast_cap);

	return autonomy_decide(&a, NULL);
}

/* The table in the header, said once more. */
static enum level wanted(unsigned caps, enum level level, enum mode mode, enum level blast_cap)
{
	static const enum level modes[] = {
		LEVEL_ASK_HUMAN, LEVEL_SUGGEST, LEVEL_AUTO_NOTIFY, LEVEL_AUTO};
	enum level low = modes[mode];

	if (caps & 1u << 12 && level > LEVEL_OBSERVE)
		level--;
	low = level < low ? level : low;
	low = blast_cap < low ? blast_cap : low;
	if (caps & 1u << 1 && low > LEVEL_SUGGEST)
		low = LEVEL_SUGGEST;
	if (caps & ~(1u << 1 | 1u << 12) && low > LEVEL_ASK_HUMAN)
		low = LEVEL_ASK_HUMAN;
	return low;
}

static void every_combination_and_no_cap_raises(void **state)
{
	(void)state;
	for (unsigned caps = 0; caps < 1u << CAP_BITS; caps++)
		for (unsigned rest = 0; rest < 5 * 4 * 5; rest++) {
			enum level level = rest % 5, blast = rest / 20;
			enum mode mode = rest / 5 % 4;
			enum level now = decide(caps, level, mode, blast);

			if (now != wanted(caps, level, mode, blast))
				fail_msg("caps %x, level %d, mode %d, blast cap %d: got %d", caps,
					(int)level, (int)mode, (int)blast, (int)now);
			for (unsigned bit = 0; bit < CAP_BITS; bit++)
				if (decide(caps | 1u << bit, level, mode, blast) > now)
					fail_msg("caps %x: cap %u raises the level", caps, bit);
		}
}

static void as_json(void **state)
{
	struct autonomy a = free_of_caps();
	json_t *v;
	char *text;

	(void)state;
	a.level = LEVEL_SUGGEST;
	v = autonomy_json(&a);
	text = json_dumps(v, JSON_COMPACT);
	assert_string_equal(
		text, "{\"level\":\"suggest\",\"why\":[\"runbook 'disk-full' is at suggest\"],\"seen\":{}}");
	free(text);
	json_decref(v);
}

/* What no document says comes back as it was; what is not told of is none. */
static void seen_comes_back(void **state)
{
	struct autonomy a = free_of_caps(), b = free_of_caps();
	struct err e = ERR_INIT;
	json_t *v, *bad = json_pack("{s:s}", "last_action", "yesterday");

	(void)state;
	a.failures = 2;
	a.actions = 5;
	a.last_action = a.now - 90061007;
	a.halted = true;
	v = autonomy_json(&a);
	assert_int_equal(autonomy_read_seen(&b, json_object_get(v, "seen"), &e), 0);
	assert_int_equal(b.failures, 2);
	assert_int_equal(b.actions, 5);
	assert_int_equal(b.last_action, a.last_action);
	assert_true(b.halted);
	json_decref(v);
	v = json_object();
	assert_int_equal(autonomy_read_seen(&b, v, &e), 0);
	assert_int_equal(b.failures, 0);
	assert_int_equal(b.actions, 0);
	assert_int_equal(b.last_action, WHEN_NEVER);
	assert_false(b.halted);
	json_decref(v);
	assert_int_equal(autonomy_read_seen(&b, bad, &e), -1);
	assert_int_equal(e.kind, ERR_DATA);
	json_decref(bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_is_auto),
		cmocka_unit_test(nothing_known_asks),
		cmocka_unit_test(models_ask),
		cmocka_unit_test(runbook_binds),
		cmocka_unit_test(policy_binds),
		cmocka_unit_test(solution_binds),
		cmocka_unit_test(undo_binds_up_to_the_blast_radius_policy_allows),
		cmocka_unit_test(budget_binds_at_its_edge),
		cmocka_unit_test(cooldown_binds_at_its_edge),
		cmocka_unit_test(breaker_and_halt_bind),
		cmocka_unit_test(every_combination_and_no_cap_raises),
		cmocka_unit_test(as_json),
		cmocka_unit_test(seen_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
