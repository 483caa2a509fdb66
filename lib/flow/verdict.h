/*
 * verdict: what a case is, and why in words for a person.
 */
#ifndef HL_FLOW_VERDICT_H
#define HL_FLOW_VERDICT_H

#include "flow/roster.h"
#include "flow/rules.h"

enum verdict {
	VERDICT_PROBLEM,   /* a runbook knows it */
	VERDICT_EXPECTED,  /* policy expects it */
	VERDICT_DUPLICATE, /* part of a case that somebody holds, or that ended a short while ago */
	VERDICT_SNOOZED,   /* silenced by policy, or put off by a person */
	VERDICT_RESOLVED,  /* nothing of it fires any more */
	VERDICT_UNSURE,    /* nothing decides it */
};

extern const char *const verdict_names[]; /* NULL-terminated */

/* What the rules say of the signals of one case. */
struct finding {
	const struct policy_rule *silence, *expected; /* NULL unless each signal has one */
	const char *runbooks[RULES_RUNBOOKS];
	size_t n_runbooks;
	size_t signals;         /* that were looked at */
	enum severity severity; /* the worst of them, and of those that ended */
};

/* Adds one firing signal: its labels and its generator expression, which may be empty. */
int finding_add(struct finding *f, struct rules *r, const struct labels *l, struct str expr,
	int64_t now, struct err *e);

/* How a case stands beside what the rules say. */
struct standing {
	const char *id;
	int64_t now;
	bool fresh;        /* opened just now */
	bool held;         /* somebody has it: handed on by this run, parked, or with a journal */
	int64_t returns;   /* how often it came back within policy's window; */
	bool flapping;     /* too often */
	uint32_t resolved; /* alerts that were resolved */
	int64_t ended_at;  /* the last of them */
};

/* Whether a person or an action ended the case; a snooze that is over has not. */
bool verdict_settled(const struct roster_group *g);
bool verdict_snoozed(const struct roster_group *g, int64_t now);

/*
 * How long after a settled case its alerts may go on before it is asked about anew: policy's
 * ask_again; where the case ended badly (failed, rolled_back, unverified, refused) its cooldown, if
 * that is shorter.
 */
int64_t verdict_patience(const struct roster_group *g, const struct policy *p);

/* Decides, and appends why. */
enum verdict verdict_of(const struct roster_group *g, const struct finding *f,
	const struct standing *s, const struct rules *rules, struct buf *why);

#endif
