#include "doc/given.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

json_t *given_read(const char *object, int n, char *const *words, struct err *e)
{
	json_t *args = object ? json_loads(object, JSON_REJECT_DUPLICATES, NULL) : json_object();
	json_t *seen = json_object();

	if (!json_is_object(args))
		err_set(e, ERR_USAGE, "--args takes a JSON object such as '{\"unit\": \"nginx\"}'");
	for (int i = 0; i < n && !e->kind; i++) {
		const char *equals = strchr(words[i], '=');
		char *key = equals ? mem_copy(words[i], (size_t)(equals - words[i])) : NULL;

		if (key && json_object_get(seen, key))
			err_set(e, ERR_USAGE, "argument '%s' is given twice", key);
		else if (!key || json_object_set_new(args, key, json_string(equals + 1)) ||
			 json_object_set_new(seen, key, json_true()))
			err_set(e, ERR_USAGE, "'%s' is no argument such as key=value", words[i]);
		free(key);
	}
	json_decref(seen);
	if (!e->kind)
		return args;
	json_decref(args);
	return NULL;
}
