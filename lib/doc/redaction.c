#include "doc/redaction.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/node.h"

#define SHORTEST 4

static void add_form(struct redaction *r, const char *name, const char *value)
{
	struct redaction_secret one = {mem_text(name), mem_text(value)};
	size_t at = r->count;

	r->all = mem_room(r->all, r->count, &r->cap, sizeof *r->all);
	for (; at > 0 && strlen(r->all[at - 1].value) < strlen(value); at--)
		r->all[at] = r->all[at - 1];
	r->all[at] = one;
	r->count++;
}

/* As JSON writes it, without the quotes; slash: some libraries escape that, too. */
static void put_escaped(struct buf *into, const char *value, bool slash)
{
	struct buf text = BUF_INIT(into->max);
	json_t *v = json_string(value);

	if (v)
		json_put(&text, v);
	for (size_t i = 1; i + 1 < text.n; i++) {
		if (slash && text.p[i] == '/')
			buf_putc(into, '\\');
		buf_putc(into, text.p[i]);
	}
	json_decref(v);
	buf_clear(&text);
}

void redaction_add(struct redaction *r, const char *name, const char *value)
{
	struct buf forms[] = {BUF_INIT(BUF_RECORD), BUF_INIT(BUF_RECORD)};

	add_form(r, name, value);
	put_escaped(&forms[0], value, false);
	put_escaped(&forms[1], value, true);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (forms[i].n && strcmp(buf_text(&forms[i]), value) != 0)
			add_form(r, name, buf_text(&forms[i]));
		buf_clear(&forms[i]);
	}
}

void redaction_clear(struct redaction *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->all[i].name);
		free(r->all[i].value);
	}
	free(r->all);
	*r = (struct redaction){.all = NULL};
}

static void cut_out(struct buf *b, const struct redaction_secret *s)
{
	size_t n = strlen(s->value);
	struct buf clean = BUF_INIT(b->max + b->max / SHORTEST * (strlen(s->name) + 16));
	size_t i = 0, from = 0;

	if (n < SHORTEST)
		return;
	while (i + n <= b->n) {
		if (memcmp(b->p + i, s->value, n)) {
			i++;
			continue;
		}
		buf_put(&clean, b->p + from, i - from);
		buf_putf(&clean, "[secret %s]", s->name);
		i += n;
		from = i;
	}
	if (!from)
		return;
	buf_put(&clean, b->p + from, b->n - from);
	buf_clear(b);
	*b = clean;
}

void redaction_text(const struct redaction *r, struct buf *b)
{
	for (size_t i = 0; i < r->count; i++)
		cut_out(b, &r->all[i]);
}

static json_t *clean_text(const struct redaction *r, const char *p, size_t n)
{
	struct buf b = BUF_INIT(n);
	json_t *text;

	buf_put(&b, p, n);
	redaction_text(r, &b);
	text = json_stringn(buf_text(&b), b.n);
	buf_clear(&b);
	return text ? text : json_string("[secret]"); /* cut through a character */
}

static json_t *clean_value(const struct redaction *r, json_t *v)
{
	const char *key;
	json_t *copy, *one, *name;
	size_t i;

	if (json_is_string(v))
		return clean_text(r, json_string_value(v), json_string_length(v));
	if (json_is_object(v)) {
		copy = json_object();
		json_object_foreach (v, key, one) {
			name = clean_text(r, key, strlen(key));
			json_object_set_new(copy, json_string_value(name), clean_value(r, one));
			json_decref(name);
		}
		return copy;
	}
	if (!json_is_array(v))
		return json_incref(v);
	copy = json_array();
	json_array_foreach (v, i, one)
		json_array_append_new(copy, clean_value(r, one));
	return copy;
}

json_t *redaction_take(const struct redaction *r, json_t *value)
{
	json_t *clean;

	if (!value || !r->count)
		return value;
	clean = clean_value(r, value);
	json_decref(value);
	return clean;
}
