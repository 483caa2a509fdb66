/* The part of node.h that is about whole trees: pointers into them and their text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/node.h"
#include "json/scan.h"

/* RFC 6901: "~1" stands for a slash, "~0" for a tilde. In place. */
static void unescape(char *token)
{
	char *to = token;

	for (char *from = token; *from; from++) {
		if (from[0] == '~' && (from[1] == '0' || from[1] == '1'))
			*to++ = *++from == '1' ? '/' : '~';
		else
			*to++ = *from;
	}
	*to = '\0';
}

static json_t *element(json_t *array, const char *token)
{
	size_t index = 0, n = strspn(token, "0123456789");

	if (n == 0 || n > 9 || token[n] || (n > 1 && token[0] == '0'))
		return NULL;
	for (; *token; token++)
		index = index * 10 + (size_t)(*token - '0');
	return json_array_get(array, index);
}

json_t *pointer_get(json_t *v, const char *pointer)
{
	while (v && *pointer) {
		size_t n;
		char *token;

		if (*pointer++ != '/')
			return NULL;
		n = strcspn(pointer, "/");
		token = mem_copy(pointer, n);
		unescape(token);
		v = json_is_array(v) ? element(v, token) : json_object_get(v, token);
		free(token);
		pointer += n;
	}
	return v;
}

/* One tree on its way into a text. */
struct writer {
	struct buf *into;
	bool canonical;
};

static void put_value(const struct writer *w, const json_t *v);

static void put_real(const struct writer *w, double d)
{
	char text[40];

	if (w->canonical && d == 0)
		d = 0; /* there is no minus zero */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, d);
		if (strtod(text, NULL) == d)
			break;
	}
	buf_puts(w->into, text);
	/* What was a real number stays one for the next reader. */
	if (!w->canonical && !strpbrk(text, ".e"))
		buf_puts(w->into, ".0");
}

static void put_member(const struct writer *w, const char *name, const json_t *v, bool first)
{
	if (!first)
		buf_putc(w->into, ',');
	scan_quote(w->into, str_of(name));
	buf_putc(w->into, ':');
	put_value(w, v);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_object(const struct writer *w, const json_t *object)
{
	const char **names = mem_array(json_object_size(object), sizeof *names);
	json_t *lent = (json_t *)object; /* jansson iterates over trees that are not const only */
	size_t n = 0;

	for (void *it = json_object_iter(lent); it; it = json_object_iter_next(lent, it))
		names[n++] = json_object_iter_key(it);
	if (w->canonical)
		qsort(names, n, sizeof *names, by_bytes);
	buf_putc(w->into, '{');
	for (size_t i = 0; i < n; i++)
		put_member(w, names[i], json_object_get(object, names[i]), i == 0);
	buf_putc(w->into, '}');
	free(names);
}

static void put_array(const struct writer *w, const json_t *array)
{
	buf_putc(w->into, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i)
			buf_putc(w->into, ',');
		put_value(w, json_array_get(array, i));
	}
	buf_putc(w->into, ']');
}

static void put_value(const struct writer *w, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		put_object(w, v);
		break;
	case JSON_ARRAY:
		put_array(w, v);
		break;
	case JSON_STRING:
		scan_quote(w->into, (struct str){json_string_value(v), json_string_length(v)});
		break;
	case JSON_INTEGER:
		buf_putf(w->into, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		break;
	case JSON_REAL:
		put_real(w, json_real_value(v));
		break;
	case JSON_TRUE:
		buf_puts(w->into, "true");
		break;
	case JSON_FALSE:
		buf_puts(w->into, "false");
		break;
	case JSON_NULL:
		buf_puts(w->into, "null");
		break;
	}
}

void json_put(struct buf *into, const json_t *v)
{
	put_value(&(struct writer){.into = into}, v);
}

char *json_canonical(const json_t *v)
{
	struct buf text = BUF_INIT(SIZE_MAX / 4);

	put_value(&(struct writer){.into = &text, .canonical = true}, v);
	return buf_take(&text);
}
