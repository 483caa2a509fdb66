/* retry: what is asked again and when; field: what servers say of that, and where the next page is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/when.h"
#include "doc/retry.h"
#include "wire/field.h"

#define R RETRY_NEVER
#define READS   true
#define CHANGES false

static void pauses(void **state)
{
	static const struct {
		int64_t least, most; /* of the pause */
		struct retry_try t;
	} table[] = {
		/* how, status, Retry-After, tries, left, repeatable, random */
		{250, 250, {RETRY_ANSWERED, 500, -1, 1, 60000, READS, 0}},
		{250, 500, {RETRY_ANSWERED, 503, -1, 1, 60000, READS, 4294967295u}},
		{500, 1000, {RETRY_ANSWERED, 502, -1, 2, 60000, READS, 77777}},
		{2000, 4000, {RETRY_ANSWERED, 504, -1, 4, 60000, READS, 12345678}},
		{R, R, {RETRY_ANSWERED, 504, -1, 5, 60000, READS, 0}},
		{R, R, {RETRY_ANSWERED, 500, -1, 1, 200, READS, 0}},
		{7000, 7000, {RETRY_ANSWERED, 429, 7000, 1, 60000, READS, 5}},
		{0, 0, {RETRY_ANSWERED, 429, 0, 1, 60000, CHANGES, 5}},
		{R, R, {RETRY_ANSWERED, 429, 60000, 1, 60000, READS, 5}},
		{250, 500, {RETRY_ANSWERED, 408, -1, 1, 60000, READS, 9}},
		{250, 500, {RETRY_ANSWERED, 425, -1, 1, 60000, READS, 9}},
		{250, 500, {RETRY_ANSWERED, 529, -1, 1, 60000, READS, 9}},
		{R, R, {RETRY_ANSWERED, 400, -1, 1, 60000, READS, 0}},
		{R, R, {RETRY_ANSWERED, 401, 1000, 1, 60000, READS, 0}},
		{R, R, {RETRY_ANSWERED, 404, -1, 1, 60000, READS, 0}},
		{R, R, {RETRY_ANSWERED, 501, -1, 1, 60000, READS, 0}},
		{R, R, {RETRY_ANSWERED, 200, -1, 1, 60000, READS, 0}},
		/* what changes something: only what surely was not done */
		{R, R, {RETRY_ANSWERED, 500, -1, 1, 60000, CHANGES, 0}},
		{R, R, {RETRY_ANSWERED, 502, 1000, 1, 60000, CHANGES, 0}},
		{R, R, {RETRY_ANSWERED, 503, -1, 1, 60000, CHANGES, 0}},
		{1000, 1000, {RETRY_ANSWERED, 503, 1000, 1, 60000, CHANGES, 0}},
		{250, 500, {RETRY_ANSWERED, 429, -1, 1, 60000, CHANGES, 0}},
		{250, 500, {RETRY_UNREACHED, 0, -1, 1, 60000, CHANGES, 3}},
		{R, R, {RETRY_LOST, 0, -1, 1, 60000, CHANGES, 3}},
		{250, 500, {RETRY_LOST, 0, -1, 1, 60000, READS, 3}},
		{R, R, {RETRY_FINAL, 0, -1, 1, 60000, READS, 3}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int64_t pause = retry_pause(&table[i].t);

		if (pause < table[i].least || pause > table[i].most)
			fail_msg("row %zu: %lld", i, (long long)pause);
	}
}

static void retry_after(void **state)
{
	static const struct {
		const char *value;
		int64_t ms;
	} table[] = {
		{"0", 0}, {"120", 120000}, {" 5 ", 5000}, {"99999999", 99999999000}, {"999999999", -1},
		{"-1", -1}, {"1.5", -1}, {"", -1}, {"soon", -1},
		{"Sat, 21 Nov 2026 04:00:10 GMT", 10000}, {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
		{"Sat, 21 Nov 2026 04:00:10 UTC", -1}, {"Sat, 21 Nop 2026 04:00:10 GMT", -1},
		{"Sat, 99 Nov 2026 04:00:10 GMT", -1}, {"Saturday, 21-Nov-26 04:00:10 GMT", -1},
	};
	int64_t now;

	(void)state;
	assert_int_equal(when_parse(STR("2026-11-21T04:00:00Z"), &now), 0);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (field_retry_after(str_of(table[i].value), now) != table[i].ms)
			fail_msg("%s: %lld", table[i].value,
				(long long)field_retry_after(str_of(table[i].value), now));
}

static void links(void **state)
{
	static const struct {
		const char *value, *target; /* NULL: none */
	} table[] = {
		{"</a?page=2>; rel=\"next\"", "/a?page=2"},
		{"</a>; rel=next", "/a"},
		{"</p>; rel=\"prev\", </n>; rel=\"next\"; title=\"x\"", "/n"},
		{"</p>; title=\"a, </x>; rel=next\"; rel=\"prev\", </n>;rel=\"first Next\"", "/n"},
		{"<http://h/a,b;c>; rel=\"next\"", "http://h/a,b;c"},
		{"</a>; rel=\"nextish\"", NULL}, {"</a>", NULL}, {"", NULL}, {"</a", NULL},
		{"</a>; rel=\"next", "/a"}, {"</a>; title=\"\\\"; rel=\\\"next\"", NULL},
		{"<>; rel=next", ""}, {"</a> ; REL = next", "/a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf target = BUF_INIT(1000);
		bool found = field_link(str_of(table[i].value), "next", &target);

		if (found != (table[i].target != NULL) ||
			(found && strcmp(buf_text(&target), table[i].target) != 0))
			fail_msg("%s: '%s'", table[i].value, buf_text(&target));
		buf_clear(&target);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses), cmocka_unit_test(retry_after), cmocka_unit_test(links)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
