#include "edge/delta.h"

#include "base/mem.h"

#define WORTH 8 /* fewer bytes are as well inserted as copied */

static void put_size(struct buf *out, size_t size)
{
	for (; size >= 128; size >>= 7)
		buf_putc(out, (char)(128 | (size & 127)));
	buf_putc(out, (char)size);
}

/* "Copy n bytes from `from`": a bit of the first byte for each byte that follows and is not zero.
 */
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

void delta_split(struct delta_lines *lines, struct str text)
{
	lines->n = 0;
	for (size_t at = 0, end; at < text.n && at < UINT32_MAX; at = end) {
		const char *newline = memchr(text.p + at, '\n', text.n - at);

		end = newline ? (size_t)(newline + 1 - text.p) : text.n;
		lines->line = mem_room(lines->line, lines->n, &lines->cap, sizeof *lines->line);
		lines->line[lines->n++] = (struct delta_line){
			hash_add(HASH_START, (struct str){text.p + at, end - at}), at, end};
	}
}

void delta_load(struct delta_text *to, struct str text, const struct delta_lines *lines)
{
	table_clear(&to->lines);
	buf_reset(&to->bytes);
	buf_putstr(&to->bytes, text);
	for (size_t i = lines->n;
		i-- > 0;) /* the first of several stays: it has the most behind it */
		table_put(&to->lines, lines->line[i].hash, (uint32_t)lines->line[i].start);
}

size_t delta_common(const struct delta_text *old, const struct delta_lines *new)
{
	size_t n = 0;

	for (size_t i = 0; i < new->n; i++)
		if (table_get(&old->lines, new->line[i].hash) != TABLE_NONE)
			n += new->line[i].end - new->line[i].start;
	return n;
}

/* How far the texts are the same from these places on, not beyond `end` of the new one. */
static size_t same_from(struct str old, size_t from, struct str new, size_t at, size_t end)
{
	size_t n = 0;

	while (at + n < end && from + n < old.n && new.p[at + n] == old.p[from + n])
		n++;
	return n;
}

static size_t next_line(struct str s, size_t at)
{
	const char *newline = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;

	return newline ? (size_t)(newline + 1 - s.p) : s.n;
}

void delta_of_lines(struct buf *out, const struct delta_text *text, struct str new,
	const struct delta_lines *lines)
{
	struct str old = buf_str(&text->bytes);
	size_t done = 0;   /* of the new text is in the delta */
	size_t beside = 0; /* the line of the old text that stands where the new one is */

	begin(out, old, new);
	for (size_t i = 0; i < lines->n; i++) {
		size_t at = lines->line[i].start, from = beside, n;
		uint32_t in_old = table_get(&text->lines, lines->line[i].hash);

		if (at < done) {
			beside = next_line(old, beside);
			continue;
		}
		if (in_old != TABLE_NONE)
			for (from = in_old; at > done && from && new.p[at - 1] == old.p[from - 1];
				at--)
				from--;
		/* A line that was changed often begins as it did. */
		n = same_from(
			old, from, new, at, in_old == TABLE_NONE ? lines->line[i].end : new.n);
		beside = next_line(old, in_old == TABLE_NONE ? beside : in_old);
		if (n < WORTH)
			continue;
		put_insert(out, new.p + done, at - done);
		put_copy(out, from, n);
		done = at + n;
	}
	put_insert(out, new.p + done, new.n - done);
}

void delta_text_clear(struct delta_text *t)
{
	buf_clear(&t->bytes);
	table_clear(&t->lines);
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
