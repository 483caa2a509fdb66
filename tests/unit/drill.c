/* drill: what is a throwaway target, and above all what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doc/drill.h"

static void targets(void **state)
{
	static const struct {
		const char *targets, *args;
		bool on;
	} table[] = {
		{"[]", "{\"ns\":\"drill\"}", false},
		{"[{\"ns\":\"drill\"}]", "{\"ns\":\"drill\",\"name\":\"a\"}", true},
		{"[{\"ns\":\"drill\"}]", "{\"ns\":\"drill2\"}", false},
		{"[{\"ns\":\"drill\"}]", "{\"ns\":\"a-drill\"}", false},
		{"[{\"ns\":\"drill\"}]", "{\"ns\":\"drill\\n\"}", false},
		{"[{\"ns\":\"drill\"}]", "{\"ns\":\"drill\\u0000x\"}", false},
		{"[{\"ns\":\"drill\"}]", "{\"other\":\"drill\"}", false},
		{"[{\"ns\":\"drill\"}]", "{}", false},
		{"[{\"ns\":\"a|drill\"}]", "{\"ns\":\"drillx\"}", false},
		{"[{\"ns\":\"drill\",\"name\":\"t-.*\"}]", "{\"ns\":\"drill\",\"name\":\"real\"}", false},
		{"[{\"ns\":\"drill\",\"name\":\"t-.*\"}]", "{\"ns\":\"drill\",\"name\":\"t-1\"}", true},
		{"[{\"ns\":\"x\"},{\"vmid\":\"99[0-9]\"}]", "{\"vmid\":991}", true},
		{"[{\"vmid\":\"99[0-9]\"}]", "{\"vmid\":9910}", false},
		{"[{\"vmid\":\"99[0-9]\"}]", "{\"vmid\":991.0}", false},
		{"[{\"path\":\"/drill/.*\"}]", "{\"path\":\"/drill/a..b\"}", true},
		{"[{\"path\":\"/drill/.*\"}]", "{\"path\":\"/drill/../real\"}", false},
		{"[{\"path\":\"/drill/.*\"}]", "{\"path\":\"/drill/..\"}", false},
		{"[{\"all\":\"true\"}]", "{\"all\":true}", false},
		{"[{\"ns\":\"drill\"}]", "{\"ns\":[\"drill\"]}", false},
	};

	(void)state;
	assert_false(drill_is_throwaway(NULL, NULL));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *all = json_loads(table[i].targets, 0, NULL),
		       *args = json_loads(table[i].args, JSON_ALLOW_NUL, NULL);

		assert_non_null(all);
		assert_non_null(args);
		if (drill_is_throwaway(all, args) != table[i].on)
			fail_msg("%s: %s", table[i].targets, table[i].args);
		json_decref(all);
		json_decref(args);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(targets)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
