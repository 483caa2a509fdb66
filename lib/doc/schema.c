#include "doc/schema.h"

#include <math.h>
#include <stdarg.h>

#include "base/mem.h"
#include "doc/regex.h"

#define DEPTH_MOST 64
#define STEPS_MOST 100000 /* schemas looked at for one value, in all */

/* Where a value stands, from the root; on the stack. */
struct spot {
	const struct spot *up;
	const char *key; /* NULL: an element */
	size_t index;
};

struct check {
	const json_t *root;
	int depth;
	long steps;
	bool broken; /* it cannot be told; then nothing fits, not even under `not` */
};

/* What a keyword is told: `rule` is its value, `schema` what it stands in. */
struct ask {
	struct check *c;
	const json_t *rule, *schema;
	const json_t *v;
	const struct spot *at;
};

static int fits(struct check *c, const json_t *schema, const json_t *v, const struct spot *at,
	struct err *e);

/* --- reasons --- */

static void put_spot(struct buf *into, const struct spot *at)
{
	if (!at)
		return;
	put_spot(into, at->up);
	if (!at->key)
		buf_putf(into, "[%zu]", at->index);
	else if (!at->up)
		buf_putf(into, "argument '%s'", at->key);
	else
		buf_putf(into, "%s.%s", at->up->up ? "" : ": ", at->key);
}

