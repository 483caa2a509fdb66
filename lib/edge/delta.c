#include "edge/delta.h"

#include "base/hash.h"

static void put_size(struct buf *out, size_t size)
{
	for (; size >= 128; size >>= 7)
		buf_putc(out, (char)(128 | (size & 127)));
	buf_putc(out, (char)size);
}

/* "Copy n bytes from `from`": a bit of the first byte for each byte that follows and is not zero. */
static void put_copy(struct buf *out, size_t from, size_t n)
{
	while (n) {
		size_t part = n < 0x10000 ? n : 0xffff;
		unsigned char bytes[8] = {128};
		size_t k = 1;

		for (unsigned i = 0; i < 4; i++)
			if (from >> 8 * i & 255) {
				bytes[0] |= (unsigned char)(1U << i);
				bytes[k++] = from >> 8 * i & 255;
			}
		for (unsigned i = 0; i < 2; i++)
			if (part >> 8 * i & 255) {
				bytes[0] |= (unsigned char)(16U << i);
				bytes[k++] = part >> 8 * i & 255;
			}
		buf_put(out, bytes, k);
		from += part;
		n -= part;
	}
}

static void put_insert(struct buf *out, const char *p, size_t n)
{
	while (n) {
		size_t part = n < 127 ? n : 127;

		buf_putc(out, (char)part);
		buf_put(out, p, part);
		p += part;
		n -= part;
	}
}

static void begin(struct buf *out, struct str old, struct str new)
{
	buf_reset(out);
	put_size(out, old.n);
	put_size(out, new.n);
}

void delta_of_edges(struct buf *out, struct str old, struct str new)
{
	size_t least = old.n < new.n ? old.n : new.n;
	size_t head = 0, tail = 0;

	while (head < least && old.p[head] == new.p[head])
		head++;
	while (tail < least - head && old.p[old.n - 1 - tail] == new.p[new.n - 1 - tail])
		tail++;
	begin(out, old, new);
	put_copy(out, 0, head);
	put_insert(out, new.p + head, new.n - head - tail);
	put_copy(out, old.n - tail, tail);
}

static size_t line_end(struct str s, size_t at)
{
	const char *end = memchr(s.p + at, '\n', s.n - at);

	return end ? (size_t)(end + 1 - s.p) : s.n;
}

static uint64_t hash_line(struct str s, size_t at, size_t end)
{
	return hash_add(HASH_START, (struct str){s.p + at, end - at});
}

static void index_lines(struct table *lines, struct str old)
{
	for (size_t at = 0, end; at < old.n && at < UINT32_MAX; at = end) {
		uint64_t hash;

		end = line_end(old, at);
		hash = hash_line(old, at, end);
		if (table_get(lines, hash) == TABLE_NONE) /* the first: it has the most behind it */
			table_put(lines, hash, (uint32_t)at);
	}
}

void delta_of_lines(struct buf *out, struct str old, struct str new)
{
	struct table lines = TABLE_INIT;
	size_t done = 0; /* of the new text is in the delta */

	begin(out, old, new);
	index_lines(&lines, old);
	for (size_t at = 0, end; at < new.n; at = end) {
		uint32_t in_old;
		size_t from, n;

		end = line_end(new, at);
		if (end <= done)
			continue;
		in_old = table_get(&lines, hash_line(new, at, end));
		if (at < done || in_old == TABLE_NONE)
			continue;
		for (from = in_old; at > done && from && new.p[at - 1] == old.p[from - 1]; at--)
			from--;
		for (n = 0; at + n < new.n && from + n < old.n && new.p[at + n] == old.p[from + n];)
			n++;
		if (n < 8) /* another line with the same hash, or a short one: not worth a copy */
			continue;
		put_insert(out, new.p + done, at - done);
		put_copy(out, from, n);
		done = at + n;
	}
	put_insert(out, new.p + done, new.n - done);
	table_clear(&lines);
}

static size_t get_size(struct str *s)
{
	size_t size = 0;
	unsigned shift = 0;

	while (s->n && shift < 57) {
		unsigned char c = (unsigned char)*s->p++;

		s->n--;
		size |= (size_t)(c & 127) << shift;
		shift += 7;
		if (c < 128)
			break;
	}
	return size;
}

static int copy(struct str *delta, unsigned char op, struct str old, struct buf *into)
{
	size_t from = 0, n = 0;

	for (unsigned i = 0; i < 7; i++)
		if (op >> i & 1) {
			if (!delta->n)
				return -1;
			if (i < 4)
				from |= (size_t)(unsigned char)*delta->p << 8 * i;
			else
				n |= (size_t)(unsigned char)*delta->p << 8 * (i - 4);
			delta->p++;
			delta->n--;
		}
	n = n ? n : 0x10000;
	return from > old.n || n > old.n - from ? -1 : buf_put(into, old.p + from, n);
}

int delta_apply(struct str delta, struct str old, struct buf *into)
{
	size_t start = into->n, size;

	if (get_size(&delta) != old.n)
		return -1;
	size = get_size(&delta);
	while (delta.n) {
		unsigned char op = (unsigned char)*delta.p++;

		delta.n--;
		if (op & 128) {
			if (copy(&delta, op, old, into))
				return -1;
		} else {
			if (op == 0 || op > delta.n || buf_put(into, delta.p, op))
				return -1;
			delta.p += op;
			delta.n -= op;
		}
	}
	return into->n - start == size ? 0 : -1;
}
