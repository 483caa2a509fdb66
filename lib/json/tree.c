/* The part of node.h that is about whole trees: pointers into them and their canonical text. */
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

static void put_real(struct buf *into, double d)
{
	char text[32];

	if (d == 0)
		d = 0; /* there is no minus zero */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, d);
		if (strtod(text, NULL) == d)
			break;
	}
	buf_puts(into, text);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_value(struct buf *into, const json_t *v);

static void put_object(struct buf *into, const json_t *object)
{
	const char **names = mem_array(json_object_size(object), sizeof *names);
	json_t *lent = (json_t *)object; /* jansson iterates over non-const trees only */
	size_t n = 0;

	for (void *it = json_object_iter(lent); it; it = json_object_iter_next(lent, it))
		names[n++] = json_object_iter_key(it);
	qsort(names, n, sizeof *names, by_bytes);
	buf_putc(into, '{');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(into, ',');
		scan_quote(into, str_of(names[i]));
		buf_putc(into, ':');
		put_value(into, json_object_get(object, names[i]));
	}
	buf_putc(into, '}');
	free(names);
}

static void put_array(struct buf *into, const json_t *array)
{
	buf_putc(into, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i)
			buf_putc(into, ',');
		put_value(into, json_array_get(array, i));
	}
	buf_putc(into, ']');
}

static void put_value(struct buf *into, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		put_object(into, v);
		break;
	case JSON_ARRAY:
		put_array(into, v);
		break;
	case JSON_STRING:
		scan_quote(into, (struct str){json_string_value(v), json_string_length(v)});
		break;
	case JSON_INTEGER:
		buf_putf(into, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		break;
	case JSON_REAL:
		put_real(into, json_real_value(v));
		break;
	case JSON_TRUE:
		buf_puts(into, "true");
		break;
	case JSON_FALSE:
		buf_puts(into, "false");
		break;
	case JSON_NULL:
		buf_puts(into, "null");
		break;
	}
}

char *json_canonical(const json_t *v)
{
	struct buf text = BUF_INIT(SIZE_MAX / 4);

	put_value(&text, v);
	return buf_take(&text);
}
