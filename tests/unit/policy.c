/* policy: the defaults, what can be said, and what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/when.h"
#include "doc/policy.h"
#include "edge/yaml.h"

static struct policy *load(const char *yaml, struct err *e)
{
	struct places *places = places_new();
	struct source source = {.name = "policy.yaml", .kind = ERR_CONFIG, .places = places};
	json_t *tree = yaml_load(str_of(yaml), "policy.yaml", places, e);
	struct policy *p = tree ? policy_take(tree, &source, e) : NULL;

	places_free(places);
	return p;
}

static struct policy *must_load(const char *yaml)
{
	struct err e = ERR_INIT;
	struct policy *p = load(yaml, &e);

	if (!p)
		fail_msg("%s", e.text);
	return p;
}

static void assert_defaults(const struct policy *p)
{
	assert_int_equal(p->mode, MODE_VERBOSE);
	assert_string_equal(p->identity.name, "hl");
	assert_string_equal(p->identity.mail, "hl@localhost");
	assert_int_equal(p->caps[BLAST_SINGLE_POD], LEVEL_AUTO);
	assert_int_equal(p->caps[BLAST_SINGLE_NODE], LEVEL_SUGGEST);
	assert_int_equal(p->caps[BLAST_CLUSTER], LEVEL_ASK_HUMAN);
	assert_int_equal(p->budget.actions_an_hour, 6);
	assert_int_equal(p->budget.cooldown_ms, 10 * WHEN_MINUTE);
	assert_int_equal(p->breaker.failures, 3);
	assert_int_equal(p->breaker.window_ms, WHEN_HOUR);
	assert_int_equal(p->flapping.times, 4);
	assert_int_equal(p->plan_expires_ms, 12 * (int64_t)WHEN_HOUR);
	assert_int_equal(p->ask_again_ms, 4 * (int64_t)WHEN_HOUR);
	assert_int_equal(p->undo_optional, -1);
	assert_null(p->invariants);
	assert_null(p->tools_deny);
	assert_false(p->models.plan || p->models.validator);
	assert_int_equal(p->models.an_hour, 20);
	assert_string_equal(p->models.investigate.goal, "incident");
	assert_int_equal(p->models.investigate.time_ms, 3 * WHEN_MINUTE);
	assert_int_equal(p->n_expected + p->n_silences, 0);
}

static void nothing_said_is_the_careful_policy(void **state)
{
	static const struct source source = {.name = "policy.yaml", .kind = ERR_CONFIG};
	struct err e = ERR_INIT;
	struct policy *p = policy_take(NULL, &source, &e);

	(void)state;
	assert_defaults(p);
	assert_string_equal(p->group_by[0], "alertname");
	assert_string_equal(p->group_by[1], "instance");
	assert_null(p->group_by[2]);
	policy_free(p);
	p = must_load("# only a comment\n");
	assert_defaults(p);
	policy_free(p);
}

/* What the comments of the installed policy call the default is the default. */
static void installed_policy_says_the_defaults(void **state)
{
	struct buf text = BUF_INIT(65536), path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	const char *top = getenv("HL_TOP");
	struct policy *p;

	(void)state;
	buf_putf(&path, "%s/init/policy.yaml", top ? top : ".");
	assert_int_equal(file_read(buf_text(&path), &text, &e), 0);
	p = must_load(buf_text(&text));
	assert_defaults(p);
	policy_free(p);
	buf_clear(&text);
	buf_clear(&path);
}

static void everything_can_be_said(void **state)
{
	struct policy *p = must_load(
		"mode: selective\nidentity: {name: Ops, mail: ops@lab.example}\ngroup_by: "
		"[alertname]\n"
		"caps: {cluster: observe}\nbudget: {actions_an_hour: 0, cooldown: 1h}\nbreaker: "
		"{failures: 1, window: 1d}\n"
		"flapping: {times: 2, window: 10m}\nplan_expires: 1h\nask_again: "
		"1d\nundo_optional: single_pod\n"
		"expected: [{match: {alertname: Backup}, why: nightly, until: 2026-12-24}]\n"
		"silences: [{match: 'host=~\"old.*\"', why: retired}, {match: {a: b}, why: c, "
		"until: '2026-12-24T18:30:00+01:00'}]\n"
		"invariants: [{tool: host.disks, title: disks}]\nrules: {DiskFull: {off: true, "
		"severity: info}}\n");
	int64_t at;

	(void)state;
	assert_int_equal(p->mode, MODE_SELECTIVE);
	assert_string_equal(p->identity.mail, "ops@lab.example");
	assert_null(p->group_by[1]);
	assert_int_equal(p->caps[BLAST_CLUSTER], LEVEL_OBSERVE);
	assert_int_equal(p->caps[BLAST_SINGLE_POD], LEVEL_AUTO);
	assert_int_equal(p->budget.actions_an_hour, 0);
	assert_int_equal(p->undo_optional, BLAST_SINGLE_POD);
	assert_int_equal(p->n_expected, 1);
	assert_int_equal(when_parse(STR("2026-12-24T00:00:00Z"), &at), 0);
	assert_int_equal(p->expected[0].until, at);
	assert_true(p->silences[0].until == INT64_MAX);
	assert_int_equal(when_parse(STR("2026-12-24T17:30:00Z"), &at), 0);
	assert_int_equal(p->silences[1].until, at);
	assert_int_equal(json_array_size(p->invariants), 1);
	assert_non_null(json_object_get(p->rules, "DiskFull"));
	policy_free(p);
}

