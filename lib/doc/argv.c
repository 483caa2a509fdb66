#include "doc/argv.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/arg_value.h"
#include "doc/scope.h"

#define WORD_MAX 131072 /* bytes of one argument: what Linux takes (MAX_ARG_STRLEN) */

static const json_t *member(const json_t *object, struct str name)
{
	char *word = mem_copy(name.p, name.n);
	const json_t *v = json_object_get(object, word);

	free(word);
	return v;
}

static bool is_list(const json_t *declaration)
{
	const char *type = json_string_value(json_object_get(declaration, "type"));

	return type && strcmp(type, "array") == 0;
}

/* --- checking --- */

static int refuse_placeholder(void *arg, struct str name, struct err *e)
{
	(void)arg;
	return err_set(
		e, ERR_CONFIG, "'{%.*s}': the program must be named, not filled in", STR_ARG(name));
}

static int check_program(const struct node *run, struct err *e)
{
	struct node program = node_at(run, 0);

	if (!json_is_string(program.v) || !json_string_length(program.v))
		return node_fail(&program, e, "must be the name of a program");
	return template_check(&program, refuse_placeholder, NULL, e);
}

/* What stands in a group: any argument, and one list at most. */
struct group {
	const json_t *args;
	struct str list;
	bool any;
};

static int note_argument(void *arg, struct str name, struct err *e)
{
	struct group *g = arg;
	const json_t *one = member(g->args, name);

	g->any = g->any || one;
	if (!is_list(one))
		return 0;
	if (g->list.n && !str_eq(g->list, name))
		return err_set(e, ERR_CONFIG,
			"'{%.*s}': a second list, where one says how often the group stands there",
			STR_ARG(name));
	g->list = name;
	return 0;
}

static int check_group(const struct node *group, const json_t *args, struct err *e)
{
	struct scope scope = {.args = args, .env = true};
	struct group g = {.args = args};

	for (size_t i = 0; i < node_count(group); i++) {
		struct node one = node_at(group, i);

		if (json_is_array(one.v))
			return node_fail(&one, e, "a list in a list in a list is not known");
		if (scope_check_text(&one, &scope, e) || template_check(&one, note_argument, &g, e))
			return -1;
	}
	return g.any ? 0
		     : node_fail(group, e,
			       "has no argument in it, so it is always there: write its words "
			       "without the brackets");
}

int argv_check(const struct node *run, const json_t *args, struct err *e)
{
	struct scope scope = {.args = args, .env = true, .needs_value = true};

	if (!json_is_array(run->v) || !node_count(run))
		return node_fail(run, e,
			"must be a list: the program, then its arguments; there is no shell");
	if (check_program(run, e))
		return -1;
	for (size_t i = 1; i < node_count(run); i++) {
		struct node one = node_at(run, i);

		if (json_is_array(one.v) ? check_group(&one, args, e)
					 : scope_check_text(&one, &scope, e))
			return -1;
	}
	return 0;
}

/* --- warning --- */

/* The name that a template begins with; empty where it begins with plain text. */
static struct str first_name(const char *template)
{
	const char *end = strchr(template, '}');

	if (template[0] != '{' || template[1] == '{' || !end)
		return (struct str){"", 0};
	return (struct str){template + 1, (size_t)(end - template) - 1};
}

static bool is_free(const json_t *declaration)
{
	const json_t *one = is_list(declaration) ? json_object_get(declaration, "items")
						 : declaration;
	const char *type = json_string_value(json_object_get(one, "type"));

	return type && strcmp(type, "string") == 0 && !json_object_get(one, "pattern") &&
	       !json_object_get(one, "enum");
}

static void warn_of(const struct node *word, const json_t *args, struct buf *into)
{
	struct str name = first_name(json_string_value(word->v));
	struct err at = ERR_INIT;

	if (!name.n || !is_free(member(args, name)))
		return;
	node_fail(word, &at,
		"'{%.*s}' begins a word and may hold nearly anything; programs read more into a "
		"word than options: give it a pattern or an enum",
		STR_ARG(name));
	buf_putf(into, "%s\n", at.text);
}

void argv_warn(const struct node *run, const json_t *args, struct buf *into)
{
	for (size_t i = 1; i < node_count(run); i++) {
		struct node one = node_at(run, i);

		if (json_is_array(one.v))
			for (size_t k = 0; k < node_count(&one); k++) {
				struct node word = node_at(&one, k);

				warn_of(&word, args, into);
			}
		else
			warn_of(&one, args, into);
	}
}

/* --- filling in --- */

struct filler {
	const struct argv_values *values;
	struct str list; /* the argument that a group is repeated for; */
	size_t index;    /* and which of its elements stands for it now */
	bool absent;     /* an argument of the group is */
	struct buf word;
};

static const json_t *look(void *arg, struct str name, struct err *e)
{
	const struct filler *f = arg;

	if (f->list.n && str_eq(f->list, name))
		return json_array_get(member(f->values->args, name), f->index);
	return f->values->lookup(f->values->arg, name, e);
}

static bool may_begin_with_dash(const struct filler *f, const char *template)
{
	struct str name = first_name(template);

	return !name.n || arg_value_may_begin_with_dash(member(f->values->declared, name));
}

static int fill_word(struct filler *f, const char *template, struct words *argv, struct err *e)
{
	buf_reset(&f->word);
	if (template_fill(template, look, f, &f->word, e))
		return -1;
	if (f->word.n && memchr(f->word.p, '\0', f->word.n))
		return err_set(e, ERR_DATA, "'%.100s' becomes a text with a NUL", template);
	if (f->word.n && f->word.p[0] == '-' && !may_begin_with_dash(f, template))
		return err_set(e, ERR_DATA,
			"'%.100s' becomes '%.100s', which would be read as an option", template,
			buf_text(&f->word));
	words_add(argv, buf_text(&f->word));
	return 0;
}

static int note_value(void *arg, struct str name, struct err *e)
{
	struct filler *f = arg;
	const json_t *v = member(f->values->args, name);

	(void)e;
	if (!v && member(f->values->declared, name))
		f->absent = true;
	if (json_is_array(v))
		f->list = name;
	return 0;
}

static int fill_group(struct filler *f, const json_t *group, struct words *argv, struct err *e)
{
	size_t i, times;
	json_t *one;

	f->absent = false;
	f->list = (struct str){NULL, 0};
	json_array_foreach (group, i, one)
		if (template_names(json_string_value(one), note_value, f, e))
			return -1;
	if (f->absent)
		return 0;
	times = f->list.n ? json_array_size(member(f->values->args, f->list)) : 1;
	for (f->index = 0; f->index < times; f->index++)
		json_array_foreach (group, i, one)
			if (fill_word(f, json_string_value(one), argv, e))
				return -1;
	return 0;
}

int argv_fill(const json_t *run, const struct argv_values *values, struct words *argv, struct err *e)
{
	struct filler f = {.values = values, .word = BUF_INIT(WORD_MAX)};
	int rc = 0;
	size_t i;
	json_t *one;

	json_array_foreach (run, i, one) {
		if (json_is_array(one)) {
			rc = fill_group(&f, one, argv, e);
		} else {
			f.list = (struct str){NULL, 0};
			rc = fill_word(&f, json_string_value(one), argv, e);
		}
		if (rc)
			break;
	}
	buf_clear(&f.word);
	return rc;
}
