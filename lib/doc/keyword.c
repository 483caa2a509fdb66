#include "doc/keyword.h"

#include <stdarg.h>
#include <stdio.h>

#define DEPTH_MOST 64

static void put_spot(struct buf *into, const struct keyword_spot *at)
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

int keyword_wrong(const struct keyword_spot *at, struct err *e, const char *fmt, ...)
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

static const json_t *target(const json_t *root, const char *ref)
{
	if (ref[0] != '#' || (ref[1] && ref[1] != '/'))
		return NULL;
	return pointer_get((json_t *)root, ref + 1);
}

static int check_ref(const struct keyword *k, struct err *e)
{
	const char *ref = json_string_value(k->rule);
	const json_t *to = ref ? target(k->run->root, ref) : NULL;

	if (to)
		return keyword_fits(k->run, to, k->v, k->at, e);
	k->run->broken = true;
	return keyword_wrong(k->at, e, "cannot be checked");
}

static int check_all(const struct keyword *k, struct err *e)
{
	size_t i;
	json_t *one;

	json_array_foreach (k->rule, i, one)
		if (keyword_fits(k->run, one, k->v, k->at, e))
			return -1;
	return 0;
}

/* How many of a list of schemas fit; the first reason against is kept. */
static size_t count_fits(const struct keyword *k, struct err *why)
{
	size_t i, n = 0;
	json_t *one;

	json_array_foreach (k->rule, i, one)
		n += keyword_fits(k->run, one, k->v, k->at, why) == 0;
	return n;
}

static int check_any(const struct keyword *k, struct err *e)
{
	struct err why = ERR_INIT;

	if (count_fits(k, &why))
		return 0;
	return err_set(e, ERR_DATA, "%.600s, or another of the forms it may have", why.text);
}

static int check_one_of(const struct keyword *k, struct err *e)
{
	struct err why = ERR_INIT;
	size_t n = count_fits(k, &why);

	if (n > 1)
		return keyword_wrong(k->at, e, "fits more than one of the forms it may have");
	return n ? 0
		 : err_set(e, ERR_DATA, "%.600s, or another of the forms it may have", why.text);
}

static int check_not(const struct keyword *k, struct err *e)
{
	struct err ignored = ERR_INIT;

	return keyword_fits(k->run, k->rule, k->v, k->at, &ignored)
		       ? 0
		       : keyword_wrong(k->at, e, "is of a form that is ruled out");
}

static int check_if(const struct keyword *k, struct err *e)
{
	struct err ignored = ERR_INIT;
	bool yes = keyword_fits(k->run, k->rule, k->v, k->at, &ignored) == 0;
	const json_t *next = json_object_get(k->schema, yes ? "then" : "else");

	return next ? keyword_fits(k->run, next, k->v, k->at, e) : 0;
}

static const struct {
	const char *name;
	int (*check)(const struct keyword *k, struct err *e);
} keywords[] = {
	{"$ref", check_ref},
	{"type", keyword_type},
	{"const", keyword_const},
	{"enum", keyword_enum},
	{"required", keyword_required},
	{"", keyword_members}, /* of several keywords; it finds them itself */
	{"", keyword_items},
	{"", keyword_list},
	{"", keyword_number},
	{"", keyword_length},
	{"pattern", keyword_pattern},
	{"propertyNames", keyword_names},
	{"dependentRequired", keyword_dependent},
	{"contains", keyword_contains},
	{"uniqueItems", keyword_unique},
	{"allOf", check_all},
	{"anyOf", check_any},
	{"oneOf", check_one_of},
	{"not", check_not},
	{"if", check_if},
};

static int fits_object(struct keyword_run *c, const json_t *schema, const json_t *v,
	const struct keyword_spot *at, struct err *e)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		struct keyword k = {c, schema, schema, v, at};

		if (*keywords[i].name)
			k.rule = json_object_get(schema, keywords[i].name);
		if (k.rule && keywords[i].check(&k, e))
			return -1;
	}
	return 0;
}

int keyword_fits(struct keyword_run *c, const json_t *schema, const json_t *v,
	const struct keyword_spot *at, struct err *e)
{
	int rc;

	if (json_is_true(schema))
		return 0;
	if (json_is_false(schema))
		return keyword_wrong(at, e, "may not be there");
	if (!json_is_object(schema) || c->depth >= DEPTH_MOST || c->steps <= 0 || c->broken) {
		c->broken = true;
		return keyword_wrong(at, e, "cannot be checked");
	}
	c->depth++;
	c->steps--;
	rc = fits_object(c, schema, v, at, e);
	c->depth--;
	return rc;
}
