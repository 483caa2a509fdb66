/* Keywords that look at the elements of a list or the members of an object. */
#include <stdlib.h>

#include "base/mem.h"
#include "doc/keyword.h"

int keyword_items(const struct keyword *k, struct err *e)
{
	const json_t *items = json_object_get(k->schema, "items");
	const json_t *prefix = json_object_get(k->schema, "prefixItems");
	size_t i;
	json_t *one;

	if (!json_is_array(k->v))
		return 0;
	if (json_is_array(items)) { /* as in drafts before 2020-12 */
		prefix = items;
		items = NULL;
	}
	json_array_foreach (k->v, i, one) {
		const json_t *schema = i < json_array_size(prefix) ? json_array_get(prefix, i)
								   : items;
		struct keyword_spot at = {.up = k->at, .index = i};

		if (schema && keyword_fits(k->run, schema, one, &at, e))
			return -1;
	}
	return 0;
}

int keyword_list(const struct keyword *k, struct err *e)
{
	if (!json_is_array(k->v))
		return 0;
	return keyword_count(
		k, (int64_t)json_array_size(k->v), "minItems", "maxItems", "elements", e);
}

int keyword_contains(const struct keyword *k, struct err *e)
{
	struct err ignored = ERR_INIT;
	size_t i;
	json_t *one;

	if (!json_is_array(k->v))
		return 0;
	json_array_foreach (k->v, i, one)
		if (keyword_fits(k->run, k->rule, one, k->at, &ignored) == 0)
			return 0;
	return keyword_wrong(k->at, e, "has no element of the kind it must have");
}

int keyword_unique(const struct keyword *k, struct err *e)
{
	json_t *seen, *one;
	size_t i;
	int rc = 0;

	if (!json_is_array(k->v) || !json_is_true(k->rule))
		return 0;
	seen = json_object();
	json_array_foreach (k->v, i, one) {
		char *text = json_canonical(one);

		if (json_object_get(seen, text))
			rc = keyword_wrong(k->at, e, "has an element twice");
		json_object_set_new(seen, text, json_true());
		free(text);
		if (rc)
			break;
	}
	json_decref(seen);
	return rc;
}

int keyword_required(const struct keyword *k, struct err *e)
{
	size_t i;
	json_t *one;

	if (!json_is_object(k->v))
		return 0;
	json_array_foreach (k->rule, i, one) {
		struct keyword_spot at = {.up = k->at, .key = json_string_value(one)};

		if (at.key && !json_object_get(k->v, at.key))
			return keyword_wrong(&at, e, "missing");
	}
	return 0;
}

static int unknown_name(const struct keyword *k, const struct keyword_spot *at, struct err *e)
{
	const json_t *properties = json_object_get(k->schema, "properties");
	const char **names = mem_array(json_object_size(properties) + 1, sizeof *names);
	const char *key, *near;
	size_t n = 0;
	json_t *v;

	json_object_foreach ((json_t *)properties, key, v)
		names[n++] = key;
	near = str_nearest(at->key, names);
	if (near)
		keyword_wrong(at, e, "not known, did you mean '%s'?", near);
	else
		keyword_wrong(at, e, "not known%s", n ? "" : ", it takes none");
	free(names);
	return -1;
}

/* One member against properties, patternProperties and additionalProperties. */
static int check_member(
	const struct keyword *k, const struct keyword_spot *at, const json_t *v, struct err *e)
{
	const json_t *properties = json_object_get(k->schema, "properties");
	const json_t *patterns = json_object_get(k->schema, "patternProperties");
	const json_t *other = json_object_get(k->schema, "additionalProperties");
	const json_t *own = json_object_get(properties, at->key);
	bool known = own != NULL;
	const char *pattern;
	json_t *one;

	if (own && keyword_fits(k->run, own, v, at, e))
		return -1;
	json_object_foreach ((json_t *)patterns, pattern, one) {
		int rc = keyword_matches(k->run, pattern, str_of(at->key));

		if (rc > 0 && keyword_fits(k->run, one, v, at, e))
			return -1;
		known = known || rc > 0;
	}
	if (known || !other)
		return 0;
	return json_is_false(other) ? unknown_name(k, at, e)
				    : keyword_fits(k->run, other, v, at, e);
}

int keyword_members(const struct keyword *k, struct err *e)
{
	const char *key;
	json_t *v;

	if (!json_is_object(k->v))
		return 0;
	json_object_foreach ((json_t *)k->v, key, v) {
		struct keyword_spot at = {.up = k->at, .key = key};

		if (check_member(k, &at, v, e))
			return -1;
	}
	return keyword_count(
		k, (int64_t)json_object_size(k->v), "minProperties", "maxProperties", "members", e);
}

int keyword_names(const struct keyword *k, struct err *e)
{
	const char *key;
	json_t *v;

	if (!json_is_object(k->v))
		return 0;
	json_object_foreach ((json_t *)k->v, key, v) {
		struct keyword_spot at = {.up = k->at, .key = key};
		json_t *name = json_string(key);
		int rc = keyword_fits(k->run, k->rule, name, &at, e);

		json_decref(name);
		if (rc)
			return -1;
	}
	return 0;
}

int keyword_dependent(const struct keyword *k, struct err *e)
{
	const char *key;
	json_t *needs;

	json_object_foreach ((json_t *)k->rule, key, needs) {
		struct keyword required = {k->run, needs, k->schema, k->v, k->at};

		if (json_object_get(k->v, key) && keyword_required(&required, e))
			return -1;
	}
	return 0;
}
