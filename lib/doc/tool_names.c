#include "doc/tool_names.h"

#include <string.h>

int tool_names_load(
	const json_t **names, const struct node *owner, const char *key, struct err *e)
{
	struct node list = node_get(owner, key);

	if (node_is_array(&list, e))
		return -1;
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);
		const char *star = json_is_string(one.v) ? strchr(json_string_value(one.v), '*')
							 : NULL;

		if (!json_is_string(one.v) || !json_string_length(one.v) || (star && star[1]))
			return node_fail(&one, e,
				"must be a tool such as 'systemd.stop', or 'systemd.*' for all of "
				"them");
	}
	*names = node_there(&list) ? list.v : NULL;
	return 0;
}

bool tool_names_has(const json_t *names, const char *tool)
{
	json_t *one;
	size_t i;

	json_array_foreach (names, i, one) {
		const char *name = json_string_value(one);
		size_t n = strlen(name);

		if (n && name[n - 1] == '*' ? strncmp(tool, name, n - 1) == 0
					    : strcmp(tool, name) == 0)
			return true;
	}
	return false;
}
