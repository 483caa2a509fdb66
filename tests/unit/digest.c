/* Messages by their shape. */
#include "doc/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_shapes(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"nothing to replace", "nothing to replace"},
		{"Connection from 10.1.2.3 port 51234", "Connection from <ip> port <n>"},
		{"took 1.5s, 12 % of 7", "took <n>s, <n> % of <n>"},
		{"at 0x7ffd1234 in deadbeef01", "at <hex> in <hex>"},
		{"request 123e4567-e89b-12d3-a456-426614174000 failed", "request <id> failed"},
		{"pod web-7d9f8c6b5x2x4z gone", "pod web-<id> gone"},
		{"sda1: read error, sector 123456", "sda<n>: read error, sector <n>"},
		{"deadbeef is a word, facade too", "deadbeef is a word, facade too"},
		{"first line\nsecond 7", "first line"},
		{"  trimmed 1.", "trimmed <n>."},
		{"\xc3\xa4 1 \xff", "\xc3\xa4 <n> \xff"},
	};
	char text[4000];
	struct buf into = BUF_INIT(8192);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_reset(&into);
		digest_shape(str_of(cases[i][0]), &into);
		assert_string_equal(buf_text(&into), cases[i][1]);
	}
	memset(text, 'a', sizeof text);
	buf_reset(&into);
	digest_shape((struct str){text, sizeof text}, &into);
	assert_int_equal(into.n, 303);
	buf_clear(&into);
}

static void add(struct digest *d, const char *line)
{
	struct err e = ERR_INIT;

	if (digest_add(d, str_of(line), &e))
		fail_msg("%s", e.text);
}

static void test_report(void **state)
{
	struct digest *d = digest_new();
	json_t *report;
	char *text;

	(void)state;
	add(d, "{\"__CURSOR\":\"a\",\"__REALTIME_TIMESTAMP\":\"1763690400000000\",\"PRIORITY\":\"3\",\"MESSAGE\":\"disk 1 bad\","
	       "\"_SYSTEMD_UNIT\":\"x.service\"}");
	add(d, "{\"__CURSOR\":\"b\",\"__REALTIME_TIMESTAMP\":\"1763690401000000\",\"PRIORITY\":\"2\",\"MESSAGE\":\"disk 2 bad\","
	       "\"_SYSTEMD_UNIT\":\"x.service\"}");
	add(d, "{\"__CURSOR\":\"c\",\"MESSAGE\":null,\"SYSLOG_IDENTIFIER\":\"y\"}");
	add(d, "{\"__CURSOR\":\"d\",\"MESSAGE\":[255,98],\"UNIT\":\"z.service\",\"_SYSTEMD_UNIT\":\"init.scope\"}");
	assert_string_equal(digest_cursor(d), "d");
	report = digest_report(d, 1);
	text = json_dumps(report, JSON_COMPACT);
	assert_string_equal(text, "{\"count\":4,\"distinct\":3,\"shapes\":[{\"count\":2,\"unit\":\"x.service\",\"shape\":"
		"\"disk <n> bad\",\"example\":\"disk 1 bad\",\"priority\":2,\"last_at\":\"2025-11-21T02:00:01Z\"}]}");
	free(text);
	json_decref(report);
	report = digest_report(d, 10);
	assert_int_equal(json_array_size(json_object_get(report, "shapes")), 3);
	json_decref(report);
	digest_free(d);
}

static void test_bad(void **state)
{
	struct digest *d = digest_new();
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(digest_add(d, STR("-- No entries --"), &e), -1);
	assert_int_equal(e.kind, ERR_DATA);
	digest_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
