/*
 * exec: one program started in a clean process: a session of its own (so that nothing it runs can
 * ask at our terminal), default signals, only the environment and the descriptors given. proc.h is
 * what the rest of hl uses.
 */
#ifndef HL_EDGE_EXEC_H
#define HL_EDGE_EXEC_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "edge/contain.h"

struct exec {
	const char *const *argv; /* NULL-terminated */
	const char *const *env;  /* NULL-terminated */
	const char *program;     /* an absolute file name, or one relative to cwd */
	const char *cwd;
	bool tied;        /* SIGTERM when the starting process dies, however it dies */
	const struct containment *contain; /* NULL: it gains no privileges, and that is all */
	int in, out, err; /* become 0, 1 and 2; all above 2 */
	int said;         /* the writing end of a close-on-exec pipe: takes an exec_fault */
};

/* Why the program does not run. The reader of the pipe sees its end without one where it does. */
enum exec_place { EXEC_PROGRAM, EXEC_INTERPRETER, EXEC_CWD, EXEC_CONTAIN };
struct exec_fault {
	enum exec_place at;
	enum contain_step step; /* of EXEC_CONTAIN */
	int error; /* errno */
};

/*
 * The program's file: `name` itself when it has a slash, else the first executable file of that
 * name in the absolute directories of `path`. NULL when there is none. Given.
 */
char *exec_find(const char *name, const char *path);

/*
 * A pipe between us and a process that is to be: `ours` does not block; both are closed on exec.
 * we_read: ours is the end to read from.
 */
int exec_pipe(int *ours, int *theirs, bool we_read, struct err *e);

/* Appends what the fault means: "cannot enter '/srv': No such file or directory". */
void exec_explain(
	const struct exec_fault *fault, const char *program, const char *cwd, struct buf *into);

/* The new process, or -1 (ERR_AGAIN). */
pid_t exec_start(const struct exec *x, struct err *e);

#endif
