#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doc/decision.h"
#include "doc/prose.h"

#define ID "20261120T010100Z-0000000000075ef3"

static void plain_is_one_safe_line(void **unused)
{
	static const struct {
		struct str in;
		const char *out;
	} cases[] = {
		{STR("a b"), "a b"},
		{STR("  a \t\r\n b  "), "a b"},
		{STR("\033[31mred"), "[31mred"},
		{STR("a\0b"), "a b"},
		{STR("x\342\200\256y"), "xy"},     /* right-to-left override */
		{STR("x\342\200\250y"), "xy"},     /* line separator */
		{STR("x\302\205y"), "xy"},         /* next line, a C1 control */
		{STR("\377\300\257ok"), "ok"},     /* no UTF-8 */
		{STR("\303\234bersicht"), "\303\234bersicht"},
		{STR("0123456789abc"), "0123456789..."},
		{STR(""), ""},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf b = BUF_INIT(1000);

		prose_plain(&b, cases[i].in, i == 9 ? 10 : 100);
		assert_string_equal(buf_text(&b), cases[i].out);
		buf_clear(&b);
	}
}

static void no_line_begins_like_a_trailer(void **unused)
{
	static const char *const words[] = {"Case:", "Approved-by:", "#", "---", "diff", "(cherry", "x:y"};
	struct buf in = BUF_INIT(10000), out = BUF_INIT(10000);
	struct str rest, line;

	(void)unused;
	for (size_t i = 0; i < 300; i++)
		buf_putf(&in, "%s%s", i ? " " : "begin ", words[i % 7]);
	prose_wrap(&out, buf_str(&in), 0);
	rest = buf_str(&out);
	assert_true(str_split(&rest, '\n', &line));
	while (str_split(&rest, '\n', &line)) {
		assert_true(line.n <= PROSE_WIDTH);
		assert_int_equal(line.p[0], ' ');
	}
	buf_clear(&in);
	buf_clear(&out);
}

static void paths_there_and_back(void **unused)
{
	static const char *const wrong[] = {"decisions/2026/11/20/" ID, ID ".json.json", ID ".0.json", ID ".x.json",
		ID "x.json", ".json", "", "20261120T010100Z-000000000007SEF3.json", ID ".-1.json"};
	char path[DECISION_PATH], id[CASE_ID];
	unsigned n;

	(void)unused;
	assert_string_equal(decision_path(ID, 1, false, path), "decisions/2026/11/20/" ID ".json");
	assert_string_equal(decision_path(ID, 12, true, path), "decisions/2026/11/20/00/" ID ".12.json");
	for (unsigned event = 1; event < 1200; event += 37) {
		assert_int_equal(decision_of_path(decision_path(ID, event, event & 1, path), id, &n), 0);
		assert_string_equal(id, ID);
		assert_int_equal(n, event);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(decision_of_path(wrong[i], id, &n), -1);
	assert_true(decision_is_id(ID));
	assert_false(decision_is_id(""));
	assert_false(decision_is_id("20261120T010100Z-0000000000075ef"));
	assert_false(decision_is_id(ID "0"));
	assert_false(decision_is_id("../../../x"));
}

static char *subject_of(const char *name, const char *title, const char *by)
{
	char *text = NULL;
	json_t *tree = json_pack("{s:s, s:[{s:s}], s:{s:[{s:i, s:s, s:s}]}, s:{s:s, s:s, s:i}, s:{s:s}}", "id", ID,
		"signals", "name", name, "plan", "solutions", "n", 1, "id", "s", "title", title, "approval",
		"decision", "approved", "by", by, "solution", 1, "outcome", "result", "rolled_back");
	char *line = json_dumps(tree, JSON_COMPACT);
	struct scan_value whole;
	struct scan_error fault;
	struct err e = ERR_INIT;
	struct decision d;

	assert_int_equal(scan_text(str_of(line), &whole, &fault), 0);
	assert_int_equal(decision_load(&d, whole, &e), 0);
	text = strdup(d.message);
	text[strcspn(text, "\n")] = '\0';
	decision_clear(&d);
	json_decref(tree);
	free(line);
	return text;
}

static void subjects_fit(void **unused)
{
	static const char *const names[] = {"DemoDown", "Case", "Case: x", "Outcome:", "A", "\033\n",
		"AVeryLongAlertNameThatGoesOnAndOnUntilItIsCutSomewhereInTheMiddle"};
	static const char *const titles[] = {"Restart", "A title that is so long that it cannot be in a subject line at all, not even in part"};

	(void)unused;
	for (size_t i = 0; i < 7; i++)
		for (size_t k = 0; k < 2; k++) {
			char *subject = subject_of(names[i], titles[k], "alice");

			assert_true(strlen(subject) <= PROSE_WIDTH);
			assert_non_null(strstr(subject, "failed and rolled back"));
			assert_int_not_equal(strncmp(subject, "Case:", 5), 0);
			assert_int_not_equal(strncmp(subject, "Outcome:", 8), 0);
			free(subject);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_is_one_safe_line),
		cmocka_unit_test(no_line_begins_like_a_trailer),
		cmocka_unit_test(paths_there_and_back),
		cmocka_unit_test(subjects_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
