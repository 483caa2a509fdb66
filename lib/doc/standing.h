/*
 * standing: where a runbook stands on the ladder, and where its evidence would have it.
 *
 * Evidence is trials: the decisions of the history about this runbook, in the order their cases
 *opened. A trial counts when
 *	- the runbook did what it does now: the same steps_digest;
 *	- it is no older than the runbook's evidence_window;
 *	- it came after the last time the level went down, by us or by a person: the level at the
 *time of a plan is in the decision, so a fall shows;
 *	- hl's own choice was carried out: the recommended solution, approved or by itself.
 * Of these, it is a success when the outcome is fixed, and the same group has not come again within
 *the runbook's recurs_within. Until that time has passed it is pending, and counts for nothing.
 *Coming again, failed and rolled_back are failures; unverified is no success; waiting and refused
 *are no trial. What people chose counts apart: agreed of chosen, a rejection being a choice that hl
 *did not make.
 *
 * Up, one level at a time: the lower bound of the success rate (bound.h) clears the level, and the
 *runbook's own promotion_criteria are met. Down, to ask_human and at once: after a failure or a
 *rejection of what was planned at suggest or above. From there it needs evidence that is all new.
 *observe is left to people.
 *
 * A drill is no trial of what the runbook does: it counts as neither success, failure nor choice.
 * One that worked shows that the undo does, as an undo after a failure does. One that did not, or
 * of which nobody knows, keeps the runbook from acting alone until a later one works.
 */
#ifndef HL_DOC_STANDING_H
#define HL_DOC_STANDING_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "doc/trial.h"

struct trials {
	const struct trial *all; /* in order */
	const uint32_t *again;   /* the next trial of the same group, or TRIAL_NONE */
	const uint32_t *mine;    /* the numbers of this runbook's, in order */
	size_t count;            /* of mine */
};

struct standing_solution {
	uint32_t name;
	int64_t selected; /* ever, by a person */
	int64_t n, k;     /* of those that count */
};

/* What is asked, of the runbook, the catalogue and policy. */
struct standing_terms {
	enum level level;
	uint32_t steps; /* the number of the runbook's steps_digest now */
	int64_t min_approvals;
	double min_success_rate;
	int max_blast; /* -1: not said */
	int64_t recurs_s, window_s, now_s;
	enum effect effect; /* the worst, and the widest, that any of its solutions can do */
	enum blast blast;
	int undo_optional;      /* policy's */
	const char *lacks_tool; /* a step's tool that is not in the catalogue, or NULL */
};

struct standing {
	int64_t n, k, pending;
	int64_t failed, recurred, unverified, rejected;
	int64_t approvals, chosen, agreed;
	bool undone;         /* an undo has been exercised */
	bool drill_failed;   /* the last drill of it was none that worked */
	int64_t other_steps; /* trials of steps that the runbook no longer has */
	bool other_alone;    /* the last of them was planned to act alone */
	uint32_t blame;      /* the first trial that demotes, or TRIAL_NONE */
	size_t from;         /* of mine: those before it do not count */
	double bound;
	double needed; /* the bound for the next level; 0 when there is none */
	enum level to; /* == level: it stays */
	json_t *why;   /* sentences; owned */
};

/* Counts and judges. solutions (n_solutions, names set) are filled in. */
void standing_judge(struct standing *s, const struct trials *t, const struct standing_terms *terms,
	struct standing_solution *solutions, size_t n_solutions);
void standing_clear(struct standing *s);

/* Whether a trial (a position in t->mine) is one of those that counted, for naming them. */
bool standing_counts(const struct standing *s, const struct trials *t,
	const struct standing_terms *terms, size_t position);

/* The bound that a level asks for. */
double standing_needed(enum level to, enum blast blast);

#endif
