/*
 * Whatever a program prints: output_parse gives data that the scanner takes as a record's, or says why; and a
 * journal's lines are counted, or named.
 */
#include <stdint.h>
#include <stdlib.h>

#include "doc/digest.h"
#include "doc/output.h"
#include "json/node.h"
#include "json/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_record(json_t *v)
{
	struct buf line = BUF_INIT((size_t)64 << 20);
	struct scan_value whole;
	struct scan_error error;

	json_put(&line, v);
	if (memchr(line.p, '\n', line.n) || scan_text(buf_str(&line), &whole, &error) || whole.type != SCAN_OBJECT)
		abort();
	buf_clear(&line);
	json_decref(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str printed = {(const char *)data, size}, line;
	struct digest *d = digest_new();
	struct err e = ERR_INIT;

	for (int kind = OUTPUT_TEXT; kind <= OUTPUT_PAIRS; kind++) {
		json_t *v = output_parse((enum tool_output)kind, printed, &e);

		if (v)
			must_be_record(v);
	}
	while (str_split(&printed, '\n', &line))
		digest_add(d, line, &e);
	must_be_record(digest_report(d, 5));
	digest_free(d);
	return 0;
}