static int wrong(const struct spot *at, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int wrong(const struct spot *at, struct err *e, const char *fmt, ...)
{
	struct buf place = BUF_INIT(400);
	char why[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	put_spot(&place, at);
	err_set(e, ERR_DATA, "%s%s%s", buf_text(&place), place.n ? ": " : "", why);
	buf_clear(&place);
	return -1;
}

/* --- values --- */

static bool is_type(const char *type, const json_t *v)
{
	if (strcmp(type, "object") == 0)
		return json_is_object(v);
	if (strcmp(type, "array") == 0)
		return json_is_array(v);
	if (strcmp(type, "string") == 0)
		return json_is_string(v);
	if (strcmp(type, "number") == 0)
		return json_is_number(v);
	if (strcmp(type, "integer") == 0)
		return json_is_integer(v) ||
		       (json_is_real(v) && floor(json_real_value(v)) == json_real_value(v));
	if (strcmp(type, "boolean") == 0)
		return json_is_boolean(v);
	return strcmp(type, "null") == 0 && json_is_null(v);
}

static bool same(const json_t *a, const json_t *b)
{
	char *one = json_canonical(a), *other = json_canonical(b);
	bool yes = strcmp(one, other) == 0;

	free(one);
	free(other);
	return yes;
}

static int64_t characters(const json_t *v)
{
	const char *s = json_string_value(v);
	int64_t n = 0;

	for (size_t i = 0; i < json_string_length(v); i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

static int matches(const char *pattern, struct str text)
{
	struct err ignored = ERR_INIT;
	struct regex *r = regex_new(pattern, false, &ignored);
	int rc = r ? regex_try(r, text) : -1;

	regex_free(r);
	return rc;
}

/* --- keywords for any value --- */

static const json_t *target(const json_t *root, const char *ref)
{
	if (ref[0] != '#' || (ref[1] && ref[1] != '/'))
		return NULL;
	return pointer_get((json_t *)root, ref + 1);
}

static int check_ref(const struct ask *a, struct err *e)
{
	const char *ref = json_string_value(a->rule);
	const json_t *to = ref ? target(a->c->root, ref) : NULL;

	if (to)
		return fits(a->c, to, a->v, a->at, e);
	a->c->broken = true;
	return wrong(a->at, e, "cannot be checked");
}

static int check_type(const struct ask *a, struct err *e)
{
	struct buf list = BUF_INIT(200);
	bool one = json_is_string(a->rule), fit = false;
	size_t n = one ? 1 : json_array_size(a->rule);

	for (size_t i = 0; i < n && !fit; i++) {
		const char *type =
			json_string_value(one ? a->rule : json_array_get(a->rule, i));

		fit = type && is_type(type, a->v);
		buf_putf(&list, "%s%s", i ? " or " : "", type ? type : "?");
	}
	if (!fit)
		wrong(a->at, e, "must be of type %s", buf_text(&list));
	buf_clear(&list);
	return fit ? 0 : -1;
}

static int check_const(const struct ask *a, struct err *e)
{
	char *text = json_canonical(a->rule);
	int rc = same(a->rule, a->v) ? 0 : wrong(a->at, e, "must be %.100s", text);

	free(text);
	return rc;
}

static int check_enum(const struct ask *a, struct err *e)
{
	struct buf list = BUF_INIT(300);
	size_t i;
	json_t *one;

	json_array_foreach (a->rule, i, one) {
		if (same(one, a->v)) {
			buf_clear(&list);
			return 0;
		}
		if (list.n < 200) {
			buf_puts(&list, i ? ", " : "");
			json_put(&list, one);
		}
	}
	wrong(a->at, e, "is not one of %s", buf_text(&list));
	buf_clear(&list);
	return -1;
}

static int check_all(const struct ask *a, struct err *e)
{
	size_t i;
	json_t *one;

	json_array_foreach (a->rule, i, one)
		if (fits(a->c, one, a->v, a->at, e))
			return -1;
	return 0;
}

/* How many of a list of schemas fit; the first reason against is kept. */
static size_t count_fits(const struct ask *a, struct err *why)
{
	size_t i, n = 0;
	json_t *one;

	json_array_foreach (a->rule, i, one)
		n += fits(a->c, one, a->v, a->at, why) == 0;
	return n;
}

static int check_any(const struct ask *a, struct err *e)
{
	struct err why = ERR_INIT;

	if (count_fits(a, &why))
		return 0;
	return err_set(e, ERR_DATA, "%.600s, or another of the forms it may have", why.text);
}

static int check_one_of(const struct ask *a, struct err *e)
{
	struct err why = ERR_INIT;
	size_t n = count_fits(a, &why);

	if (n > 1)
		return wrong(a->at, e, "fits more than one of the forms it may have");
	return n ? 0
		 : err_set(e, ERR_DATA, "%.600s, or another of the forms it may have", why.text);
}

static int check_not(const struct ask *a, struct err *e)
{
	struct err ignored = ERR_INIT;

	return fits(a->c, a->rule, a->v, a->at, &ignored)
		       ? 0
		       : wrong(a->at, e, "is of a form that is ruled out");
}

static int check_if(const struct ask *a, struct err *e)
{
	struct err ignored = ERR_INIT;
	bool yes = fits(a->c, a->rule, a->v, a->at, &ignored) == 0;
	const json_t *next = json_object_get(a->schema, yes ? "then" : "else");

	return next ? fits(a->c, next, a->v, a->at, e) : 0;
}

/* --- numbers and texts --- */

static int check_number(const struct ask *a, struct err *e)
{
	const char *const names[] = {
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"};
	double v = json_number_value(a->v), limit[5], q;
	bool is[5];

	if (!json_is_number(a->v))
		return 0;
	for (int i = 0; i < 5; i++) {
		const json_t *rule = json_object_get(a->schema, names[i]);

		is[i] = json_is_number(rule);
		limit[i] = json_number_value(rule);
	}
	if ((is[0] && v < limit[0]) || (is[2] && v <= limit[2]))
		return wrong(a->at, e, "must be %s %.15g", is[0] ? "at least" : "more than",
			is[0] ? limit[0] : limit[2]);
	if ((is[1] && v > limit[1]) || (is[3] && v >= limit[3]))
		return wrong(a->at, e, "must be %s %.15g", is[1] ? "at most" : "less than",
			is[1] ? limit[1] : limit[3]);
	if (!is[4] || limit[4] <= 0)
		return 0;
	q = v / limit[4];
	return fabs(q - round(q)) <= 1e-9 * fmax(1, fabs(q))
		       ? 0
		       : wrong(a->at, e, "must be a multiple of %.15g", limit[4]);
}

/* n of something against min... and max... . */
static int check_count(const struct ask *a, int64_t n, const char *min, const char *max,
	const char *what, struct err *e)
{
	const json_t *least = json_object_get(a->schema, min);
	const json_t *most = json_object_get(a->schema, max);

	if (json_is_number(least) && (double)n < json_number_value(least))
		return wrong(a->at, e, "has fewer than %.15g %s", json_number_value(least), what);
	if (json_is_number(most) && (double)n > json_number_value(most))
		return wrong(a->at, e, "has more than %.15g %s", json_number_value(most), what);
	return 0;
}

static int check_length(const struct ask *a, struct err *e)
{
	if (!json_is_string(a->v))
		return 0;
	return check_count(a, characters(a->v), "minLength", "maxLength", "characters", e);
}

static int check_pattern(const struct ask *a, struct err *e)
{
	struct str text = {json_string_value(a->v), json_string_length(a->v)};
	const char *pattern = json_string_value(a->rule);
	int rc;

	if (!json_is_string(a->v) || !pattern)
		return 0;
	rc = matches(pattern, text);
	a->c->broken = a->c->broken || rc < 0;
	return rc > 0 ? 0 : wrong(a->at, e, "'%.100s' does not match %.100s", text.p, pattern);
}

/* --- lists --- */

static int check_items(const struct ask *a, struct err *e)
{
	const json_t *items = json_object_get(a->schema, "items");
	const json_t *prefix = json_object_get(a->schema, "prefixItems");
	size_t i;
	json_t *one;

	if (!json_is_array(a->v))
		return 0;
	if (json_is_array(items)) { /* as in drafts before 2020-12 */
		prefix = items;
		items = NULL;
	}
	json_array_foreach (a->v, i, one) {
		const json_t *schema =
			i < json_array_size(prefix) ? json_array_get(prefix, i) : items;
		struct spot at = {.up = a->at, .index = i};

		if (schema && fits(a->c, schema, one, &at, e))
			return -1;
	}
	return 0;
}

static int check_list(const struct ask *a, struct err *e)
{
	if (!json_is_array(a->v))
		return 0;
	return check_count(
		a, (int64_t)json_array_size(a->v), "minItems", "maxItems", "elements", e);
}

static int check_contains(const struct ask *a, struct err *e)
{
	struct err ignored = ERR_INIT;
	size_t i;
	json_t *one;

	if (!json_is_array(a->v))
		return 0;
	json_array_foreach (a->v, i, one)
		if (fits(a->c, a->rule, one, a->at, &ignored) == 0)
			return 0;
	return wrong(a->at, e, "has no element of the kind it must have");
}

static int check_unique(const struct ask *a, struct err *e)
{
	json_t *seen, *one;
	size_t i;
	int rc = 0;

	if (!json_is_array(a->v) || !json_is_true(a->rule))
		return 0;
	seen = json_object();
	json_array_foreach (a->v, i, one) {
		char *text = json_canonical(one);

		if (json_object_get(seen, text))
			rc = wrong(a->at, e, "has an element twice");
		json_object_set_new(seen, text, json_true());
		free(text);
		if (rc)
			break;
	}
	json_decref(seen);
	return rc;
}

/* --- objects --- */

static int check_required(const struct ask *a, struct err *e)
{
	size_t i;
	json_t *one;

	if (!json_is_object(a->v))
		return 0;
	json_array_foreach (a->rule, i, one) {
		struct spot at = {.up = a->at, .key = json_string_value(one)};

		if (at.key && !json_object_get(a->v, at.key))
			return wrong(&at, e, "missing");
	}
	return 0;
}

static int unknown_name(const struct ask *a, const struct spot *at, struct err *e)
{
	const json_t *properties = json_object_get(a->schema, "properties");
	const char **names = mem_array(json_object_size(properties) + 1, sizeof *names);
	const char *key, *near;
	size_t n = 0;
	json_t *v;

	json_object_foreach ((json_t *)properties, key, v)
		names[n++] = key;
	near = str_nearest(at->key, names);
	if (near)
		wrong(at, e, "not known, did you mean '%s'?", near);
	else
		wrong(at, e, "not known%s", n ? "" : ", it takes none");
	free(names);
	return -1;
}

/* One member against properties, patternProperties and additionalProperties. */
static int check_member(const struct ask *a, const struct spot *at, const json_t *v, struct err *e)
{
	const json_t *properties = json_object_get(a->schema, "properties");
	const json_t *patterns = json_object_get(a->schema, "patternProperties");
	const json_t *other = json_object_get(a->schema, "additionalProperties");
	const json_t *own = json_object_get(properties, at->key);
	bool known = own != NULL;
	const char *pattern;
	json_t *one;

	if (own && fits(a->c, own, v, at, e))
		return -1;
	json_object_foreach ((json_t *)patterns, pattern, one) {
		int rc = matches(pattern, str_of(at->key));

		a->c->broken = a->c->broken || rc < 0;
		if (rc > 0 && fits(a->c, one, v, at, e))
			return -1;
		known = known || rc > 0;
	}
	if (known || !other)
		return 0;
	return json_is_false(other) ? unknown_name(a, at, e) : fits(a->c, other, v, at, e);
}

static int check_members(const struct ask *a, struct err *e)
{
	const char *key;
	json_t *v;

	if (!json_is_object(a->v))
		return 0;
	json_object_foreach ((json_t *)a->v, key, v) {
		struct spot at = {.up = a->at, .key = key};

		if (check_member(a, &at, v, e))
			return -1;
	}
	return check_count(a, (int64_t)json_object_size(a->v), "minProperties", "maxProperties",
		"members", e);
}

static int check_names(const struct ask *a, struct err *e)
{
	const char *key;
	json_t *v;

	if (!json_is_object(a->v))
		return 0;
	json_object_foreach ((json_t *)a->v, key, v) {
		struct spot at = {.up = a->at, .key = key};
		json_t *name = json_string(key);
		int rc = fits(a->c, a->rule, name, &at, e);

		json_decref(name);
		if (rc)
			return -1;
	}
	return 0;
}

static int check_dependent(const struct ask *a, struct err *e)
{
	const char *key;
	json_t *needs;

	json_object_foreach ((json_t *)a->rule, key, needs) {
		struct ask required = {a->c, needs, a->schema, a->v, a->at};

		if (json_object_get(a->v, key) && check_required(&required, e))
			return -1;
	}
	return 0;
}

/* --- a schema --- */

static const struct {
	const char *name;
	int (*check)(const struct ask *a, struct err *e);
} keywords[] = {
	{"$ref", check_ref},
	{"type", check_type},
	{"const", check_const},
	{"enum", check_enum},
	{"required", check_required},
	{"", check_members}, /* of several keywords; it finds them itself */
	{"", check_items},
	{"", check_list},
	{"", check_number},
	{"", check_length},
	{"pattern", check_pattern},
	{"propertyNames", check_names},
	{"dependentRequired", check_dependent},
	{"contains", check_contains},
	{"uniqueItems", check_unique},
	{"allOf", check_all},
	{"anyOf", check_any},
	{"oneOf", check_one_of},
	{"not", check_not},
	{"if", check_if},
};

static int fits_object(struct check *c, const json_t *schema, const json_t *v,
	const struct spot *at, struct err *e)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		struct ask a = {c, schema, schema, v, at};

		if (*keywords[i].name)
			a.rule = json_object_get(schema, keywords[i].name);
		if (a.rule && keywords[i].check(&a, e))
			return -1;
	}
	return 0;
}

static int fits(struct check *c, const json_t *schema, const json_t *v, const struct spot *at,
	struct err *e)
{
	int rc;

	if (json_is_true(schema))
		return 0;
	if (json_is_false(schema))
		return wrong(at, e, "may not be there");
	if (!json_is_object(schema) || c->depth >= DEPTH_MOST || c->steps <= 0) {
		c->broken = true;
		return wrong(at, e, "cannot be checked");
	}
	c->depth++;
	c->steps--;
	rc = fits_object(c, schema, v, at, e);
	c->depth--;
	return rc;
}

static int fits_at(const json_t *root, const json_t *schema, const json_t *v,
	const struct spot *at, struct err *e)
{
	struct check c = {.root = root, .steps = STEPS_MOST};
	struct err why = ERR_INIT;
	int rc = fits(&c, schema, v, at, &why);

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
	if (read && fits_at(schema, own, read, NULL, &still) == 0)
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
