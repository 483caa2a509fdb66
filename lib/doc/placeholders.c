#include "doc/placeholders.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "doc/hunt.h"
#include "json/decoded.h"
#include "json/scan.h"

#define NAME_ROOM 32

void placeholders_clear(struct placeholders *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->all[i].text);
	free(p->all);
	table_clear(&p->by_text);
	table_clear(&p->by_name);
	*p = (struct placeholders){.all = NULL};
}

static uint64_t text_hash(enum scrub_kind kind, bool raw, struct str text, unsigned attempt)
{
	uint64_t h = hash_add_byte(hash_add_byte(HASH_START, (unsigned char)kind), raw);

	return hash_add(hash_add_byte(h, (unsigned char)attempt), text);
}

static uint64_t name_hash(enum scrub_kind kind, unsigned number)
{
	return (uint64_t)kind << 32 | number;
}

static void add(struct placeholders *p, enum scrub_kind kind, unsigned number, bool raw,
	struct str text, uint64_t hash)
{
	p->all = mem_room(p->all, p->count, &p->cap, sizeof *p->all);
	p->all[p->count] = (struct placeholder){.kind = kind, .number = number, .raw = raw,
		.text = mem_copy(text.p ? text.p : "", text.n), .length = text.n};
	table_put(&p->by_text, hash, (uint32_t)p->count);
	table_put(&p->by_name, name_hash(kind, number), (uint32_t)p->count);
	p->count++;
	if (number > p->last[kind])
		p->last[kind] = number;
}

/* Texts whose hashes meet take the next attempt's. */
static const struct placeholder *give(
	struct placeholders *p, enum scrub_kind kind, bool raw, struct str text)
{
	for (unsigned attempt = 0;; attempt++) {
		uint64_t hash = text_hash(kind, raw, text, attempt);
		uint32_t at = table_get(&p->by_text, hash);
		const struct placeholder *one = at == TABLE_NONE ? NULL : &p->all[at];

		if (!one) {
			add(p, kind, p->last[kind] + 1, raw, text, hash);
			return &p->all[p->count - 1];
		}
		if (one->kind == kind && one->raw == raw &&
			str_eq((struct str){one->text, one->length}, text))
			return one;
	}
}

static void put_name(struct buf *into, const struct placeholder *one)
{
	buf_putf(into, "<%s_%u>", scrub_kind_names[one->kind], one->number);
}

void placeholders_put(
	struct placeholders *p, enum scrub_kind kind, struct str text, struct buf *into)
{
	put_name(into, give(p, kind, false, text));
}

size_t placeholders_hide(struct placeholders *p, const struct scrub_rules *rules, unsigned kinds,
	struct str text, struct buf *into)
{
	struct hunt hunt = hunt_open(rules, text, kinds);
	struct scrub_span span;
	size_t from = 0, count = 0;

	for (; hunt_next(&hunt, &span); count++) {
		buf_put(into, text.p + from, span.at - from);
		put_name(into, give(p, span.kind, false, (struct str){text.p + span.at, span.n}));
		from = span.at + span.n;
	}
	buf_put(into, text.p + from, text.n - from);
	hunt_close(&hunt);
	return count;
}

/* ---- JSON as it is written ---- */

struct hiding {
	struct placeholders *p;
	const struct scrub_rules *rules;
	unsigned kinds;
	struct buf *into;
	size_t count;
};

/* How JSON writes a text when it has the choice: without the quotes. */
static void put_inside(struct buf *into, struct str text)
{
	size_t start = into->n;

	scan_quote(into, text);
	if (into->full || into->n < start + 2)
		return;
	memmove(into->p + start, into->p + start + 1, into->n - start - 2);
	into->n -= 2;
	into->p[into->n] = '\0';
}

static void hide_piece(struct hiding *h, enum scrub_kind kind, struct str text, struct str raw)
{
	struct buf usual = BUF_INIT(text.n * 6 + 16);
	bool is_usual;

	put_inside(&usual, text);
	is_usual = str_eq(buf_str(&usual), raw);
	put_name(h->into, give(h->p, kind, !is_usual, is_usual ? text : raw));
	buf_clear(&usual);
	h->count++;
}

static void hide_string(struct hiding *h, struct str inside, bool whole)
{
	struct decoded d = decoded_string(inside);
	struct str text = buf_str(&d.text);
	struct hunt hunt;
	struct scrub_span span;
	size_t from = 0;

	if (whole && text.n) {
		hide_piece(h, SCRUB_SECRET, text, inside);
		decoded_clear(&d);
		return;
	}
	hunt = hunt_open(h->rules, text, h->kinds);
	while (hunt_next(&hunt, &span)) {
		const char *start = d.from[span.at], *end = d.from[span.at + span.n];

		buf_put(h->into, d.from[from], (size_t)(start - d.from[from]));
		hide_piece(h, span.kind, (struct str){text.p + span.at, span.n},
			(struct str){start, (size_t)(end - start)});
		from = span.at + span.n;
	}
	buf_put(h->into, d.from[from], (size_t)(inside.p + inside.n - d.from[from]));
	hunt_close(&hunt);
	decoded_clear(&d);
}

