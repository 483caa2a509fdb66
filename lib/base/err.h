/*
 * err: what went wrong, said once.
 *
 * A `struct err *` is the last argument of every function that can fail. The
 * function returns -1 (or NULL) and fills it; the first error stays, later
 * ones are dropped, so cleanup code may fail without hiding the cause.
 *
 * The kinds are the exit statuses of the tools (sysexits.h numbers), so that
 * a caller in shell or systemd can act on them.
 *
 * Wording: lower case, no full stop, what failed, the subject in single
 * quotes, then why: "cannot open 'policy.yaml': no such file".
 */
#ifndef HL_BASE_ERR_H
#define HL_BASE_ERR_H

#include <stddef.h>

enum err_kind {
	ERR_NONE = 0,
	ERR_CASE = 1,         /* the work was done, but a case ended badly */
	ERR_USAGE = 64,       /* the command line */
	ERR_DATA = 65,        /* some input was rejected */
	ERR_UNAVAILABLE = 69, /* something needed cannot be reached */
	ERR_BUG = 70,
	ERR_OUTPUT = 74, /* standard output or a file was not written */
	ERR_AGAIN = 75,  /* may work when tried again */
	ERR_DENIED = 77, /* policy forbids it */
	ERR_CONFIG = 78, /* policy, runbook, toolset or goal is wrong */
};

struct err {
	enum err_kind kind;
	char text[1024]; /* NUL-terminated, may hold bytes from outside: print with msg_* */
};

#define ERR_INIT                                                                                   \
	{                                                                                          \
		.kind = ERR_NONE, .text = { 0 }                                                    \
	}

/* Sets kind and message unless an error is set already. Always returns -1. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Like err_set, and appends ": " and the text of errno. Always returns -1. */
int err_sys(struct err *e, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts a context such as "runbooks/nginx.yaml:3: " in front of the message. Always returns -1. */
int err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Forgets the error, for a caller that dealt with it. */
void err_clear(struct err *e);

#endif
