#include "doc/extract.h"

#define TRIES 64 /* places that look like a beginning; each is read to where it ends or fails */

static json_t *whole(struct str text)
{
	return text.n ? json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL)
		      : NULL;
}

/* A value at the beginning, whatever stands behind it. */
static json_t *leading(struct str text)
{
	json_t *v = json_loadb(text.p, text.n, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, NULL);

	if (v && (json_object_size(v) || json_array_size(v)))
		return v;
	json_decref(v);
	return NULL;
}

json_t *extract_json(struct str text)
{
	json_t *v;
	int tries = 0;

	text = str_trim(text);
	v = whole(text);
	for (size_t i = 0; !v && i < text.n && tries < TRIES; i++) {
		if (text.p[i] != '{' && text.p[i] != '[')
			continue;
		tries++;
		v = leading((struct str){text.p + i, text.n - i});
	}
	return v;
}
