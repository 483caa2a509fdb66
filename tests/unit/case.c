#include "doc/case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/ladder.h"

static void ids(void **state)
{
	char id[CASE_ID];
	int64_t at;

	(void)state;
	assert_int_equal(when_parse(STR("2026-11-21T04:13:00.987Z"), &at), 0);
	assert_string_equal(
		case_id(at, UINT64_C(0x9c2e51d0a7b3f644), id), "20261121T041300Z-9c2e51d0a7b3f644");
	assert_string_equal(case_id(-1, 0, id), "19691231T235959Z-0000000000000000");
	assert_string_equal(case_id(WHEN_NEVER, 1, id), "00010101T000000Z-0000000000000001");
}

static void scan(const char *text, struct scan_value m[CASE_MEMBERS])
{
	struct scan_error error;

	assert_int_equal(scan_object(str_of(text), case_members, m, CASE_MEMBERS, &error), 0);
}

static void steps(void **state)
{
#define PLANNED "\"triage\":{\"verdict\":\"problem\"},\"plan\":{}"
	static const struct {
		const char *text;
		enum case_step next;
	} cases[] = {
		{"{}", CASE_TO_TRIAGE},
		{"{\"triage\":{\"verdict\":\"problem\"}}", CASE_TO_PLAN},
		{"{\"triage\":{\"verdict\":\"unsure\"}}", CASE_TO_PLAN},
		{"{\"triage\":{\"verdict\":\"expected\"}}", CASE_DONE},
		{"{\"triage\":{\"verdict\":\"duplicate\"}}", CASE_DONE},
		{"{\"triage\":{\"verdict\":\"snoozed\"}}", CASE_DONE},
		{"{\"triage\":{\"verdict\":\"resolved\"}}", CASE_DONE},
		{"{" PLANNED "}", CASE_TO_ASK},
		{"{" PLANNED ",\"approval\":{\"decision\":\"approved\"}}", CASE_TO_APPLY},
		{"{" PLANNED ",\"approval\":{\"decision\":\"auto\"}}", CASE_TO_APPLY},
		{"{" PLANNED ",\"approval\":{\"decision\":\"rejected\"}}", CASE_TO_RECORD},
		{"{" PLANNED ",\"approval\":{\"decision\":\"expired\"}}", CASE_TO_RECORD},
		{"{" PLANNED ",\"approval\":{\"decision\":\"APPROVED\"}}", CASE_TO_RECORD},
		{"{" PLANNED ",\"approval\":{\"decision\":\"approved\"},\"outcome\":{}}",
			CASE_TO_RECORD},
		{"{" PLANNED ",\"approval\":{},\"outcome\":{},\"record\":{}}", CASE_DONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scan_value m[CASE_MEMBERS];

		scan(cases[i].text, m);
		if (case_next(m) != cases[i].next)
			fail_msg("%s: %d", cases[i].text, (int)case_next(m));
	}
}

static void faults(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"{\"id\":\"20261121T041300Z-9c2e51d0a7b3f644\",\"signals\":[]}", NULL},
		{"{\"signals\":[]}", "case without id"},
		{"{\"id\":7,\"signals\":[]}", "case whose id is not a plain name"},
		{"{\"id\":\"../../etc\",\"signals\":[]}", "case whose id is not a plain name"},
		{"{\"id\":\"a\\u002fb\",\"signals\":[]}", "case whose id is not a plain name"},
		{"{\"id\":\"x\"}", "case without signals"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scan_value m[CASE_MEMBERS];
		const char *why;

		scan(cases[i].text, m);
		why = case_fault(m);
		if (!cases[i].why)
			assert_null(why);
		else
			assert_string_equal(why, cases[i].why);
	}
}

static void words(void **state)
{
	(void)state;
	assert_int_equal(ladder_find(level_names, "auto"), LEVEL_AUTO);
	assert_int_equal(ladder_find(blast_names, "cluster"), BLAST_CLUSTER);
	assert_int_equal(ladder_find(mode_names, "autonomous"), -1);
	assert_int_equal(mode_cap(MODE_VERBOSE), LEVEL_ASK_HUMAN);
	assert_int_equal(mode_cap(MODE_MATURE), LEVEL_AUTO);
	assert_int_equal(severity_of("CRITICAL"), SEVERITY_CRITICAL);
	assert_int_equal(severity_of("page"), SEVERITY_CRITICAL);
	assert_int_equal(severity_of("info"), SEVERITY_INFO);
	assert_int_equal(severity_of("weird"), SEVERITY_WARNING);
	assert_int_equal(severity_of(""), SEVERITY_WARNING);
	assert_int_equal(severity_of(NULL), SEVERITY_WARNING);
}

static void short_names(void **state)
{
	char name[CASE_SHORT];

	(void)state;
	assert_string_equal(case_short("20261121T041300Z-9c2e51d0a7b3f644", name), "20261121t041300z-9c2e51d0");
	assert_string_equal(case_short("A.b:c@d_e", name), "a-b-c-d-e");
	assert_string_equal(case_short("", name), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids),
		cmocka_unit_test(short_names),
		cmocka_unit_test(steps),
		cmocka_unit_test(faults),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
