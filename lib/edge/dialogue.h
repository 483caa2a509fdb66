/*
 * dialogue: a child process that one talks lines with, over pipes.
 *
 * The child is made as proc.h's are: no shell, a session of its own, only the environment given. It
 * gets SIGTERM when we die. What it says on standard error is drained all the time, and the end of
 * it kept: it tells why a child went away. A line is bounded, and so is what is read ahead.
 *
 *	struct dialogue *d = dialogue_start(&spec, e);
 *	dialogue_say(d, line, until, e);
 *	while ((rc = dialogue_hear(d, until, &line, e)) > 0)
 *		...
 *	dialogue_free(d);
 *
 * Times are ticks (when_tick), in milliseconds.
 */
#ifndef HL_EDGE_DIALOGUE_H
#define HL_EDGE_DIALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/contain.h"
#include "base/err.h"

struct dialogue_spec {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up unless it has a slash */
	const char *const *env;  /* NULL-terminated "NAME=value"; NULL: empty */
	const char *path;        /* search path; NULL: proc_standard_path */
	const char *cwd;         /* NULL: "/" */
	const struct contain *contain; /* what it is not let do; NULL: gain privileges */
	size_t line_max;         /* bytes of a line that is heard; a longer one is an error */
	int stop;                /* a descriptor: readable means give up (ERR_AGAIN); -1: none */
};

struct dialogue;

/* NULL: the program is not there or cannot be run (ERR_UNAVAILABLE), or no process (ERR_AGAIN). */
struct dialogue *dialogue_start(const struct dialogue_spec *spec, struct err *e);

/*
 * Writes the line and a line end; reads ahead meanwhile, so that two that both talk do not wait for
 * each other. -1: the child is gone (ERR_UNAVAILABLE), the time is up (ERR_AGAIN).
 */
int dialogue_say(struct dialogue *d, struct str line, int64_t until, struct err *e);

/*
 * 1 with the next line, without its end, valid until the next call; 0: the time is up. -1: the
 * child closed its output or ended (ERR_UNAVAILABLE, with how, and its last words), or the line is
 * too long (ERR_DATA).
 */
int dialogue_hear(struct dialogue *d, int64_t until, struct str *line, struct err *e);

/*
 * Closes the child's input, waits a moment, then SIGTERM, then SIGKILL, to all of its group. What
 * the child leaves behind in its group is killed too. Accepts NULL.
 */
void dialogue_free(struct dialogue *d);

#endif
