/* Any bytes in any pieces: no crash, and the same events however they are cut. */
#include "wire/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int keep(void *arg, const struct sse_event *event)
{
	buf_puts(arg, event->type);
	buf_putstr(arg, event->data);
	return 0;
}

static void feed(const char *p, size_t n, size_t step, struct buf *into)
{
	struct err e = ERR_INIT;
	struct sse s;

	sse_init(&s, 4096);
	for (size_t at = 0; at < n; at += step)
		if (sse_feed(&s, (struct str){p + at, n - at < step ? n - at : step}, keep, into, &e))
			break;
	sse_clear(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(1 << 20), pieces = BUF_INIT(1 << 20);

	feed((const char *)data, size, size ? size : 1, &whole);
	feed((const char *)data, size, 1, &pieces);
	if (!str_eq(buf_str(&whole), buf_str(&pieces)))
		abort();
	buf_clear(&whole);
	buf_clear(&pieces);
	return 0;
}
