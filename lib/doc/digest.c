#include "doc/digest.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "doc/output.h"
#include "json/scan.h"

#define SHAPE_MAX   300
#define EXAMPLE_MAX 500
#define MESSAGE_MAX ((size_t)1 << 20)
#define SHAPES_MAX  100000

/* --- the shape of a message --- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static size_t word_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && (is_digit(s.p[n]) || is_letter(s.p[n])))
		n++;
	return n;
}

/* "8-4-4-4-12" hexadecimal digits. */
static size_t uuid_length(struct str s)
{
	if (s.n < 36)
		return 0;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : !is_hex(s.p[i]))
			return 0;
	}
	return s.n > 36 && is_hex(s.p[36]) ? 0 : 36;
}

static size_t digits_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

/* A number, with what belongs to it behind points: how many parts, and how long. */
static size_t number_length(struct str s, int *parts)
{
	size_t n = digits_length(s), more;

	for (*parts = 1; n < s.n && s.p[n] == '.'; n += 1 + more, ++*parts) {
		more = digits_length((struct str){s.p + n + 1, s.n - n - 1});
		if (!more)
			break;
	}
	return n;
}

static const char *kind_of(struct str word)
{
	size_t digits = 0, turns = 0, hex = 0;

	if (word.n > 2 && word.p[0] == '0' && (word.p[1] == 'x' || word.p[1] == 'X'))
		return "<hex>";
	for (size_t i = 0; i < word.n; i++) {
		digits += is_digit(word.p[i]);
		hex += is_hex(word.p[i]);
		turns += i > 0 && is_digit(word.p[i]) != is_digit(word.p[i - 1]);
	}
	if (digits == word.n)
		return NULL;
	if (hex == word.n && word.n >= 8 && digits)
		return "<hex>";
	return word.n >= 10 && digits >= 3 && turns >= 3 ? "<id>" : NULL;
}

/* Takes one word, number or other byte off the front. */
static void shape_next(struct str *s, struct buf *into)
{
	size_t n = uuid_length(*s), word = word_length(*s);
	const char *kind = n ? "<id>" : NULL;
	int parts = 0;

	if (!n && word) {
		kind = kind_of((struct str){s->p, word});
		n = kind ? word : 0;
	}
	if (!n && is_digit(s->p[0])) {
		n = number_length(*s, &parts);
		kind = parts == 4 ? "<ip>" : "<n>";
	}
	if (kind) {
		buf_puts(into, kind);
	} else {
		/* letters up to the first digit, or one byte that is neither */
		for (n = 0; n < word && !is_digit(s->p[n]); n++)
			;
		n = n ? n : 1;
		buf_put(into, s->p, n);
	}
	s->p += n;
	s->n -= n;
}

static void cut(struct buf *b, size_t from, size_t most)
{
	size_t n = from + most;

	if (b->n <= n)
		return;
	while (n > from && ((unsigned char)b->p[n] & 0xc0) == 0x80)
		n--;
	b->p[b->n = n] = '\0';
	buf_puts(b, "...");
}

void digest_shape(struct str message, struct buf *into)
{
	const char *end = message.n ? memchr(message.p, '\n', message.n) : NULL;
	size_t from = into->n;

	if (end)
		message.n = (size_t)(end - message.p);
	message = str_trim(message);
	while (message.n && into->n - from <= SHAPE_MAX)
		shape_next(&message, into);
	cut(into, from, SHAPE_MAX);
}

/* --- counting --- */

struct shape {
	json_int_t count, priority;
	char *unit, *shape, *example;
	int64_t last;
};

struct digest {
	struct table index; /* hash of unit and shape -> place in shapes */
	struct shape *shapes;
	size_t count, cap;
	json_int_t total;
	char *cursor;
	struct buf text, unit, key;
};

enum field { CURSOR, TIME, PRIORITY, MESSAGE, SYSTEMD_UNIT, UNIT, IDENTIFIER, FIELDS };
static const char *const field_names[FIELDS] = {"__CURSOR", "__REALTIME_TIMESTAMP", "PRIORITY",
	"MESSAGE", "_SYSTEMD_UNIT", "UNIT", "SYSLOG_IDENTIFIER"};

struct digest *digest_new(void)
{
	struct digest *d = mem_new(sizeof *d);

	d->text = BUF_INIT(MESSAGE_MAX);
	d->unit = BUF_INIT(4096);
	d->key = BUF_INIT(8192);
	return d;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->count; i++) {
		free(d->shapes[i].unit);
		free(d->shapes[i].shape);
		free(d->shapes[i].example);
	}
	free(d->shapes);
	free(d->cursor);
	table_clear(&d->index);
	buf_clear(&d->text);
	buf_clear(&d->unit);
	buf_clear(&d->key);
	free(d);
}

