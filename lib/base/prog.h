/*
 * prog: the beginning and the end of every command.
 *
 *	int main(int argc, char **argv)
 *	{
 *		struct err e = ERR_INIT;
 *		int first = prog_begin(&program, argc, argv);
 *		...
 *		return prog_end(&e);
 *	}
 *
 * prog_begin names the program for messages, gives SIGPIPE its default action back (a tool
 * whose reader has gone ends quietly), opens /dev/null on any of the three standard
 * descriptors that is closed, parses the options, and answers --help, --version and
 * --list-options itself. A wrong command line prints why and exits 64.
 *
 * prog_end prints the error, checks that standard output was really written (a full disk
 * gives 74), and returns the exit status.
 */
#ifndef HL_BASE_PROG_H
#define HL_BASE_PROG_H

#include "base/err.h"
#include "base/opt.h"

#define PROG_VERSION "0.1.0"

struct prog {
	const char *name;    /* "hl-triage" */
	const char *purpose; /* one line, no full stop */
	const char *
		synopsis; /* the operands: "[FILE ...]"; "" for none; one line an invocation form */
	const struct opt *options;
	const char *verbs; /* for completion: the words the first operand can be, blank-separated,
			      or NULL */
	const char *more;  /* lines for --help after the options, or NULL */
	const char *see;   /* manuals worth naming in --help: "hl(7), hl-case(5)", or NULL */
};

/* Returns the index of the first operand. Does not return on a usage error or --help. */
int prog_begin(const struct prog *p, int argc, char **argv);

/* The error's text and where to read more, exit status 64. For operands that are wrong. */
int prog_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

int prog_end(const struct err *e);

/* Options every command has; set by prog_begin. */
bool prog_quiet(void);
bool prog_verbose(void);

#endif
