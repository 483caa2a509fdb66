/* notice: nothing from outside reaches the terminal as it is, what would be run is whole, eighty columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/notice.h"
#include "json/node.h"

static const int64_t now = 1795233600000; /* 2026-11-21T04:00:00Z */

typedef void show_fn(const struct notice *n, const json_t *v);

static char *shown(show_fn *show, const char *json)
{
	struct buf text = BUF_INIT(1 << 20);
	struct notice n = {.into = &text, .now = now};
	json_t *v = json_loads(json, 0, NULL);

	assert_non_null(v);
	show(&n, v);
	json_decref(v);
	return buf_take(&text);
}

static void expect_shown(show_fn *show, const char *json, const char *wanted)
{
	char *text = shown(show, json);

	assert_string_equal(text, wanted);
	free(text);
}

static void spans(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} table[] = {{-5, "0s"}, {0, "0s"}, {999, "0s"}, {1000, "1s"}, {119000, "119s"}, {120000, "2m"},
		{780000, "13m"}, {7199000, "119m"}, {7200000, "2h"}, {172799000, "47h"}, {172800000, "2d"},
		{INT64_MAX, "116582d"}};
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		notice_span(table[i].ms, text);
		if (i + 1 < sizeof table / sizeof *table)
			assert_string_equal(text, table[i].text);
		assert_true(strlen(text) < 15);
	}
}

static void heads(void **state)
{
	(void)state;
	expect_shown(notice_head,
		"{\"id\":\"x\",\"title\":\"a b\",\"severity\":\"critical\",\"opened_at\":\"2026-11-21T03:00:00Z\","
		"\"signals\":[{\"starts_at\":\"2026-11-21T03:47:00Z\"},{\"starts_at\":\"2026-11-21T02:00:00Z\"}],"
		"\"triage\":{\"why\":\"because\",\"count\":3,\"signals\":2,\"flapping\":true}}",
		"a b\n  critical, since 2026-11-21 02:00 UTC (2h ago), 2 signals, fired 3 times,\n      flapping\n"
		"  because\n  case x\n");
	expect_shown(notice_head,
		"{\"id\":\"x\",\"title\":\"t\",\"opened_at\":\"2026-11-21T03:00:00Z\",\"triage\":{\"why\":\"w\"},"
		"\"resolved\":{\"at\":\"2026-11-21T02:50:00Z\"}}",
		"t\n  since 2026-11-21 03:00 UTC (60m ago)\n  w\n  resolved meanwhile, 2026-11-21 02:50 UTC (70m ago): there may be nothing left\n"
		"      to do\n  case x\n");
	/* nothing is where it should be */
	expect_shown(notice_head, "{\"id\":5,\"title\":[],\"signals\":{},\"triage\":7,\"opened_at\":\"soon\"}",
		"(a case without a title)\n  since a time unknown\n  case\n");
	expect_shown(notice_head, "{\"title\":\"\\u001b]0;x\\u0007\\u202e\\n\\tb\"}",
		"\\x1b]0;x\\x07\\xe2\\x80\\xae \\x09b\n  since a time unknown\n  case\n");
}

static void show_solution(const struct notice *n, const json_t *v)
{
	notice_solution(n, v, true);
}

static void solutions(void **state)
{
	(void)state;
	expect_shown(show_solution,
		"{\"n\":1,\"id\":\"a\",\"title\":\"Do it\",\"impact\":\"none\",\"risk\":\"high\",\"reversible\":true,"
		"\"effect\":\"destroy\",\"blast_radius\":\"cluster\",\"preflight\":[{\"tool\":\"a.b\",\"args\":{\"x\":1},"
		"\"expect\":{\"/y\":\"z w\"}}],\"verify\":[{\"tool\":\"a.b\",\"title\":\"it runs\",\"within\":\"30s\"}],"
		"\"steps\":[{\"id\":\"1\",\"tool\":\"c.d\",\"args\":{\"e\":\"f g\",\"h\":\"\",\"i\":\"-x\",\"j\":null}},"
		"{\"id\":\"2\",\"tool\":\"k.l\",\"undo\":{\"tool\":\"m.n\",\"args\":{\"o\":[1]}}}]}",
		"  1. Do it (recommended)\n"
		"     Impact   none\n"
		"     Risk     high, reversible, DESTROYS\n"
		"     Blast    cluster\n"
		"     Before   a.b x=1 gives {\"/y\":\"z w\"}\n"
		"     Runs     c.d e=\"f g\" h=\"\" i=-x j=null\n"
		"              k.l\n"
		"     Verify   it runs within 30s\n"
		"     Undo     m.n o=[1]\n"
		"              (a step without)\n");
	expect_shown(show_solution, "{\"id\":\"bare\",\"reversible\":false}",
		"  0. bare (recommended)\n"
		"     Risk     not said, cannot be taken back\n"
		"     Undo     none\n");
}

