#include "doc/args.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "doc/regex.h"

#define LENGTH_DEFAULT 4096
#define ITEMS_DEFAULT  100

enum type { TYPE_STRING, TYPE_INTEGER, TYPE_NUMBER, TYPE_BOOLEAN, TYPE_ARRAY };

static const char *const type_names[] = {"string", "integer", "number", "boolean", "array", NULL};

/* Which keys go with which type. */
static const char *const string_keys[] = {"type", "description", "default", "required", "pattern",
	"enum", "max_length", "dash", "multiline", NULL};
static const char *const number_keys[] = {
	"type", "description", "default", "required", "enum", "min", "max", NULL};
static const char *const boolean_keys[] = {"type", "description", "default", "required", NULL};
static const char *const array_keys[] = {
	"type", "description", "default", "required", "items", "max_items", NULL};
static const char *const *const keys_of[] = {
	string_keys, number_keys, number_keys, boolean_keys, array_keys};

/* Whether one value fits its declaration, which is known to be right. Reasons start with a verb. */

static enum type type_of(const json_t *declaration)
{
	int type = -1;
	const char *name = json_string_value(json_object_get(declaration, "type"));

	for (int i = 0; name && type_names[i]; i++)
		if (strcmp(name, type_names[i]) == 0)
			type = i;
	return type < 0 ? TYPE_STRING : (enum type)type;
}

#define wrong(e, ...) err_set(e, ERR_DATA, __VA_ARGS__)

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

bool args_may_begin_with_dash(const json_t *one)
{
	const json_t *items = json_object_get(one, "items"), *choice;
	size_t i;

	if (items)
		return args_may_begin_with_dash(items);
	if (type_of(one) == TYPE_STRING)
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
	if (is_negative(v) && !args_may_begin_with_dash(declaration))
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

static json_t *fit(const json_t *declaration, const json_t *v, struct err *e);

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
		json_t *fitted = fit(items, item, e);

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

static int check_plain_type(enum type type, const json_t *v, struct err *e)
{
	if (type == TYPE_INTEGER && !json_is_integer(v))
		return wrong(e, "must be a whole number");
	if (type == TYPE_NUMBER && !json_is_number(v))
		return wrong(e, "must be a number");
	if (type == TYPE_BOOLEAN && !json_is_boolean(v))
		return wrong(e, "must be true or false");
	return 0;
}

/* The value as its declaration wants it: a new reference; NULL with the reason. */
static json_t *fit(const json_t *declaration, const json_t *v, struct err *e)
{
	enum type type = type_of(declaration);
	json_t *fitted;
	int rc;

	if (type == TYPE_ARRAY)
		return fit_array(declaration, v, e);
	fitted = type == TYPE_STRING ? json_incref((json_t *)v) : read_text(v);
	if (type == TYPE_STRING)
		rc = check_string(declaration, fitted, e);
	else
		rc = check_plain_type(type, fitted, e) || check_bounds(declaration, fitted, e);
	if (rc == 0 && check_enum(declaration, fitted, e) == 0)
		return fitted;
	json_decref(fitted);
	return NULL;
}

/* Declarations. */

static bool is_arg_name(const char *s)
{
	if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_'))
		return false;
	while ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ||
		*s == '_' || *s == '-')
		s++;
	return *s == '\0';
}

static int check_pattern_key(const struct node *one, struct err *e)
{
	const char *pattern = node_text_or_null(one, "pattern", e);
	struct node at = node_get(one, "pattern");
	struct err why = ERR_INIT;
	struct regex *r;

	if (!pattern)
		return 0;
	r = regex_new(pattern, false, &why);
	if (!r)
		node_fail(&at, e, "%s", why.text);
	regex_free(r);
	return r ? 0 : -1;
}

static int check_limit(const struct node *one, const char *key, int64_t most, struct err *e)
{
	struct node at = node_get(one, key);
	int64_t n = node_integer(one, key, 1, e);

	return n >= 1 && n <= most ? 0
				   : node_fail(&at, e, "must be from 1 to %lld", (long long)most);
}

