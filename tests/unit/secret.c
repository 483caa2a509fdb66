#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/secret.h"

/* No whole token may stand in a source file: scanners of hosting sites react. '~' is followed by a count of filler. */
static void fill(const char *pattern, struct buf *into)
{
	static const char filler[] = "a1B2c3D4e5";

	for (; *pattern; pattern++) {
		if (*pattern != '~') {
			buf_putc(into, *pattern);
			continue;
		}
		for (long n = strtol(pattern + 1, (char **)(uintptr_t)&pattern, 10), i = 0; i < n; i++)
			buf_putc(into, filler[i % 10]);
		pattern--;
	}
}

static const char *find(const char *pattern)
{
	struct buf text = BUF_INIT(1 << 20);
	const char *words;

	fill(pattern, &text);
	words = secret_in_text(buf_str(&text));
	buf_clear(&text);
	return words;
}

static void finds(void **unused)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"pushed with ghp_~36 today", "a GitHub token"},
		{"https://x:gho_~36@github.com/a", "a password in a URL"},
		{"github_pat_~82", "a GitHub token"},
		{"glpat-~20", "a GitLab token"},
		{"key AKIA" "ABCDEFGHIJ234567 used", "an AWS key id"},
		{"xoxb-~24", "a Slack token"},
		{"https://hooks.slack.com/services/T0/B0/~40", "a Slack webhook"},
		{"sk-ant-~40", "an Anthropic key"},
		{"sk-~24", "a model provider's key"},
		{"AIza~35", "a Google key"},
		{"eyJh~20.eyJz~20.~30", "a JSON web token"},
		{"https://api.telegram.org/bot 123456789:A~34/send", "a Telegram bot token"},
		{"AGE-SECRET-KEY-1~58", "an age key"},
		{"-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "a private key"},
		{"log: -----BEGIN PRIVATE KEY-----", "a private key"},
		{"postgres://app:hunter2@db:5432/x", "a password in a URL"},
		{"redis://:s3cret@cache", NULL}, /* no user: see below */
		{"Authorization: Bearer ~20", "an Authorization header"},
		{"authorization: basic dXNlcjpwYXNz", "an Authorization header"},
		{"password=hunter2", "a password"},
		{"DB_PASSWORD=\"hunter2\"", "a password"},
		{"{\"password\":\"hunter2\"}", "a password"},
		{"password: hunter22", "a password"},
		{"PGPASSWORD=correcthorse psql", "a password"},
		{"curl -H 'X-Api-Key: ~32'", "a token or key"},
		{"api_key=~32&x=1", "a token or key"},
		{"token := ~20", "a token or key"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *words = find(cases[i].text);

		if (!cases[i].words ? words != NULL : !words || strcmp(words, cases[i].words) != 0)
			fail_msg("%s: %s", cases[i].text, words ? words : "nothing");
	}
}

static void leaves_evidence_alone(void **unused)
{
	static const char *const texts[] = {
		"commit 01d3d53aa8be0a70f1d2c6c4f6d9d7c1a2b3c4d5",
		"digest sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"fingerprint 9c2e51d0a7b3f644, id 123e4567-e89b-12d3-a456-426614174000",
		"image registry.lan/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"Failed password for root from 10.0.0.9 port 22",
		"password: required", "the password=*** was hidden", "password=$DB_PASSWORD", "token={secret.ha}",
		"max_tokens=4096", "token_count: 12345678901234", "secret_name=ingress-tls-2026a",
		"secret: ingress-tls-2026", "no api key: set one with hl", "http://host:8080/a@b", "ssh://git@host/x",
		"sk-node-12-rack-3", "see https://prometheus.lan/graph?g0.expr=up", "-----BEGIN CERTIFICATE-----",
		"radarr-6d4cf56db6-x2x7z restarted 3 times", "ghp_short", "task_id=abc1234567890123",
		"eyeball.eyelid.eyes", "10.0.0.1:9100", "key_id=AB12CD34EF56GH78", ""};

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (find(texts[i]))
			fail_msg("%s: %s", texts[i], find(texts[i]));
}

static void names_the_place(void **unused)
{
	struct buf place = BUF_INIT(4096);
	json_t *tree = json_pack("{s:s, s:{s:s, s:s}, s:[{s:[{s:s, s:s}]}]}", "title", "x", "labels", "secret",
		"ingress-tls-2026", "digest", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4", "context", "env",
		"name", "DB_PASSWORD", "value", "hunter2");

	(void)unused;
	assert_string_equal(secret_in_tree(tree, &place), "a password");
	assert_string_equal(buf_text(&place), "context[0].env[0]");
	buf_reset(&place);
	json_object_set_new(json_object_get(tree, "labels"), "password", json_string("correct"));
	assert_string_equal(secret_in_tree(tree, &place), "a password");
	assert_string_equal(buf_text(&place), "labels.password");
	buf_clear(&place);
	json_decref(tree);
}

/* Texts made to be looked at again and again: a quadratic search takes minutes here. */
static void is_linear(void **unused)
{
	static const char *const pieces[] = {"ey-", "token=", "sk-ant-", "://a:", "authorization: ", "password: ",
		"-----BEGIN ", "1234:A", "xoxb-", "\"token\":\"", "://a:b@"};
	int64_t start = when_tick();

	(void)unused;
	for (size_t i = 0; i + 1 < sizeof pieces / sizeof *pieces; i++) {
		struct buf text = BUF_INIT(BUF_RECORD);

		while (text.n < 1 << 20)
			buf_puts(&text, pieces[i]);
		secret_in_text(buf_str(&text));
		buf_clear(&text);
	}
	assert_true(when_tick() - start < 60000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(leaves_evidence_alone),
		cmocka_unit_test(names_the_place),
		cmocka_unit_test(is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
