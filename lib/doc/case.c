#include "doc/case.h"

#include <stdio.h>

#include "base/path.h"
#include "base/when.h"

const char *const case_members[CASE_MEMBERS] = {
	"id", "triage", "plan", "approval", "outcome", "record", "signals", "answer"};

char *case_id(int64_t opened_at, uint64_t group, char id[CASE_ID])
{
	char at[WHEN_TEXT], hex[FINGERPRINT_HEX];
	char *to = id;

	if (opened_at != WHEN_NEVER)
		opened_at -= (opened_at % 1000 + 1000) % 1000;
	when_format(opened_at, at);
	for (const char *p = at; *p; p++)
		if (*p != '-' && *p != ':')
			*to++ = *p;
	snprintf(to, CASE_ID - (size_t)(to - id), "-%s", fingerprint_format(group, hex));
	return id;
}

char *case_short(const char *id, char name[CASE_SHORT])
{
	size_t n = 0;

	for (; id[n] && n + 1 < CASE_SHORT; n++) {
		char c = id[n];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		name[n] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
	}
	name[n] = '\0';
	return name;
}

static bool says(struct scan_value object, const char *key, const char *word)
{
	return scan_is(scan_member(object, key), str_of(word));
}

/* A person has a step of it: has that been answered? */
static enum case_step next_of_waiting(const struct scan_value m[CASE_MEMBERS])
{
	struct scan_value waits = scan_member(scan_member(m[CASE_OUTCOME], "waiting"), "step"),
			  said = scan_member(m[CASE_ANSWER], "step");

	return said.type == SCAN_STRING && waits.type == SCAN_STRING && str_eq(said.raw, waits.raw)
		       ? CASE_TO_APPLY
		       : CASE_TO_ASK;
}

enum case_step case_next(const struct scan_value m[CASE_MEMBERS])
{
	if (m[CASE_RECORD].type)
		return CASE_DONE;
	if (m[CASE_OUTCOME].type)
		return says(m[CASE_OUTCOME], "result", "waiting") ? next_of_waiting(m)
								  : CASE_TO_RECORD;
	if (m[CASE_APPROVAL].type)
		return says(m[CASE_APPROVAL], "decision", "approved") ||
				       says(m[CASE_APPROVAL], "decision", "auto")
			       ? CASE_TO_APPLY
			       : CASE_TO_RECORD;
	if (m[CASE_PLAN].type)
		return CASE_TO_ASK;
	if (!m[CASE_TRIAGE].type)
		return CASE_TO_TRIAGE;
	return says(m[CASE_TRIAGE], "verdict", "problem") ||
			       says(m[CASE_TRIAGE], "verdict", "unsure")
		       ? CASE_TO_PLAN
		       : CASE_DONE;
}

bool case_is_sure(const json_t *whole_case)
{
	const json_t *triage = json_object_get(whole_case, "triage");
	const char *verdict = json_string_value(json_object_get(triage, "verdict"));

	return verdict && strcmp(verdict, "problem") == 0 && !json_object_get(triage, "model");
}

/* Long ids would not fit; path_is_name takes at most 200 bytes. */
static bool is_name(struct scan_value v)
{
	struct str text;
	char name[256];

	if (!scan_plain(v, &text) || text.n >= sizeof name)
		return false;
	memcpy(name, text.p, text.n);
	name[text.n] = '\0';
	return path_is_name(name);
}

const char *case_fault(const struct scan_value m[CASE_MEMBERS])
{
	if (!m[CASE_ID_MEMBER].type)
		return "case without id";
	if (!is_name(m[CASE_ID_MEMBER]))
		return "case whose id is not a plain name";
	if (m[CASE_SIGNALS].type != SCAN_ARRAY)
		return "case without signals";
	return NULL;
}
