#include "doc/matcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Labels of the tests: "name=value" texts. */
static void labels_of(struct labels *l, const char *const *pairs)
{
	labels_reset(l);
	for (; *pairs; pairs++) {
		const char *sign = strchr(*pairs, '=');

		labels_set(l, (struct str){*pairs, (size_t)(sign - *pairs)}, str_of(sign + 1));
	}
}

static const char *const nas[] = {"alertname=DiskFull", "instance=nas:9100", "severity=warning",
	"port=9100", "q=a\"b\\c", NULL};

static void texts(void **state)
{
	static const struct {
		const char *text, *canonical;
		bool match;
	} cases[] = {
		{"", "", true},
		{"{}", "", true},
		{"alertname=\"DiskFull\"", "alertname=\"DiskFull\"", true},
		{"alertname=DiskFull", "alertname=\"DiskFull\"", true},
		{" { alertname = DiskFull , severity != info } ",
			"alertname=\"DiskFull\",severity!=\"info\"", true},
		{"{alertname=DiskFull}", "alertname=\"DiskFull\"", true},
		{"alertname=~\"Disk.*\",instance=~\"nas:[0-9]+\"",
			"alertname=~\"Disk.*\",instance=~\"nas:[0-9]+\"", true},
		{"alertname=~\"Disk\"", "alertname=~\"Disk\"", false},
		{"alertname!~\"Disk|Mem\"", "alertname!~\"Disk|Mem\"", true},
		{"alertname!~\"Disk.*\"", "alertname!~\"Disk.*\"", false},
		{"absent=\"\"", "absent=\"\"", true},
		{"absent!=\"\"", "absent!=\"\"", false},
		{"absent=~\".*\"", "absent=~\".*\"", true},
		{"absent=~\".+\"", "absent=~\".+\"", false},
		{"q=\"a\\\"b\\\\c\"", "q=\"a\\\"b\\\\c\"", true},
		{"instance=~nas:\\d{4}", "instance=~\"nas:\\\\d{4}\"", true},
		{"\"alertname\"=\"DiskFull\",", "alertname=\"DiskFull\"", true},
	};
	struct labels l = LABELS_INIT;

	(void)state;
	labels_of(&l, nas);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf text = BUF_INIT(BUF_RECORD);
		struct matchers m = MATCHERS_INIT;
		struct err e = ERR_INIT;

		if (matchers_parse(&m, cases[i].text, &e))
			fail_msg("'%s': %s", cases[i].text, e.text);
		matchers_text(&m, &text);
		assert_string_equal(buf_text(&text), cases[i].canonical);
		if (matchers_match(&m, &l) != cases[i].match)
			fail_msg(
				"'%s' should%s match", cases[i].text, cases[i].match ? "" : " not");
		buf_clear(&text);
		matchers_clear(&m);
	}
	labels_clear(&l);
}

static void wrong_texts(void **state)
{
	static const char *const wrong[] = {"alertname", "=x", "alertname=\"x", "alertname=x\"y",
		"a=b c=\"d\"", "{a=\"b\"", "a=\"b\"}", "a=\"b\" c", "a=~\"(\"",
		"a=\"b\",=", "{a=\"b\"} x", NULL};

	(void)state;
	for (size_t i = 0; wrong[i]; i++) {
		struct matchers m = MATCHERS_INIT;
		struct err e = ERR_INIT;

		if (matchers_parse(&m, wrong[i], &e) == 0)
			fail_msg("'%s' was taken", wrong[i]);
		assert_int_equal(e.kind, ERR_CONFIG);
		matchers_clear(&m);
	}
}

static int load(struct matchers *m, const char *json, struct err *e)
{
	struct source source = {.name = "t.yaml", .kind = ERR_CONFIG};
	json_t *tree = json_loads(json, JSON_DECODE_ANY, NULL);
	struct node root = node_root(tree, &source);
	struct node match = node_get(&root, "match");
	int rc;

	assert_non_null(tree);
	rc = matchers_load(m, &match, e);
	json_decref(tree);
	return rc;
}

static void documents(void **state)
{
	static const struct {
		const char *json, *canonical;
	} cases[] = {
		{"{}", ""},
		{"{\"match\":\"alertname=DiskFull\"}", "alertname=\"DiskFull\""},
		{"{\"match\":[\"alertname=DiskFull\",\"a!=b\"]}",
			"alertname=\"DiskFull\",a!=\"b\""},
		{"{\"match\":{\"alertname\":\"DiskFull\",\"instance\":\"/nas[.].+/\"}}",
			"alertname=\"DiskFull\",instance=~\"nas[.].+\""},
		{"{\"match\":{\"severity\":[\"critical\",\"a.b\",\"/x|y/\"],\"port\":9100}}",
			"severity=~\"critical|a\\\\.b|(?:x|y)\",port=\"9100\""},
		{"{\"match\":{\"path\":\"/\"}}", "path=\"/\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf text = BUF_INIT(BUF_RECORD);
		struct matchers m = MATCHERS_INIT;
		struct err e = ERR_INIT;

		if (load(&m, cases[i].json, &e))
			fail_msg("%s: %s", cases[i].json, e.text);
		matchers_text(&m, &text);
		assert_string_equal(buf_text(&text), cases[i].canonical);
		buf_clear(&text);
		matchers_clear(&m);
	}
}

static void wrong_documents(void **state)
{
	static const struct {
		const char *json, *why;
	} cases[] = {
		{"{\"match\":7}", "match: not a text"},
		{"{\"match\":[{}]}", "match[0]: not a text"},
		{"{\"match\":{\"a\":{}}}", "match.a: not a text"},
		{"{\"match\":{\"a\":null}}", "match.a: not a text"},
		{"{\"match\":{\"a\":[]}}", "match.a: an empty list"},
		{"{\"match\":{\"a\":[\"b\",{}]}}", "match.a[1]: not a text"},
		{"{\"match\":{\"a\":\"/(/\"}}", "match.a: label 'a': regular expression"},
		{"{\"match\":{\"\":\"x\"}}", "a matcher without a label name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct matchers m = MATCHERS_INIT;
		struct err e = ERR_INIT;

		assert_int_equal(load(&m, cases[i].json, &e), -1);
		if (!strstr(e.text, cases[i].why))
			fail_msg("%s: '%s' lacks '%s'", cases[i].json, e.text, cases[i].why);
		matchers_clear(&m);
	}
}

/* An expression that cannot be decided opens nothing, neither way. */
static void undecided(void **state)
{
	static const enum matcher_op ops[] = {MATCHER_REGEX, MATCHER_NOT_REGEX};
	struct labels l = LABELS_INIT;

	(void)state;
	labels_set(&l, STR("a"), STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"));
	for (size_t i = 0; i < 2; i++) {
		struct matchers m = MATCHERS_INIT;

		matchers_add_checked(&m, "a", ops[i], "(a+)+[bd]");
		assert_false(matchers_match(&m, &l));
		matchers_clear(&m);
	}
	labels_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(wrong_texts),
		cmocka_unit_test(documents),
		cmocka_unit_test(wrong_documents),
		cmocka_unit_test(undecided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
