#include "doc/minutes.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "json/node.h"

static bool is_digest(const char *s)
{
	return s && strlen(s) == SHA_HEX - 1 && !s[strspn(s, "0123456789abcdef")];
}

static void add(json_t *list, json_t *transcript)
{
	json_t *one;
	size_t i;

	if (!is_digest(json_string_value(transcript)) || json_array_size(list) == MINUTES_NAMED)
		return;
	json_array_foreach (list, i, one)
		if (json_equal(one, transcript))
			return;
	json_array_append(list, transcript);
}

static void add_asks(json_t *list, const json_t *asks)
{
	json_t *one;
	size_t i;

	json_array_foreach (asks, i, one)
		add(list, json_object_get(one, "transcript"));
}

json_t *minutes_named(const json_t *whole_case)
{
	static const char *const places[] = {
		"/triage/model", "/plan/model", "/plan/model/validator", NULL};
	json_t *list;

	if (!pointer_get((json_t *)whole_case, "/triage/model") &&
		!pointer_get((json_t *)whole_case, "/plan/model"))
		return NULL;
	list = json_array();
	for (const char *const *place = places; *place; place++) {
		const json_t *model = pointer_get((json_t *)whole_case, *place);

		add_asks(list, json_object_get(model, "asks"));
		add(list, json_object_get(model, "transcript"));
	}
	return list;
}

char *minutes_path(const char *digest, char path[MINUTES_PATH])
{
	snprintf(path, MINUTES_PATH, MINUTES_ROOT "/%.2s/%.64s.json", digest, digest);
	return path;
}
