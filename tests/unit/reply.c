/* reply: what can be said in a chat, and what is no answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/case_code.h"
#include "doc/reply.h"

#define A(w) REPLY_ANSWER, ANSWER_##w

static const struct {
	const char *text;
	enum reply_kind kind;
	int word;
	int64_t n; /* solution, or span in minutes */
	const char *code, *secret, *said;
	int64_t pr;
} good[] = {
	{"1", A(SOLUTION), 1, "", "", "", 0},
	{" 3 ", A(SOLUTION), 3, "", "", "", 0},
	{"K7Q 2", A(SOLUTION), 2, "K7Q", "", "", 0},
	{"k7q: 2", A(SOLUTION), 2, "k7q", "", "", 0},
	{"K7Q2M approve", A(APPROVE), 0, "K7Q2M", "", "", 0},
	{"K7Q approve 2", A(SOLUTION), 2, "K7Q", "", "", 0},
	{"Approve", A(APPROVE), 0, "", "", "", 0},
	{"approve !k3x9qa", A(APPROVE), 0, "", "k3x9qa", "", 0},
	{"K7Q approve !k3x9qa", A(APPROVE), 0, "K7Q", "k3x9qa", "", 0},
	{"yes", A(YES), 0, "", "", "", 0},
	{"Y", A(YES), 0, "", "", "", 0},
	{"no", A(NO), 0, "", "", "", 0},
	{"no: backup night", A(NO), 0, "", "", "backup night", 0},
	{"expected", A(NO), 0, "", "", "", 0},
	{"ignore", A(IGNORE), 0, "", "", "", 0},
	{"reject: wrong host", A(REJECT), 0, "", "", "wrong host", 0},
	{"snooze 2h", A(SNOOZE), 120, "", "", "", 0},
	{"defer", A(SNOOZE), 1440, "", "", "", 0},
	{"K7Q defer 3h", A(SNOOZE), 180, "K7Q", "", "", 0},
	{"details", A(DETAILS), 0, "", "", "", 0},
	{"custom: restart all arr", A(CUSTOM), 0, "", "", "restart all arr", 0},
	{"investigate", A(INVESTIGATE), 0, "", "", "", 0},
	{"done", A(DONE), 0, "", "", "", 0},
	{"failed: no screws", A(FAILED), 0, "", "", "no screws", 0},
	{"approve PR 47", A(APPROVE), 0, "", "", "", 47},
	{"approve pr #47", A(APPROVE), 0, "", "", "", 47},
	{"approve #47", A(APPROVE), 0, "", "", "", 47},
	{"defer PR 47", A(SNOOZE), 1440, "", "", "", 47},
	{"reject pr 47", A(REJECT), 0, "", "", "", 47},
	{"details pr 47", A(DETAILS), 0, "", "", "", 47},
	{"status", REPLY_STATUS, 0, 0, "", "", "", 0},
	{"Status?", -1, 0, 0, "", "", "", 0},
	{"weekly", REPLY_WEEKLY, 0, 0, "", "", "", 0},
	{"auto", REPLY_AUTO, 0, 0, "", "", "", 0},
	{"K7Q ask", REPLY_ASK, 0, 0, "K7Q", "", "", 0},
	{"undo", REPLY_UNDO, 0, 0, "", "", "", 0},
	{"K7Q undo", REPLY_UNDO, 0, 0, "K7Q", "", "", 0},
	{"halt", REPLY_HALT, 0, 0, "", "", "", 0},
	{"HALT!", REPLY_HALT, 0, 0, "", "", "", 0},
	{"halt: the cat is in the rack", REPLY_HALT, 0, 0, "", "", "the cat is in the rack", 0},
	{"resume", REPLY_RESUME, 0, 0, "", "", "", 0},
	{"help", REPLY_HELP, 0, 0, "", "", "", 0},
	{"?", REPLY_HELP, 0, 0, "", "", "", 0},
};

