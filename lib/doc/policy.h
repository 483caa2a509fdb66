/*
 * policy: policy.yaml of the ops repo; hl-policy(5). No secret is ever in it.
 */
#ifndef HL_DOC_POLICY_H
#define HL_DOC_POLICY_H

#include <stdint.h>

#include "doc/asking.h"
#include "doc/consult.h"
#include "doc/ladder.h"
#include "doc/matcher.h"
#include "doc/people.h"
#include "doc/privacy.h"
#include "json/node.h"

struct policy_rule {
	struct matchers match;
	const char *why;
	int64_t until; /* not from then on; INT64_MAX: for ever */
};

struct policy {
	enum mode mode;
	struct {
		const char *name, *mail;
	} identity;            /* of the commits; "hl <hl@localhost>" */
	const char **group_by; /* NULL-terminated; alertname, instance unless said */
	/*
	 * The highest level by blast radius; unless said auto up to a service, suggest for a node,
	 * ask_human for the cluster.
	 */
	enum level caps[BLAST_COUNT];
	struct {
		int64_t actions_an_hour; /* 6 */
		int64_t cooldown_ms;     /* of one runbook on one target: 10m */
	} budget;
	struct {
		int64_t failures;  /* 3 */
		int64_t window_ms; /* 1h: that many failed in it, and nothing acts alone */
	} breaker;
	struct {
		int64_t times;     /* 4 episodes */
		int64_t window_ms; /* in 1h is flapping */
	} flapping;
	int64_t plan_expires_ms; /* 12h */
	int64_t ask_again_ms;    /* still firing so long after the case ended: 4h */
	int undo_optional; /* widest blast that may act alone without an exercised undo; -1 none */
	struct policy_rule *expected, *silences;
	size_t n_expected, n_silences;
	const json_t *invariants; /* array of checks, may be NULL */
	const json_t
		*rules; /* {ALERT: {when, severity, summary, off}} for goals' rules, may be NULL */
	const json_t *drill_targets; /* array of {ARG: regex} (drill.h), may be NULL: no drills */
	struct consult models;
	struct privacy privacy;
	struct channels channels;
	struct people people;
	struct asking asking;
	const json_t *placement; /* rules (placement.h), may be NULL: the default holds */
	const json_t *tools_deny; /* array of tool names or "prefix.*", may be NULL */
	struct {
		const char *token;          /* the name of the bearer token's secret; may be NULL */
		const json_t *allow, *deny; /* as tools.deny; allow NULL: all; may be NULL */
		const json_t *origins;      /* texts that a browser may call from, may be NULL */
		int64_t open;               /* cases of programs that may wait at once: 20 */
	} mcp;
	json_t *tree;
};

/* Swallows the tree (NULL: all defaults). NULL: ERR_CONFIG. Unknown keys are errors, with a
 * did-you-mean. */
struct policy *policy_take(json_t *tree, const struct source *source, struct err *e);
void policy_free(struct policy *p); /* accepts NULL */

/* Whether a program may see and ask for the tool: not denied, and let through by `mcp`. */
bool policy_offers(const struct policy *p, const char *tool);

/* Whether tools.deny names the tool, or what it begins with: "systemd.*". */
bool policy_denies(const struct policy *p, const char *tool);

#endif
