/*
 * case: one incident on its way through the stages; hl-case(5). Each stage adds one key; the
 * state of a case is a function of its keys.
 */
#ifndef HL_DOC_CASE_H
#define HL_DOC_CASE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "doc/labels.h"

#define CASE_ID 40 /* "20261121T041300Z-9c2e51d0a7b3f644" and a NUL, with room */

/*
 * From the opening time (to the second) and the group's fingerprint. Sorts by time, is a file
 * name.
 */
char *case_id(int64_t opened_at, uint64_t group, char id[CASE_ID]);

/*
 * A short name for the case, for things that are made for it on other systems, such as snapshots:
 * "20261121t041300z-9c2e51d0". Letters a-z, digits and '-'. Returns `name`.
 */
#define CASE_SHORT 26
char *case_short(const char *id, char name[CASE_SHORT]);

/* The members that say where a case stands, for stream_open's want list, in this order. */
enum case_member {
	CASE_ID_MEMBER,
	CASE_TRIAGE,
	CASE_PLAN,
	CASE_APPROVAL,
	CASE_OUTCOME,
	CASE_RECORD,
	CASE_SIGNALS,
	CASE_ANSWER,
	CASE_MEMBERS
};
extern const char *const case_members[CASE_MEMBERS];

enum case_step {
	CASE_TO_TRIAGE,
	CASE_TO_PLAN,
	CASE_TO_ASK,
	CASE_TO_APPLY,
	CASE_TO_RECORD,
	CASE_DONE
};

/*
 * The stage that has to act next, from the members' values: to plan while triage says problem or
 * unsure and there is no plan; to ask while the plan needs a person and there is no approval; to
 * apply when the approval is approved or auto and there is no outcome; to ask again when the outcome
 * is that it waits for a person (task.h), and to apply again when there is an answer to that; to
 * record when it ended or
 * was answered otherwise (rejected, ignored, snoozed, expired); done else (duplicate, snoozed,
 * expected: nothing to do; recorded).
 */
enum case_step case_next(const struct scan_value members[CASE_MEMBERS]);

/*
 * A known kind must have these: for a case `id` (a file name) and `signals`. "case without id",
 * or NULL.
 */
const char *case_fault(const struct scan_value members[CASE_MEMBERS]);

/*
 * A rule, a runbook or a person says that it is a problem. What only a model holds for one is not
 * sure: a person is asked that first, and nothing is done without one.
 */
bool case_is_sure(const json_t *whole_case);

#endif
