#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

char *buf_room(struct buf *b, size_t n)
{
	size_t need = b->n + n + 1;

	if (n > b->max || b->n > b->max - n) {
		b->full = true;
		return NULL;
	}
	if (need > b->cap) {
		size_t cap = b->cap ? b->cap : 64;

		while (cap < need)
			cap += cap / 2;
		cap = cap <= b->max ? cap : b->max + 1;
		b->p = mem_grow(b->p, cap, 1);
		b->cap = cap;
	}
	return b->p + b->n;
}

void buf_put_end(struct buf *b, const char *p, size_t n)
{
	if (n > b->max) {
		p += n - b->max;
		n = b->max;
	}
	if (b->n + n > b->max) {
		size_t drop = b->n + n - b->max;

		memmove(b->p, b->p + drop, b->n - drop);
		b->n -= drop;
	}
	buf_put(b, p, n);
}

int buf_putf(struct buf *b, const char *fmt, ...)
{
	char small[256];
	va_list ap, again;
	int n, rc = -1;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof small) {
		rc = buf_put(b, small, (size_t)n);
	} else if (n >= 0 && buf_room(b, (size_t)n)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
		rc = 0;
	}
	va_end(again);
	return rc;
}

const char *buf_text(const struct buf *b)
{
	return b->p && b->n ? b->p : "";
}

char *buf_take(struct buf *b)
{
	char *p = b->p ? b->p : mem_copy("", 0);

	p[b->n] = '\0';
	*b = BUF_INIT(b->max);
	return p;
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	b->full = false;
	if (b->p)
		b->p[0] = '\0';
}

void buf_clear(struct buf *b)
{
	free(b->p);
	*b = BUF_INIT(b->max);
}
