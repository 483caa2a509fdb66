/*
 * opt: the option table of a command. One table feeds parsing, --help and, through
 * --list-options, the shell completions, so they cannot disagree.
 *
 *	static struct { bool dry_run; const char *goal; } option = {.goal = "health-check"};
 *	static const struct opt options[] = {
 *		{'n', "dry-run", NULL, "show what would be done", OPT_FLAG, &option.dry_run},
 *		{'g', "goal", "NAME", "what to look at (health-check)", OPT_TEXT, &option.goal},
 *		OPT_END,
 *	};
 *
 * Long options take "--name VALUE" or "--name=VALUE"; short ones may be bundled; "--" ends
 * them; a lone "-" is an operand. A unique prefix of a long name is not accepted: scripts
 * must not break when an option is added.
 */
#ifndef HL_BASE_OPT_H
#define HL_BASE_OPT_H

#include <stdbool.h>

#include "base/err.h"

enum opt_type {
	OPT_FLAG,  /* bool * */
	OPT_TEXT,  /* const char **, lent from argv */
	OPT_COUNT, /* long *, 0 or more */
	OPT_SPAN,  /* int64_t *, milliseconds, see when.h */
	OPT_LIST,  /* struct opt_list *, may be given more than once */
};

struct opt_list {
	const char **items;
	size_t count, cap;
};

struct opt {
	char letter;      /* 0: none */
	const char *name; /* NULL ends the table */
	const char *arg;  /* name of the value in --help; NULL for flags */
	const char *help;
	enum opt_type type;
	void *into;
};

#define OPT_END                                                                                    \
	{                                                                                          \
		0, NULL, NULL, NULL, OPT_FLAG, NULL                                                \
	}

/*
 * Reads argv by the tables (NULL-terminated list of tables). Sets *first to the index of the
 * first operand; operands are moved behind the options, in order. -1: ERR_USAGE with a
 * did-you-mean.
 */
int opt_parse(const struct opt *const *tables, int argc, char **argv, int *first, struct err *e);

#endif
