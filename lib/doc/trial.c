#include "doc/trial.h"

#include <string.h>

#include "base/when.h"
#include "doc/decision.h"

int trial_order(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	if (x->opened != y->opened)
		return x->opened < y->opened ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->event > y->event) - (x->event < y->event);
}

/* "20261121T041300Z" in seconds since 1970; -1: no such time, or none that fits. */
static int64_t opened_of(const char *id)
{
	char text[WHEN_TEXT];
	int64_t at;

	snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", id, id + 4, id + 6, id + 9,
		id + 11, id + 13);
	if (when_parse(str_of(text), &at) || at < 0 || at / WHEN_SECOND >= UINT32_MAX)
		return -1;
	return at / WHEN_SECOND;
}

bool trial_of_path(struct trial *t, const char *path)
{
	char id[CASE_ID], day[DECISION_PATH];
	unsigned event;
	int64_t opened;

	if (decision_of_path(path, id, &event) || event > UINT16_MAX)
		return false;
	opened = opened_of(id);
	if (opened < 0 || fingerprint_parse((struct str){id + 17, FINGERPRINT_HEX - 1}, &t->group))
		return false;
	t->opened = (uint32_t)opened;
	t->event = (uint16_t)event;
	if (strlen(path) > strlen(decision_path(id, event, false, day)))
		t->flags |= TRIAL_CROWDED;
	return true;
}

void trial_path(const struct trial *t, struct buf *into)
{
	char id[CASE_ID], path[DECISION_PATH];

	case_id((int64_t)t->opened * WHEN_SECOND, t->group, id);
	buf_puts(into, decision_path(id, t->event, t->flags & TRIAL_CROWDED, path));
}

/* The position of a text among words, counted from 1; 0 when it is none of them. */
static unsigned word_of(struct scan_value v, const char *const *words)
{
	struct str text;

	if (scan_plain(v, &text))
		for (unsigned i = 0; words[i]; i++)
			if (str_is(text, words[i]))
				return i + 1;
	return 0;
}

static uint32_t time_of(struct scan_value v, uint32_t fallback)
{
	struct str text;
	int64_t at;

	if (!scan_plain(v, &text) || when_parse(text, &at) || at < 0 ||
		at / WHEN_SECOND >= UINT32_MAX)
		return fallback;
	return (uint32_t)(at / WHEN_SECOND);
}

static uint32_t name_of(struct scan_value v, trial_number_fn *number, void *arg)
{
	struct str text;

	return scan_plain(v, &text) && text.n ? number(arg, text) : TRIAL_NONE;
}

static void read_plan(
	struct trial *t, struct scan_value plan, int64_t chosen, trial_number_fn *number, void *arg)
{
	struct scan_value runbook = scan_member(plan, "runbook"), key, one;
	int64_t recommended, n;
	unsigned level = word_of(scan_member(runbook, "level"), level_names);

	t->runbook = name_of(scan_member(runbook, "id"), number, arg);
	t->steps = name_of(scan_member(runbook, "steps_digest"), number, arg);
	t->level = level ? (level - 1) & 15 : LEVEL_ASK_HUMAN;
	if (scan_integer(scan_member(plan, "recommended"), &recommended) == 0 &&
		recommended == chosen)
		t->flags |= TRIAL_CHOSEN_BY_HL;
	for (struct scan_iter it = scan_open(scan_member(plan, "solutions"));
		scan_next(&it, &key, &one);)
		if (scan_integer(scan_member(one, "n"), &n) == 0 && n == chosen)
			t->solution = name_of(scan_member(one, "id"), number, arg);
}

static bool any_ok(struct scan_value list)
{
	struct scan_value key, one;

	for (struct scan_iter it = scan_open(list); scan_next(&it, &key, &one);)
		if (scan_member(one, "ok").type == SCAN_TRUE)
			return true;
	return false;
}

int trial_read(struct trial *t, struct str text, trial_number_fn *number, void *arg,
	struct scan_error *error)
{
	/* In the order of the enums, whose first is neither. */
	static const char *const decisions[] = {
		"approved", "rejected", "ignored", "snoozed", "auto", "expired", NULL};
	static const char *const results[] = {
		"fixed", "failed", "rolled_back", "unverified", "waiting", "refused", "drilled", NULL};
	enum { PLAN, APPROVAL, OUTCOME, MEMBERS };
	static const char *const keys[MEMBERS] = {"plan", "approval", "outcome"};
	struct scan_value member[MEMBERS];
	int64_t chosen;

	if (scan_object(text, keys, member, MEMBERS, error))
		return -1;
	t->runbook = t->solution = t->steps = TRIAL_NONE;
	t->decision = word_of(scan_member(member[APPROVAL], "decision"), decisions) & 15;
	t->result = word_of(scan_member(member[OUTCOME], "result"), results) & 15;
	t->at = time_of(scan_member(member[APPROVAL], "at"), t->opened);
	t->at = time_of(scan_member(member[OUTCOME], "at"), t->at);
	if (scan_integer(scan_member(member[APPROVAL], "solution"), &chosen))
		chosen = 0; /* no solution has this number */
	if (scan_member(member[PLAN], "drill").type == SCAN_OBJECT)
		t->flags |= TRIAL_DRILL;
	/* A drill says itself whether the undo worked. */
	if (t->flags & TRIAL_DRILL ? t->result == TRIAL_DRILLED
				   : any_ok(scan_member(member[OUTCOME], "undo")))
		t->flags |= TRIAL_UNDONE;
	read_plan(t, member[PLAN], chosen, number, arg);
	return 0;
}
