/*
 * state: the state directory and where the ops repo is.
 *
 *	spool/    parked cases, one file each     runs/     the journals of hl-apply
 *	rejects/  lines that were not understood  cache/    parsed snapshots, by tree id
 *	hl.db     see db.h                        halt      while it exists, nothing acts
 *	ops/      the ops repo, or a symbolic link to it
 *
 * Found in this order: --state, $HL_STATE, $STATE_DIRECTORY (systemd), /var/lib/hl for root, else
 * $XDG_STATE_HOME/hl or ~/.local/state/hl. The repo: --repo, $HL_REPO, else ops/ in the state
 *directory. Nothing is created before it is needed.
 */
#ifndef HL_EDGE_STATE_H
#define HL_EDGE_STATE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/opt.h"
#include "base/str.h"

/* Options for a command's table: --state DIR and --repo DIR. */
#define STATE_OPTIONS                                                                              \
	{0, "state", "DIR", "state directory ($HL_STATE)", OPT_TEXT, &state_option.dir},           \
	{                                                                                          \
		0, "repo", "DIR", "ops repo ($HL_REPO, else ops/ in the state directory)",         \
			OPT_TEXT, &state_option.repo                                               \
	}
struct state_option {
	const char *dir, *repo;
};
extern struct state_option state_option;

const char *state_dir(void);  /* lent for the life of the process */
const char *state_repo(void); /* likewise */
bool state_repo_named(void);  /* by the option or the variable: then it has to be there */

/* "STATE/name"; given. */
char *state_path(const char *name);

/* The same, after creating the directory `sub` in the state directory (0700). NULL on error. */
char *state_make(const char *sub, struct err *e);

/*
 * Whether nobody else can write in this directory: what lies there is believed. Absent is fine. -1:
 * ERR_DENIED, with what to do.
 */
int state_trust(const char *dir, struct err *e);

/*
 * Keeps a rejected line, whole, in rejects/YYYY-MM-DD (UTC); a stream_reject_fn (to: unused).
 *
 * Each entry is two lines: "# TIME PROGRAM: why", then the line as the bytes it came in. So all
 *rejected lines of a day are every second line of its file, and go back into a pipe, once
 *corrected, with awk 'NR % 2 == 0' rejects/2026-11-21 | hl-triage One file a day, however many
 *programs write: each entry is appended under a lock on the file, and a full disk leaves the entry
 *whole or absent, never in part. Old days may be deleted.
 */
int state_reject(void *to, struct str line, const char *why, struct err *e);

/* Whether the halt file is there (or the state directory cannot be read: fails closed). */
bool state_halted(void);

#endif
