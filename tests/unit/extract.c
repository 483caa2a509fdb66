/* extract: JSON out of what models say around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "doc/extract.h"
#include "json/node.h"

static const struct {
	const char *text, *value; /* NULL: none */
} table[] = {
	{"{\"a\":1}", "{\"a\":1}"},
	{" [1, 2]\n", "[1,2]"},
	{"true", "true"},
	{"\"x\"", "\"x\""},
	{"Sure:\n```json\n{\"a\": 1}\n```\nDone.", "{\"a\":1}"},
	{"```\n[{\"a\": 1}]\n```", "[{\"a\":1}]"},
	{"Set {} to {\"a\": {\"b\": []}} and {\"c\": 1}", "{\"a\":{\"b\":[]}}"},
	{"a[0] = {\"a\": \"}\"} ok", "[0]"},
	{"{\"a\": 1, \"a\": 2}", NULL},
	{"{\"a\": ", NULL},
	{"{\"a\": {\"b\": 1}", "{\"b\":1}"},
	{"no", NULL},
	{"", NULL},
	{"``` {oops} ```", NULL},
};

static void extracts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *v = extract_json(str_of(table[i].text));
		char *text = v ? json_canonical(v) : NULL;

		if (!text != !table[i].value || (text && strcmp(text, table[i].value) != 0))
			fail_msg("%s: %s", table[i].text, text ? text : "none");
		free(text);
		json_decref(v);
	}
}

/* Braces that open and never close are not read again and again. */
static void is_bounded(void **state)
{
	enum { N = 1 << 20 };
	char *text = malloc(N);

	(void)state;
	memset(text, '{', N);
	assert_null(extract_json((struct str){text, N}));
	for (size_t i = 0; i + 1 < N; i += 2)
		memcpy(text + i, "[\"", 2);
	assert_null(extract_json((struct str){text, N}));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extracts), cmocka_unit_test(is_bounded)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