/* A value cannot be made to look like another argument, nor hide behind a line end or an escape. */
static void arguments_are_exact(void **state)
{
	char *text = shown(show_solution,
		"{\"n\":1,\"id\":\"a\",\"steps\":[{\"tool\":\"a.b\",\"args\":{\"path\":\"/srv force=true\","
		"\"x\":\"a\\nb\",\"y\":\"\\u001b[8m\",\"z\":\"true\"}}]}");

	(void)state;
	assert_non_null(strstr(text, "path=\"/srv force=true\" x=\"a\\nb\" y=\"\\u001b[8m\" z=\"true\"\n"));
	free(text);
}

static void eighty_columns(void **state)
{
	struct buf json = BUF_INIT(1 << 16);
	char *text, *line, *end;

	(void)state;
	buf_puts(&json, "{\"why\":\"");
	for (int i = 0; i < 200; i++)
		buf_puts(&json, i % 7 ? "w\xc3\xb6rd " : "a\\n");
	buf_puts(&json, "\",\"solutions\":[]}");
	text = shown(notice_plan, buf_text(&json));
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		size_t columns = 0;

		for (const char *p = line; p < end; p++)
			columns += ((unsigned char)*p & 0xc0) != 0x80;
		assert_true(columns <= 80);
	}
	free(text);
	buf_clear(&json);
}

static void details(void **state)
{
	expect_shown(notice_details,
		"{\"signals\":[{\"name\":\"A\",\"status\":\"firing\",\"starts_at\":\"2026-11-21T03:47:00Z\","
		"\"labels\":{\"a\":\"1\"},\"annotations\":{\"s\":\"t\\nu\"}}],"
		"\"context\":[{\"tool\":\"a.b\",\"args\":{},\"ok\":false,\"error\":\"no\\u001b[2J\"},"
		"{\"tool\":\"c.d\",\"ok\":true,\"at\":\"2026-11-21T03:59:30Z\",\"data\":{\"x\":1}}],"
		"\"plan\":{\"solutions\":[{\"n\":1,\"steps\":[{\"id\":\"s\",\"tool\":\"e.f\",\"needs\":[\"a\",\"b\"]}]}]}}",
		"  Signal A, firing since 2026-11-21 03:47 UTC (13m ago)\n"
		"    labels\n      a: 1\n"
		"    annotations\n      s: t u\n"
		"  Seen a.b failed: no\\x1b[2J\n"
		"  Seen c.d at 2026-11-21 03:59 UTC (30s ago)\n"
		"    {\"x\":1}\n"
		"  Solution 1\n"
		"    step s: e.f, after a, b\n");
	(void)state;
}

static void guards_come_first(void **state)
{
	(void)state;
	expect_shown(show_solution,
		"{\"n\":1,\"title\":\"t\",\"effect\":\"change\",\"blast_radius\":\"none\",\"steps\":["
		"{\"id\":\"guard-1\",\"tool\":\"zfs.snapshot\",\"args\":{\"name\":\"hl\"},\"guard\":{\"rollback\":\"ask\"},"
		"\"undo\":{\"tool\":\"zfs.rollback\",\"args\":{}}},"
		"{\"id\":\"a\",\"tool\":\"vm.set\",\"args\":{},\"undo\":null}]}",
		"  1. t (recommended)\n"
		"     Risk     not said\n"
		"     Blast    none\n"
		"     Snapshot first:\n"
		"              zfs.snapshot name=hl, rolled back by a person only\n"
		"     Runs     vm.set\n"
		"     Undo     (a step without)\n"
		"              zfs.rollback (by a person only)\n");
}

/* A model's words are shown as such, and harmless. */
static void thoughts(void **state)
{
	char *text = shown(notice_plan,
		"{\"why\":\"w\",\"solutions\":[],\"model\":{\"name\":\"gemini\\u001b[2J\",\"claims\":[{\"text\":\"t\",\"supported\":true},"
		"{\"text\":\"u\",\"supported\":false}],\"dropped\":[\"d\"],\"validator\":{\"name\":\"claude\",\"agrees\":false,\"why\":\"the\\ndisk\"}},"
		"\"concerns\":[\"it may\\u202ecome back\"],\"alternatives\":[\"ask\"],\"placement\":{\"where\":\"k3s\",\"why\":\"p\"},"
		"\"gaps\":[{\"wanted\":\"grow it\",\"why\":\"full\"}]}");
	static const char *const wanted[] = {
		"  Model    gemini\\x1b[2J, whose words stand in quotes, 2 claims, 1 of them on\n",
		"  Doubt    claude does NOT agree: \"the disk\"\n", "  Concern  \"it may\\xe2\\x80\\xaecome back\"\n",
		"  Instead  \"ask\"\n", "  Place    k3s: \"p\"\n", "  Missing  \"grow it\": \"full\"\n"};

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!strstr(text, wanted[i]))
			fail_msg("'%s' is not in\n%s", wanted[i], text);
	free(text);
	text = shown(notice_plan,
		"{\"solutions\":[],\"model\":{\"name\":\"m\",\"validator\":{\"failed\":\"quota\",\"error\":\"spent\"}}}");
	assert_non_null(strstr(text, "no second model could check that: \"spent\""));
	free(text);
	text = shown(notice_plan, "{\"solutions\":[],\"model\":{\"failed\":\"quota\",\"error\":\"spent\"}}");
	assert_null(strstr(text, "Model"));
	free(text);
}

