#include "doc/arg_value.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "doc/regex.h"

#define LENGTH_DEFAULT 4096
#define ITEMS_DEFAULT  100
#define wrong(e, ...)  err_set(e, ERR_DATA, __VA_ARGS__)

const char *const arg_type_names[] = {"string", "integer", "number", "boolean", "array", NULL};

static enum arg_type type_of(const json_t *declaration)
{
	int type = -1;
	const char *name = json_string_value(json_object_get(declaration, "type"));

	for (int i = 0; name && arg_type_names[i]; i++)
		if (strcmp(name, arg_type_names[i]) == 0)
			type = i;
	return type < 0 ? ARG_STRING : (enum arg_type)type;
}

static int64_t characters(const char *s)
{
	int64_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static int64_t limit_of(const json_t *declaration, const char *key, int64_t fallback)
{
	const json_t *v = json_object_get(declaration, key);

	return json_is_integer(v) ? json_integer_value(v) : fallback;
}

static bool is_set(const json_t *declaration, const char *key)
{
	return json_is_true(json_object_get(declaration, key));
}

static int check_pattern(const char *pattern, const json_t *v, struct err *e)
{
	struct regex *r = regex_new(pattern, false, e);
	bool fits = r && regex_match(r, (struct str){json_string_value(v), json_string_length(v)});

	regex_free(r);
	return fits ? 0 : wrong(e, "'%.100s' does not match %s", json_string_value(v), pattern);
}

static int check_string(const json_t *declaration, const json_t *v, struct err *e)
{
	const char *s = json_string_value(v);
	const char *pattern = json_string_value(json_object_get(declaration, "pattern"));
	int64_t most = limit_of(declaration, "max_length", LENGTH_DEFAULT);

	if (!s)
		return wrong(e, "must be a text; put it in quotes");
	if (strlen(s) != json_string_length(v))
		return wrong(e, "holds a NUL");
	if (strpbrk(s, "\n\r") && !is_set(declaration, "multiline"))
		return wrong(e, "has more than one line");
	if (s[0] == '-' && !is_set(declaration, "dash"))
		return wrong(e, "'%.100s' starts with '-' and would be read as an option", s);
	if (characters(s) > most)
		return wrong(e, "is longer than %lld characters", (long long)most);
	return pattern ? check_pattern(pattern, v, e) : 0;
}

static bool is_negative(const json_t *v)
{
	return json_is_number(v) && json_number_value(v) < 0;
}

bool arg_value_may_begin_with_dash(const json_t *one)
{
	const json_t *items = json_object_get(one, "items"), *choice;
	size_t i;

	if (items)
		return arg_value_may_begin_with_dash(items);
	if (type_of(one) == ARG_STRING)
		return is_set(one, "dash");
	json_array_foreach (json_object_get(one, "enum"), i, choice)
		if (is_negative(choice))
			return true;
	return is_negative(json_object_get(one, "min"));
}

static int check_bounds(const json_t *declaration, const json_t *v, struct err *e)
{
	const json_t *least = json_object_get(declaration, "min");
	const json_t *most = json_object_get(declaration, "max");

	if (least && json_number_value(v) < json_number_value(least))
		return wrong(e, "is less than %.15g", json_number_value(least));
	if (most && json_number_value(v) > json_number_value(most))
		return wrong(e, "is more than %.15g", json_number_value(most));
	if (is_negative(v) && !arg_value_may_begin_with_dash(declaration))
		return wrong(e, "is negative and would be read as an option; declare a negative min");
	return 0;
}

static bool same(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return json_number_value(a) == json_number_value(b);
	return json_equal(a, b);
}

static void put_choice(struct buf *into, const json_t *choice)
{
	char *text = json_is_string(choice) ? mem_text(json_string_value(choice))
					    : json_canonical(choice);

	buf_putf(into, "%s%s", into->n ? ", " : "", text);
	free(text);
}

static int check_enum(const json_t *declaration, const json_t *v, struct err *e)
{
	const json_t *choices = json_object_get(declaration, "enum");
	struct buf list = BUF_INIT(512);
	size_t i;
	json_t *choice;

	if (!choices)
		return 0;
	json_array_foreach (choices, i, choice) {
		if (same(choice, v)) {
			buf_clear(&list);
			return 0;
		}
		put_choice(&list, choice);
	}
	wrong(e, "is not one of %s", buf_text(&list));
	buf_clear(&list);
	return -1;
}

static json_t *fit_array(const json_t *declaration, const json_t *v, struct err *e)
{
	int64_t most = limit_of(declaration, "max_items", ITEMS_DEFAULT);
	const json_t *items = json_object_get(declaration, "items");
	json_t *copy, *item;
	size_t i;

	if (!json_is_array(v) || json_array_size(v) > (size_t)most) {
		if (json_is_array(v))
			wrong(e, "has more than %lld elements", (long long)most);
		else
			wrong(e, "must be a list");
		return NULL;
	}
	copy = json_array();
	json_array_foreach (v, i, item) {
		json_t *fitted = arg_value_fit(items, item, e);

		if (!fitted) {
			err_prefix(e, "[%zu] ", i);
			json_decref(copy);
			return NULL;
		}
		json_array_append_new(copy, fitted);
	}
	return copy;
}

/* Labels are texts: a text that is, in JSON's grammar, of the type asked for counts as it. */
static json_t *read_text(const json_t *v)
{
	json_t *read = NULL;

	if (json_is_string(v))
		read = json_loadb(
			json_string_value(v), json_string_length(v), JSON_DECODE_ANY, NULL);
	return read ? read : json_incref((json_t *)v);
}

static int check_plain_type(enum arg_type type, const json_t *v, struct err *e)
{
	if (type == ARG_INTEGER && !json_is_integer(v))
		return wrong(e, "must be a whole number");
	if (type == ARG_NUMBER && !json_is_number(v))
		return wrong(e, "must be a number");
	if (type == ARG_BOOLEAN && !json_is_boolean(v))
		return wrong(e, "must be true or false");
	return 0;
}

/* The value as its declaration wants it: a new reference; NULL with the reason. */
json_t *arg_value_fit(const json_t *declaration, const json_t *v, struct err *e)
{
	enum arg_type type = type_of(declaration);
	json_t *fitted;
	int rc;

	if (type == ARG_ARRAY)
		return fit_array(declaration, v, e);
	fitted = type == ARG_STRING ? json_incref((json_t *)v) : read_text(v);
	if (type == ARG_STRING)
		rc = check_string(declaration, fitted, e);
	else
		rc = check_plain_type(type, fitted, e) || check_bounds(declaration, fitted, e);
	if (rc == 0 && check_enum(declaration, fitted, e) == 0)
		return fitted;
	json_decref(fitted);
	return NULL;
}
