/* What is private in text that is more than text: JSON, escapes, base64, and those in each other. */
#include "doc/passage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "flow/scrubbing.h"

/* In pieces, since no whole one may be in a file. */
#define PASS   "PASS" "WORD"
#define GITHUB "ghp" "_" "0123456789abcdefghijABCDEFGHIJ456789"

static struct scrub_rules rules;

static int begin(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	if (scrubbing_installed(&rules, &e))
		fail_msg("%s", e.text);
	scrub_rules_word(&rules, SCRUB_HOST, "nas7");
	scrub_rules_ready(&rules);
	return 0;
}

static int end(void **state)
{
	(void)state;
	scrub_rules_clear(&rules);
	return 0;
}

/* With {KIND what} in the place of each span; given. */
static char *marked(struct str text, bool json)
{
	struct passage p = {.rules = &rules, .kinds = SCRUB_ALL};
	struct buf out = BUF_INIT(1 << 24);
	size_t from = 0;

	if (json)
		passage_look_json(&p, text);
	else
		passage_look(&p, text);
	for (size_t i = 0; i < p.count; i++) {
		const struct passage_span *s = &p.spans[i];
		struct str there = {text.p + s->at, s->n}, said = {s->text, s->length};

		assert_true(s->at >= from && s->at + s->n <= text.n && s->n);
		buf_put(&out, text.p + from, s->at - from);
		buf_putf(&out, "{%s%s ", s->bare ? "bare " : "", scrub_kind_names[s->kind]);
		buf_putstr(&out, s->text ? said : there);
		buf_putc(&out, '}');
		from = s->at + s->n;
	}
	buf_put(&out, text.p + from, text.n - from);
	passage_clear(&p);
	return buf_take(&out);
}

static const struct {
	const char *text, *wanted;
} texts[] = {
	{"", ""},
	{"from 10.1.2.3", "from {IP 10.1.2.3}"},
	/* JSON anywhere */
	{"env {\"name\":\"DB_" PASS "\",\"value\":\"a b c d\"} end",
		"env {\"name\":\"DB_" PASS "\",\"value\":\"{SECRET a b c d}\"} end"},
	{"[1, {\"pass" "word\": 12345}] [oops {\"pass" "word\":\"a b\\\"c\"}",
		"[1, {\"pass" "word\": {bare SECRET 12345}}] [oops {\"pass" "word\":\"{SECRET a b\"c}\"}"},
	{"{\"a\":\"x\\u0040example.org\"}", "{\"a\":\"{EMAIL x@example.org}\"}"},
	{"{\"card\":4111111111111111,\"n\":4111111111111112}",
		"{\"card\":{bare CARD 4111111111111111},\"n\":4111111111111112}"},
	/* in each other */
	{"{\"text\":\"{\\\"name\\\":\\\"API_" PASS "\\\",\\\"value\\\":\\\"q w e\\\"}\"}",
		"{\"text\":\"{\\\"name\\\":\\\"API_" PASS "\\\",\\\"value\\\":\\\"{SECRET q w e}\\\"}\"}"},
	/* escapes */
	{"GET /?u=ada%40example.org&x=1", "GET /?u={EMAIL ada%40example.org}&x=1"},
	{"ip=%31%30.1.2.3;", "ip={IP %31%30.1.2.3};"},
	{"\\u0031\\u0030.1.2.3 \\x310.1.2.4 \\0610.1.2.5 &#49;0.1.2.6 &#x31;0.1.2.7",
		"{IP \\u0031\\u0030.1.2.3} {IP \\x310.1.2.4} {IP \\0610.1.2.5} {IP &#49;0.1.2.6} {IP &#x31;0.1.2.7}"},
	{"%2531%2530.1.2.3", "{IP %2531%2530.1.2.3}"}, /* twice */
	{"100% of 5%zz \\ & &# C:\\new", "100% of 5%zz \\ & &# C:\\new"},
	/* base64: "host 10.1.2.3 is it", as it is and behind other digits */
	{"data aG9zdCAxMC4xLjIuMyBpcyBpdA== end", "data {IP aG9zdCAxMC4xLjIuMyBpcyBpdA==} end"},
	{"/v1/aG9zdCAxMC4xLjIuMyBpcyBpdA", "{IP /v1/aG9zdCAxMC4xLjIuMyBpcyBpdA}"},
	{"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
	{"the nas7 is nas77", "the {HOST nas7} is nas77"},
	{GITHUB, "{SECRET " GITHUB "}"},
	{"{\"unfinished\": [\"10.1.2.3\"", "{\"unfinished\": [\"{IP 10.1.2.3}\""},
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *got = marked(str_of(texts[i].text), false);

		assert_string_equal(got, texts[i].wanted);
		free(got);
	}
}

/* Structure is never touched. */
static void test_json(void **state)
{
	static const char *const wanted[][2] = {
		{"{\"x-api-key\": {\"a\": 1}, \"10.1.2.3\": [true, null, \"nas7\"]}",
			"{\"x-api-key\": {\"a\": 1}, \"{IP 10.1.2.3}\": [true, null, \"{HOST nas7}\"]}"},
		{"\"10.1.2.3\"", "\"{IP 10.1.2.3}\""}, {"4111111111111111", "{bare CARD 4111111111111111}"}};

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		char *got = marked(str_of(wanted[i][0]), true);

		assert_string_equal(got, wanted[i][1]);
		free(got);
	}
}

/* Twice the text takes about twice the time, whatever it holds. */
static void test_hostile(void **state)
{
	static const char *const pieces[] = {"[", "{\"", "[\"", "{\"a\":", "[{},", "%", "\\u", "&#", "QUJD",
		"[1,", "\\", "\"", "{\"a\":\"[", "%5b", "\\u005b", "{\"pass" "word\":", "W1tb"};

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct buf text = BUF_INIT(1 << 20);
		clock_t start = clock();

		while (text.n < 200000)
			buf_puts(&text, pieces[i]);
		free(marked(buf_str(&text), false));
		if (clock() - start > 10 * CLOCKS_PER_SEC)
			fail_msg("'%s' takes %ld s", pieces[i],
				(long)((clock() - start) / CLOCKS_PER_SEC));
		buf_clear(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests_name("passage", tests, begin, end);
}
