#include "edge/pack.h"

#include <zlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sha1.h"
#include "edge/delta.h"

enum { OFS_DELTA = 6, HEADER = 12, SMALL = 16384, LARGE = 1 << 18, WINDOW = 8, NAMES = 48 };

#define WHOLE UINT32_MAX

struct entry {
	size_t offset, size; /* in the stream; of the object, or of the delta */
	unsigned depth;      /* deltas below it */
	uint32_t base;       /* the entry it is a delta of, or WHOLE */
};

/* The last texts of a kind: the next one is often much like one of them. */
struct recent {
	struct delta_text text[WINDOW];
	struct object_id id[WINDOW];
	size_t n; /* ever kept: the oldest is replaced */
};

struct pack {
	struct buf out;
	struct buf delta; /* scratch */
	struct object_id *ids;
	struct entry *entries;
	size_t n, cap_ids, cap_entries;
	struct table index; /* first 8 bytes of the name -> entry */
	struct recent commits, blobs;
	struct delta_lines lines; /* scratch: of the text at hand */
	z_stream small, large, inflate;
	bool small_on, large_on, inflate_on;
};

struct pack *pack_new(void)
{
	static const char head[HEADER] = {'P', 'A', 'C', 'K', 0, 0, 0, 2};
	struct pack *p = mem_new(sizeof *p);

	p->out = BUF_INIT(PACK_MAX);
	p->delta = BUF_INIT(PACK_MAX);
	for (size_t i = 0; i < WINDOW; i++)
		p->commits.text[i].bytes = p->blobs.text[i].bytes = BUF_INIT(LARGE);
	buf_put(&p->out, head, sizeof head);
	return p;
}

void pack_free(struct pack *p)
{
	if (!p)
		return;
	if (p->small_on)
		deflateEnd(&p->small);
	if (p->large_on)
		deflateEnd(&p->large);
	if (p->inflate_on)
		inflateEnd(&p->inflate);
	buf_clear(&p->out);
	buf_clear(&p->delta);
	for (size_t i = 0; i < WINDOW; i++) {
		delta_text_clear(&p->commits.text[i]);
		delta_text_clear(&p->blobs.text[i]);
	}
	free(p->lines.line);
	table_clear(&p->index);
	free(p->ids);
	free(p->entries);
	free(p);
}

static uint64_t key_of(const struct object_id *id)
{
	uint64_t key;

	memcpy(&key, id->b, sizeof key);
	return key;
}

static const struct entry *find(const struct pack *p, const struct object_id *id)
{
	uint32_t at = table_get(&p->index, key_of(id));

	if (at == TABLE_NONE || !object_same(&p->ids[at], id))
		return NULL;
	return &p->entries[at];
}

bool pack_has(const struct pack *p, const struct object_id *id)
{
	return find(p, id) != NULL;
}

const struct object_id *pack_ids(const struct pack *p, size_t *n)
{
	*n = p->n;
	return p->ids;
}

static void remember(struct pack *p, const struct object_id *id, struct entry entry)
{
	p->ids = mem_room(p->ids, p->n, &p->cap_ids, sizeof *p->ids);
	p->entries = mem_room(p->entries, p->n, &p->cap_entries, sizeof *p->entries);
	p->ids[p->n] = *id;
	p->entries[p->n] = entry;
	table_put(&p->index, key_of(id), (uint32_t)p->n++);
}

/* Type and size before each object: 4 bits of the size, then 7 a byte, lowest first. */
static void put_head(struct buf *out, int type, size_t size)
{
	unsigned char c = (unsigned char)((unsigned)type << 4 | (size & 15));

	for (size >>= 4; size; size >>= 7) {
		buf_putc(out, (char)(c | 128));
		c = size & 127;
	}
	buf_putc(out, (char)c);
}

/* How far back the base is: 7 bits a byte, highest first, each step but the last one less. */
static void put_distance(struct buf *out, size_t distance)
{
	unsigned char bytes[10];
	size_t at = sizeof bytes;

	bytes[--at] = distance & 127;
	while (distance >>= 7)
		bytes[--at] = (unsigned char)(128 | (--distance & 127));
	buf_put(out, bytes + at, sizeof bytes - at);
}

