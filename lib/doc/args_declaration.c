/* The declaration, when it is loaded. */
#include "doc/arg_value.h"
#include "doc/args.h"
#include "doc/regex.h"

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
	json_t *fitted = arg_value_fit(declaration, at->v, &why);

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
	if (node_choice(&items, "type", arg_type_names, -1, e) == ARG_ARRAY)
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

static int check_type_keys(const struct node *one, enum arg_type type, struct err *e)
{
	node_text_or_null(one, "description", e);
	if (type == ARG_STRING) {
		node_bool(one, "dash", false, e);
		node_bool(one, "multiline", false, e);
		return check_pattern_key(one, e) || check_limit(one, "max_length", 1 << 20, e);
	}
	if (type == ARG_INTEGER || type == ARG_NUMBER)
		return check_range(one, e);
	if (type == ARG_ARRAY) {
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
	type = node_choice(one, "type", arg_type_names, -1, e);
	if (e->kind || node_known(one, keys_of[type], e))
		return -1;
	if (in_list && (json_object_get(one->v, "default") || json_object_get(one->v, "required")))
		return node_fail(one, e, "an element has no default and is never required");
	if (check_type_keys(one, (enum arg_type)type, e) || e->kind)
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
