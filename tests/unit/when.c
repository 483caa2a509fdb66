/* when: RFC 3339 times of every kind that peers write, calendar days, spans. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/when.h"

static const struct {
	const char *text;
	int64_t at;
	const char *formatted; /* NULL: the same */
} times[] = {
	{"1970-01-01T00:00:00Z", 0, NULL},
	{"1969-12-31T23:59:59.999Z", -1, NULL},
	{"2026-11-21T04:13:00Z", 1795234380000, NULL},
	{"2026-11-21T04:13:00.123Z", 1795234380123, NULL},
	{"2026-11-21T04:13:00.100Z", 1795234380100, NULL},
	{"2026-11-21T04:13:00.000Z", 1795234380000, "2026-11-21T04:13:00Z"},
	{"2026-11-21t04:13:00z", 1795234380000, "2026-11-21T04:13:00Z"},
	/* Go's RFC3339Nano drops zeros at the end: 1 to 9 digits */
	{"2026-11-21T04:13:00.1Z", 1795234380100, "2026-11-21T04:13:00.100Z"},
	{"2026-11-21T04:13:00.12Z", 1795234380120, "2026-11-21T04:13:00.120Z"},
	{"2026-11-21T04:13:00.123456789Z", 1795234380123, "2026-11-21T04:13:00.123Z"},
	{"2026-11-21T04:13:00.0009Z", 1795234380000, "2026-11-21T04:13:00Z"},
	/* offsets */
	{"2026-11-21T05:13:00+01:00", 1795234380000, "2026-11-21T04:13:00Z"},
	{"2026-11-20T17:13:00.5-11:00", 1795234380500, "2026-11-21T04:13:00.500Z"},
	{"2026-11-21T09:43:00+05:30", 1795234380000, "2026-11-21T04:13:00Z"},
	{"1970-01-01T00:00:00+00:01", -60000, "1969-12-31T23:59:00Z"},
	/* leap years and the ends of months */
	{"2024-02-29T00:00:00Z", 1709164800000, NULL},
	{"2000-02-29T12:00:00Z", 951825600000, NULL},
	{"2024-03-01T00:00:00Z", 1709251200000, NULL},
	{"2023-12-31T23:59:59Z", 1704067199000, NULL},
	{"1900-03-01T00:00:00Z", -2203891200000, NULL},
	{"9999-12-31T23:59:59.999Z", 253402300799999, NULL},
	{"0001-01-02T00:00:00Z", -62135510400000, NULL},
	{"0000-02-29T00:00:00Z", -62162121600000, NULL},
	/* a leap second is the next minute's first */
	{"2016-12-31T23:59:60Z", 1483228800000, "2017-01-01T00:00:00Z"},
	/* Go's zero time */
	{"0001-01-01T00:00:00Z", WHEN_NEVER, NULL},
};

static const char *const no_times[] = {"", "2026", "2026-11-21", "2026-11-21T04:13:00", "2026-11-21 04:13:00Z",
	"2026-11-21T04:13Z", "2026-11-21T04:13:00.Z", "2026-11-21T04:13:00.1234567890Z", "2026-11-21T04:13:00Z ",
	" 2026-11-21T04:13:00Z", "2026-13-21T04:13:00Z", "2026-00-21T04:13:00Z", "2026-11-31T04:13:00Z",
	"2026-11-00T04:13:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-21T24:00:00Z",
	"2026-11-21T04:60:00Z", "2026-11-21T04:13:61Z", "2026-11-21T04:13:00+1:00", "2026-11-21T04:13:00+0100",
	"2026-11-21T04:13:00+24:00", "2026-11-21T04:13:00+01:60", "2026-11-21T04:13:00+", "-026-11-21T04:13:00Z",
	"2026M11M21T04:13:00Z", "2026-11-21T04Z13Z00Z", "2026-1-21T04:13:00Z", "2026-11-21T04:13:00ZZ",
	"20261-11-21T04:13:00Z", "2026-11-21T04:13:00,5Z"};