/* A zlib stream of stored blocks: for what does not get smaller. */
static int put_stored(struct buf *out, struct str bytes)
{
	uLong sum = adler32(1, (const Bytef *)bytes.p, (uInt)bytes.n);

	buf_put(out, "\x78\x01", 2);
	do {
		size_t part = bytes.n < 65535 ? bytes.n : 65535;

		buf_putc(out, part == bytes.n);
		buf_putc(out, (char)(part & 255));
		buf_putc(out, (char)(part >> 8));
		buf_putc(out, (char)(~part & 255));
		buf_putc(out, (char)(~part >> 8 & 255));
		buf_put(out, bytes.p, part);
		bytes.p += part;
		bytes.n -= part;
	} while (bytes.n);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_putc(out, (char)(sum >> shift & 255));
	return out->full ? -1 : 0;
}

/* Setting zlib up costs more than packing a kilobyte: small windows for small objects. */
static z_stream *compressor(struct pack *p, size_t size)
{
	z_stream *z = size <= SMALL ? &p->small : &p->large;
	bool *on = size <= SMALL ? &p->small_on : &p->large_on;
	int rc;

	if (*on)
		rc = deflateReset(z);
	else if (size <= SMALL)
		rc = deflateInit2(z, 1, Z_DEFLATED, 12, 4, Z_DEFAULT_STRATEGY);
	else
		rc = deflateInit2(z, 1, Z_DEFLATED, 15, 8, Z_DEFAULT_STRATEGY);
	*on = *on || rc == Z_OK;
	return rc == Z_OK ? z : NULL;
}

static int put_deflated(struct pack *p, struct str bytes)
{
	z_stream *z = bytes.n <= UINT32_MAX ? compressor(p, bytes.n) : NULL;
	size_t bound = z ? deflateBound(z, bytes.n) : 0;
	char *at = z ? buf_room(&p->out, bound) : NULL;

	if (!at)
		return -1;
	z->next_in = (Bytef *)(uintptr_t)bytes.p;
	z->avail_in = (uInt)bytes.n;
	z->next_out = (Bytef *)at;
	z->avail_out = (uInt)bound;
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		return -1;
	p->out.n += bound - z->avail_out;
	return 0;
}

static int put_as_delta(struct pack *p, const struct entry *base)
{
	size_t distance = p->out.n - base->offset;

	put_head(&p->out, OFS_DELTA, p->delta.n);
	put_distance(&p->out, distance);
	/* 20 bytes of a name do not get smaller, a new entry with its file's name does. */
	return p->delta.n < NAMES ? put_stored(&p->out, buf_str(&p->delta))
				  : put_deflated(p, buf_str(&p->delta));
}

static int put_whole(struct pack *p, enum object_type type, struct str bytes)
{
	put_head(&p->out, (int)type, bytes.n);
	return put_deflated(p, bytes);
}

/* A delta in p->delta against the tree it came from; the entry below it, or NULL when there is none
 * worth it. */
static const struct entry *tree_delta(
	struct pack *p, struct str bytes, const struct object_id *base, struct str old)
{
	const struct entry *under = base ? find(p, base) : NULL;

	if (!under || under->depth >= PACK_CHAIN)
		return NULL;
	delta_of_edges(&p->delta, old, bytes);
	return p->delta.n + 4 < bytes.n ? under : NULL;
}

/* The same against the recent text that it has most in common with. */
static const struct entry *text_delta(struct pack *p, struct str bytes, const struct recent *recent)
{
	const struct entry *under = NULL;
	size_t best = bytes.n / 4, which = 0;

	delta_split(&p->lines, bytes);
	for (size_t i = 0; i < WINDOW && i < recent->n; i++) {
		const struct entry *entry = find(p, &recent->id[i]);
		size_t common = delta_common(&recent->text[i], &p->lines);

		if (entry && entry->depth < PACK_CHAIN && common > best) {
			under = entry;
			best = common;
			which = i;
		}
	}
	if (!under)
		return NULL;
	delta_of_lines(&p->delta, &recent->text[which], bytes, &p->lines);
	return p->delta.n < bytes.n / 2 ? under : NULL;
}