static struct str inside_of(struct scan_value string)
{
	return (struct str){string.raw.p + 1, string.raw.n - 2};
}

static bool is_telling(const struct hiding *h, struct scan_value key, struct scan_value value)
{
	struct decoded name, text;
	bool is;

	if (key.type != SCAN_STRING || value.type != SCAN_STRING)
		return false;
	name = decoded_string(inside_of(key));
	text = decoded_string(inside_of(value));
	is = scrub_pair(h->rules, buf_str(&name.text), buf_str(&text.text)) != NULL;
	decoded_clear(&name);
	decoded_clear(&text);
	return is;
}

static void hide_value(struct hiding *h, struct scan_value v, bool whole);

static void hide_members(struct hiding *h, struct scan_value v)
{
	/* {"name": "DB_PASSWORD", "value": "..."}, as environments are written */
	bool named = v.type == SCAN_OBJECT &&
		     is_telling(h, scan_member(v, "name"), scan_member(v, "value"));
	struct scan_iter it = scan_open(v);
	struct scan_value key, member;
	const char *at = v.raw.p;

	while (scan_next(&it, &key, &member)) {
		bool whole = is_telling(h, key, member) || (named && scan_is(key, STR("value")));

		if (key.type == SCAN_STRING) {
			buf_put(h->into, at, (size_t)(key.raw.p - at));
			hide_value(h, key, false);
			at = key.raw.p + key.raw.n;
		}
		buf_put(h->into, at, (size_t)(member.raw.p - at));
		hide_value(h, member, whole);
		at = member.raw.p + member.raw.n;
	}
	buf_put(h->into, at, (size_t)(v.raw.p + v.raw.n - at));
}

static void hide_value(struct hiding *h, struct scan_value v, bool whole)
{
	if (v.type == SCAN_STRING) {
		buf_putc(h->into, '"');
		hide_string(h, inside_of(v), whole);
		buf_putc(h->into, '"');
	} else if (v.type == SCAN_OBJECT || v.type == SCAN_ARRAY) {
		hide_members(h, v);
	} else {
		buf_putstr(h->into, v.raw);
	}
}

size_t placeholders_hide_json(struct placeholders *p, const struct scrub_rules *rules,
	unsigned kinds, struct str json, struct buf *into)
{
	struct hiding h = {.p = p, .rules = rules, .kinds = kinds, .into = into};
	struct scan_value v;
	struct scan_error why;

	if (scan_text(json, &v, &why)) /* not what it was said to be: then it is text */
		return placeholders_hide(p, rules, kinds, json, into);
	buf_put(into, json.p, (size_t)(v.raw.p - json.p));
	hide_value(&h, v, false);
	buf_put(into, v.raw.p + v.raw.n, (size_t)(json.p + json.n - v.raw.p - v.raw.n));
	return h.count;
}

json_t *placeholders_hide_tree(struct placeholders *p, const struct scrub_rules *rules,
	unsigned kinds, const json_t *tree)
{
	struct buf text = BUF_INIT(BUF_RECORD), hidden = BUF_INIT(4 * BUF_RECORD);
	json_t *out = NULL;

	json_put(&text, tree);
	placeholders_hide_json(p, rules, kinds, buf_str(&text), &hidden);
	if (!text.full && !hidden.full)
		out = json_loadb(hidden.p, hidden.n, JSON_DECODE_ANY, NULL);
	buf_clear(&text);
	buf_clear(&hidden);
	return out;
}

/* ---- back ---- */

/* The placeholder that begins at text.p[at], which is '<'; *n is its length. */
static const struct placeholder *find(
	const struct placeholders *p, struct str text, size_t at, size_t *n)
{
	size_t start = at + 1, end = start, digit;
	unsigned number = 0;

	while (end < text.n && end - start < NAME_ROOM && isupper((unsigned char)text.p[end]))
		end++;
	if (end >= text.n || text.p[end] != '_')
		return NULL;
	for (digit = end + 1; digit < text.n && digit - end < 10 &&
			      isdigit((unsigned char)text.p[digit]);
		digit++)
		number = number * 10 + (unsigned)(text.p[digit] - '0');
	if (digit == end + 1 || digit >= text.n || text.p[digit] != '>' || text.p[end + 1] == '0')
		return NULL;
	*n = digit + 1 - at;
	for (int kind = 0; scrub_kind_names[kind]; kind++)
		if (str_is((struct str){text.p + start, end - start}, scrub_kind_names[kind])) {
			uint32_t i = table_get(&p->by_name, name_hash((enum scrub_kind)kind, number));

			return i == TABLE_NONE ? NULL : &p->all[i];
		}
	return NULL;
}

