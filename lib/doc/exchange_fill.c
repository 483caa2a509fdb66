/* The part of exchange.h that makes a request of a template. */
#include <stdlib.h>

#include "doc/exchange.h"
#include "doc/url.h"

struct filler {
	template_lookup_fn *lookup;
	void *arg;
};

/* NULL without an error: it is left out. */
static json_t *fill(const json_t *v, const struct filler *f, struct err *e);

static json_t *fill_text(const json_t *text, const struct filler *f, struct err *e)
{
	const json_t *value;
	struct str name;

	if (!template_alone(json_string_value(text), &name))
		return template_tree(text, f->lookup, f->arg, e);
	value = f->lookup(f->arg, name, e);
	return value && !e->kind ? json_deep_copy(value) : NULL;
}

static json_t *fill_object(const json_t *v, const struct filler *f, struct err *e)
{
	json_t *copy = json_object(), *one;
	const char *key;

	json_object_foreach ((json_t *)v, key, one) {
		json_t *filled = fill(one, f, e);

		if (filled)
			json_object_set_new(copy, key, filled);
	}
	return copy;
}

static json_t *fill_array(const json_t *v, const struct filler *f, struct err *e)
{
	json_t *copy = json_array(), *one;
	size_t i;

	json_array_foreach (v, i, one) {
		json_t *filled = fill(one, f, e);

		if (filled)
			json_array_append_new(copy, filled);
	}
	return copy;
}

static json_t *fill(const json_t *v, const struct filler *f, struct err *e)
{
	if (json_is_string(v))
		return fill_text(v, f, e);
	if (json_is_object(v))
		return fill_object(v, f, e);
	if (json_is_array(v))
		return fill_array(v, f, e);
	return json_deep_copy(v);
}

static json_t *fill_url(
	const json_t *template, const char *url, const struct filler *f, struct err *e)
{
	const char *base = json_string_value(json_object_get(template, "base"));
	struct buf into = BUF_INIT(URL_MAX);
	json_t *filled = NULL;

	if (*url == '/' && base && url_fill(base, f->lookup, f->arg, &into, e))
		goto out;
	while (*url == '/' && into.n && into.p[into.n - 1] == '/')
		into.n--;
	if (url_fill(url, f->lookup, f->arg, &into, e))
		goto out;
	filled = json_stringn(buf_text(&into), into.n);
	if (!filled)
		err_set(e, ERR_DATA, "what '%.60s' becomes is no URL", url);
out:
	buf_clear(&into);
	return filled;
}

/* A member whose variable is not set is not asked for: the system's authorities then count. */
static json_t *fill_tls(const json_t *tls, const struct filler *f, struct err *e)
{
	json_t *copy = json_object(), *one;
	const char *key;

	json_object_foreach ((json_t *)tls, key, one) {
		struct err absent = ERR_INIT;
		json_t *filled = fill(one, f, &absent);
		struct str name;

		if (!filled && !(absent.kind == ERR_UNAVAILABLE &&
				       template_alone(json_string_value(one), &name)))
			err_set(e, absent.kind, "%s", absent.text);
		if (filled && json_string_length(filled))
			json_object_set(copy, key, filled);
		json_decref(filled);
	}
	return copy;
}

static json_t *fill_wait(const json_t *template, const json_t *wait, const struct filler *f,
	struct err *e)
{
	json_t *copy = json_copy((json_t *)wait);
	const char *url = json_string_value(json_object_get(wait, "url"));

	json_object_set_new(copy, "url", fill_url(template, url, f, e));
	return copy;
}

static bool is_one_of(const char *key, const char *const *names)
{
	while (*names && strcmp(key, *names) != 0)
		names++;
	return *names;
}

static json_t *fill_part(const json_t *template, const char *key, const json_t *v,
	const struct filler *f, struct err *e)
{
	static const char *const parts[] = {"query", "headers", "json", "form", "multipart", "text",
		"basic", "socket", NULL};

	if (strcmp(key, "url") == 0)
		return fill_url(template, json_string_value(v), f, e);
	if (strcmp(key, "tls") == 0)
		return fill_tls(v, f, e);
	if (strcmp(key, "wait") == 0)
		return fill_wait(template, v, f, e);
	return is_one_of(key, parts) ? fill(v, f, e) : json_deep_copy(v);
}

json_t *exchange_fill(
	const json_t *template, template_lookup_fn *lookup, void *arg, struct err *e)
{
	struct filler f = {lookup, arg};
	json_t *filled = json_object(), *v;
	const char *key;

	json_object_foreach ((json_t *)template, key, v) {
		json_t *part = strcmp(key, "base") == 0 ? NULL : fill_part(template, key, v, &f, e);

		if (part)
			json_object_set_new(filled, key, part);
		if (e->kind) {
			json_decref(filled);
			return NULL;
		}
	}
	return filled;
}

/* RFC 4648, section 4. */
static void put_base64(struct buf *into, struct str s)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		unsigned bits = 0;
		size_t n = s.n - i < 3 ? s.n - i : 3;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < n ? (unsigned char)s.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_putc(into, k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=');
	}
}

void exchange_put_basic(const json_t *filled, struct buf *into)
{
	const json_t *basic = json_object_get(filled, "basic");
	const char *user = json_string_value(json_object_get(basic, "user"));
	const char *password = json_string_value(json_object_get(basic, "password"));
	struct buf both = BUF_INIT(into->max);

	if (!user)
		return;
	buf_putf(&both, "%s:%s", user, password ? password : "");
	put_base64(into, buf_str(&both));
	buf_clear(&both);
}
