/*
 * runbook: what to do about a known problem, and how far it may be done alone; hl-runbook(5).
 *
 * A runbook that loads is well-formed: ids are names (path_is_name) and occur once, steps can be
 * put in order, every brace and expression is right. Whether its tools exist and take these
 * arguments only a catalogue can tell.
 */
#ifndef HL_DOC_RUNBOOK_H
#define HL_DOC_RUNBOOK_H

#include <stdbool.h>

#include "base/sha.h"
#include "doc/ladder.h"
#include "doc/matcher.h"
#include "json/node.h"

struct solution {
	const char *id, *title; /* title falls back to the id in words */
	const char *impact;     /* "30s restart", may be NULL */
	const char *risk;       /* of risk_names, may be NULL: not said */
	int reversible;         /* -1 not said, 0, 1 */
	/* An array of {id, tool, args, needs}, all there; a bare `action: NAME` is one step. Owned.
	 */
	json_t *steps;
	const json_t *preflight, *verify; /* arrays of checks, may be NULL */
	int64_t human_selected;
	double success_rate; /* negative: not said */
};

struct runbook {
	const char *id, *title; /* title falls back to the id in words */
	char *path;             /* in the ops repo */
	struct matchers match;  /* of an alert: trigger.alert and trigger.match; or see by_metric */
	const char *metric;     /* trigger.metric as written: name or name{matchers}; may be NULL */
	char *metric_name;
	const char *condition; /* "> 90%", may be NULL */
	int64_t duration_ms;   /* 0: at once */
	/*
	 * Only a metric is named. Then the match holds the metric's own matchers (may be none), and
	 * an alert is meant when its expression names metric_name and its labels match.
	 */
	bool by_metric;
	struct solution *solutions;
	size_t count;
	enum level level; /* automation_level; absent: ask_human */
	struct {
		int64_t min_approvals;   /* 5 */
		double min_success_rate; /* 0.95 */
		int blast;               /* widest it may be promoted for; -1 not said */
	} criteria;
	int64_t recurs_ms;          /* recurs_within: seen again sooner is a failure; 24h */
	int64_t window_ms;          /* evidence_window: older evidence does not count; 180d */
	const json_t *drill;        /* {labels, annotations, verify} (drill.h); NULL: none */
	char steps_digest[SHA_HEX]; /* over what the solutions do: evidence starts over when it
				       changes */
	json_t *tree;
};

/* Swallows the tree; source.name becomes path. NULL: ERR_CONFIG with file, line, column. */
struct runbook *runbook_take(json_t *tree, const struct source *source, struct err *e);
void runbook_free(struct runbook *r); /* accepts NULL */

#endif
