/*
 * Whatever the bytes: yaml_load returns a tree or an error, and an edit that succeeds reads back as
 * the old tree with one value changed. The first byte picks the pointer.
 */
#include <stdint.h>
#include <stdlib.h>

#include "edge/yaml.h"
#include "json/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void edit(struct str text, const char *pointer)
{
	struct buf into = BUF_INIT(YAML_MAX);
	struct err e = ERR_INIT;
	json_t *got, *v;

	if (yaml_edit(text, "fuzz", pointer, "new value", &into, &e) == 0) {
		got = yaml_load(buf_str(&into), "fuzz", NULL, &e);
		v = pointer_get(got, pointer);
		if (!v || !json_is_string(v) || strcmp(json_string_value(v), "new value") != 0)
			abort();
		json_decref(got);
	} else if (e.kind == ERR_NONE || into.n) {
		abort();
	}
	buf_clear(&into);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const pointers[] = {"/a", "/a/b", "/0", "/0/a", "/a/0", "/a/0/b", "", "/a~1b"};
	struct places *places = places_new();
	struct err e = ERR_INIT;
	struct str text;
	json_t *v;

	if (size) {
		text = (struct str){(const char *)data + 1, size - 1};
		v = yaml_load(text, "fuzz", places, &e);
		if (!v && e.kind == ERR_NONE)
			abort();
		if (v)
			edit(text, pointers[data[0] % 8]);
		json_decref(v);
	}
	places_free(places);
	return 0;
}
