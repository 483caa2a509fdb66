/*
 * proc: child processes with a deadline, a cap on what they may print, and nothing inherited.
 *
 * The program is run directly, never through a shell, in a session and process group of its own,
 * with stdin from /dev/null (or `input`), a working directory that is set, and only the environment
 * given. No descriptor but 0, 1 and 2 is inherited; signals have their default actions; there is no
 * terminal.
 *
 * On timeout or overflow the whole group gets SIGTERM, after a second SIGKILL. What does not die of
 * that (a process that sleeps in the kernel) is left behind after another second. A program that
 * ends in time may leave others running, as one that starts a daemon does: they are not waited for,
 * even when they hold the pipe open, and not killed.
 *
 * A set runs many at once; proc_run is the set of one.
 */
#ifndef HL_EDGE_PROC_H
#define HL_EDGE_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/contain.h"
#include "base/err.h"

struct proc_spec {
	const char *const
		*argv; /* NULL-terminated; argv[0] is looked up in `path` unless it has a slash */
	const char *const *env;  /* NULL-terminated "NAME=value"; NULL: empty */
	const char *path;        /* search path, NULL: the standard one (proc_standard_path) */
	const char *cwd;         /* NULL: "/" */
	struct str input;        /* for stdin; empty: /dev/null */
	int64_t timeout_ms;      /* 0: none */
	const struct contain *contain; /* what it is not let do; NULL: gain privileges */
	bool tied;               /* SIGTERM to the program when we die: for what only looks */
	size_t out_max, err_max; /* 0: 1 MiB and 64 KiB; more output ends the child, of stderr the
				    end is kept */
};

enum proc_end {
	PROC_EXITED,
	PROC_SIGNALED,
	PROC_TIMED_OUT,
	PROC_OVERFLOWED,
	PROC_ABSENT, /* no such program */
	PROC_DENIED, /* it is there but cannot be run, or not contained as asked, or the directory
			cannot be entered: `err` says why */
};

struct proc_result {
	enum proc_end end;
	int status; /* exit status, signal number, or errno (PROC_ABSENT, PROC_DENIED) */
	bool left;  /* it could not be killed and still runs */
	struct buf out, err;
	int64_t took_ms;
};

#define PROC_RESULT_INIT                                                                           \
	{                                                                                          \
		.end = PROC_EXITED                                                                 \
	}

void proc_result_clear(struct proc_result *r);

/*
 * Where programs are looked for: the directory of hl's own programs, then $HL_PATH, or without it
 * /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin and the system profile of NixOS.
 * Lent.
 */
const char *proc_standard_path(void);

/* 0 with the result, -1 when no process could be made. A program that is absent is a result. */
int proc_run(const struct proc_spec *spec, struct proc_result *r, struct err *e);

struct proc_set;
struct proc_set *proc_set_new(void);
void proc_set_free(struct proc_set *s); /* kills what still runs; accepts NULL */
/* Starts one; `tag` comes back from proc_set_wait. The spec's strings may go after the call. */
int proc_set_start(struct proc_set *s, const struct proc_spec *spec, void *tag, struct err *e);
size_t proc_set_running(const struct proc_set *s);
/* Waits until one ends: 1 with its result (the caller clears it) and tag, 0 when none runs, -1
 * error. */
int proc_set_wait(struct proc_set *s, struct proc_result *r, void **tag, struct err *e);

#endif
