/*
 * buf: bytes that grow, up to a maximum that is set at birth, so that no reply,
 * child or document can eat the machine. Always NUL-terminated behind its n bytes
 * once anything was put.
 *
 * A put that would pass the maximum stores nothing and sets `full`; the caller
 * may test it once at the end.
 */
#ifndef HL_BASE_BUF_H
#define HL_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
	char *p;
	size_t n, cap, max;
	bool full;
};

#define BUF_INIT(maximum) ((struct buf){.p = NULL, .n = 0, .cap = 0, .max = (maximum)})
#define BUF_RECORD        ((size_t)16 << 20) /* the longest record line: 16 MiB */

/* Makes room for n more bytes and lends the place to write them; the caller then adds to b->n. */
char *buf_room(struct buf *b, size_t n);

/*
 * Each returns 0, or -1 when the maximum was hit. Records are put together from many small pieces,
 * so what fits is put on the spot; cap never passes max by more than the NUL.
 */
static inline int buf_put(struct buf *b, const void *p, size_t n)
{
	if (n >= b->cap - b->n && !buf_room(b, n))
		return -1;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
	return 0;
}

static inline int buf_putstr(struct buf *b, struct str s)
{
	return buf_put(b, s.p, s.n);
}

static inline int buf_puts(struct buf *b, const char *s)
{
	return buf_put(b, s, strlen(s));
}

static inline int buf_putc(struct buf *b, char c)
{
	return buf_put(b, &c, 1);
}

/* Appends, and drops from the front what the maximum has no room for: the end is kept. */
void buf_put_end(struct buf *b, const char *p, size_t n);

int buf_putf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

/* The text, never NULL. Lent. */
const char *buf_text(const struct buf *b);

/* Gives the bytes away as a NUL-terminated string that the caller frees; the buffer is empty after.
 */
char *buf_take(struct buf *b);

void buf_reset(struct buf *b); /* empty, memory kept */
void buf_clear(struct buf *b); /* memory released, maximum kept */

#endif