static void keep_recent(
	struct pack *p, struct recent *recent, struct str bytes, const struct object_id *id)
{
	size_t at = recent->n % WINDOW;

	delta_load(&recent->text[at], bytes, &p->lines);
	recent->id[at] = *id;
	recent->n++;
}

int pack_put(struct pack *p, enum object_type type, struct str bytes, const struct object_id *base,
	struct str base_bytes, struct object_id *id, struct err *e)
{
	struct recent *recent = type == OBJECT_COMMIT ? &p->commits : &p->blobs;
	struct entry entry = {.offset = p->out.n, .size = bytes.n, .base = WHOLE};
	bool text = type != OBJECT_TREE && bytes.n < LARGE;
	const struct entry *under = NULL;
	int rc;

	object_name(type, bytes, id);
	if (pack_has(p, id))
		return 0;
	if (type == OBJECT_TREE)
		under = tree_delta(p, bytes, base, base_bytes);
	else if (text)
		under = text_delta(p, bytes, recent);
	if (under) {
		entry.size = p->delta.n;
		entry.depth = under->depth + 1;
		entry.base = (uint32_t)(under - p->entries);
		rc = put_as_delta(p, under);
	} else {
		rc = put_whole(p, type, bytes);
	}
	if (rc)
		return err_set(e, ERR_DATA, "more than %zu bytes for one pack", PACK_MAX);
	remember(p, id, entry);
	if (text)
		keep_recent(p, recent, bytes, id);
	return 0;
}

/* Appends what zlib packed behind the head of the entry. */
static int unpack(struct pack *p, const struct entry *entry, struct buf *into)
{
	const char *at = p->out.p + entry->offset;
	char *room = buf_room(into, entry->size);

	while (*at++ & 128)
		;
	if (entry->base != WHOLE)
		while (*at++ & 128)
			;
	if (!room || (p->inflate_on ? inflateReset(&p->inflate) : inflateInit(&p->inflate)) != Z_OK)
		return -1;
	p->inflate_on = true;
	p->inflate.next_in = (Bytef *)(uintptr_t)at;
	p->inflate.avail_in = (uInt)(p->out.p + p->out.n - at);
	p->inflate.next_out = (Bytef *)room;
	p->inflate.avail_out = (uInt)entry->size;
	/* Into no room at all zlib cannot say Z_STREAM_END: an empty object is checked by its size
	 * alone. */
	if (inflate(&p->inflate, Z_FINISH) != Z_STREAM_END && entry->size)
		return -1;
	into->n += entry->size;
	into->p[into->n] = '\0';
	return 0;
}

/* The chain is at most PACK_CHAIN long. */
static int rebuild(struct pack *p, const struct entry *entry, struct buf *into)
{
	struct buf base = BUF_INIT(into->max), delta = BUF_INIT(into->max);
	int rc;

	if (entry->base == WHOLE)
		return unpack(p, entry, into);
	rc = rebuild(p, &p->entries[entry->base], &base) || unpack(p, entry, &delta) ||
	     delta_apply(buf_str(&delta), buf_str(&base), into);
	buf_clear(&base);
	buf_clear(&delta);
	return rc ? -1 : 0;
}

int pack_read(struct pack *p, const struct object_id *id, struct buf *into, struct err *e)
{
	const struct entry *entry = find(p, id);

	if (!entry)
		return 0;
	if (rebuild(p, entry, into))
		return err_set(e, ERR_DATA,
			"an object of the new pack is larger than %zu bytes, or damaged",
			into->max);
	return 1;
}

struct str pack_finish(struct pack *p, struct err *e)
{
	unsigned char digest[SHA1_SIZE];
	struct sha1 s;

	for (unsigned i = 0; i < 4; i++)
		p->out.p[8 + i] = (char)(p->n >> (24 - 8 * i) & 255);
	sha1_begin(&s);
	sha1_add(&s, buf_str(&p->out));
	sha1_end(&s, digest);
	if (buf_put(&p->out, digest, sizeof digest)) {
		err_set(e, ERR_DATA, "more than %zu bytes for one pack", PACK_MAX);
		return STR_NONE;
	}
	return buf_str(&p->out);
}
