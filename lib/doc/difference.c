#include "doc/difference.h"

#include <string.h>

#include "base/msg.h"
#include "json/node.h"

#define PATH_TEXT 400

/* Cut where a character begins. */
static struct str cut(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return (struct str){s.p, max};
}

static json_t *harmless(struct str text, size_t max)
{
	struct str part = cut(text, max);
	struct buf safe = BUF_INIT(16 * max + 16);
	json_t *v;

	msg_safe(&safe, part, false);
	if (part.n < text.n)
		buf_puts(&safe, "...");
	v = json_string(buf_text(&safe));
	buf_clear(&safe);
	return v;
}

static json_t *shown(const json_t *v)
{
	struct buf text = BUF_INIT(4 * BUF_RECORD);
	json_t *copy;

	if (json_is_string(v))
		return harmless((struct str){json_string_value(v), json_string_length(v)},
			DIFFERENCE_TEXT);
	if (!json_is_object(v) && !json_is_array(v))
		return json_incref((json_t *)v);
	json_put(&text, v);
	copy = harmless(buf_str(&text), DIFFERENCE_TEXT);
	buf_clear(&text);
	return copy;
}

static void add(json_t *list, const struct buf *at, const json_t *recorded, const json_t *again)
{
	json_t *one = json_pack("{s:o}", "at", harmless(buf_str(at), PATH_TEXT));

	if (recorded)
		json_object_set_new(one, "recorded", shown(recorded));
	if (again)
		json_object_set_new(one, "again", shown(again));
	json_array_append_new(list, one);
}

static void put_key(struct buf *at, const char *key)
{
	buf_putc(at, '/');
	for (; *key; key++)
		if (*key == '~' || *key == '/')
			buf_puts(at, *key == '~' ? "~0" : "~1");
		else
			buf_putc(at, *key);
}

static void look(json_t *list, struct buf *at, const json_t *a, const json_t *b);

static void look_at_members(json_t *list, struct buf *at, const json_t *a, const json_t *b)
{
	size_t start = at->n;
	const char *key;
	json_t *v;

	json_object_foreach ((json_t *)a, key, v) {
		put_key(at, key);
		look(list, at, v, json_object_get(b, key));
		at->n = start;
	}
	json_object_foreach ((json_t *)b, key, v) {
		if (json_object_get(a, key))
			continue;
		put_key(at, key);
		look(list, at, NULL, v);
		at->n = start;
	}
}

static void look_at_elements(json_t *list, struct buf *at, const json_t *a, const json_t *b)
{
	size_t start = at->n, n = json_array_size(a), m = json_array_size(b);

	for (size_t i = 0; i < (n > m ? n : m) && json_array_size(list) < DIFFERENCES_MAX; i++) {
		buf_putf(at, "/%zu", i);
		look(list, at, json_array_get(a, i), json_array_get(b, i));
		at->n = start;
	}
}

static void look(json_t *list, struct buf *at, const json_t *a, const json_t *b)
{
	if (json_array_size(list) >= DIFFERENCES_MAX || (a && b && json_equal(a, b)))
		return;
	if (json_is_object(a) && json_is_object(b))
		look_at_members(list, at, a, b);
	else if (json_is_array(a) && json_is_array(b))
		look_at_elements(list, at, a, b);
	else
		add(list, at, a, b);
}

json_t *difference_list(const json_t *recorded, const json_t *again)
{
	struct buf at = BUF_INIT(BUF_RECORD);
	json_t *list = json_array();

	look(list, &at, recorded, again);
	buf_clear(&at);
	return list;
}

void difference_forget(json_t *list, const char *const *at)
{
	for (size_t i = json_array_size(list); i-- > 0;) {
		const char *place = json_string_value(
			json_object_get(json_array_get(list, i), "at"));

		for (const char *const *one = at; *one; one++)
			if (strcmp(place, *one) == 0) {
				json_array_remove(list, i);
				break;
			}
	}
}