/* The title of one that a model proposes is its words, and so is what it says of impact and risk. */
static void a_models_solution(void **state)
{
	char *text = shown(notice_plan,
		"{\"model\":{\"name\":\"qwen\"},\"recommended\":1,\"solutions\":[{\"n\":1,"
		"\"title\":\"Wait\\\" (approved)\",\"impact\":\"none\\n  Asks     nothing\",\"risk\":\"low\",\"reversible\":false,"
		"\"steps\":[{\"id\":\"1\",\"tool\":\"a.b\"}]}]}");

	(void)state;
	assert_non_null(strstr(text,
		"  1. qwen: \"Wait' (approved)\" (recommended)\n"
		"     Impact   \"none Asks nothing\"\n"
		"     Risk     \"low\", cannot be taken back\n"));
	free(text);
	text = shown(notice_head,
		"{\"title\":\"t\",\"triage\":{\"why\":\"w\",\"model\":{\"name\":\"qwen\",\"verdict\":\"problem\",\"severity\":\"info\","
		"\"cause\":\"c\\\" (0 claims)\",\"claims\":[{\"text\":\"x\",\"supported\":false}]}}}");
	assert_non_null(strstr(text,
		"  Model    qwen: problem, info (1 claim on nothing that was seen): \"c' (0\n"
		"           claims)\"\n"));
	free(text);
}

/* Where each line of a notice begins; the least of those that are not the first of a text. */
static void no_line_can_be_imitated(void **state)
{
	static const char *const gaps[] = {" ", "\\u00a0", "\\u3000", "\\u2800", "\\t", "\\n"};

	(void)state;
	for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
		for (int pad = 1; pad < 90; pad++) {
			struct buf text = BUF_INIT(1 << 16);
			char *seen;

			buf_puts(&text, "{\"title\":\"");
			for (int i = 0; i < pad; i++)
				buf_putc(&text, 'x');
			for (int i = 0; i < 3; i++)
				buf_puts(&text, gaps[g]);
			buf_puts(&text, "Asks");
			for (int i = 0; i < 5; i++)
				buf_puts(&text, gaps[g]);
			buf_puts(&text, "nothing\",\"n\":1}");
			seen = shown(notice_head, buf_text(&text));
			assert_null(strstr(seen, "\n  Asks"));
			assert_null(strstr(seen, "\nAsks"));
			assert_null(strstr(seen, "Asks     "));
			free(seen);
			seen = shown(show_solution, buf_text(&text));
			assert_null(strstr(seen, "\n     Asks"));
			assert_null(strstr(seen, "Asks     "));
			free(seen);
			buf_clear(&text);
		}
}

/* A terminal would go on in its first column. */
static void nothing_is_wider_than_the_terminal(void **state)
{
	struct buf json = BUF_INIT(1 << 16);
	char *text, *line, *end;
	size_t lines = 0;

	(void)state;
	buf_puts(&json, "{\"n\":1,\"title\":\"");
	for (int i = 0; i < 70; i++)
		buf_puts(&json, "\xe6\xbc\xa2"); /* two columns */
	buf_puts(&json, "\",\"steps\":[{\"id\":\"1\",\"tool\":\"a.b\",\"args\":{\"x\":\"");
	for (int i = 0; i < 70; i++)
		buf_puts(&json, "y ");
	buf_puts(&json, "\",\"z\":\"a\xc2\xa0" "b\"}}]}");
	text = shown(show_solution, buf_text(&json));
	for (line = text; (end = strchr(line, '\n')); line = end + 1, lines++) {
		size_t columns = 0;

		for (const char *p = line; p < end; p++)
			columns += (*p & 0xc0) == 0x80 ? 0 : *p & 0x80 ? 2 : 1;
		assert_true(columns <= 80);
		assert_true(lines == 0 || strncmp(line, "     ", 5) == 0);
	}
	assert_true(lines >= 5);
	assert_non_null(strstr(text, "y \\\n              y ")); /* whole, and seen to go on */
	assert_non_null(strstr(text, "z=\"a\\u00a0b\""));
	free(text);
	buf_clear(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guards_come_first),
		cmocka_unit_test(spans),
		cmocka_unit_test(heads),
		cmocka_unit_test(solutions),
		cmocka_unit_test(arguments_are_exact),
		cmocka_unit_test(eighty_columns),
		cmocka_unit_test(details),
		cmocka_unit_test(thoughts),
		cmocka_unit_test(a_models_solution),
		cmocka_unit_test(no_line_can_be_imitated),
		cmocka_unit_test(nothing_is_wider_than_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
