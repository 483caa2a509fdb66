#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doc/run.h"

#define BEGIN   "{\"event\":\"begin\",\"case\":{},\"digest\":\"d\"}"
#define OTHER   "{\"event\":\"begin\",\"case\":{},\"digest\":\"o\"}"
#define TRY     "{\"event\":\"try\",\"step\":\"a\"}"
#define DID     "{\"event\":\"did\",\"step\":\"a\",\"ok\":true}"
#define DID_NOT "{\"event\":\"did\",\"step\":\"a\",\"ok\":false}"
#define UNDO    "{\"event\":\"undo\",\"step\":\"a\"}"
#define UNDONE  "{\"event\":\"undone\",\"step\":\"a\",\"ok\":true}"
#define BACK    "{\"event\":\"back\",\"why\":\"w\"}"
#define END     "{\"event\":\"end\",\"outcome\":{\"result\":\"fixed\"}}"

static json_t *lines_of(const char *text)
{
	json_t *v = json_loads(text, 0, NULL);

	assert_non_null(v);
	return v;
}

static const struct {
	const char *lines;
	bool begun, ended, back;
	enum run_state step, undo;
} histories[] = {
	{"[]", false, false, false, RUN_NOT, RUN_NOT},
	{"[" BEGIN "]", true, false, false, RUN_NOT, RUN_NOT},
	{"[" BEGIN "," TRY "]", true, false, false, RUN_UNKNOWN, RUN_NOT},
	{"[" BEGIN "," TRY "," DID "]", true, false, false, RUN_DONE, RUN_NOT},
	{"[" BEGIN "," TRY "," DID_NOT "]", true, false, false, RUN_FAILED, RUN_NOT},
	{"[" BEGIN "," TRY "," DID_NOT "," BACK "]", true, false, true, RUN_FAILED, RUN_NOT},
	{"[" BEGIN "," TRY "," DID "," BACK "," UNDO "]", true, false, true, RUN_DONE, RUN_UNKNOWN},
	{"[" BEGIN "," TRY "," DID "," BACK "," UNDO "," UNDONE "]", true, false, true, RUN_DONE,
		RUN_DONE},
	{"[" BEGIN "," TRY "," DID "," END "]", true, true, false, RUN_DONE, RUN_NOT},
	/* another plan ran before, or after */
	{"[" OTHER "," TRY "," END "," BEGIN "]", true, false, false, RUN_NOT, RUN_NOT},
	{"[" BEGIN "," TRY "," DID "," END "," OTHER "," TRY "," DID_NOT "," BACK "," END "]", true,
		true, false, RUN_DONE, RUN_NOT},
	{"[" OTHER "," TRY "," DID "," END "]", false, false, false, RUN_NOT, RUN_NOT},
};

static void histories_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
		json_t *lines = lines_of(histories[i].lines);
		struct err e = ERR_INIT;
		struct run r;

		assert_int_equal(run_read(&r, lines, "d", &e), 0);
		assert_int_equal(r.begin != NULL, histories[i].begun);
		assert_int_equal(r.outcome != NULL, histories[i].ended);
		assert_int_equal(r.back != NULL, histories[i].back);
		assert_int_equal(run_step(&r, "a", NULL), histories[i].step);
		assert_int_equal(run_undo(&r, "a", NULL), histories[i].undo);
		assert_int_equal(run_step(&r, "b", NULL), RUN_NOT);
		json_decref(lines);
	}
}

/* What makes no sense is refused: half a history would let a step run twice. */
static void nonsense_is_refused(void **state)
{
	static const char *const texts[] = {
		"[" TRY "]",
		"[" END "]",
		"[" BEGIN "," BEGIN "]",
		"[" BEGIN "," END "," TRY "]",
		"[" OTHER "," TRY "]",
		"[{\"event\":\"begin\",\"digest\":\"d\"}]",
		"[{\"event\":\"begin\",\"case\":{}}]",
		"[{}]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *lines = lines_of(texts[i]);
		struct err e = ERR_INIT;
		struct run r;

		assert_int_equal(run_read(&r, lines, "d", &e), -1);
		assert_int_equal(e.kind, ERR_DATA);
		json_decref(lines);
	}
}

static void the_last_run_is_found_without_a_digest(void **state)
{
	json_t *lines = lines_of("[" BEGIN "," END "," OTHER "," TRY "]");
	struct err e = ERR_INIT;
	struct run r;

	(void)state;
	assert_int_equal(run_read(&r, lines, "", &e), 0);
	assert_string_equal(json_string_value(json_object_get(r.begin, "digest")), "o");
	assert_null(r.outcome);
	assert_int_equal(run_step(&r, "a", NULL), RUN_UNKNOWN);
	json_decref(lines);
}

/* What is written is what is read. */
static void lines_go_round(void **state)
{
	json_t *lines = json_array(), *empty = json_array();
	json_t *whole = json_pack("{s:s}", "id", "c");
	json_t *outcome = json_pack("{s:s}", "result", "failed");
	const json_t *line;
	struct err e = ERR_INIT;
	struct run r;

	(void)state;
	json_array_append_new(
		lines, run_begin_line(whole, "d", "2026-11-21T04:00:00Z", empty, empty));
	json_array_append_new(lines, run_line("try", "a"));
	json_array_append_new(lines, run_result_line("did", "a", 0, 12, "no such thing"));
	json_array_append_new(lines, run_back_line("step 'a'"));
	json_array_append_new(lines, run_end_line(outcome));
	assert_int_equal(run_read(&r, lines, "d", &e), 0);
	assert_int_equal(run_step(&r, "a", &line), RUN_FAILED);
	assert_string_equal(json_string_value(json_object_get(line, "error")), "no such thing");
	assert_string_equal(r.back, "step 'a'");
	assert_ptr_equal(r.outcome, outcome);
	json_decref(lines);
	json_decref(whole);
	json_decref(outcome);
	json_decref(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(histories_are_read),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(the_last_run_is_found_without_a_digest),
		cmocka_unit_test(lines_go_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
