#include "doc/schema.h"

#include "doc/keyword.h"

static int fits_at(const json_t *root, const json_t *schema, const json_t *v,
	const struct keyword_spot *at, struct err *e)
{
	struct keyword_run c = {.root = root, .steps = KEYWORD_STEPS};
	struct err why = ERR_INIT;
	int rc = keyword_fits(&c, schema, v, at, &why);

	if (c.broken)
		return err_set(e, ERR_DATA,
			"cannot be checked: the schema goes in circles, is too deep, or has a "
			"pattern or a reference that does not work");
	return rc ? err_set(e, why.kind, "%s", why.text) : 0;
}

int schema_fits(const json_t *schema, const json_t *v, struct err *e)
{
	return fits_at(schema, schema, v, NULL, e);
}

/* A list or an object where one is wanted: what is wrong is inside of it. */
static bool is_meant(const json_t *schema, const json_t *v)
{
	const char *type = json_string_value(json_object_get(schema, "type"));

	return type && ((json_is_array(v) && strcmp(type, "array") == 0) ||
			       (json_is_object(v) && strcmp(type, "object") == 0));
}

/* A text that does not fit and reads as a value that does is that value. */
static json_t *fit_member(const json_t *schema, const char *key, json_t *v)
{
	const json_t *own = json_object_get(json_object_get(schema, "properties"), key);
	struct err ignored = ERR_INIT, still = ERR_INIT;
	json_t *read;

	if (!own || !json_is_string(v) || fits_at(schema, own, v, NULL, &ignored) == 0)
		return json_incref(v);
	read = json_loadb(json_string_value(v), json_string_length(v),
		JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	if (read && (is_meant(own, read) || fits_at(schema, own, read, NULL, &still) == 0))
		return read;
	json_decref(read);
	return json_incref(v);
}

json_t *schema_check(const json_t *schema, const json_t *given, struct err *e)
{
	json_t *fitted, *v;
	const char *key;

	if (given && !json_is_object(given)) {
		err_set(e, ERR_DATA, "arguments must be an object");
		return NULL;
	}
	fitted = json_object();
	json_object_foreach ((json_t *)given, key, v)
		json_object_set_new(fitted, key, fit_member(schema, key, v));
	if (schema_fits(schema, fitted, e) == 0)
		return fitted;
	json_decref(fitted);
	return NULL;
}