/* A text; the first of several; or bytes. What is null or missing stays empty. */
static void read_text(struct scan_value v, struct buf *into)
{
	struct scan_iter it = scan_open(v);
	struct scan_value key, one;
	int64_t byte;

	buf_reset(into);
	if (v.type == SCAN_STRING) {
		scan_string(v, into);
		return;
	}
	while (v.type == SCAN_ARRAY && scan_next(&it, &key, &one)) {
		if (one.type == SCAN_STRING) {
			scan_string(one, into);
			return;
		}
		if (scan_integer(one, &byte) == 0)
			buf_putc(into, (char)byte);
	}
}

static int64_t read_number(struct scan_value v, int64_t fallback)
{
	struct str text;
	char digits[24];
	char *end;
	int64_t n;

	if (!scan_plain(v, &text) || !text.n || text.n >= sizeof digits)
		return fallback;
	memcpy(digits, text.p, text.n);
	digits[text.n] = '\0';
	n = strtoll(digits, &end, 10);
	return *end ? fallback : n;
}

/* What the manager says about a unit counts as the unit's. */
static void read_unit(const struct scan_value *values, struct buf *into)
{
	read_text(values[SYSTEMD_UNIT], into);
	if (!into->n || str_is(buf_str(into), "init.scope")) {
		struct scan_value about = values[UNIT].type ? values[UNIT] : values[IDENTIFIER];

		if (about.type)
			read_text(about, into);
	}
}

static struct shape *find_shape(struct digest *d)
{
	uint64_t hash = hash_add(
		hash_add_byte(hash_add(HASH_START, buf_str(&d->unit)), 0xff), buf_str(&d->key));
	uint32_t at = table_get(&d->index, hash);

	if (at != TABLE_NONE)
		return &d->shapes[at];
	if (d->count == SHAPES_MAX)
		return NULL;
	d->shapes = mem_room(d->shapes, d->count, &d->cap, sizeof *d->shapes);
	table_put(&d->index, hash, (uint32_t)d->count);
	cut(&d->text, 0, EXAMPLE_MAX);
	d->shapes[d->count] = (struct shape){.unit = mem_text(buf_text(&d->unit)),
		.shape = mem_text(buf_text(&d->key)),
		.example = mem_text(buf_text(&d->text)),
		.priority = 7};
	return &d->shapes[d->count++];
}

int digest_add(struct digest *d, struct str line, struct err *e)
{
	struct scan_value values[FIELDS];
	struct scan_error error;
	struct shape *s;
	int64_t priority;

	if (scan_object(line, field_names, values, FIELDS, &error))
		return err_set(e, ERR_DATA, "journalctl printed what is not JSON: %s", error.why);
	read_text(values[CURSOR], &d->text);
	if (d->text.n) {
		free(d->cursor);
		d->cursor = mem_text(buf_text(&d->text));
	}
	read_text(values[MESSAGE], &d->text);
	read_unit(values, &d->unit);
	buf_reset(&d->key);
	digest_shape(d->text.n ? buf_str(&d->text) : STR("(a message too long to show)"), &d->key);
	d->total++;
	s = find_shape(d);
	if (!s)
		return 0;
	priority = read_number(values[PRIORITY], 6);
	s->count++;
	s->priority = priority < s->priority ? priority : s->priority;
	s->last = read_number(values[TIME], 0) / 1000;
	return 0;
}

const char *digest_cursor(const struct digest *d)
{
	return d->cursor;
}

static int by_count(const void *a, const void *b)
{
	const struct shape *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->shape, y->shape);
}

static json_t *describe(const struct shape *s)
{
	json_t *one = json_object();
	char at[WHEN_TEXT];

	json_object_set_new(one, "count", json_integer(s->count));
	json_object_set_new(one, "unit", output_text(str_of(s->unit)));
	json_object_set_new(one, "shape", output_text(str_of(s->shape)));
	json_object_set_new(one, "example", output_text(str_of(s->example)));
	json_object_set_new(one, "priority", json_integer(s->priority));
	json_object_set_new(one, "last_at", json_string(when_format(s->last, at)));
	return one;
}

json_t *digest_report(struct digest *d, size_t top)
{
	json_t *all = json_object(), *list = json_array();

	if (d->count)
		qsort(d->shapes, d->count, sizeof *d->shapes, by_count);
	table_clear(&d->index); /* it names places from before the sorting */
	for (size_t i = 0; i < d->count && i < top; i++)
		json_array_append_new(list, describe(&d->shapes[i]));
	json_object_set_new(all, "count", json_integer(d->total));
	json_object_set_new(all, "distinct", json_integer((json_int_t)d->count));
	json_object_set_new(all, "shapes", list);
	return all;
}
