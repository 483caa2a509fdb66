/* Any bytes: no crash; and what comes out is records that the scanner takes, one a line. */
#include "wire/alertmanager.h"

#include "json/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int check(void *arg, struct str line, struct err *e)
{
	static const char *const want[] = {"kind", "id", "labels", "starts_at"};
	struct scan_value v[4];
	struct scan_error error;

	(void)arg;
	(void)e;
	if (memchr(line.p, '\n', line.n) || scan_object(line, want, v, 4, &error) ||
		v[0].type != SCAN_STRING || v[1].type != SCAN_STRING || v[2].type != SCAN_OBJECT ||
		v[3].type != SCAN_STRING)
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alertmanager a = {.line = check, .suppressed = size % 2};
	struct err e = ERR_INIT;

	alertmanager_read((struct str){(const char *)data, size}, &a, &e);
	return 0;
}
