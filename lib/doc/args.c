#include "doc/args.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/arg_value.h"

bool args_may_be_absent(const json_t *declaration)
{
	const json_t *required = json_object_get(declaration, "required");

	return json_is_false(required) && !json_object_get(declaration, "default");
}

static int unknown_name(const json_t *declaration, const char *name, struct err *e)
{
	const char **names = mem_array(json_object_size(declaration) + 1, sizeof *names);
	const char *near, *key;
	size_t n = 0;
	json_t *v;

	json_object_foreach ((json_t *)declaration, key, v)
		names[n++] = key;
	near = str_nearest(name, names);
	if (near)
		err_set(e, ERR_DATA, "argument '%s': not known, did you mean '%s'?", name, near);
	else
		err_set(e, ERR_DATA, "argument '%s': not known%s", name,
			n ? "" : ", it takes none");
	free(names);
	return -1;
}

static int check_names(const json_t *declaration, const json_t *given, struct err *e)
{
	const char *name;
	json_t *v;

	if (given && !json_is_object(given))
		return err_set(e, ERR_DATA, "arguments must be an object");
	json_object_foreach ((json_t *)given, name, v)
		if (!json_object_get(declaration, name))
			return unknown_name(declaration, name, e);
	return 0;
}

/* 0 with *fitted new, or NULL where the argument may be absent and is. */
static int take_one(const json_t *declaration, const char *name, const json_t *given,
	json_t **fitted, struct err *e)
{
	const json_t *fallback = json_object_get(declaration, "default");
	struct err why = ERR_INIT;

	*fitted = NULL;
	if (!given && fallback)
		given = fallback;
	if (!given && args_may_be_absent(declaration))
		return 0;
	if (!given)
		return err_set(e, ERR_DATA, "argument '%s': missing", name);
	*fitted = arg_value_fit(declaration, given, &why);
	return *fitted ? 0 : err_set(e, ERR_DATA, "argument '%s': %s", name, why.text);
}

json_t *args_check(const json_t *declaration, const json_t *given, struct err *e)
{
	json_t *checked, *one, *fitted;
	const char *name;

	if (check_names(declaration, given, e))
		return NULL;
	checked = json_object();
	json_object_foreach ((json_t *)declaration, name, one) {
		if (take_one(one, name, json_object_get(given, name), &fitted, e)) {
			json_decref(checked);
			return NULL;
		}
		if (fitted)
			json_object_set_new(checked, name, fitted);
	}
	return checked;
}

static json_t *schema_of(const json_t *declaration)
{
	static const char *const names[][2] = {{"type", "type"}, {"description", "description"},
		{"default", "default"}, {"pattern", "pattern"}, {"enum", "enum"},
		{"min", "minimum"}, {"max", "maximum"}, {"max_length", "maxLength"},
		{"max_items", "maxItems"}};
	const json_t *items = json_object_get(declaration, "items");
	json_t *schema = json_object(), *v;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if ((v = json_object_get(declaration, names[i][0])))
			json_object_set(schema, names[i][1], v);
	if (items)
		json_object_set_new(schema, "items", schema_of(items));
	return schema;
}

json_t *args_schema(const json_t *declaration)
{
	json_t *schema = json_object(), *properties = json_object(), *required = json_array(), *one;
	const char *name;

	json_object_foreach ((json_t *)declaration, name, one) {
		json_object_set_new(properties, name, schema_of(one));
		if (!json_object_get(one, "default") && !args_may_be_absent(one))
			json_array_append_new(required, json_string(name));
	}
	json_object_set_new(schema, "type", json_string("object"));
	json_object_set_new(schema, "properties", properties);
	json_object_set_new(schema, "required", required);
	json_object_set_new(schema, "additionalProperties", json_false());
	return schema;
}
