/* chat: which lists are conversations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "doc/chat.h"

static const struct {
	const char *messages, *fault; /* NULL: none */
} table[] = {
	{"[{\"role\":\"user\",\"content\":\"x\"}]", NULL},
	{"[{\"role\":\"assistant\",\"content\":\"\",\"calls\":[{\"id\":\"a\",\"name\":\"host.load\","
	 "\"args\":{}}]},{\"role\":\"tool\",\"call\":\"a\",\"name\":\"host.load\",\"content\":\"1\","
	 "\"failed\":true}]", NULL},
	{"[]", "no messages"},
	{"{}", "must be a list"},
	{"[1]", "[0]: "},
	{"[{\"role\":\"root\",\"content\":\"x\"}]", "[0].role: 'root' is not one of"},
	{"[{\"content\":\"x\"}]", "'role' is missing"},
	{"[{\"role\":\"user\"}]", "'content' is missing"},
	{"[{\"role\":\"user\",\"content\":[]}]", "[0].content: "},
	{"[{\"role\":\"user\",\"content\":\"x\",\"calls\":[]}]", "[0].calls: unknown key"},
	{"[{\"role\":\"assistant\",\"content\":\"x\",\"native\":[]}]", "[0].native: unknown key"},
	{"[{\"role\":\"assistant\",\"content\":\"x\",\"calls\":[{\"id\":\"a\",\"name\":\"b\"}]}]",
		"'args' is missing"},
	{"[{\"role\":\"tool\",\"content\":\"x\",\"name\":\"b\"}]", "'call' is missing"},
};

static void checks(void **state)
{
	struct source source = {.name = "stdin", .kind = ERR_DATA};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *v = json_loads(table[i].messages, 0, NULL);
		struct node root = node_root(v, &source);
		struct err e = ERR_INIT;
		int rc = chat_check(&root, &e);

		if (!rc != !table[i].fault || (rc && !strstr(e.text, table[i].fault)))
			fail_msg("%zu: %d %s", i, rc, e.text);
		json_decref(v);
	}
}

static void goes_on(void **state)
{
	json_t *answer = json_loads("{\"text\":\"x\",\"calls\":[{\"id\":\"a\",\"name\":\"b\","
				    "\"bad\":\"{\"}],\"end\":\"calls\",\"native\":[1]}", 0, NULL);
	json_t *said = chat_said(answer), *want, *result;

	(void)state;
	want = json_loads("{\"role\":\"assistant\",\"content\":\"x\",\"calls\":[{\"id\":\"a\","
			  "\"name\":\"b\",\"args\":{}}],\"native\":[1]}", 0, NULL);
	assert_true(json_equal(said, want));
	assert_true(chat_ended(answer, "calls"));
	result = chat_result(json_array_get(json_object_get(answer, "calls"), 0),
		str_of("\xff"), true);
	assert_string_equal(json_string_value(json_object_get(result, "content")),
		"(bytes that are no text)");
	assert_true(chat_is(result, "tool"));
	json_decref(result);
	json_decref(want);
	json_decref(said);
	json_decref(answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(checks), cmocka_unit_test(goes_on)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