void placeholders_restore(
	const struct placeholders *p, struct str text, bool json, bool secrets, struct buf *into)
{
	size_t from = 0, n;

	for (size_t at = 0; at < text.n;) {
		const char *next = memchr(text.p + at, '<', text.n - at);
		const struct placeholder *one;

		if (!next)
			break;
		at = (size_t)(next - text.p);
		one = find(p, text, at, &n);
		if (!one || (one->kind == SCRUB_SECRET && !secrets)) {
			at++;
			continue;
		}
		buf_put(into, text.p + from, at - from);
		if (json && !one->raw)
			put_inside(into, (struct str){one->text, one->length});
		else
			buf_put(into, one->text, one->length);
		from = at += n;
	}
	buf_put(into, text.p + from, text.n - from);
}

json_t *placeholders_restore_tree(const struct placeholders *p, const json_t *tree, bool secrets)
{
	struct buf text = BUF_INIT(4 * BUF_RECORD), back = BUF_INIT(4 * BUF_RECORD);
	json_t *out = NULL;

	json_put(&text, tree);
	placeholders_restore(p, buf_str(&text), true, secrets, &back);
	if (!text.full && !back.full)
		out = json_loadb(back.p, back.n, JSON_DECODE_ANY, NULL);
	buf_clear(&text);
	buf_clear(&back);
	return out;
}

/* ---- kept ---- */

static json_t *hex_json(struct str s)
{
	struct buf hex = BUF_INIT(2 * s.n + 1);
	json_t *out;

	for (size_t i = 0; i < s.n; i++)
		buf_putf(&hex, "%02x", (unsigned char)s.p[i]);
	out = json_pack("{s:s}", "hex", buf_text(&hex));
	buf_clear(&hex);
	return out;
}

json_t *placeholders_json(const struct placeholders *p)
{
	json_t *map = json_object();

	for (size_t i = 0; i < p->count; i++) {
		const struct placeholder *one = &p->all[i];
		struct str text = {one->text, one->length};
		char name[NAME_ROOM];
		json_t *v = memchr(one->text, '\0', one->length)
				    ? NULL
				    : json_stringn(one->text, one->length); /* NULL: not UTF-8 */

		if (!v)
			v = hex_json(text);
		else if (one->raw)
			v = json_pack("{s:o}", "raw", v);
		snprintf(name, sizeof name, "<%s_%u>", scrub_kind_names[one->kind], one->number);
		json_object_set_new(map, name, v);
	}
	return map;
}

static int nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int take_hex(const char *hex, struct buf *into)
{
	for (; hex[0]; hex += 2) {
		int high = nibble(hex[0]), low = high < 0 ? -1 : nibble(hex[1]);

		if (low < 0)
			return -1;
		buf_putc(into, (char)(high << 4 | low));
	}
	return 0;
}

static int take_one(struct placeholders *p, const struct node *one, struct err *e)
{
	const char *hex = json_string_value(json_object_get(one->v, "hex"));
	const json_t *raw = json_object_get(one->v, "raw"), *text = raw ? raw : one->v;
	struct buf bytes = BUF_INIT(4 * BUF_RECORD);
	char word[NAME_ROOM] = "", end = 0;
	unsigned number = 0;
	int kind = -1, rc = 0;

	if (sscanf(one->key, "<%15[A-Z]_%9u%c", word, &number, &end) == 3 && end == '>')
		for (kind = 0; scrub_kind_names[kind] && strcmp(scrub_kind_names[kind], word) != 0;)
			kind++;
	if (kind < 0 || kind >= SCRUB_KINDS || number == 0)
		return node_fail(one, e, "is no placeholder, such as <IP_1>");
	if (hex ? take_hex(hex, &bytes) : !json_is_string(text))
		rc = node_fail(one, e, "must be a text, or {hex: ..}, or {raw: ..}");
	else if (!hex)
		buf_put(&bytes, json_string_value(text), json_string_length(text));
	if (rc == 0)
		add(p, (enum scrub_kind)kind, number, raw != NULL, buf_str(&bytes),
			text_hash((enum scrub_kind)kind, raw != NULL, buf_str(&bytes), 0));
	buf_clear(&bytes);
	return rc;
}

int placeholders_take_json(struct placeholders *p, const struct node *map, struct err *e)
{
	const char *key;
	json_t *v;

	if (!json_is_object(map->v))
		return node_fail(map, e, "must be an object of placeholders");
	json_object_foreach (map->v, key, v) {
		struct node one = node_get(map, key);

		if (take_one(p, &one, e))
			return -1;
	}
	return 0;
}
