#include "json/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/when.h"

#define MESSAGE_MAX 1023

struct node node_root(json_t *v, const struct source *source)
{
	return (struct node){.v = v, .source = source};
}

struct node node_get(const struct node *object, const char *key)
{
	return (struct node){.v = json_object_get(object->v, key),
		.up = object,
		.key = key,
		.source = object->source};
}

struct node node_at(const struct node *array, size_t index)
{
	return (struct node){.v = json_array_get(array->v, index),
		.up = array,
		.index = index,
		.source = array->source};
}

size_t node_count(const struct node *n)
{
	return json_is_array(n->v) ? json_array_size(n->v) : json_object_size(n->v);
}

void node_path(const struct node *n, struct buf *into)
{
	if (!n->up)
		return;
	node_path(n->up, into);
	if (n->key)
		buf_putf(into, "%s%s", into->n ? "." : "", n->key);
	else
		buf_putf(into, "[%zu]", n->index);
}

/* Where the node stands in its text; what is absent stands where its parent does. */
static const struct place *place_of(const struct node *n)
{
	const struct places *places = n->source ? n->source->places : NULL;
	const struct place *at = NULL;

	for (; places && n && !at; n = n->up)
		at = places_find(places, n->up ? n->up->v : NULL, n->key, n->index);
	return at;
}

int node_fail(const struct node *n, struct err *e, const char *fmt, ...)
{
	struct buf path = BUF_INIT(MESSAGE_MAX);
	const struct place *at = place_of(n);
	char why[MESSAGE_MAX + 1];
	va_list ap;

	if (e->kind != ERR_NONE)
		return -1;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	node_path(n, &path);
	err_set(e, n->source ? n->source->kind : ERR_DATA, "%s%s%s", buf_text(&path),
		path.n ? ": " : "", why);
	if (at)
		err_prefix(e, "%s:%u:%u: ", n->source->name, at->line, at->column);
	else if (n->source)
		err_prefix(e, "%s: ", n->source->name);
	buf_clear(&path);
	return -1;
}

static const char *type_name(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		break;
	}
	return "null";
}

static int wrong_type(const struct node *n, const char *wanted, struct err *e)
{
	return node_fail(n, e, "must be %s, is %s", wanted, type_name(n->v));
}

int node_is_object(const struct node *n, struct err *e)
{
	return !node_there(n) || json_is_object(n->v) ? 0 : wrong_type(n, "an object", e);
}

int node_is_array(const struct node *n, struct err *e)
{
	return !node_there(n) || json_is_array(n->v) ? 0 : wrong_type(n, "a list", e);
}

int node_known(const struct node *object, const char *const *known, struct err *e)
{
	const char *key, *near;
	json_t *value;

	if (node_is_object(object, e))
		return -1;
	json_object_foreach (object->v, key, value) {
		struct node member = node_get(object, key);
		size_t i = 0;

		while (known[i] && strcmp(known[i], key) != 0)
			i++;
		if (known[i])
			continue;
		near = str_nearest(key, known);
		if (near)
			return node_fail(&member, e, "unknown key: did you mean '%s'?", near);
		return node_fail(&member, e, "unknown key");
	}
	return 0;
}

int node_require(const struct node *object, const char *key, struct err *e)
{
	struct node member = node_get(object, key);

	if (node_is_object(object, e))
		return -1;
	return node_there(&member) ? 0 : node_fail(object, e, "'%s' is missing", key);
}

#define TYPE(t) (1U << (t))

/* The member's value when it is there and of one of the types; NULL, maybe with an error, else. */
static json_t *value_of(
	const struct node *member, unsigned types, const char *wanted, struct err *e)
{
	if (node_is_object(member->up, e) || !node_there(member))
		return NULL;
	if (types & TYPE(json_typeof(member->v)))
		return member->v;
	wrong_type(member, wanted, e);
	return NULL;
}

const char *node_text_or_null(const struct node *object, const char *key, struct err *e)
{
	struct node member = node_get(object, key);

	return json_string_value(value_of(&member, TYPE(JSON_STRING), "a text", e));
}

const char *node_text(
	const struct node *object, const char *key, const char *fallback, struct err *e)
{
	const char *text;

	if (!fallback && node_require(object, key, e))
		return NULL;
	text = node_text_or_null(object, key, e);
	return text ? text : fallback;
}

bool node_bool(const struct node *object, const char *key, bool fallback, struct err *e)
{
	struct node member = node_get(object, key);
	json_t *v = value_of(&member, TYPE(JSON_TRUE) | TYPE(JSON_FALSE), "true or false", e);

	return v ? json_is_true(v) : fallback;
}

int64_t node_integer(const struct node *object, const char *key, int64_t fallback, struct err *e)
{
	struct node member = node_get(object, key);
	json_t *v = value_of(&member, TYPE(JSON_INTEGER), "a whole number", e);

	return v ? json_integer_value(v) : fallback;
}

double node_number(const struct node *object, const char *key, double fallback, struct err *e)
{
	struct node member = node_get(object, key);
	json_t *v = value_of(&member, TYPE(JSON_INTEGER) | TYPE(JSON_REAL), "a number", e);

	return v ? json_number_value(v) : fallback;
}

int64_t node_span(const struct node *object, const char *key, int64_t fallback, struct err *e)
{
	struct node member = node_get(object, key);
	json_t *v = value_of(&member, TYPE(JSON_STRING), "a time such as 30s, 5m or 2h", e);
	int64_t ms = fallback;

	if (v && span_parse(str_of(json_string_value(v)), &ms))
		node_fail(&member, e, "'%s' is not a time such as 30s, 5m or 2h",
			json_string_value(v));
	return ms;
}

static void not_one_of(const struct node *n, const char *const *names, struct err *e)
{
	struct buf list = BUF_INIT(MESSAGE_MAX);
	const char *near = str_nearest(json_string_value(n->v), names);

	for (size_t i = 0; names[i]; i++)
		buf_putf(&list, "%s%s", i ? ", " : "", names[i]);
	if (near)
		node_fail(n, e, "'%s' is not one of %s: did you mean '%s'?",
			json_string_value(n->v), buf_text(&list), near);
	else
		node_fail(n, e, "'%s' is not one of %s", json_string_value(n->v), buf_text(&list));
	buf_clear(&list);
}

int node_choice(const struct node *object, const char *key, const char *const *names, int fallback,
	struct err *e)
{
	struct node member = node_get(object, key);
	const char *text;

	if (fallback < 0 && node_require(object, key, e))
		return fallback;
	text = node_text_or_null(object, key, e);
	if (!text)
		return fallback;
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	not_one_of(&member, names, e);
	return fallback;
}