static int check_range(const struct node *one, struct err *e)
{
	double least = node_number(one, "min", 0, e), most = node_number(one, "max", 0, e);
	struct node min = node_get(one, "min"), max = node_get(one, "max");

	if (node_there(&min) && node_there(&max) && least > most)
		return node_fail(&min, e, "is more than max");
	return e->kind ? -1 : 0;
}

/* default and the choices have to be values that could be given. */
static int check_own_value(const struct node *at, const json_t *declaration, struct err *e)
{
	struct err why = ERR_INIT;
	json_t *fitted = fit(declaration, at->v, &why);

	if (!fitted)
		return node_fail(at, e, "%s", why.text);
	json_decref(fitted);
	return 0;
}

static int check_choices(const struct node *one, struct err *e)
{
	struct node choices = node_get(one, "enum");

	if (!choices.v)
		return 0;
	if (!json_is_array(choices.v) || !node_count(&choices))
		return node_fail(&choices, e, "must be a list of what may be given");
	for (size_t i = 0; i < node_count(&choices); i++) {
		struct node choice = node_at(&choices, i);

		if (check_own_value(&choice, one->v, e))
			return -1;
	}
	return 0;
}

static int check_items(const struct node *one, struct err *e)
{
	struct node items = node_get(one, "items");

	if (node_require(one, "items", e) || node_require(&items, "type", e))
		return -1;
	if (node_choice(&items, "type", type_names, -1, e) == TYPE_ARRAY)
		return node_fail(&items, e, "a list in a list is not known");
	return e->kind ? -1 : 0;
}

static int check_one(const struct node *one, bool in_list, struct err *e);

static int check_default(const struct node *one, struct err *e)
{
	struct node at = node_get(one, "default"), required = node_get(one, "required");
	bool is_required = node_bool(one, "required", false, e);

	if (e->kind || !at.v)
		return e->kind ? -1 : 0;
	if (is_required)
		return node_fail(&required, e, "has a default, so it is never required");
	return check_own_value(&at, one->v, e);
}

static int check_type_keys(const struct node *one, enum type type, struct err *e)
{
	node_text_or_null(one, "description", e);
	if (type == TYPE_STRING) {
		node_bool(one, "dash", false, e);
		node_bool(one, "multiline", false, e);
		return check_pattern_key(one, e) || check_limit(one, "max_length", 1 << 20, e);
	}
	if (type == TYPE_INTEGER || type == TYPE_NUMBER)
		return check_range(one, e);
	if (type == TYPE_ARRAY) {
		struct node items = node_get(one, "items");

		return check_limit(one, "max_items", 10000, e) || check_items(one, e) ||
		       check_one(&items, true, e);
	}
	return 0;
}

static int check_one(const struct node *one, bool in_list, struct err *e)
{
	int type;

	if (!json_is_object(one->v))
		return node_fail(one, e, "must be a mapping such as {type: string}");
	type = node_choice(one, "type", type_names, -1, e);
	if (e->kind || node_known(one, keys_of[type], e))
		return -1;
	if (in_list && (json_object_get(one->v, "default") || json_object_get(one->v, "required")))
		return node_fail(one, e, "an element has no default and is never required");
	if (check_type_keys(one, (enum type)type, e) || e->kind)
		return -1;
	return check_choices(one, e) || check_default(one, e) ? -1 : 0;
}

int args_check_declaration(const struct node *declaration, struct err *e)
{
	const char *name;
	json_t *v;

	if (!node_there(declaration))
		return 0;
	if (node_is_object(declaration, e))
		return -1;
	json_object_foreach (declaration->v, name, v) {
		struct node one = node_get(declaration, name);

		if (!is_arg_name(name))
			return node_fail(
				&one, e, "an argument's name is letters, digits, '_' and '-'");
		if (check_one(&one, false, e))
			return -1;
	}
	return 0;
}

/* What is given. */

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
	*fitted = fit(declaration, given, &why);
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

/* JSON Schema. */

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
