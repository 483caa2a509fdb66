/*
 * run: how far an approved solution got, as its journal tells it. The journal's lines are
 *
 *	{"event":"begin","at":..,"case":{the whole case},"digest":..,"preflight":[..],"before":[..]}
 *	{"event":"try","step":"id"}                 written before a step is run
 *	{"event":"did","step":"id","ok":true,"took_ms":12,"error":..}      and after it
 *	{"event":"wait","step":"id","at":..,"until":..}   a person has the next step
 *	{"event":"did","step":"id","ok":true,"by":..,"via":..,"at":..}     and has said so
 *	{"event":"back","why":".."}                 it goes back: no further step
 *	{"event":"undo","step":"id"}                written before the undo of a step is run
 *	{"event":"undone","step":"id","ok":true,..} and after it
 *	{"event":"end","outcome":{..}}
 *
 * preflight holds the results of the checks before the first step, before those of the
 * invariants: what did not hold then was not broken by what came after.
 *
 * A `try` without its `did` is a step of which nobody knows whether it was done. It is never run
 * again, unless doing it again changes nothing: a look, or a commit, which is found again
 * (flow/scribe.h). Its `did` has the commit. A journal may hold more than one run of a case, one
 * after another, each with another plan.
 */
#ifndef HL_DOC_RUN_H
#define HL_DOC_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum run_state {
	RUN_NOT,     /* nothing was tried */
	RUN_UNKNOWN, /* tried, and no word of how it ended */
	RUN_WAITING, /* for a person */
	RUN_DONE,
	RUN_FAILED,
};

struct run {
	const json_t *begin;   /* its first line; NULL: this plan was never begun */
	const json_t *outcome; /* NULL: it did not end */
	const char *back;      /* why it goes back; NULL: it does not */
	const json_t *lines;
	size_t first; /* of its lines */
};

/*
 * Reads the run of the plan with this digest; an empty text: the last one. All that is lent lives
 * as long as `lines`. -1: ERR_DATA, the lines do not make sense, or another run was begun and did
 * not end.
 */
int run_read(struct run *r, const json_t *lines, const char *digest, struct err *e);

/* The step that a person has in hand: its `wait`, or NULL. */
const json_t *run_waits(const struct run *r);

/* Whether a person ever had a step of it, and whether one was not done in its time. */
bool run_waited(const struct run *r);
bool run_ran_out(const struct run *r);

/* What became of a step, and of its undo. *line (may be NULL): its `did` or `undone`, or NULL. */
enum run_state run_step(const struct run *r, const char *step, const json_t **line);
enum run_state run_undo(const struct run *r, const char *step, const json_t **line);

/* The lines. Each returns a new object. */
json_t *run_begin_line(const json_t *whole_case, const char *digest, const char *at,
	const json_t *preflight, const json_t *before);
json_t *run_line(const char *event, const char *step);
json_t *run_wait_line(const char *step, const char *at, const char *until);
json_t *run_result_line(
	const char *event, const char *step, int ok, int64_t took_ms, const char *error);
json_t *run_back_line(const char *why);
json_t *run_end_line(const json_t *outcome);

#endif
