#include "base/opt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"

#define NAMES_MAX 128

static const struct opt *by_letter(const struct opt *const *tables, char letter)
{
	for (; *tables; tables++)
		for (const struct opt *o = *tables; o->name; o++)
			if (o->letter == letter)
				return o;
	return NULL;
}

static const struct opt *by_name(const struct opt *const *tables, struct str name)
{
	for (; *tables; tables++)
		for (const struct opt *o = *tables; o->name; o++)
			if (str_is(name, o->name))
				return o;
	return NULL;
}

static int unknown(const struct opt *const *tables, struct str name, struct err *e)
{
	const char *names[NAMES_MAX], *near;
	size_t n = 0;
	char *word = mem_copy(name.p, name.n);

	for (; *tables; tables++)
		for (const struct opt *o = *tables; o->name && n < NAMES_MAX - 1; o++)
			names[n++] = o->name;
	names[n] = NULL;
	near = str_nearest(word, names);
	if (near)
		err_set(e, ERR_USAGE, "unknown option '--%s': did you mean '--%s'?", word, near);
	else
		err_set(e, ERR_USAGE, "unknown option '--%s': see --help", word);
	free(word);
	return -1;
}

static int set(const struct opt *o, const char *value, struct err *e)
{
	if (!value)
		value = "";
	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->into = true;
		return 0;
	case OPT_TEXT:
		*(const char **)o->into = value;
		return 0;
	case OPT_COUNT: {
		char *end;
		long n;

		errno = 0;
		n = strtol(value, &end, 10);
		if (errno || *value < '0' || *value > '9' || *end)
			return err_set(e, ERR_USAGE, "--%s takes a whole number, not '%s'", o->name,
				value);
		*(long *)o->into = n;
		return 0;
	}
	case OPT_SPAN:
		if (span_parse(str_of(value), o->into))
			return err_set(e, ERR_USAGE,
				"--%s takes a time such as 30s, 5m or 2h, not '%s'", o->name,
				value);
		return 0;
	case OPT_LIST: {
		struct opt_list *list = o->into;

		list->items = mem_room(list->items, list->count, &list->cap, sizeof *list->items);
		list->items[list->count++] = value;
		return 0;
	}
	}
	return err_set(e, ERR_BUG, "option '--%s' has no type", o->name);
}

/* Each takes the option at argv[i] and returns how many words it used, or -1. */
static int take_long(const struct opt *const *tables, int argc, char **argv, int i, struct err *e)
{
	struct str word = str_of(argv[i] + 2), name = word;
	const char *equals = strchr(argv[i], '='), *value = NULL;
	const struct opt *o;

	if (equals) {
		name.n = (size_t)(equals - word.p);
		value = equals + 1;
	}
	o = by_name(tables, name);
	if (!o)
		return unknown(tables, name, e);
	if (!o->arg && value)
		return err_set(e, ERR_USAGE, "--%s takes no value", o->name);
	if (!o->arg)
		return set(o, NULL, e) ? -1 : 1;
	if (value)
		return set(o, value, e) ? -1 : 1;
	if (i + 1 >= argc)
		return err_set(e, ERR_USAGE, "--%s needs a value: %s", o->name, o->arg);
	return set(o, argv[i + 1], e) ? -1 : 2;
}

static int take_short(const struct opt *const *tables, int argc, char **argv, int i, struct err *e)
{
	for (const char *c = argv[i] + 1; *c; c++) {
		const struct opt *o = by_letter(tables, *c);

		if (!o)
			return err_set(e, ERR_USAGE, "unknown option '-%c': see --help", *c);
		if (!o->arg) {
			if (set(o, NULL, e))
				return -1;
			continue;
		}
		if (c[1])
			return set(o, c + 1, e) ? -1 : 1;
		if (i + 1 >= argc)
			return err_set(e, ERR_USAGE, "-%c needs a value: %s", *c, o->arg);
		return set(o, argv[i + 1], e) ? -1 : 2;
	}
	return 1;
}

int opt_parse(const struct opt *const *tables, int argc, char **argv, int *first, struct err *e)
{
	char **operands = mem_array((size_t)argc + 1, sizeof *operands);
	int n = 0, i = 1, rc = -1;

	while (i < argc) {
		int used = 1;

		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				operands[n++] = argv[i];
			break;
		}
		if (argv[i][0] != '-' || argv[i][1] == '\0')
			operands[n++] = argv[i];
		else if (argv[i][1] == '-')
			used = take_long(tables, argc, argv, i, e);
		else
			used = take_short(tables, argc, argv, i, e);
		if (used < 0)
			goto out;
		i += used;
	}
	*first = argc - n;
	memcpy(argv + argc - n, operands, (size_t)n * sizeof *argv);
	rc = 0;
out:
	free(operands);
	return rc;
}
