#include "flow/declared.h"

#include <string.h>

#include "flow/briefing.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static json_t *as_function(const struct tool *t)
{
	return json_pack("{s:s, s:s*, s:o}", "name", t->name, "description", t->description, "schema",
		tool_schema(t));
}

bool declared_is(const struct catalogue *installed, const json_t *object)
{
	bool function = json_object_get(object, "schema") != NULL;
	const char *name = text_of(object, function ? "name" : "tool");
	const struct tool *t = name ? catalogue_find(installed, name) : NULL;
	json_t *own;
	bool is;

	if (!t || strcmp(t->name, name) != 0)
		return false;
	own = function ? as_function(t) : briefing_tool(t);
	is = json_equal(own, object);
	json_decref(own);
	return is;
}
