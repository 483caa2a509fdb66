/* The schema itself, when it is loaded: what could not be checked later is refused now. */
#include "base/str.h"
#include "doc/regex.h"
#include "doc/schema.h"

struct walk {
	const json_t *root;
	struct err *e;
};

static int walk_schema(const struct walk *w, const struct node *n);

static bool is_in(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static int check_reference(const struct walk *w, const struct node *n)
{
	const char *ref = json_string_value(n->v);

	if (!ref)
		return node_fail(n, w->e, "must be a text");
	if (ref[0] != '#')
		return node_fail(n, w->e,
			"'%s' is elsewhere, and nothing is fetched: copy it into $defs", ref);
	if ((ref[1] && ref[1] != '/') || !pointer_get((json_t *)w->root, ref + 1))
		return node_fail(n, w->e, "'%s' leads nowhere in this schema", ref);
	return 0;
}

static int check_type_name(const struct walk *w, const struct node *n)
{
	static const char *const types[] = {
		"object", "array", "string", "number", "integer", "boolean", "null", NULL};
	const char *type = json_string_value(n->v);

	if (type && is_in(type, types))
		return 0;
	if (json_is_array(n->v) && node_count(n)) {
		for (size_t i = 0; i < node_count(n); i++) {
			struct node one = node_at(n, i);

			if (!json_is_string(one.v) || check_type_name(w, &one))
				return node_fail(&one, w->e, "is no type of JSON");
		}
		return 0;
	}
	return node_fail(n, w->e, "is no type of JSON");
}

static int check_regex(const struct walk *w, const struct node *at, const char *pattern)
{
	struct err why = ERR_INIT;
	struct regex *r = pattern ? regex_new(pattern, false, &why) : NULL;

	regex_free(r);
	if (r)
		return 0;
	return node_fail(at, w->e, "%s", pattern ? why.text : "must be a regular expression");
}

static int walk_map(const struct walk *w, const struct node *n, bool patterns)
{
	const char *key;
	json_t *v;

	if (!json_is_object(n->v))
		return node_fail(n, w->e, "must be a mapping");
	json_object_foreach (n->v, key, v) {
		struct node one = node_get(n, key);

		if ((patterns && check_regex(w, &one, key)) || walk_schema(w, &one))
			return -1;
	}
	return 0;
}

static int walk_member(const struct walk *w, const char *key, const struct node *n)
{
	static const char *const maps[] = {
		"properties", "$defs", "definitions", "dependentSchemas", NULL};
	static const char *const lists[] = {"allOf", "anyOf", "oneOf", "prefixItems", NULL};
	static const char *const schemas[] = {"items", "additionalProperties", "propertyNames",
		"contains", "not", "if", "then", "else", NULL};

	if (strcmp(key, "$ref") == 0)
		return check_reference(w, n);
	if (strcmp(key, "type") == 0)
		return check_type_name(w, n);
	if (strcmp(key, "pattern") == 0)
		return check_regex(w, n, json_string_value(n->v));
	if (is_in(key, maps) || strcmp(key, "patternProperties") == 0)
		return walk_map(w, n, !is_in(key, maps));
	if (is_in(key, lists) || (is_in(key, schemas) && json_is_array(n->v))) {
		for (size_t i = 0; i < node_count(n); i++) {
			struct node one = node_at(n, i);

			if (walk_schema(w, &one))
				return -1;
		}
		return json_is_array(n->v) ? 0 : node_fail(n, w->e, "must be a list");
	}
	return is_in(key, schemas) ? walk_schema(w, n) : 0;
}

static int walk_schema(const struct walk *w, const struct node *n)
{
	const char *key;
	json_t *v;

	if (json_is_boolean(n->v))
		return 0;
	if (!json_is_object(n->v))
		return node_fail(n, w->e, "must be a schema: a mapping, or true or false");
	json_object_foreach (n->v, key, v) {
		struct node one = node_get(n, key);

		if (walk_member(w, key, &one))
			return -1;
	}
	return 0;
}

int schema_check_declaration(const struct node *schema, struct err *e)
{
	struct walk w = {.root = schema->v, .e = e};
	const char *type = json_string_value(json_object_get(schema->v, "type"));

	if (!json_is_object(schema->v) || !type || strcmp(type, "object") != 0)
		return node_fail(schema, e, "must be the schema of an object: {type: object, ...}");
	return walk_schema(&w, schema);
}
