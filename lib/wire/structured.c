#include "wire/structured.h"

#include <string.h>

#include "doc/chat.h"
#include "json/node.h"

#define SCHEMA_MOST ((size_t)4 << 20)

const char *const structured_anthropic[] = {"type", "enum", "const", "anyOf", "allOf", "$ref",
	"$defs", "format", "description", "properties", "required", "additionalProperties", "items",
	NULL};
const char *const structured_gemini[] = {"$id", "$defs", "$ref", "$anchor", "type", "format",
	"title", "description", "enum", "items", "prefixItems", "minItems", "maxItems", "minimum",
	"maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required",
	"propertyOrdering", NULL};
static const char *const openai_strict[] = {"$defs", "$ref", "type", "enum", "const", "anyOf",
	"description", "properties", "required", "additionalProperties", "items", NULL};

static bool is_among(const char *word, const char *const *known)
{
	for (; *known; known++)
		if (strcmp(word, *known) == 0)
			return true;
	return false;
}

/* Under these words stand schemas by a name, in these others lists of schemas. */
static const char *const named[] = {"properties", "$defs", NULL};
static const char *const listed[] = {"anyOf", "allOf", "oneOf", "prefixItems", NULL};
static const char *const single[] = {"items", "additionalProperties", NULL};

typedef bool schema_fn(const json_t *schema, const void *arg);

/* Whether the function holds for a schema and every schema in it. */
static bool all_hold(const json_t *schema, schema_fn *holds, const void *arg)
{
	const char *word, *name;
	json_t *v, *one;
	size_t i;

	if (!json_is_object(schema))
		return true;
	if (!holds(schema, arg))
		return false;
	json_object_foreach ((json_t *)schema, word, v) {
		if (is_among(word, single) && !all_hold(v, holds, arg))
			return false;
		if (is_among(word, listed))
			json_array_foreach (v, i, one)
				if (!all_hold(one, holds, arg))
					return false;
		if (is_among(word, named))
			json_object_foreach (v, name, one)
				if (!all_hold(one, holds, arg))
					return false;
	}
	return true;
}

static bool may_be(const json_t *schema, const char *type)
{
	const json_t *said = json_object_get(schema, "type");
	size_t i;
	json_t *one;

	if (json_is_string(said))
		return strcmp(json_string_value(said), type) == 0;
	json_array_foreach (said, i, one)
		if (json_is_string(one) && strcmp(json_string_value(one), type) == 0)
			return true;
	/* Without a type it is anything, unless something else says what it is. */
	return !said && !json_object_get(schema, "enum") && !json_object_get(schema, "const") &&
	       !json_object_get(schema, "anyOf") && !json_object_get(schema, "allOf") &&
	       !json_object_get(schema, "oneOf") && !json_object_get(schema, "$ref");
}

static bool is_closed(const json_t *schema, const void *arg)
{
	(void)arg;
	return !may_be(schema, "object") ||
	       (json_object_size(json_object_get(schema, "properties")) &&
		       json_is_false(json_object_get(schema, "additionalProperties")));
}

bool structured_is_closed(const json_t *schema)
{
	return all_hold(schema, is_closed, NULL);
}

static bool names_all(const json_t *required, const char *name)
{
	size_t i;
	json_t *one;

	json_array_foreach (required, i, one)
		if (json_is_string(one) && strcmp(json_string_value(one), name) == 0)
			return true;
	return false;
}

static bool is_strict(const json_t *schema, const void *arg)
{
	json_t *properties = json_object_get(schema, "properties"), *v;
	const char *word;

	json_object_foreach ((json_t *)schema, word, v)
		if (!is_among(word, arg))
			return false;
	json_object_foreach (properties, word, v)
		if (!names_all(json_object_get(schema, "required"), word))
			return false;
	return is_closed(schema, NULL);
}

bool structured_is_strict(const json_t *schema)
{
	return all_hold(schema, is_strict, openai_strict);
}

static json_t *subset_of(const char *word, json_t *v, const char *const *known)
{
	json_t *made, *one;
	const char *name;
	size_t i;

	if (is_among(word, single))
		return structured_subset(v, known);
	if (is_among(word, listed)) {
		made = json_array();
		json_array_foreach (v, i, one)
			json_array_append_new(made, structured_subset(one, known));
		return made;
	}
	if (is_among(word, named)) {
		made = json_object();
		json_object_foreach (v, name, one)
			json_object_set_new(made, name, structured_subset(one, known));
		return made;
	}
	return json_incref(v);
}

json_t *structured_subset(const json_t *schema, const char *const *known)
{
	json_t *made, *v;
	const char *word;

	if (!json_is_object(schema))
		return json_deep_copy(schema);
	made = json_object();
	json_object_foreach ((json_t *)schema, word, v)
		if (is_among(word, known))
			json_object_set_new(made, word, subset_of(word, v, known));
	return made;
}

void structured_words(const json_t *schema, struct buf *into)
{
	buf_puts(into, "Answer with one JSON value, and nothing before or after it. It has to "
		       "satisfy this JSON Schema:\n");
	json_put(into, schema);
}

json_t *structured_messages(const json_t *ask)
{
	const json_t *messages = json_object_get(ask, "messages");
	const json_t *schema = json_object_get(ask, "schema");
	json_t *made = json_copy((json_t *)messages);
	struct buf words = BUF_INIT(SCHEMA_MOST);
	size_t at = 0;

	if (!schema)
		return made;
	structured_words(schema, &words);
	while (chat_is(json_array_get(messages, at), "system"))
		at++;
	json_array_insert_new(made, at,
		json_pack("{s:s,s:s}", "role", "system", "content", buf_text(&words)));
	buf_clear(&words);
	return made;
}
