/*
 * decision: a case that ended or was answered, as it goes into the history: a file and a commit
 *message.
 *
 * The file is the case without its key `record`, laid out for people, with numbers and texts as
 *they came; hl-decision(5). Its path is
 *
 *	decisions/YYYY/MM/DD/<case>.json           the day is that of the case's id
 *	decisions/YYYY/MM/DD/<xx>/<case>.json      once a day has DECISION_CROWD entries: the first
 *two digits of the fingerprint decisions/YYYY/MM/DD/<case>.2.json         a later event of the same
 *case, .3 and so on
 *
 * The message is what a person would write, and ends in trailers (git-interpret-trailers(1)): Case,
 *Runbook, Workflow, Solution, Approved-by, Autonomy, Outcome, Basis. What comes from outside (alert names,
 *reasons, tools' words) is put on one line, without control characters and without anything that
 *changes the direction of writing, and wrapped so that no line of the body begins like a trailer.
 */
#ifndef HL_DOC_DECISION_H
#define HL_DOC_DECISION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/sha.h"
#include "doc/case.h"
#include "json/scan.h"

#define DECISION_ROOT  "decisions"
#define DECISION_CROWD 256
#define DECISION_PATH  96 /* the longest path and its NUL */

struct decision {
	char id[CASE_ID];
	struct scan_value whole; /* the case; lent */
	char *message;
	char how[32];  /* "fixed", "ignored": the outcome's result, or the approval's decision */
	int64_t until; /* of a snooze, else 0 */
	char event[SHA_HEX]; /* tells events of a case apart */
	json_t *gaps;        /* of its plan (gap.h); NULL: none */
	json_t *transcripts; /* that it names (minutes.h); NULL: none */
};

/*
 * Makes the decision of a validated case that case_next wants recorded; the text it is in must
 * outlive it. ERR_DATA: the id is not a time and a fingerprint, there is neither approval nor
 * outcome, or something in it looks like a secret: then the message names the rule and the place,
 * never the secret.
 */
int decision_load(struct decision *d, struct scan_value whole, struct err *e);
void decision_clear(struct decision *d);

/* Appends the bytes of the file. */
void decision_file(const struct decision *d, struct buf *into);

/* The digest of a case's approval and outcome, as in decision.event. */
void decision_event(const json_t *tree, char hex[SHA_HEX]);

/* Whether a file holds the same event: the same approval and the same outcome. Reads only d->event.
 */
bool decision_same(const struct decision *d, struct str file);

/*
 * The path of the nth event of a case, in the day's directory or (crowded) one level down. Returns
 * path. The id has passed decision_load or decision_is_id.
 */
char *decision_path(const char *id, unsigned n, bool crowded, char path[DECISION_PATH]);
char *decision_day(const char *id, char path[DECISION_PATH]); /* "decisions/2026/11/21" */
bool decision_is_id(const char *id);

/* The case's id and the number of the event from a path below DECISION_ROOT; -1: no decision's. */
int decision_of_path(const char *path, char id[CASE_ID], unsigned *n);

/* The message of one commit for many: a line each, and each one's Case trailer. Given. */
char *decision_message_of(const struct decision *const *all, size_t n);

#endif
