#include "doc/server.h"

#include "base/mem.h"
#include "doc/contain.h"
#include "doc/scope.h"

#define PIN_LENGTH 64

static const struct scope in_run = {.env = true};
static const struct scope in_secret = {.env = true, .secret = true};

static int check_texts(const struct node *list, const struct scope *scope, struct err *e)
{
	const char *key;
	json_t *v;

	for (size_t i = 0; json_is_array(list->v) && i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (scope_check_text(&one, scope, e))
			return -1;
	}
	json_object_foreach (list->v, key, v) {
		struct node one = node_get(list, key);

		if (scope_check_text(&one, scope, e))
			return -1;
	}
	return 0;
}

static int check_program(const struct node *server, struct err *e)
{
	static const char *const known[] = {"run", "env", "cwd", "contain", NULL};
	struct node run = node_get(server, "run"), env = node_get(server, "env");
	struct node cwd = node_get(server, "cwd"), program = node_at(&run, 0);
	struct node contain = node_get(server, "contain");
	const char *dir, *name;
	json_t *v;

	if (node_known(server, known, e) || contain_check(&contain, e))
		return -1;
	if (!json_is_array(run.v) || !node_count(&run))
		return node_fail(&run, e,
			"must be a list: the program, then its arguments; there is no shell");
	if (!json_is_string(program.v) || strpbrk(json_string_value(program.v), "{}"))
		return node_fail(&program, e, "the program must be named, not filled in");
	dir = node_text_or_null(server, "cwd", e);
	if (e->kind || node_is_object(&env, e))
		return -1;
	if (dir && dir[0] != '/')
		return node_fail(&cwd, e, "must start with '/'");
	json_object_foreach (env.v, name, v) {
		struct node one = node_get(&env, name);

		if (!scope_is_variable(str_of(name)))
			return node_fail(
				&one, e, "no name for a variable: letters, digits and '_'");
	}
	return check_texts(&run, &in_run, e) || check_texts(&env, &in_secret, e) ? -1 : 0;
}

static int check_url(const struct node *server, struct err *e)
{
	static const char *const known[] = {"url", "headers", "tls", NULL};
	static const char *const tls_known[] = {"ca", "pin", NULL};
	struct node url = node_get(server, "url"), headers = node_get(server, "headers");
	struct node tls = node_get(server, "tls");
	const char *text = node_text(server, "url", NULL, e);

	if (e->kind || node_known(server, known, e) || node_is_object(&headers, e) ||
		node_is_object(&tls, e) || node_known(&tls, tls_known, e))
		return -1;
	if (strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0 &&
		strncmp(text, "{env.", 5) != 0)
		return node_fail(&url, e, "must start with http://, https:// or {env.NAME}");
	return scope_check_text(&url, &in_secret, e) || check_texts(&headers, &in_secret, e) ||
			       check_texts(&tls, &in_run, e)
		       ? -1
		       : 0;
}

int servers_check(const struct node *servers, struct err *e)
{
	const char *name;
	json_t *v;

	if (node_is_object(servers, e))
		return -1;
	json_object_foreach (servers->v, name, v) {
		struct node one = node_get(servers, name);
		bool run = json_object_get(v, "run"), url = json_object_get(v, "url");

		if (!json_is_object(v) || run == url)
			return node_fail(&one, e, "must have either run (a command) or url");
		if (run ? check_program(&one, e) : check_url(&one, e))
			return -1;
	}
	return 0;
}

static int unknown_server(
	const struct node *at, const struct node *servers, const char *name, struct err *e)
{
	const char **names = mem_array(node_count(servers) + 1, sizeof *names), *key, *near;
	size_t n = 0;
	json_t *v;

	json_object_foreach (servers->v, key, v)
		names[n++] = key;
	near = str_nearest(name, names);
	free(names);
	if (near)
		return node_fail(at, e, "no server '%s': did you mean '%s'?", name, near);
	return node_fail(at, e, "no server '%s' under servers", name);
}

static bool is_pin(const char *s)
{
	return strlen(s) == PIN_LENGTH && strspn(s, "0123456789abcdef") == PIN_LENGTH;
}

int server_check_call(const struct node *call, const struct node *servers, struct err *e)
{
	static const char *const known[] = {"server", "tool", "pin", NULL};
	struct node server = node_get(call, "server"), pin = node_get(call, "pin");
	const char *name, *text;

	if (!json_is_object(call->v))
		return node_fail(call, e, "must be a mapping: server, tool");
	if (node_known(call, known, e))
		return -1;
	name = node_text(call, "server", NULL, e);
	node_text(call, "tool", NULL, e);
	text = node_text_or_null(call, "pin", e);
	if (e->kind)
		return -1;
	if (!json_object_get(servers->v, name))
		return unknown_server(&server, servers, name, e);
	if (text && !is_pin(text))
		return node_fail(&pin, e, "must be 64 hexadecimal digits; hl-tool import gives it");
	return 0;
}