static void reads_and_writes_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		char text[WHEN_TEXT];
		int64_t at = 42;

		if (when_parse(str_of(times[i].text), &at) || at != times[i].at)
			fail_msg("%s: %lld", times[i].text, (long long)at);
		assert_string_equal(when_format(at, text), times[i].formatted ? times[i].formatted : times[i].text);
	}
}

static void refuses_what_is_no_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof no_times / sizeof *no_times; i++) {
		int64_t at = 42;

		if (when_parse(str_of(no_times[i]), &at) == 0)
			fail_msg("%s is taken for a time", no_times[i]);
		assert_true(at == 42);
	}
	{
		int64_t at;

		assert_int_equal(when_parse(STR_NONE, &at), -1);
		assert_int_equal(when_parse(STR("2026-11-21T04:13:00\0Z"), &at), -1);
	}
}

/* Every day of four centuries comes back, and follows the one before. */
static void every_day_of_the_calendar(void **state)
{
	int year, month, day, last_year = 1799, last_month = 12, last_day = 31;
	const int64_t first = INT64_C(-5364662400000); /* 1800-01-01 */

	(void)state;
	for (int64_t n = 0; n < 146097; n++) {
		char text[WHEN_TEXT];
		int64_t at = first + n * WHEN_DAY, again;

		when_date(at, &year, &month, &day);
		if (day == 1)
			assert_true(month == last_month % 12 + 1 && last_day >= 28);
		else
			assert_true(day == last_day + 1 && month == last_month && year == last_year);
		assert_int_equal(when_parse(str_of(when_format(at + 1, text)), &again), 0);
		assert_true(again == at + 1);
		last_year = year;
		last_month = month;
		last_day = day;
	}
	assert_true(year == 2199 && month == 12 && day == 31);
}

static void the_clock_can_be_fixed(void **state)
{
	int64_t a, b;

	(void)state;
	setenv("HL_NOW", "2026-11-21T04:13:00Z", 1);
	assert_true(when_now() == 1795234380000);
	setenv("HL_NOW", "nonsense", 1);
	assert_true(when_now() > 1700000000000);
	unsetenv("HL_NOW");
	assert_true(when_now() > 1700000000000);
	a = when_tick();
	b = when_tick();
	assert_true(b >= a);
}

static void spans(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: no span */
		const char *formatted;
	} cases[] = {{"0s", 0, "0s"}, {"500ms", 500, "500ms"}, {"90s", 90000, "1m30s"}, {"5m", 300000, "5m"},
		{"2h", 7200000, "2h"}, {"1d", 86400000, "1d"}, {"1w", 604800000, "7d"}, {"2w3d", 1468800000, "17d"},
		{"1h30m", 5400000, "1h30m"}, {"1m1ms", 60001, "1m1ms"}, {"36525d", 3155760000000, "36525d"},
		{"36526d", -1, NULL}, {"", -1, NULL}, {"5", -1, NULL}, {"m", -1, NULL}, {"5 m", -1, NULL}, {"-5m", -1, NULL},
		{"+5m", -1, NULL}, {"5M", -1, NULL}, {"5y", -1, NULL}, {"1.5h", -1, NULL}, {"5mx", -1, NULL}, {"5m3", -1, NULL},
		{"99999999999999999999s", -1, NULL}, {"20000d20000d", -1, NULL}, {" 5m", -1, NULL}, {"5m ", -1, NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[48];
		int64_t ms = 42;
		int rc = span_parse(str_of(cases[i].text), &ms);

		if (rc != (cases[i].ms < 0 ? -1 : 0) || ms != (rc ? 42 : cases[i].ms))
			fail_msg("'%s': %d, %lld", cases[i].text, rc, (long long)ms);
		if (rc == 0)
			assert_string_equal(span_format(ms, text), cases[i].formatted);
	}
	{
		char text[48];

		assert_string_equal(span_format(-1, text), "0s");
		assert_string_equal(span_format(INT64_MAX, text), "106751991167d7h12m55s807ms");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes_times),
		cmocka_unit_test(refuses_what_is_no_time),
		cmocka_unit_test(every_day_of_the_calendar),
		cmocka_unit_test(the_clock_can_be_fixed),
		cmocka_unit_test(spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