static void tools_are_denied(void **state)
{
	struct policy *p = must_load("tools: {deny: [systemd.stop, 'files.*']}\n");

	(void)state;
	assert_true(policy_denies(p, "systemd.stop"));
	assert_true(policy_denies(p, "files.delete"));
	assert_false(policy_denies(p, "systemd.stop_all"));
	assert_false(policy_denies(p, "systemd.restart"));
	policy_free(p);
	p = must_load("tools: {deny: ['*']}\n");
	assert_true(policy_denies(p, "host.disks"));
	policy_free(p);
	p = must_load("");
	assert_false(policy_denies(p, "host.disks"));
	policy_free(p);
}

static const struct {
	const char *yaml, *message;
} refused[] = {
	{"[1]", "policy.yaml:1:1: must be an object, is a list"},
	{"moode: verbose", "policy.yaml:1:1: moode: unknown key: did you mean 'mode'?"},
	{"mode: careful", "policy.yaml:1:1: mode: 'careful' is not one of verbose, learning, "
			  "selective, mature"},
	{"caps: {single_noode: auto}",
		"policy.yaml:1:8: caps.single_noode: unknown key: did you mean 'single_node'?"},
	{"caps: {cluster: automatic}",
		"policy.yaml:1:8: caps.cluster: 'automatic' is not one of observe, ask_human, "
		"suggest, auto_notify, auto"},
	{"identity: {mail: 'a <b@c>'}",
		"policy.yaml:1:12: identity.mail: cannot be empty or hold '<', '>' or a line end"},
	{"identity: {name: \"a\\nb\"}",
		"policy.yaml:1:12: identity.name: cannot be empty or hold '<', '>' or a line end"},
	{"group_by: []", "policy.yaml:1:1: group_by: is empty: every alert would be one case"},
	{"group_by: [1]", "policy.yaml:1:12: group_by[0]: must be the name of a label"},
	{"models: {uses: [plan]}", "policy.yaml:1:10: models.uses: unknown key: did you mean 'use'?"},
	{"models: {use: plan}", "policy.yaml:1:10: models.use: must be a list, is a text"},
	{"models: {use: [apply]}",
		"policy.yaml:1:16: models.use[0]: the stages that can ask a model are triage and plan"},
	{"models: {an_hour: lots}",
		"policy.yaml:1:10: models.an_hour: must be a whole number, is a text"},
	{"models: {an_hour: -1}", "policy.yaml:1:10: models.an_hour: must be 0 or more"},
	{"models: {investigate: {time: 3}}",
		"policy.yaml:1:24: models.investigate.time: must be a time such as 30s, 5m or 2h, "
		"is a number"},
	{"models: {investigate: {steps: 0}}",
		"policy.yaml:1:24: models.investigate.steps: must be more than nothing"},
	{"models: {roles: {validater: x}}",
		"policy.yaml:1:18: models.roles.validater: unknown key: did you mean 'validator'?"},
	{"budget: {actions_an_hour: -1}",
		"policy.yaml:1:10: budget.actions_an_hour: must be 0 or more"},
	{"breaker: {failures: 0}", "policy.yaml:1:11: breaker.failures: must be 1 or more"},
	{"flapping: {times: 1}", "policy.yaml:1:12: flapping.times: must be 2 or more"},
	{"plan_expires: 12",
		"policy.yaml:1:1: plan_expires: must be a time such as 30s, 5m or 2h, is a number"},
	{"plan_expires: 0s", "policy.yaml:1:1: plan_expires: must be longer than nothing"},
	{"undo_optional: pod", "policy.yaml:1:1: undo_optional: 'pod' is not one of none, "
			       "single_pod, single_service, "
			       "single_node, cluster"},
	{"silences: [{why: x}]", "policy.yaml:1:12: silences[0]: 'match' is missing or empty: it "
				 "would hold for every alert"},
	{"expected: [{match: {}, why: x}]", "policy.yaml:1:13: expected[0].match: 'match' is "
					    "missing or empty: it would hold for every alert"},
	{"expected: [{match: {a: b}}]", "policy.yaml:1:12: expected[0]: 'why' is missing"},
	{"expected: [{match: {a: b}, why: x, until: soon}]",
		"policy.yaml:1:36: expected[0].until: 'soon' is not a day such as 2026-12-24 or a "
		"time such as 2026-12-24T18:00:00Z"},
	{"tools: {deny: ['a*b']}", "policy.yaml:1:16: tools.deny[0]: must be a tool such as "
				   "'systemd.stop', or 'systemd.*' for all of them"},
	{"rules: {A: {whn: {}}}",
		"policy.yaml:1:13: rules.A.whn: unknown key: did you mean 'when'?"},
	{"privacy: {cloud: maybe}",
		"policy.yaml:1:11: privacy.cloud: 'maybe' is not one of accept, scrub, never"},
	{"privacy: {never_send: ['(']}",
		"policy.yaml:1:24: privacy.never_send[0]: regular expression '(' is wrong at "
		"character 2: missing closing parenthesis"},
	{"privacy: {rules: [{name: x}]}",
		"policy.yaml:1:19: privacy.rules[0]: 'pattern' is missing"},
	{"privacy: {rules: [{name: x, pattern: y, kind: z}]}",
		"policy.yaml:1:41: privacy.rules[0].kind: must be one of secret, ip, mac, email, "
		"phone, card, iban, host, person, user"},
	{"channels: {house: {kind: irc, room: x}}",
		"policy.yaml:1:20: channels.house.kind: 'irc' is not one of matrix, mattermost, ntfy, "
		"telegram, signal, signal-cli, mail"},
	{"channels: {house: {kind: matrix, room: x, url: 'https://m'}}",
		"policy.yaml:1:12: channels.house: 'secret' is missing"},
	{"channels: {house: {kind: matrix, room: x, url: 'm.lan', secret: s}}",
		"policy.yaml:1:43: channels.house.url: must begin with https:// or http://"},
	{"channels: {house: {kind: ntfy, room: x, url: 'http://n', answers: y}}",
		"policy.yaml:1:58: channels.house.answers: 'person' is missing: ntfy cannot tell who "
		"answers"},
	{"channels: {house: {kind: ntfy, room: x, url: 'http://n', from: y}}",
		"policy.yaml:1:58: channels.house.from: unknown key: did you mean 'room'?"},
	{"channels: {house: {kind: ntfy, room: x, url: 'http://n', answers: y, person: bob}}",
		"policy.yaml:1:1: people: channel 'house' speaks for 'bob', who is not in it"},
	{"people: {alice: {known_as: {house: x}}}",
		"policy.yaml:1:29: people.alice.known_as.house: no channel is called 'house'"},
	{"channels: {house: {kind: ntfy, room: x, url: 'http://n'}}\n"
	 "people: {alice: {known_as: {huose: x}}}",
		"policy.yaml:2:29: people.alice.known_as.huose: no channel is called 'huose': did you mean "
		"'house'?"},
	{"channels: {house: {kind: ntfy, room: x, url: 'http://n'}}\n"
	 "people: {alice: {known_as: {house: x}}, bob: {known_as: {house: x}}}",
		"policy.yaml:2:41: people.bob: known_as.house: is that of 'alice', too"},
	{"people: {alice: {may: {approve: all}}}",
		"policy.yaml:1:24: people.alice.may.approve: 'all' is not one of none, single_pod, "
		"single_service, single_node, cluster"},
	{"ask: {to: [{channels: [house]}]}",
		"policy.yaml:1:24: ask.to[0].channels[0]: no channel is called 'house'"},
	{"ask: {to: [{}]}", "policy.yaml:1:12: ask.to[0]: 'channels' is missing"},
	{"ask: {quiet: {hours: '22-7'}}",
		"policy.yaml:1:15: ask.quiet.hours: '22-7' is not hours such as 22:00-07:00"},
	{"ask: {digest: {at: ['8:00']}}",
		"policy.yaml:1:21: ask.digest.at[0]: must be a time in quotes, such as '08:00'"},
	{"ask: {escalate: [{after: 1h, channels: []}, {after: 1h, channels: []}]}",
		"policy.yaml:1:46: ask.escalate[1].after: must be later than what stands before it"},
	{"ask: {two_persons: all}", "policy.yaml:1:7: ask.two_persons: 'all' is not one of destroy"},
	{"ask: {rate: {messages: 0}}", "policy.yaml:1:7: ask.rate: must let at least one message through"},
	{"privacy: {hosts: nas}", "policy.yaml:1:11: privacy.hosts: must be a list, is a text"},
	{"rules: {A: 1}", "policy.yaml:1:9: rules.A: must be an object with 'when', 'severity', "
			  "'summary' or 'off'"},
};

