/* sse: events however the stream is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/sse.h"

static int keep(void *arg, const struct sse_event *event)
{
	buf_putf(arg, "[%s|%.*s]", event->type, STR_ARG(event->data));
	return str_is(event->data, "stop") ? 7 : 0;
}

static const struct {
	const char *text, *events, *id;
	int retry, rc;
} table[] = {
	{"data: a\n\n", "[message|a]", "", -1, 0},
	{"data:a\ndata: b\ndata\n\n", "[message|a\nb\n]", "", -1, 0},
	{"\xef\xbb\xbf" "data: a\r\n\r\nevent: x\rdata:  b\r\r", "[message|a][x| b]", "", -1, 0},
	{"id: 7\nretry: 500\ndata:\n\n", "[message|]", "7", 500, 0},
	{"id: 7\nevent: x\n\ndata: a\n\n", "[message|a]", "7", -1, 0},
	{": hello\n\n:\nfrob: x\ndata: a\n\n", "[message|a]", "", -1, 0},
	{"data: a\n", "", "", -1, 0},
	{"retry: x\nretry: 99999999999\ndata: stop\n\ndata: b\n\n", "[message|stop]", "", -1, 7},
	{"data: 0123456789\ndata: 0123456789\ndata: 0123456789\n\n", "", "", -1, -1},
	{"0123456789012345678901234567890123456789", "", "", -1, -1},
};

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		for (size_t step = 1; step < 8; step += 3) {
			struct str text = str_of(table[i].text);
			struct buf got = BUF_INIT(1000);
			struct err e = ERR_INIT;
			struct sse s;
			int rc = 0;

			sse_init(&s, 30);
			for (size_t at = 0; at < text.n && rc == 0; at += step) {
				size_t n = text.n - at < step ? text.n - at : step;

				rc = sse_feed(&s, (struct str){text.p + at, n}, keep, &got, &e);
			}
			if (strcmp(buf_text(&got), table[i].events) != 0 || rc != table[i].rc)
				fail_msg("%zu: %d %s", i, rc, buf_text(&got));
			assert_string_equal(s.id, table[i].id);
			assert_int_equal(s.retry_ms, table[i].retry);
			sse_clear(&s);
			buf_clear(&got);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
