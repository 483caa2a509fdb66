/*
 * argv: the command line of a tool, as its `run` declares it; hl-toolset(5).
 *
 * The first element is the program. Each other is a text, which becomes one word whatever is put
 * in; or a group, a list of such texts: it is left out when an argument in it is absent, and
 * repeated for each element when an argument in it is a list.
 *
 * A word that begins with a placeholder is not let begin with '-' unless that argument's
 * declaration allows it: args.h has checked what was given, but not what two parts come to, nor
 * what the environment holds.
 */
#ifndef HL_DOC_ARGV_H
#define HL_DOC_ARGV_H

#include "base/words.h"
#include "doc/template.h"

/* `args`: the tool's declarations, may be NULL. Errors are at their place. */
int argv_check(const struct node *run, const json_t *args, struct err *e);

/*
 * Where a text argument that may hold nearly anything begins a word: what the program makes of
 * that, no declaration says. A line for each, such as "t.yaml:7:20: ...", is appended.
 */
void argv_warn(const struct node *run, const json_t *args, struct buf *into);

/* What argv_fill fills in from. */
struct argv_values {
	const json_t *declared; /* the tool's declarations; may be NULL */
	const json_t *args;     /* checked, with defaults */
	template_lookup_fn *lookup;
	void *arg; /* of lookup */
};

/* Appends the words of a `run` that argv_check has passed. */
int argv_fill(
	const json_t *run, const struct argv_values *values, struct words *argv, struct err *e);

#endif
