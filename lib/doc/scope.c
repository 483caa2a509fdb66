#include "doc/scope.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/args.h"
#include "doc/template.h"

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool scope_is_variable(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool letter = is_lower(s.p[i]) || (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '_';

		if (!letter && !(i > 0 && is_digit(s.p[i])))
			return false;
	}
	return s.n > 0;
}

static bool is_secret_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_lower(s.p[i]) && !is_digit(s.p[i]) && !(s.p[i] >= 'A' && s.p[i] <= 'Z') &&
			!(i > 0 && strchr("_.-", s.p[i])))
			return false;
	return s.n > 0;
}

static int unknown_argument(const json_t *args, struct str name, struct err *e)
{
	const char **names = mem_array(json_object_size(args) + 1, sizeof *names);
	char *word = mem_copy(name.p, name.n);
	const char *near, *key;
	size_t n = 0;
	json_t *v;

	json_object_foreach ((json_t *)args, key, v)
		names[n++] = key;
	near = str_nearest(word, names);
	if (near)
		err_set(e, ERR_CONFIG, "'{%s}' is no argument: did you mean '{%s}'?", word, near);
	else
		err_set(e, ERR_CONFIG, "'{%s}' is no argument of this tool; declare it in args",
			word);
	free(word);
	free(names);
	return -1;
}

static int check_argument(const struct scope *scope, struct str name, struct err *e)
{
	char *word = mem_copy(name.p, name.n);
	const json_t *one = json_object_get(scope->args, word);
	const char *type = json_string_value(json_object_get(one, "type"));

	free(word);
	if (!one)
		return unknown_argument(scope->args, name, e);
	if (!scope->needs_value)
		return 0;
	if (type && strcmp(type, "array") == 0)
		return err_set(
			e, ERR_CONFIG, "'{%.*s}' is a list, and this is one word", STR_ARG(name));
	if (args_may_be_absent(one))
		return err_set(e, ERR_CONFIG,
			"'{%.*s}' may be absent; give it a default to use it here", STR_ARG(name));
	return 0;
}

static int cannot_stand_here(struct str name, struct err *e)
{
	return err_set(e, ERR_CONFIG, "'{%.*s}' cannot stand here", STR_ARG(name));
}

static int check_secret(const struct scope *scope, struct str name, struct err *e)
{
	if (!scope->secret)
		return err_set(e, ERR_CONFIG, "'{%.*s}': %s", STR_ARG(name),
			scope->no_secret ? scope->no_secret
					 : "a secret in a command line can be read by everybody "
					   "on the machine; pass it in env");
	if (!is_secret_name((struct str){name.p + 7, name.n - 7}))
		return err_set(e, ERR_CONFIG, "'{%.*s}' is no name of a secret", STR_ARG(name));
	return 0;
}

static int check_variable(const struct scope *scope, struct str name, struct err *e)
{
	if (str_starts(name, "env.HL_SECRET_"))
		return err_set(e, ERR_CONFIG,
			"'{%.*s}' is a secret: write {secret.NAME}, which is cut out of what is "
			"printed",
			STR_ARG(name));
	if (!scope->env || !scope_is_variable((struct str){name.p + 4, name.n - 4}))
		return cannot_stand_here(name, e);
	return 0;
}

int scope_check(void *arg, struct str name, struct err *e)
{
	const struct scope *scope = arg;

	if (str_starts(name, "env."))
		return check_variable(scope, name, e);
	if (str_starts(name, "secret."))
		return check_secret(scope, name, e);
	if (str_starts(name, "answer:"))
		return scope->answer ? 0 : cannot_stand_here(name, e);
	if (str_is(name, "random") && scope->moment && !json_object_get(scope->args, "random"))
		return 0;
	if (str_is(name, "time.epoch"))
		return scope->moment ? 0 : cannot_stand_here(name, e);
	return check_argument(scope, name, e);
}

int scope_check_text(const struct node *n, const struct scope *scope, struct err *e)
{
	if (json_is_object(n->v))
		return node_fail(n, e, "must be a text: put quotes around what starts with '{'");
	if (!json_is_string(n->v))
		return node_fail(n, e, "must be a text: put it in quotes");
	return template_check(n, scope_check, (void *)scope, e);
}
