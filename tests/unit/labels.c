#include "doc/labels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct scan_value object_of(const char *text)
{
	struct scan_value v;
	struct scan_error error;

	assert_int_equal(scan_text(str_of(text), &v, &error), 0);
	return v;
}

static void assert_str(struct str got, const char *wanted)
{
	char text[256] = {0};

	assert_true(got.n < sizeof text);
	if (got.n)
		memcpy(text, got.p, got.n);
	assert_string_equal(text, wanted);
}

static void sorts_and_decodes(void **state)
{
	struct labels l = LABELS_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(labels_scan(&l,
				 object_of("{\"zone\":\"b\",\"al\\u0065rtname\":\"Disk\\nFull\","
					   "\"instance\":\"nas\\\\:9100\",\"empty\":\"\"}"),
				 &e),
		0);
	assert_int_equal(l.count, 4);
	assert_str(l.items[0].name, "alertname");
	assert_str(l.items[3].name, "zone");
	assert_str(labels_get(&l, STR("alertname")), "Disk\nFull");
	assert_str(labels_get(&l, STR("instance")), "nas\\:9100");
	assert_str(labels_get(&l, STR("absent")), "");
	labels_clear(&l);
}

/* Many labels, in the worst order, with escapes: views must survive the text's growth. */
static void many_labels(void **state)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	struct labels l = LABELS_INIT;
	struct err e = ERR_INIT;

	(void)state;
	buf_putc(&text, '{');
	for (int i = 20000; i > 0; i--)
		buf_putf(&text, "%s\"n%06d\":\"\\u00e9%d\"", i == 20000 ? "" : ",", i, i);
	buf_putc(&text, '}');
	assert_int_equal(labels_scan(&l, object_of(buf_text(&text)), &e), 0);
	assert_int_equal(l.count, 20000);
	assert_str(l.items[0].name, "n000001");
	assert_str(labels_get(&l, STR("n020000")), "\xc3\xa9"
						   "20000");
	assert_str(labels_get(&l, STR("n000001")), "\xc3\xa9"
						   "1");
	labels_clear(&l);
	buf_clear(&text);
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"{}", "signal without labels"},
		{"[]", "labels are not an object"},
		{"{\"a\":1}", "label 'a' is not a text"},
		{"{\"b\":\"\",\"a\":null}", "label 'a' is not a text"},
	};
	struct labels l = LABELS_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = ERR_INIT;

		assert_int_equal(labels_scan(&l, object_of(cases[i].text), &e), -1);
		assert_int_equal(e.kind, ERR_DATA);
		assert_string_equal(e.text, cases[i].why);
	}
	labels_clear(&l);
}

/* What a real Alertmanager sent, with the fingerprint it had computed. */
static const char sample[] =
	"{\"alertname\":\"DiskFill\",\"cluster\":\"lab1\",\"instance\":\"nas:9100\","
	"\"mountpoint\":\"/srv/media \\\"old\\\"\",\"severity\":\"warning\"}";

static void fingerprints(void **state)
{
	struct labels l = LABELS_INIT;
	struct err e = ERR_INIT;
	char hex[FINGERPRINT_HEX];
	uint64_t fp, again;

	(void)state;
	assert_int_equal(labels_scan(&l, object_of(sample), &e), 0);
	fp = labels_fingerprint(&l);
	assert_string_equal(fingerprint_format(fp, hex), "51a590f8184377c5");
	labels_set(&l, STR("nothing"), STR(""));
	assert_true(labels_fingerprint(&l) == fp);
	labels_set(&l, STR("nothing"), STR("x"));
	assert_true(labels_fingerprint(&l) != fp);
	assert_int_equal(fingerprint_parse(str_of(hex), &again), 0);
	assert_true(fp == again);
	assert_int_equal(fingerprint_parse(STR("9C2E51D0A7B3F644"), &again), -1);
	assert_int_equal(fingerprint_parse(STR("9c2e51d0a7b3f64"), &again), -1);
	labels_clear(&l);
}

static void groups(void **state)
{
	static const char *const by[] = {"alertname", "instance", NULL};
	struct labels a = LABELS_INIT, b = LABELS_INIT;

	(void)state;
	labels_set(&a, STR("instance"), STR("nas"));
	labels_set(&a, STR("alertname"), STR("DiskFull"));
	labels_set(&b, STR("alertname"), STR("DiskFull"));
	labels_set(&b, STR("instance"), STR("x"));
	labels_set(&b, STR("mountpoint"), STR("/srv"));
	assert_true(labels_group(&a, by) != labels_group(&b, by));
	labels_set(&b, STR("instance"), STR("nas"));
	assert_true(labels_group(&a, by) == labels_group(&b, by));
	labels_clear(&a);
	labels_clear(&b);
}

static void writes_json(void **state)
{
	struct buf out = BUF_INIT(BUF_RECORD);
	struct labels l = LABELS_INIT;

	(void)state;
	labels_set(&l, STR("b"), STR("\"\n"));
	labels_set(&l, STR("a"), STR("x"));
	labels_json(&l, &out);
	assert_string_equal(buf_text(&out), "{\"a\":\"x\",\"b\":\"\\\"\\n\"}");
	buf_clear(&out);
	labels_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_and_decodes),
		cmocka_unit_test(many_labels),
		cmocka_unit_test(refuses),
		cmocka_unit_test(fingerprints),
		cmocka_unit_test(groups),
		cmocka_unit_test(writes_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
