/* Whatever a case holds: what is shown has no control character but line ends, and is UTF-8. */
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/utf8.h"
#include "doc/notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *v = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
	struct buf text = BUF_INIT((size_t)16 << 20);
	struct notice n = {.into = &text, .now = 1795233600000};
	uint32_t code;

	if (v) {
		notice_head(&n, v);
		notice_line(&n, v);
		notice_plan(&n, json_object_get(v, "plan"));
		notice_details(&n, v);
	}
	for (size_t i = 0, len; i < text.n; i += len) {
		len = utf8_at(text.p + i, text.n - i, &code);
		if (!len || (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0))
			abort();
	}
	buf_clear(&text);
	json_decref(v);
	return 0;
}
