/* schema: a table of schemas, values and what is said of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "doc/schema.h"

#define P(inside) "{\"type\":\"object\",\"properties\":{\"a\":" inside "}}"

/* schema, arguments, what comes out ("" for the same) or the reason */
static const struct {
	const char *schema, *given, *wanted;
	bool fits;
} table[] = {
	{P("{\"type\":\"string\"}"), "{\"a\":\"x\"}", "", true},
	{P("{\"type\":\"string\"}"), "{\"a\":1}", "argument 'a': must be of type string", false},
	{P("{\"type\":\"integer\"}"), "{\"a\":\"5\"}", "{\"a\":5}", true},
	{P("{\"type\":\"integer\"}"), "{\"a\":\"x\"}", "must be of type integer", false},
	{P("{\"type\":\"integer\"}"), "{\"a\":2.0}", "", true},
	{P("{\"type\":\"integer\"}"), "{\"a\":2.5}", "must be of type integer", false},
	{P("{\"type\":[\"string\",\"null\"]}"), "{\"a\":\"5\"}", "", true},
	{P("{\"type\":[\"number\",\"null\"]}"), "{\"a\":true}", "must be of type number or null", false},
	{P("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"), "{\"a\":\"[\\\"x\\\"]\"}",
		"{\"a\":[\"x\"]}", true},
	{P("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"), "{\"a\":[\"x\",7]}",
		"argument 'a'[1]: must be of type string", false},
	{P("{\"enum\":[\"x\",1]}"), "{\"a\":1.0}", "", true},
	{P("{\"enum\":[\"x\",1]}"), "{\"a\":\"1\"}", "{\"a\":1}", true},
	{P("{\"enum\":[\"x\",1]}"), "{\"a\":\"y\"}", "is not one of \"x\", 1", false},
	{P("{\"const\":{\"b\":1}}"), "{\"a\":{\"b\":1}}", "", true},
	{P("{\"const\":3}"), "{\"a\":4}", "must be 3", false},
	{P("{\"minimum\":1,\"maximum\":3}"), "{\"a\":3}", "", true},
	{P("{\"minimum\":1,\"maximum\":3}"), "{\"a\":0}", "at least 1", false},
	{P("{\"minimum\":1,\"maximum\":3}"), "{\"a\":4}", "at most 3", false},
	{P("{\"exclusiveMinimum\":1}"), "{\"a\":1}", "more than 1", false},
	{P("{\"exclusiveMaximum\":1}"), "{\"a\":1}", "less than 1", false},
	{P("{\"multipleOf\":0.1}"), "{\"a\":0.3}", "", true},
	{P("{\"multipleOf\":2}"), "{\"a\":3}", "multiple of 2", false},
	{P("{\"minLength\":2}"), "{\"a\":\"\\u00e4\"}", "fewer than 2 characters", false},
	{P("{\"maxLength\":1}"), "{\"a\":\"\\u00e4\"}", "", true},
	{P("{\"maxLength\":1}"), "{\"a\":\"ab\"}", "more than 1 characters", false},
	{P("{\"pattern\":\"^x+$\"}"), "{\"a\":\"xx\"}", "", true},
	{P("{\"pattern\":\"^x+$\"}"), "{\"a\":\"xy\"}", "does not match", false},
	{P("{\"pattern\":\"^x+$\"}"), "{\"a\":7}", "", true},
	{P("{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}"), "{\"a\":[\"x\"]}", "", true},
	{P("{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}"), "{\"a\":[\"x\",1]}",
		"'a'[1]: may not be there", false},
	{P("{\"items\":[{\"type\":\"string\"}]}"), "{\"a\":[1]}", "'a'[0]: must be", false},
	{P("{\"minItems\":1}"), "{\"a\":[]}", "fewer than 1 elements", false},
	{P("{\"maxItems\":1}"), "{\"a\":[1,2]}", "more than 1 elements", false},
	{P("{\"uniqueItems\":true}"), "{\"a\":[1,1.0]}", "twice", false},
	{P("{\"contains\":{\"const\":1}}"), "{\"a\":[2]}", "no element", false},
	{P("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}"), "{\"a\":null}", "", true},
	{P("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}"), "{\"a\":7}",
		"argument 'a': must be of type string, or another", false},
	{P("{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}"), "{\"a\":3}", "more than one of", false},
	{P("{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}"), "{\"a\":1}", "", true},
	{P("{\"allOf\":[{\"minimum\":1},{\"minimum\":2}]}"), "{\"a\":1}", "at least 2", false},
	{P("{\"not\":{\"type\":\"string\"}}"), "{\"a\":\"x\"}", "ruled out", false},
	{P("{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":2},\"else\":{\"minimum\":9}}"),
		"{\"a\":8}", "at least 9", false},
	{"{\"type\":\"object\",\"required\":[\"b\"]}", "{}", "argument 'b': missing", false},
	{"{\"type\":\"object\",\"additionalProperties\":false}", "{\"b\":1}",
		"argument 'b': not known, it takes none", false},
	{"{\"type\":\"object\",\"properties\":{\"path\":{}},\"additionalProperties\":false}",
		"{\"pth\":1}", "did you mean 'path'?", false},
	{"{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}", "{\"b\":1}",
		"argument 'b': must be", false},
	{"{\"type\":\"object\",\"patternProperties\":{\"^x\":{\"type\":\"string\"}},"
	 "\"additionalProperties\":false}", "{\"xa\":\"1\"}", "", true},
	{"{\"type\":\"object\",\"propertyNames\":{\"maxLength\":1}}", "{\"bb\":1}", "more than 1", false},
	{"{\"type\":\"object\",\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "'b': missing", false},
	{"{\"type\":\"object\",\"minProperties\":1}", "{}", "fewer than 1 members", false},
	{P("{\"properties\":{\"b\":{\"items\":{\"properties\":{\"c\":{\"type\":\"null\"}}}}}}"),
		"{\"a\":{\"b\":[{\"c\":1}]}}", "argument 'a': .b[0].c: must be of type null", false},
	{"{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"}},"
	 "\"$defs\":{\"n\":{\"type\":\"object\",\"properties\":{\"n\":{\"$ref\":\"#/$defs/n\"}},"
	 "\"additionalProperties\":false}}}", "{\"a\":{\"n\":{\"n\":{\"m\":1}}}}", ".n.n.m: not known", false},
	{P("{\"$ref\":\"#/properties/a\"}"), "{\"a\":1}", "goes in circles", false},
	{P("{\"not\":{\"$ref\":\"#/properties/a\"}}"), "{\"a\":1}", "cannot be checked", false},
	{P("{\"not\":{\"$ref\":\"http://x/\"}}"), "{\"a\":1}", "cannot be checked", false},
	{P("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"), "{\"a\":\"[1,\\\"x\\\"]\"}",
		"[1]: must be of type", false},
	{"{\"type\":\"object\"}", "[]", "must be an object", false},
	{"{\"type\":\"object\"}", "{\"whatever\":1}", "", true},
};

