/*
 * filling: what a tool's declaration leaves open, filled in for one call: {arg}, {env.NAME},
 * {secret.name}, {time.epoch} and {random}. The secrets that were handed out are remembered, to be
 * cut out of what comes back.
 *
 *	struct filling f;
 *	filling_begin(&f, args);
 *	if (filling_argv(&f, tool->run, &argv, e) || ...)
 *	...
 *	redaction_text(&f.secrets, &printed);
 *	filling_clear(&f);
 */
#ifndef HL_FLOW_FILLING_H
#define HL_FLOW_FILLING_H

#include "base/words.h"
#include "doc/redaction.h"
#include "json/node.h"

struct filling {
	json_t *args; /* checked, with defaults; lent */
	struct redaction secrets;
	json_t *lent; /* the values that were looked up */
};

void filling_begin(struct filling *f, json_t *args);
void filling_clear(struct filling *f); /* accepts one that is zeroed */

/*
 * A template_lookup_fn whose `arg` is a filling. ERR_UNAVAILABLE: a secret or a variable that is
 * not there.
 */
const json_t *filling_look_up(void *arg, struct str name, struct err *e);

/* The command line, from the declaration's `run`; `declared`: its `args`, may be NULL. */
int filling_argv(struct filling *f, const json_t *run, const json_t *declared, struct words *argv,
	struct err *e);

/* The whole environment of a program: what each gets, and the declaration's `env` (may be NULL). */
int filling_env(struct filling *f, const json_t *declared, struct words *env, struct err *e);

#endif