static const struct {
	const char *text, *error; /* error: how it ends */
	bool near;
} bad[] = {
	{"", "was said", false},
	{"good morning", "or help", false},
	{"approev", "did you mean 'approve'?", true},
	{"statsu", "did you mean 'status'?", true},
	{"hlat", "did you mean 'halt'?", true},
	{"K7Q good morning", "or help", true},
	{"snooze", "snooze 2h", true},
	{"snooze tomorrow", "is no time such as 30m, 2h or 1d", true},
	{"defer 40d", "of at most 30d", true},
	{"1 2", "one number, of the solution to carry out", true},
	{"-1", "or help", false},
	{"resume now", "'resume' stands alone", true},
	{"approve everything", "one number, of the solution to carry out", true},
	{"approve\nreject", "one line, please, of plain text", false},
	{"approve \xff", "one line, please, of plain text", false},
	{"approve !K3X0qa", "one number, of the solution to carry out", true},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct err e = ERR_INIT;
		struct reply r;
		bool near;
		int rc = reply_parse(str_of(good[i].text), &r, &near, &e);

		if ((int)good[i].kind == -1) {
			assert_int_equal(rc, -1);
			continue;
		}
		if (rc)
			fail_msg("'%s': %s", good[i].text, e.text);
		if (r.kind != good[i].kind ||
			(r.kind == REPLY_ANSWER && (int)r.answer.word != good[i].word))
			fail_msg("'%s': %d %d", good[i].text, (int)r.kind, (int)r.answer.word);
		if (r.kind == REPLY_ANSWER && r.answer.word == ANSWER_SOLUTION)
			assert_int_equal(r.answer.solution, good[i].n);
		if (r.kind == REPLY_ANSWER && r.answer.word == ANSWER_SNOOZE)
			assert_int_equal(r.answer.span_ms, good[i].n * WHEN_MINUTE);
		if (!str_is(r.code, good[i].code) || !str_is(r.word, good[i].secret))
			fail_msg("'%s': code '%.*s'", good[i].text, STR_ARG(r.code));
		if (!str_is(r.kind == REPLY_ANSWER ? r.answer.text : r.text, good[i].said))
			fail_msg("'%s': its text", good[i].text);
		assert_int_equal(r.pr, good[i].pr);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = ERR_INIT;
		struct reply r;
		bool near;

		if (reply_parse(str_of(bad[i].text), &r, &near, &e) == 0)
			fail_msg("'%s' is taken", bad[i].text);
		if (!str_ends(str_of(e.text), bad[i].error))
			fail_msg("'%s': %s", bad[i].text, e.text);
		if (near != bad[i].near)
			fail_msg("'%s': near %d", bad[i].text, near);
	}
}

static void test_reactions(void **state)
{
	static const struct {
		const char *sign;
		int word;
	} all[] = {{"\xF0\x9F\x91\x8D", ANSWER_APPROVE},
		{"\xF0\x9F\x91\x8D\xEF\xB8\x8F", ANSWER_APPROVE},
		{"\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", ANSWER_APPROVE}, {"+1", ANSWER_APPROVE},
		{"\xF0\x9F\x91\x8E", ANSWER_REJECT}, {"thumbsdown", ANSWER_REJECT},
		{"\xE2\x8F\xB0", ANSWER_SNOOZE}, {"\xE2\x8F\xB0\xEF\xB8\x8F", ANSWER_SNOOZE},
		{"\xF0\x9F\x8E\x89", -1}, {"tada", -1}, {"", -1}, {"\xF0\x9F\x8F\xBD", -1}};
	struct reply r;

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		int rc = reply_reaction(str_of(all[i].sign), &r);

		if ((rc == 0) != (all[i].word >= 0) || (rc == 0 && (int)r.answer.word != all[i].word))
			fail_msg("reaction %zu", i);
	}
	assert_int_equal(reply_reaction(STR("+1"), &r), 0);
	reply_settle_thumb(&r, true);
	assert_int_equal(r.answer.word, ANSWER_YES);
	assert_int_equal(reply_reaction(STR("-1"), &r), 0);
	reply_settle_thumb(&r, true);
	assert_int_equal(r.answer.word, ANSWER_NO);
	assert_int_equal(reply_reaction(STR("+1"), &r), 0);
	reply_settle_thumb(&r, false);
	assert_int_equal(r.answer.word, ANSWER_APPROVE);
}

static void test_codes(void **state)
{
	char one[CASE_CODE], two[CASE_CODE];

	(void)state;
	case_code("20261121T034700Z-9c2e51d0a7b3f644", one);
	case_code("20261121T035100Z-00000000000000b0", two);
	assert_int_equal(strlen(one), CASE_CODE - 1);
	assert_true(case_code_is(str_of(one)));
	assert_string_not_equal(one, two);
	assert_true(case_code_means((struct str){one, 3}, one));
	assert_true(case_code_means((struct str){one, 5}, one));
	assert_false(case_code_means((struct str){one, 2}, one));
	assert_false(case_code_means((struct str){two, 5}, one));
	assert_int_equal(case_code_apart("K7Q2M3P4R5S", "B7Q2M3P4R5S"), 3);
	assert_int_equal(case_code_apart("K7Q2M3P4R5S", "K7R2M3P4R5S"), 3);
	assert_int_equal(case_code_apart("K7Q2M3P4R5S", "K7Q3M3P4R5S"), 5);
	assert_int_equal(case_code_apart("K7Q2M3P4R5S", "K7Q2N3P4R5S"), 5);
	assert_int_equal(case_code_apart("K7Q2M3P4R5S", "K7Q2M4P4R5S"), 7);
	assert_int_equal(case_code_apart("K7Q2M3P4R5S", "K7Q2M3P4R5S"), 11);
	for (size_t i = 0; answer_words[i]; i++)
		assert_false(case_code_is(str_of(answer_words[i])));
	assert_false(case_code_is(STR("K7")));
	assert_false(case_code_is(STR("K7Q2")));
	assert_false(case_code_is(STR("I7Q")));
	assert_false(case_code_is(STR("K1Q")));
	assert_true(case_code_is(STR("k7q")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_reactions), cmocka_unit_test(test_codes)};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