static void checks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		json_t *schema = json_loads(table[i].schema, 0, NULL);
		json_t *given = json_loads(table[i].given, JSON_DECODE_ANY, NULL);
		struct err e = ERR_INIT;
		json_t *got = schema_check(schema, given, &e);
		const char *wanted = table[i].wanted;
		json_t *out = json_loads(*wanted ? wanted : table[i].given, 0, NULL);

		if (!schema || !given || (got != NULL) != table[i].fits ||
			(got ? !json_equal(got, out) : !strstr(e.text, wanted)))
			fail_msg("%zu: %s %s: '%s'", i, table[i].schema, table[i].given, e.text);
		json_decref(out);
		json_decref(got);
		json_decref(given);
		json_decref(schema);
	}
}

static void declarations(void **state)
{
	static const char *const bad[][2] = {
		{"[]", "schema of an object"}, {"{\"type\":\"string\"}", "schema of an object"},
		{P("{\"type\":\"text\"}"), "properties.a.type: is no type"},
		{P("{\"type\":[\"string\",7]}"), "is no type"},
		{P("{\"pattern\":\"(\"}"), "properties.a.pattern: "},
		{P("{\"$ref\":\"https://example.org/s\"}"), "nothing is fetched"},
		{P("{\"$ref\":\"#/$defs/x\"}"), "leads nowhere"}, {P("7"), "must be a schema"},
		{P("{\"anyOf\":{}}"), "must be a list"}, {P("{\"properties\":[]}"), "must be a mapping"},
		{P("{\"patternProperties\":{\"(\":{}}}"), "patternProperties"},
	};
	static const char *const good[] = {"{\"type\":\"object\"}", P("true"),
		P("{\"enum\":[{\"$ref\":\"http://x\"}]}"),
		"{\"type\":\"object\",\"properties\":{\"pattern\":{\"type\":\"string\"},\"$ref\":{}}}"};
	struct source source = {.name = "x", .kind = ERR_CONFIG};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *schema = json_loads(bad[i][0], 0, NULL);
		struct node root = node_root(schema, &source);
		struct err e = ERR_INIT;

		assert_int_equal(schema_check_declaration(&root, &e), -1);
		if (!strstr(e.text, bad[i][1]))
			fail_msg("%s: '%s'", bad[i][0], e.text);
		json_decref(schema);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		json_t *schema = json_loads(good[i], 0, NULL);
		struct node root = node_root(schema, &source);
		struct err e = ERR_INIT;

		if (schema_check_declaration(&root, &e))
			fail_msg("%s: '%s'", good[i], e.text);
		json_decref(schema);
	}
}

/* Sixteen definitions, each twice the one below: a small text that asks for 65536 looks at a leaf. */
static json_t *bomb(const char *leaf)
{
	json_t *schema = json_pack("{s:s, s:{s:{s:s}}, s:{s:o}}", "type", "object", "properties", "a",
		"$ref", "#/$defs/16", "$defs", "0", json_loads(leaf, 0, NULL));
	json_t *defs = json_object_get(schema, "$defs");

	for (int i = 1; i <= 16; i++) {
		char name[16], below[32];

		snprintf(name, sizeof name, "%d", i);
		snprintf(below, sizeof below, "#/$defs/%d", i - 1);
		json_object_set_new(defs, name,
			json_pack("{s:[{s:s}, {s:s}]}", "anyOf", "$ref", below, "$ref", below));
	}
	return schema;
}

static void bombs(void **state)
{
	/* A pattern that is given up, and one that only takes its time. */
	static const char *const leaves[] = {
		"{\"pattern\":\"^(a+)+$\"}", "{\"pattern\":\"^a*a*a*c$\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
		json_t *schema = bomb(leaves[i]);
		json_t *given = json_pack("{s:s}", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
		struct err e = ERR_INIT;
		clock_t began = clock();

		assert_null(schema_check(schema, given, &e));
		assert_non_null(strstr(e.text, "cannot be checked"));
		assert_true(clock() - began < 10 * CLOCKS_PER_SEC);
		json_decref(given);
		json_decref(schema);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(checks), cmocka_unit_test(declarations),
		cmocka_unit_test(bombs)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
