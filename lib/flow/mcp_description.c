#include "flow/mcp_description.h"

#include "doc/contain.h"
#include "json/node.h"

static int check_texts(const json_t *v, const char *what, struct err *e)
{
	const char *key;
	json_t *one;
	size_t i;

	if (v && !json_is_array(v) && !json_is_object(v))
		return err_set(e, ERR_DATA, "server: '%s' must hold texts", what);
	json_array_foreach ((json_t *)v, i, one)
		if (!json_is_string(one))
			return err_set(e, ERR_DATA, "server: %s[%zu] must be a text", what, i);
	json_object_foreach ((json_t *)v, key, one)
		if (!json_is_string(one))
			return err_set(e, ERR_DATA, "server: %s.%s must be a text", what, key);
	return 0;
}

static int check_contain(const json_t *server, struct err *e)
{
	struct source source = {.name = "request", .kind = ERR_DATA};
	struct node root = node_root((json_t *)server, &source), contain = node_get(&root, "contain");

	return contain_check(&contain, e);
}

int mcp_description_check(const json_t *server, struct err *e)
{
	static const char *const texts[] = {"run", "env", "headers", "tls", NULL};
	const json_t *run = json_object_get(server, "run"), *url = json_object_get(server, "url");
	const json_t *cwd = json_object_get(server, "cwd");

	if (!json_is_object(server) || !run == !url)
		return err_set(e, ERR_DATA, "a server needs either 'run' or 'url'");
	for (int i = 0; texts[i]; i++)
		if (check_texts(json_object_get(server, texts[i]), texts[i], e))
			return -1;
	if (run && (!json_is_array(run) || !json_array_size(run)))
		return err_set(
			e, ERR_DATA, "server: 'run' must be a list: a program and its words");
	if (url && !json_is_string(url))
		return err_set(e, ERR_DATA, "server: 'url' must be a text");
	if (cwd && !json_is_string(cwd))
		return err_set(e, ERR_DATA, "server: 'cwd' must be a text");
	return check_contain(server, e);
}
