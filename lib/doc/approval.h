/*
 * approval: the key `approval` of hl-case(5): who decided what about a plan. Silence is never
 * consent: what nobody answered in time is expired, and that is a decision of its own.
 *
 * Nothing is asked here; flow/asker.h does that. Each function gives a new tree for the caller to
 * decref. The same words at the same time give the same bytes.
 */
#ifndef HL_DOC_APPROVAL_H
#define HL_DOC_APPROVAL_H

#include <jansson.h>
#include <stdint.h>

#include "base/str.h"

/* Who decides, through what, when, and about which plan. */
struct approval {
	const char *by, *via; /* "alice", "terminal" */
	int64_t at;
	const json_t *plan;
};

/* "approved" or "auto": this solution of the plan. */
json_t *approval_for(const struct approval *a, const char *decision, const json_t *solution);

/* "ignored" or "rejected", with the reason: "LEAD: WORDS"; both may be empty. */
json_t *approval_against(
	const struct approval *a, const char *decision, const char *lead, struct str words);

json_t *approval_snoozed(const struct approval *a, int64_t until);

/* Nobody decides that, however it was noticed. */
json_t *approval_expired(const json_t *plan, int64_t at);

/* What needs no person: that it expired, or what policy lets hl do alone. NULL: one is needed. */
json_t *approval_by_policy(const json_t *whole_case, int64_t at);

#endif
