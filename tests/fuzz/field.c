/* Whatever stands in a field: its parsers end, read nothing else, and never give a time before now. */
#include <stdint.h>
#include <stdlib.h>

#include "wire/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str value = {(const char *)data, size};
	struct buf target = BUF_INIT(1000);

	if (field_retry_after(value, 1795233600000) < -1)
		abort();
	field_link(value, "next", &target);
	buf_clear(&target);
	return 0;
}
