#include "doc/body.h"

#include "doc/template.h"
#include "doc/url.h"

/* An array repeats the name. */
typedef int member_fn(void *arg, const char *name, struct str value, struct err *e);

static int each_value(
	const char *name, const json_t *v, member_fn *each, void *arg, struct err *e)
{
	struct buf text = BUF_INIT(BODY_MAX);
	int rc = template_put(v, str_of(name), &text, e);

	if (rc == 0)
		rc = each(arg, name, buf_str(&text), e);
	buf_clear(&text);
	return rc;
}

static int each_member(const json_t *members, member_fn *each, void *arg, struct err *e)
{
	const char *name;
	json_t *v, *one;
	size_t i;

	json_object_foreach ((json_t *)members, name, v) {
		if (!json_is_array(v) && each_value(name, v, each, arg, e))
			return -1;
		json_array_foreach (v, i, one)
			if (each_value(name, one, each, arg, e))
				return -1;
	}
	return 0;
}

static int put_form(void *arg, const char *name, struct str value, struct err *e)
{
	struct buf *into = arg;

	(void)e;
	if (into->n)
		buf_putc(into, '&');
	url_put_part(into, str_of(name));
	buf_putc(into, '=');
	url_put_part(into, value);
	return 0;
}

struct multipart {
	struct buf *into;
	const char *boundary;
};

static int put_multipart(void *arg, const char *name, struct str value, struct err *e)
{
	const struct multipart *m = arg;

	if (strpbrk(name, "\"\r\n"))
		return err_set(e, ERR_DATA, "multipart: '%.60s' is no name of a part", name);
	buf_putf(m->into, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n",
		m->boundary, name);
	buf_putstr(m->into, value);
	buf_puts(m->into, "\r\n");
	return 0;
}

static int encode_multipart(const json_t *members, const char *boundary, struct buf *into,
	struct buf *type, struct err *e)
{
	struct multipart m = {into, boundary};

	if (each_member(members, put_multipart, &m, e))
		return -1;
	buf_putf(into, "--%s--\r\n", boundary);
	buf_putf(type, "multipart/form-data; boundary=%s", boundary);
	return 1;
}

static int encode(const json_t *exchange, const char *boundary, struct buf *into,
	struct buf *type, struct err *e)
{
	const json_t *json = json_object_get(exchange, "json");
	const json_t *form = json_object_get(exchange, "form");
	const json_t *multipart = json_object_get(exchange, "multipart");
	const char *text = json_string_value(json_object_get(exchange, "text"));
	const char *called = json_string_value(json_object_get(exchange, "type"));

	if (json) {
		json_put(into, json);
		buf_puts(type, "application/json");
		return 1;
	}
	if (form) {
		buf_puts(type, "application/x-www-form-urlencoded");
		return each_member(form, put_form, into, e) ? -1 : 1;
	}
	if (multipart)
		return encode_multipart(multipart, boundary, into, type, e);
	if (!text)
		return 0;
	buf_puts(into, text);
	buf_puts(type, called ? called : "text/plain; charset=utf-8");
	return 1;
}

int body_encode(const json_t *exchange, const char *boundary, struct buf *into, struct buf *type,
	struct err *e)
{
	int rc = encode(exchange, boundary, into, type, e);

	if (rc > 0 && into->full)
		return err_set(e, ERR_DATA, "the body is more than %zu bytes", into->max);
	return rc;
}
