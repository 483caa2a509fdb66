#include "wire/function_name.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NAME_MOST 64

static bool fits(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static char *harmless(const char *tool)
{
	size_t n = strlen(tool);
	char *name = mem_copy(tool, n > NAME_MOST ? NAME_MOST : n);

	for (char *c = name; *c; c++)
		if (!fits(*c))
			*c = '_';
	if (!*name) {
		free(name);
		name = mem_text("_");
	}
	return name;
}

/* The name with a number behind it, of the same most. */
static char *numbered(const char *name, unsigned number)
{
	char tail[16], whole[NAME_MOST + sizeof tail];
	int n = snprintf(tail, sizeof tail, "_%u", number);

	snprintf(whole, sizeof whole, "%.*s%s", NAME_MOST - n, name, tail);
	return mem_text(whole);
}

json_t *function_names(const json_t *tools)
{
	json_t *names = json_object(), *taken = json_object(), *one;
	unsigned number = 1;
	size_t i;

	json_array_foreach (tools, i, one) {
		const char *tool = json_string_value(json_object_get(one, "name"));
		char *name;

		if (!tool || json_object_get(names, tool))
			continue;
		name = harmless(tool);
		while (json_object_get(taken, name)) {
			char *other = numbered(name, ++number);

			free(name);
			name = other;
		}
		json_object_set_new(names, tool, json_string(name));
		json_object_set_new(taken, name, json_true());
		free(name);
	}
	json_decref(taken);
	return names;
}

char *function_name(const json_t *names, const char *tool)
{
	const char *name = json_string_value(json_object_get(names, tool));

	return name ? mem_text(name) : harmless(tool);
}

const char *function_tool(const json_t *names, const char *function)
{
	const char *tool;
	json_t *name;

	json_object_foreach ((json_t *)names, tool, name)
		if (strcmp(json_string_value(name), function) == 0)
			return tool;
	return function;
}

json_t *function_tools(const json_t *names, const json_t *tools)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach (tools, i, one) {
		json_t *function = json_object();

		json_object_set(function, "name",
			json_object_get(names, json_string_value(json_object_get(one, "name"))));
		json_object_set(function, "description", json_object_get(one, "description"));
		json_object_set(function, "parameters", json_object_get(one, "schema"));
		json_array_append_new(
			list, json_pack("{s:s,s:o}", "type", "function", "function", function));
	}
	return list;
}
