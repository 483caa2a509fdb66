/*
 * autonomy: how far hl may go alone with one solution now, and why no further.
 *
 * The level in force is the lowest of all caps. No cap can raise it, and what is not known counts
 * as the worst: the zeroed struct gives ask_human or less. Decided when the plan is made, and
 * again at the moment of acting, from the facts of that moment.
 *
 *	cap                                             at most
 *	the runbook's automation_level                  itself
 *	policy: mode                                    mode_cap
 *	policy: caps for the widest blast radius        as written
 *	no runbook; triage is not sure                  ask_human
 *	somebody asked for it                           ask_human
 *	a model proposed it                             ask_human
 *	something in the runbook does not validate      ask_human
 *	wider than the runbook's promotion_criteria     ask_human
 *	the solution destroys                           ask_human
 *	it acts on several targets at once              ask_human
 *	no person has chosen the solution before        ask_human
 *	a change cannot be undone, and policy's         suggest
 *	  undo_optional does not cover the blast radius
 *	budget: actions alone in the last hour          ask_human
 *	budget: cooldown of the runbook on the target   ask_human
 *	breaker: failures in its window                 ask_human
 *	the halt file                                   ask_human
 *
 * The halt file does not lower it to observe: a plan made meanwhile would stay useless after the
 * halt is lifted. While it exists nothing acts, whatever the level.
 */
#ifndef HL_DOC_AUTONOMY_H
#define HL_DOC_AUTONOMY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "doc/ladder.h"
#include "doc/policy.h"

struct autonomy {
	const struct policy *policy;
	const char *runbook;    /* its id; NULL: none matched */
	const char *asked_by;   /* who asked for it; NULL: nobody, it came from an alert */
	const char *model;      /* whose solutions these are; NULL: no model's */
	enum level level;       /* the runbook's */
	enum effect effect;     /* of the solution: the worst of its steps */
	enum blast blast;       /* of the solution: the widest of its steps */
	size_t targets;         /* that the solution acts on */
	bool undoable;          /* every step that changes something says how to take it back */
	bool sure;              /* triage's verdict is problem */
	size_t problems;        /* in the runbook */
	int claimed;            /* the widest blast radius the runbook speaks of; -1: it does not */
	int64_t human_selected; /* times a person chose the solution */
	int64_t actions;        /* done alone in the last hour */
	int64_t failures;       /* in the breaker's window */
	int64_t last_action;    /* of this runbook on this target; WHEN_NEVER: none */
	int64_t now;
	bool halted;
};

/*
 * Appends to `why` (an array; may be NULL) a sentence for each cap that binds, that is, for each
 * at the level that is returned.
 */
enum level autonomy_decide(const struct autonomy *a, json_t *why);

/*
 * {"level": .., "why": [..], "seen": {..}}, the key `autonomy` of a plan. `seen` is what no document
 * says: failures, actions, last_action and halted, each only where it is not the default, so that
 * the sum can be done again. Caller decrefs.
 */
json_t *autonomy_json(const struct autonomy *a);

/* Reads `seen` back into those four. -1: it is none, and e says where. */
int autonomy_read_seen(struct autonomy *a, const json_t *seen, struct err *e);

#endif
