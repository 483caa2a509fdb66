/*
 * guard: what has to be done before a tool may change something, so that there is a way back: a
 * snapshot; hl-toolset(5).
 *
 *	guard: {tool: proxmox.snapshot, args: {vmid: "{vmid}", name: "hl-{case.short}"},
 *		from: single_service, rollback: auto}
 *
 * The one of a toolset is for each of its tools that changes something and reaches as far as
 * `from`; a tool's own stands before it, and `guard: false` is none. The guard's tool must change
 * something itself and have an undo: that is the rollback. It is never guarded in its turn, and
 * nor is its undo.
 */
#ifndef HL_DOC_GUARD_H
#define HL_DOC_GUARD_H

#include <stdbool.h>

#include "base/err.h"
#include "doc/ladder.h"
#include "json/node.h"

struct tool;
struct toolset;

enum guard_rollback {
	GUARD_UNSAID, /* ask when the rollback destroys something, else auto */
	GUARD_AUTO,   /* what goes wrong is rolled back */
	GUARD_ASK,    /* the snapshot stays, and a person rolls it back, or not */
};

struct guard {
	const char *tool;   /* NULL: none */
	const json_t *args; /* templates over the guarded tool's arguments; may be NULL */
	enum guard_rollback rollback;
};

#define GUARD_CASE "case.short" /* the placeholder for a short name of the case: case_short */

/*
 * Reads the guards of a toolset whose tools are loaded, and sets the `guard` of each that has one.
 * root: the toolset's node. -1: ERR_CONFIG with the place. A guard of this toolset is checked
 * whole; one of another can only be checked against the catalogue (flow/guarding.h).
 */
int guard_load(struct toolset *set, const struct node *root, struct err *e);

/* Whether the tool can be a guard: it changes something, destroys nothing, can be undone. */
int guard_check(const struct tool *guard, struct err *e);

#endif
