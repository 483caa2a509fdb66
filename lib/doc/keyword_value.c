/* Keywords that look at a value as a whole. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doc/keyword.h"
#include "doc/regex.h"

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

int keyword_matches(struct keyword_run *c, const char *pattern, struct str text)
{
	struct err ignored = ERR_INIT;
	struct regex *r = c->steps > 0 ? regex_new(pattern, false, &ignored) : NULL;
	int rc = r ? regex_try(r, text) : -1;

	regex_free(r);
	c->steps -= KEYWORD_MATCH;
	c->broken = c->broken || rc < 0;
	return rc;
}

int keyword_type(const struct keyword *k, struct err *e)
{
	struct buf list = BUF_INIT(200);
	bool one = json_is_string(k->rule), fit = false;
	size_t n = one ? 1 : json_array_size(k->rule);

	for (size_t i = 0; i < n && !fit; i++) {
		const char *type = json_string_value(one ? k->rule : json_array_get(k->rule, i));

		fit = type && is_type(type, k->v);
		buf_putf(&list, "%s%s", i ? " or " : "", type ? type : "?");
	}
	if (!fit)
		keyword_wrong(k->at, e, "must be of type %s", buf_text(&list));
	buf_clear(&list);
	return fit ? 0 : -1;
}

int keyword_const(const struct keyword *k, struct err *e)
{
	char *text = json_canonical(k->rule);
	int rc = same(k->rule, k->v) ? 0 : keyword_wrong(k->at, e, "must be %.100s", text);

	free(text);
	return rc;
}

int keyword_enum(const struct keyword *k, struct err *e)
{
	struct buf list = BUF_INIT(300);
	size_t i;
	json_t *one;

	k->run->steps -= (long)json_array_size(k->rule);
	json_array_foreach (k->rule, i, one) {
		if (same(one, k->v)) {
			buf_clear(&list);
			return 0;
		}
		if (list.n < 200) {
			buf_puts(&list, i ? ", " : "");
			json_put(&list, one);
		}
	}
	keyword_wrong(k->at, e, "is not one of %s", buf_text(&list));
	buf_clear(&list);
	return -1;
}

int keyword_number(const struct keyword *k, struct err *e)
{
	const char *const names[] = {
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"};
	double v = json_number_value(k->v), limit[5], q;
	bool is[5];

	if (!json_is_number(k->v))
		return 0;
	for (int i = 0; i < 5; i++) {
		const json_t *rule = json_object_get(k->schema, names[i]);

		is[i] = json_is_number(rule);
		limit[i] = json_number_value(rule);
	}
	if ((is[0] && v < limit[0]) || (is[2] && v <= limit[2]))
		return keyword_wrong(k->at, e, "must be %s %.15g", is[0] ? "at least" : "more than",
			is[0] ? limit[0] : limit[2]);
	if ((is[1] && v > limit[1]) || (is[3] && v >= limit[3]))
		return keyword_wrong(k->at, e, "must be %s %.15g", is[1] ? "at most" : "less than",
			is[1] ? limit[1] : limit[3]);
	if (!is[4] || limit[4] <= 0)
		return 0;
	q = v / limit[4];
	return fabs(q - round(q)) <= 1e-9 * fmax(1, fabs(q))
		       ? 0
		       : keyword_wrong(k->at, e, "must be a multiple of %.15g", limit[4]);
}

/* n of something against min... and max... . */
int keyword_count(const struct keyword *k, int64_t n, const char *min, const char *max,
	const char *what, struct err *e)
{
	const json_t *least = json_object_get(k->schema, min);
	const json_t *most = json_object_get(k->schema, max);

	if (json_is_number(least) && (double)n < json_number_value(least))
		return keyword_wrong(
			k->at, e, "has fewer than %.15g %s", json_number_value(least), what);
	if (json_is_number(most) && (double)n > json_number_value(most))
		return keyword_wrong(
			k->at, e, "has more than %.15g %s", json_number_value(most), what);
	return 0;
}

int keyword_length(const struct keyword *k, struct err *e)
{
	if (!json_is_string(k->v))
		return 0;
	return keyword_count(k, characters(k->v), "minLength", "maxLength", "characters", e);
}

int keyword_pattern(const struct keyword *k, struct err *e)
{
	struct str text = {json_string_value(k->v), json_string_length(k->v)};
	const char *pattern = json_string_value(k->rule);
	int rc;

	if (!json_is_string(k->v) || !pattern)
		return 0;
	rc = keyword_matches(k->run, pattern, text);
	return rc > 0 ? 0
		      : keyword_wrong(k->at, e, "'%.100s' does not match %.100s", text.p, pattern);
}
