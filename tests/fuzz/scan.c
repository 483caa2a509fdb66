/* scan against jansson: both accept or both refuse, and what was accepted reads the same. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "json/scan.h"

/* Nesting of a text that jansson accepted: brackets outside strings. */
static size_t depth_of(struct str s)
{
	size_t depth = 0, most = 0;
	bool in_string = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (in_string)
			i += c == '\\';
		else if (c == '{' || c == '[')
			most = ++depth > most ? depth : most;
		else if (c == '}' || c == ']')
			depth--;
		in_string ^= c == '"';
	}
	return most;
}

static void same_member(json_t *tree, struct scan_value key, struct scan_value value, size_t index);

static void same(json_t *tree, struct scan_value v)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	struct scan_value key, value;
	size_t n = 0;
	int64_t whole;

	if (!tree)
		abort();
	for (struct scan_iter it = scan_open(v); scan_next(&it, &key, &value); n++)
		same_member(tree, key, value, n);
	if (n != (json_is_array(tree) ? json_array_size(tree) : json_object_size(tree)))
		abort();
	if (json_is_string(tree) && (scan_string(v, &text) || text.n != json_string_length(tree) ||
					    (text.n && memcmp(text.p, json_string_value(tree), text.n) != 0)))
		abort();
	if (json_is_integer(tree) && (scan_integer(v, &whole) || whole != json_integer_value(tree)))
		abort();
	buf_clear(&text);
}

static void same_member(json_t *tree, struct scan_value key, struct scan_value value, size_t index)
{
	struct buf name = BUF_INIT(BUF_RECORD);

	if (json_is_array(tree)) {
		same(json_array_get(tree, index), value);
		return;
	}
	if (scan_string(key, &name) || !scan_is(key, buf_str(&name)))
		abort();
	same(json_object_get(tree, buf_text(&name)), value);
	buf_clear(&name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct scan_error error = {0, NULL};
	struct scan_value v;
	bool ours = scan_text(text, &v, &error) == 0;
	json_t *tree = json_loadb(text.p, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

	if (ours)
		same(tree, v);
	else if (error.at > size || !error.why)
		abort();
	/* jansson nests deeper, and overlooks NUL behind numbers and words. */
	else if (tree && depth_of(text) <= SCAN_DEPTH && !memchr(text.p, 0, size))
		abort();
	json_decref(tree);
	return 0;
}
