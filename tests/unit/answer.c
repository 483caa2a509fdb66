/* answer: the grammar, a line a case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "doc/answer.h"

static void understood(void **state)
{
	static const struct {
		const char *text;
		enum answer_word word;
		long long n; /* of the solution, or milliseconds */
		const char *reason;
	} table[] = {
		{"1", ANSWER_SOLUTION, 1, ""}, {"  12 \n", ANSWER_SOLUTION, 12, ""}, {"approve", ANSWER_APPROVE, 0, ""},
		{"APPROVE", ANSWER_APPROVE, 0, ""}, {"approve 2", ANSWER_SOLUTION, 2, ""}, {"yes", ANSWER_YES, 0, ""},
		{"y", ANSWER_YES, 0, ""}, {"no", ANSWER_NO, 0, ""}, {"n", ANSWER_NO, 0, ""}, {"No, expected", ANSWER_NO, 0, "expected"},
		{"no expected", ANSWER_NO, 0, ""}, {"expected", ANSWER_NO, 0, ""}, {"no: backup runs", ANSWER_NO, 0, "backup runs"},
		{"snooze 2h", ANSWER_SNOOZE, 7200000, ""}, {"snooze 1h30m", ANSWER_SNOOZE, 5400000, ""},
		{"snooze 30d", ANSWER_SNOOZE, 2592000000, ""}, {"ignore", ANSWER_IGNORE, 0, ""},
		{"ignore: later", ANSWER_IGNORE, 0, "later"}, {"reject", ANSWER_REJECT, 0, ""},
		{"reject:too risky", ANSWER_REJECT, 0, "too risky"}, {"custom: restart all arr", ANSWER_CUSTOM, 0, "restart all arr"},
		{"custom : a: b", ANSWER_CUSTOM, 0, "a: b"}, {"details", ANSWER_DETAILS, 0, ""}, {"help", ANSWER_HELP, 0, ""},
		{"?", ANSWER_HELP, 0, ""}, {"investigate", ANSWER_INVESTIGATE, 0, ""}, {"quit", ANSWER_QUIT, 0, ""},
		{"q", ANSWER_QUIT, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct err e = ERR_INIT;
		struct answer a;

		if (answer_parse(str_of(table[i].text), &a, &e))
			fail_msg("'%s': %s", table[i].text, e.text);
		assert_int_equal(a.word, table[i].word);
		assert_int_equal(a.solution + a.span_ms, table[i].n);
		assert_true(str_is(a.text, table[i].reason));
	}
}

static void not_understood(void **state)
{
	static const char *const table[][2] = {
		{"", "an empty answer"}, {"  ", "an empty answer"}, {"aprove", "'aprove': did you mean 'approve'?"},
		{"detials", "did you mean 'details'?"}, {"snoze 2h", "did you mean 'snooze'?"}, {"xyzzy", "is no answer"},
		{"0", "one number"}, {"1 2", "'1 2': one number"}, {"1.", "one number"}, {"99999", "one number"}, {"-1", "is no answer"},
		{"approve all", "'all': one number"}, {"snooze", "for how long?"}, {"snooze 2", "'2' is no time"},
		{"snooze 2 h", "'2 h' is no time"}, {"snooze 31d", "more than 30d"}, {"snooze 0s", "is no time"},
		{"snooze -2h", "is no time"}, {"snooze 999999999999999999999h", "is no time"}, {"custom", "behind a colon"},
		{"custom:", "behind a colon"}, {"custom restart", "behind a colon"}, {"reject too risky", "reject: too risky"},
		{"yes: x", "'yes' stands alone"}, {"quit now", "'quit' stands alone"}, {"approve: 1", "one number"},
		{"\xff\xfe", "not UTF-8"}, {"custom: \xff", "not UTF-8"}, {"approveapproveapproveapproveapproveapproveapprove", "is no answer"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct answer a = {.word = ANSWER_HELP, .solution = 7};
		struct err e = ERR_INIT;

		if (answer_parse(str_of(table[i][0]), &a, &e) == 0 || !strstr(e.text, table[i][1]))
			fail_msg("'%s': got '%s', wanted '%s'", table[i][0], e.text, table[i][1]);
		assert_int_equal(e.kind, ERR_USAGE);
		assert_int_equal(a.word, ANSWER_HELP); /* nothing is changed */
		assert_int_equal(a.solution, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(understood),
		cmocka_unit_test(not_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
