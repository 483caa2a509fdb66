#include "json/decoded.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/text.h"

void decoded_put(struct decoded *d, char byte, const char *at)
{
	d->from[d->text.n] = at;
	buf_putc(&d->text, byte);
}

struct decoded decoded_string(struct str inside)
{
	struct decoded d = {.text = BUF_INIT(inside.n + 1),
		.from = mem_array(inside.n + 2, sizeof *d.from)};
	struct text_reader r = text_open(inside);
	const char *at = r.at;

	for (int c; (c = text_next(&r)) >= 0; at = r.at)
		decoded_put(&d, (char)c, at);
	d.from[d.text.n] = inside.p + inside.n;
	return d;
}

void decoded_clear(struct decoded *d)
{
	buf_clear(&d->text);
	free(d->from);
}
