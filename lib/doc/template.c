#include "doc/template.h"

#include <stdlib.h>

#include "json/node.h"

struct piece {
	bool is_name;
	struct str text;
};

static int bad(struct err *e, struct str whole, const char *why)
{
	return err_set(
		e, ERR_CONFIG, "'%.*s': %s", whole.n > 200 ? 200 : (int)whole.n, whole.p, why);
}

/* A brace that begins a name, or one of two that stand for one. */
static int next_brace(struct str whole, struct str *rest, struct piece *piece, struct err *e)
{
	const char *end;

	if (rest->n > 1 && rest->p[1] == rest->p[0]) {
		*piece = (struct piece){false, {rest->p, 1}};
		*rest = (struct str){rest->p + 2, rest->n - 2};
		return 1;
	}
	if (rest->p[0] == '}')
		return bad(e, whole, "a '}' that closes nothing; a brace itself is written '}}'");
	end = memchr(rest->p, '}', rest->n);
	if (!end || memchr(rest->p + 1, '{', (size_t)(end - rest->p - 1)))
		return bad(e, whole, "a '{' that is not closed; a brace itself is written '{{'");
	if (end == rest->p + 1)
		return bad(e, whole, "'{}' names nothing");
	*piece = (struct piece){true, {rest->p + 1, (size_t)(end - rest->p) - 1}};
	*rest = (struct str){end + 1, (size_t)(rest->p + rest->n - end) - 1};
	return 1;
}

/* Takes the next run of plain text, brace, or name off the front. 1, 0 at the end, -1. */
static int next_piece(struct str whole, struct str *rest, struct piece *piece, struct err *e)
{
	size_t n = 0;

	if (!rest->n)
		return 0;
	if (rest->p[0] == '{' || rest->p[0] == '}')
		return next_brace(whole, rest, piece, e);
	while (n < rest->n && rest->p[n] != '{' && rest->p[n] != '}')
		n++;
	*piece = (struct piece){false, {rest->p, n}};
	*rest = (struct str){rest->p + n, rest->n - n};
	return 1;
}

static const json_t *look_up(template_lookup_fn *lookup, void *arg, struct str name, struct err *e)
{
	const json_t *v = lookup(arg, name, e);

	if (!v)
		err_set(e, ERR_DATA, "nothing here is called '%.*s'", STR_ARG(name));
	return v;
}

/* A buffer that is full says so itself, once, at the end. */
int template_put(const json_t *v, struct str name, struct buf *into, struct err *e)
{
	char *number;

	if (json_is_string(v)) {
		buf_put(into, json_string_value(v), json_string_length(v));
	} else if (json_is_boolean(v)) {
		buf_puts(into, json_is_true(v) ? "true" : "false");
	} else if (json_is_number(v)) {
		number = json_canonical(v);
		buf_puts(into, number);
		free(number);
	} else {
		return err_set(e, ERR_DATA,
			"'%.*s' is no text, number or truth, so it cannot stand in a text",
			STR_ARG(name));
	}
	return 0;
}

int template_fill(
	const char *text, template_lookup_fn *lookup, void *arg, struct buf *into, struct err *e)
{
	struct str whole = str_of(text), rest = whole;
	struct piece piece;
	const json_t *v;
	int rc;

	while ((rc = next_piece(whole, &rest, &piece, e)) > 0) {
		if (!piece.is_name) {
			buf_putstr(into, piece.text);
			continue;
		}
		v = look_up(lookup, arg, piece.text, e);
		if (!v || template_put(v, piece.text, into, e))
			return -1;
	}
	if (rc == 0 && into->full)
		return err_set(e, ERR_DATA, "what '%.60s' becomes is too long", text);
	return rc;
}

bool template_alone(const char *text, struct str *name)
{
	struct str whole = str_of(text), rest = whole;
	struct err ignored = ERR_INIT;
	struct piece piece;

	if (next_piece(whole, &rest, &piece, &ignored) <= 0 || !piece.is_name || rest.n)
		return false;
	*name = piece.text;
	return true;
}

static json_t *fill_text(const json_t *text, template_lookup_fn *lookup, void *arg, struct err *e)
{
	struct str whole = {json_string_value(text), json_string_length(text)};
	struct buf into = BUF_INIT(BUF_RECORD);
	const json_t *v;
	struct str name;
	json_t *filled = NULL;

	if (template_alone(whole.p, &name)) {
		v = look_up(lookup, arg, name, e);
		return v ? json_deep_copy(v) : NULL;
	}
	if (template_fill(whole.p, lookup, arg, &into, e) == 0) {
		filled = json_stringn(buf_text(&into), into.n);
		if (!filled)
			err_set(e, ERR_DATA, "what '%.60s' becomes is not UTF-8", whole.p);
	}
	buf_clear(&into);
	return filled;
}

static json_t *fill_object(const json_t *tree, template_lookup_fn *lookup, void *arg, struct err *e)
{
	json_t *copy = json_object(), *v;
	const char *key;

	json_object_foreach ((json_t *)tree, key, v) {
		json_t *filled = template_tree(v, lookup, arg, e);

		if (!filled || json_object_set_new(copy, key, filled)) {
			json_decref(copy);
			return NULL;
		}
	}
	return copy;
}

static json_t *fill_array(const json_t *tree, template_lookup_fn *lookup, void *arg, struct err *e)
{
	json_t *copy = json_array(), *v;
	size_t i;

	json_array_foreach (tree, i, v) {
		json_t *filled = template_tree(v, lookup, arg, e);

		if (!filled || json_array_append_new(copy, filled)) {
			json_decref(copy);
			return NULL;
		}
	}
	return copy;
}

json_t *template_tree(const json_t *tree, template_lookup_fn *lookup, void *arg, struct err *e)
{
	if (json_is_object(tree))
		return fill_object(tree, lookup, arg, e);
	if (json_is_array(tree))
		return fill_array(tree, lookup, arg, e);
	if (json_is_string(tree))
		return fill_text(tree, lookup, arg, e);
	return json_deep_copy(tree);
}

int template_names(const char *text, template_each_fn *each, void *arg, struct err *e)
{
	struct str whole = str_of(text), rest = whole;
	struct piece piece;
	int rc;

	while ((rc = next_piece(whole, &rest, &piece, e)) > 0)
		if (piece.is_name && each && each(arg, piece.text, e))
			return -1;
	return rc;
}

int template_check(const struct node *n, template_each_fn *each, void *arg, struct err *e)
{
	struct err why = ERR_INIT;
	const char *key;
	json_t *v;

	if (json_is_string(n->v) && template_names(json_string_value(n->v), each, arg, &why))
		return node_fail(n, e, "%s", why.text);
	json_object_foreach (json_is_object(n->v) ? n->v : NULL, key, v) {
		struct node member = node_get(n, key);

		if (template_check(&member, each, arg, e))
			return -1;
	}
	for (size_t i = 0; json_is_array(n->v) && i < node_count(n); i++) {
		struct node element = node_at(n, i);

		if (template_check(&element, each, arg, e))
			return -1;
	}
	return 0;
}
