/* inquiry: what is an ask, and what it says when nothing else is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "doc/inquiry.h"

static const struct {
	const char *ask, *fault; /* NULL: none */
} table[] = {
	{"{'kind':'ask','stage':'plan','prompt':'x'}", NULL},
	{"{'kind':'ask','stage':'plan','messages':[{'role':'user','content':'x'}],'tools':['a.b'],"
	 "'schema':{'type':'object'},'exclude':['m'],'bounds':{'steps':0}}", NULL},
	{"[]", "must be an object"},
	{"{'kind':'case','stage':'plan','prompt':'x'}", "is no ask: its kind is 'case'"},
	{"{'kind':'ask','prompt':'x'}", "'stage' is missing"},
	{"{'kind':'ask','stage':'plan'}", "needs 'messages' or 'prompt'"},
	{"{'kind':'ask','stage':'plan','prompt':'x','messages':[]}", "and not both"},
	{"{'kind':'ask','stage':'plan','prompt':'x','tool':[]}", "tool: unknown key"},
	{"{'kind':'ask','stage':'plan','prompt':'x','tools':[1]}", "tools[0]: must be a name"},
	{"{'kind':'ask','stage':'plan','prompt':'x','schema':{'type':'object','properties':{'a':{'type':'objekt'}}}}",
		"is no type of JSON"},
	{"{'kind':'ask','stage':'plan','prompt':'x','bounds':{'steps':-1}}", "must not be below 0"},
	{"{'kind':'ask','stage':'plan','prompt':'x','bounds':{'step':1}}", "did you mean 'steps'"},
};

static int take(struct inquiry *q, const char *ask, struct err *e)
{
	static const struct source source = {.name = "stdin", .kind = ERR_DATA};
	char *text = strdup(ask);
	json_t *tree;

	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	tree = json_loads(text, 0, NULL);
	free(text);
	return inquiry_take(q, tree, &source, e);
}

static void takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct inquiry q;
		struct err e = ERR_INIT;
		int rc = take(&q, table[i].ask, &e);

		if (!rc != !table[i].fault || (rc && !strstr(e.text, table[i].fault)))
			fail_msg("%s: %d %s", table[i].ask, rc, e.text);
		if (rc == 0)
			inquiry_clear(&q);
	}
}

static void fills_in(void **state)
{
	struct inquiry q;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(0, take(&q,
		"{'kind':'ask','stage':'plan','system':'s','prompt':'p','exclude':['m']}", &e));
	assert_int_equal(2, json_array_size(q.messages));
	assert_true(str_is(q.prompt, "p"));
	assert_int_equal(q.steps, INQUIRY_STEPS);
	assert_int_equal(q.tokens, INQUIRY_TOKENS);
	assert_true(inquiry_excludes(&q, "m"));
	assert_false(inquiry_excludes(&q, "n"));
	inquiry_clear(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(takes), cmocka_unit_test(fills_in)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