static void refused_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct err e = ERR_INIT;

		assert_null(load(refused[i].yaml, &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_string_equal(e.text, refused[i].message);
	}
}

static void test_channels(void **state)
{
	struct policy *p = must_load(
		"channels:\n"
		"  house: {kind: matrix, url: 'https://m', room: '!r:m', secret: t}\n"
		"  push: {kind: ntfy, url: 'https://n', room: a, answers: b, person: bob}\n"
		"  mail: {kind: mail, url: 'smtp://h', from: hl@h, room: a@h}\n"
		"people:\n"
		"  alice: {known_as: {house: '@a:m', mail: A@h}, may: {approve: single_node, halt: true}}\n"
		"  bob: {may: {approve: cluster, destroy: true}}\n"
		"ask:\n"
		"  to:\n"
		"    - {severity: [critical], channels: [house, push]}\n"
		"    - {hours: '08:00-22:00', channels: [house]}\n"
		"  quiet: {hours: '22:00-07:00'}\n"
		"  digest: {severity: info, at: ['08:00', '18:00']}\n");
	json_t *service = json_pack(
		"{s:s, s:s}", "effect", "change", "blast_radius", "single_service");
	json_t *wipe = json_pack("{s:s, s:s}", "effect", "destroy", "blast_radius", "single_pod");
	const struct channel *house = channels_find(&p->channels, "house"),
			     *push = channels_find(&p->channels, "push"),
			     *mail = channels_find(&p->channels, "mail");
	const struct person *alice = people_who(&p->people, house, "@a:m");
	const struct person *bob = people_who(&p->people, push, NULL);

	(void)state;
	assert_string_equal(alice->name, "alice");
	assert_string_equal(bob->name, "bob");
	assert_ptr_equal(people_who(&p->people, mail, "a@H"), alice);
	assert_null(people_who(&p->people, house, "@A:m"));
	assert_null(people_who(&p->people, house, "@b:m"));
	assert_null(people_who(&p->people, house, NULL));
	assert_true(alice->halt && !bob->halt);
	assert_null(person_may_not(alice, service));
	assert_non_null(person_may_not(alice, wipe));
	assert_null(person_may_not(bob, wipe));
	assert_int_equal(json_array_size(asking_channels(&p->asking, SEVERITY_CRITICAL, 0)), 2);
	assert_int_equal(json_array_size(asking_channels(&p->asking, SEVERITY_WARNING, 480)), 1);
	assert_null(asking_channels(&p->asking, SEVERITY_WARNING, 479));
	assert_null(asking_channels(&p->asking, SEVERITY_WARNING, 22 * 60));
	assert_true(asking_is_quiet(&p->asking, SEVERITY_WARNING, 0));
	assert_true(asking_is_quiet(&p->asking, SEVERITY_WARNING, 22 * 60));
	assert_false(asking_is_quiet(&p->asking, SEVERITY_WARNING, 7 * 60));
	assert_false(asking_is_quiet(&p->asking, SEVERITY_CRITICAL, 0));
	assert_int_equal(asking_quiet_left(&p->asking, 23 * 60), 8 * 60);
	assert_int_equal(asking_quiet_left(&p->asking, 12 * 60), 0);
	assert_int_equal(asking_digest_left(&p->asking, 9 * 60), 9 * 60);
	assert_int_equal(asking_digest_left(&p->asking, 19 * 60), 13 * 60);
	assert_true(asking_is_collected(&p->asking, SEVERITY_INFO));
	assert_false(asking_is_collected(&p->asking, SEVERITY_WARNING));
	json_decref(service);
	json_decref(wipe);
	policy_free(p);
}

static void test_two_are_asked_for(void **state)
{
	struct policy *p = must_load("ask: {two_persons: destroy}"), *none = must_load("{}");

	(void)state;
	assert_true(p->asking.two_to_destroy);
	assert_false(none->asking.two_to_destroy);
	assert_false(asking_is_collected(&none->asking, SEVERITY_INFO));
	assert_false(asking_is_quiet(&none->asking, SEVERITY_INFO, 0));
	assert_int_equal(none->asking.rate_messages, 20);
	policy_free(p);
	policy_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_is_the_careful_policy),
		cmocka_unit_test(installed_policy_says_the_defaults),
		cmocka_unit_test(everything_can_be_said),
		cmocka_unit_test(tools_are_denied),
		cmocka_unit_test(refused_with_the_place),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_two_are_asked_for),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
