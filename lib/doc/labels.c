#include "doc/labels.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/text.h"

/* Most names differ in their first byte. */
static inline int compare(struct str a, struct str b)
{
	if (a.n && b.n && *a.p != *b.p)
		return (unsigned char)*a.p < (unsigned char)*b.p ? -1 : 1;
	return str_cmp(a, b);
}

/* Up to here moving by one is quicker than a sort, and labels mostly come in order. */
#define FEW 32

static int order(const void *a, const void *b)
{
	return str_cmp(((const struct label *)a)->name, ((const struct label *)b)->name);
}

static void sort(struct labels *l)
{
	if (l->count > FEW) {
		qsort(l->items, l->count, sizeof *l->items, order);
		return;
	}
	for (size_t i = 1; i < l->count; i++) {
		struct label one = l->items[i];
		size_t at = i;

		for (; at > 0 && compare(l->items[at - 1].name, one.name) > 0; at--)
			l->items[at] = l->items[at - 1];
		l->items[at] = one;
	}
}

/*
 * The inside of a string, decoded into l->text where it has escapes. Decoding never lengthens, so
 * the room taken for the whole object at the first escape keeps earlier views in place.
 */
static bool inside(struct labels *l, struct str whole, struct scan_value v, struct str *text)
{
	size_t from = l->text.n;

	if (scan_plain(v, text))
		return true;
	if (v.type != SCAN_STRING || (from == 0 && !buf_room(&l->text, whole.n)) ||
		scan_string(v, &l->text) != 0)
		return false;
	*text = (struct str){l->text.p + from, l->text.n - from};
	return true;
}

static void add(struct labels *l, struct str name, struct str value)
{
	if (l->count == l->cap)
		l->items = mem_room(l->items, l->count, &l->cap, sizeof *l->items);
	l->items[l->count++] = (struct label){name, value};
}

/* The string at p, when it is one and all of it is ordinary ASCII: to behind it, else NULL. */
static const char *ordinary(const char *p, const char *end, struct str *text)
{
	const char *close;

	while (p < end && (*p == ' ' || *p == ':' || *p == ','))
		p++;
	if (p == end || *p != '"')
		return NULL;
	close = text_plain(p + 1, end);
	if (close == end || *close != '"')
		return NULL;
	*text = (struct str){p + 1, (size_t)(close - p - 1)};
	return close + 1;
}

/* Nearly all labels are ordinary texts without blanks between: false when these are not. */
static bool scan_ordinary(struct labels *l, struct str raw)
{
	const char *p = raw.p + 1, *end = raw.p + raw.n - 1;
	struct str name, value;

	while (p < end) {
		if (!(p = ordinary(p, end, &name)) || !(p = ordinary(p, end, &value)))
			return false;
		add(l, name, value);
	}
	return true;
}

/* Any labels; the first that is wrong is named. */
static int scan_any(struct labels *l, struct scan_value object, struct err *e)
{
	struct scan_value name, value;

	for (struct scan_iter it = scan_open(object); scan_next(&it, &name, &value);) {
		struct label one;

		if (!inside(l, object.raw, name, &one.name))
			return err_set(e, ERR_DATA, "labels are too long");
		if (!inside(l, object.raw, value, &one.value))
			return err_set(
				e, ERR_DATA, "label '%.*s' is not a text", STR_ARG(one.name));
		add(l, one.name, one.value);
	}
	return 0;
}

int labels_scan(struct labels *l, struct scan_value object, struct err *e)
{
	labels_reset(l);
	if (object.type != SCAN_OBJECT && object.type != SCAN_NONE)
		return err_set(e, ERR_DATA, "labels are not an object");
	if (object.type == SCAN_OBJECT && !scan_ordinary(l, object.raw)) {
		labels_reset(l);
		if (scan_any(l, object, e))
			return -1;
	}
	if (!l->count)
		return err_set(e, ERR_DATA, "signal without labels");
	sort(l);
	return 0;
}

/* The place of `name`, or where it belongs. */
static size_t place(const struct labels *l, struct str name, bool *there)
{
	size_t low = 0, high = l->count;

	*there = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int way = str_cmp(name, l->items[middle].name);

		if (way == 0) {
			*there = true;
			return middle;
		}
		if (way < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

void labels_set(struct labels *l, struct str name, struct str value)
{
	bool there;
	size_t at = place(l, name, &there);

	if (!there) {
		l->items = mem_room(l->items, l->count, &l->cap, sizeof *l->items);
		memmove(l->items + at + 1, l->items + at, (l->count - at) * sizeof *l->items);
		l->count++;
	}
	l->items[at] = (struct label){name, value};
}

struct str labels_get(const struct labels *l, struct str name)
{
	bool there;
	size_t at;

	if (l->count <= FEW) { /* most differ in length already */
		for (at = 0; at < l->count; at++)
			if (str_eq(l->items[at].name, name))
				return l->items[at].value;
		return STR_NONE;
	}
	at = place(l, name, &there);
	return there ? l->items[at].value : STR_NONE;
}

static uint64_t add_label(uint64_t h, struct str name, struct str value)
{
	h = hash_add_byte(hash_add(h, name), 0xff);
	return hash_add_byte(hash_add(h, value), 0xff);
}

uint64_t labels_fingerprint(const struct labels *l)
{
	uint64_t h = HASH_START;

	for (size_t i = 0; i < l->count; i++)
		if (l->items[i].value.n)
			h = add_label(h, l->items[i].name, l->items[i].value);
	return h;
}

uint64_t labels_group(const struct labels *l, const char *const *names)
{
	uint64_t h = HASH_START;

	for (; *names; names++)
		h = add_label(h, str_of(*names), labels_get(l, str_of(*names)));
	return h;
}

char *fingerprint_format(uint64_t fp, char hex[FINGERPRINT_HEX])
{
	for (int i = 15; i >= 0; i--, fp >>= 4)
		hex[i] = "0123456789abcdef"[fp & 15];
	hex[16] = '\0';
	return hex;
}

int fingerprint_parse(struct str hex, uint64_t *fp)
{
	uint64_t n = 0;

	if (hex.n != 16)
		return -1;
	for (size_t i = 0; i < hex.n; i++) {
		char c = hex.p[i];

		if (c >= '0' && c <= '9')
			n = n << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			n = n << 4 | (uint64_t)(c - 'a' + 10);
		else
			return -1;
	}
	*fp = n;
	return 0;
}

void labels_json(const struct labels *l, struct buf *into)
{
	buf_putc(into, '{');
	for (size_t i = 0; i < l->count; i++) {
		if (i)
			buf_putc(into, ',');
		scan_quote(into, l->items[i].name);
		buf_putc(into, ':');
		scan_quote(into, l->items[i].value);
	}
	buf_putc(into, '}');
}

void labels_reset(struct labels *l)
{
	l->count = 0;
	buf_reset(&l->text);
}

void labels_clear(struct labels *l)
{
	free(l->items);
	buf_clear(&l->text);
	*l = (struct labels)LABELS_INIT;
}
