#include "flow/verdict.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/when.h"

const char *const verdict_names[] = {
	"problem", "expected", "duplicate", "snoozed", "resolved", "unsure", NULL};

int finding_add(struct finding *f, struct rules *r, const struct labels *l, struct str expr,
	int64_t now, struct err *e)
{
	const struct policy_rule *silence = rules_silence(r, l, now);
	const struct policy_rule *expected = rules_expected(r, l, now);
	int n = rules_runbooks(r, l, expr, f->runbooks, f->n_runbooks, e);

	if (n < 0)
		return -1;
	f->n_runbooks = (size_t)n;
	/* One signal that no rule covers is enough for a case that somebody has to see. */
	f->silence = f->signals && !f->silence ? NULL : silence;
	f->expected = f->signals && !f->expected ? NULL : expected;
	f->signals++;
	return 0;
}

bool verdict_snoozed(const struct roster_group *g, int64_t now)
{
	return !strcmp(g->how, "snoozed") && now < g->until;
}

bool verdict_settled(const struct roster_group *g)
{
	return g->settled_at && strcmp(g->how, "snoozed") != 0;
}

/* What was dealt with, but not well, should not have to be found out by a person. */
static bool ended_badly(const char *how)
{
	return !strcmp(how, "failed") || !strcmp(how, "rolled_back") ||
	       !strcmp(how, "unverified") || !strcmp(how, "refused");
}

int64_t verdict_patience(const struct roster_group *g, const struct policy *p)
{
	if (ended_badly(g->how) && p->budget.cooldown_ms < p->ask_again_ms)
		return p->budget.cooldown_ms;
	return p->ask_again_ms;
}

static void put_time(struct buf *why, const char *before, int64_t at)
{
	char text[WHEN_TEXT];

	buf_putf(why, "%s%s", before, when_format(at, text));
}

static enum verdict by_rule(
	enum verdict v, const char *word, const struct policy_rule *rule, struct buf *why)
{
	buf_puts(why, word);
	if (rule->until != INT64_MAX)
		put_time(why, " until ", rule->until);
	if (rule->why && *rule->why)
		buf_putf(why, ": %s", rule->why);
	return v;
}

static enum verdict resolved(const struct standing *s, struct buf *why)
{
	if (s->resolved > 1)
		buf_putf(why, "all %" PRIu32 " alerts are resolved, the last", s->resolved);
	else
		buf_puts(why, "resolved");
	put_time(why, " at ", s->ended_at);
	return VERDICT_RESOLVED;
}

static enum verdict ended_before(
	const struct roster_group *g, const struct standing *s, int64_t again, struct buf *why)
{
	buf_putf(why, "still fires, but case %s was settled (%s)", s->id, g->how);
	put_time(why, " at ", g->settled_at);
	put_time(why, "; asked about again from ", g->settled_at + again);
	return VERDICT_DUPLICATE;
}

static enum verdict held(const struct roster_group *g, const struct standing *s, struct buf *why)
{
	buf_putf(why, "part of case %s", s->id);
	put_time(why, ", open since ", g->opened_at);
	if (g->fired > 1)
		buf_putf(why, ", fired %" PRIu32 " times", g->fired);
	return VERDICT_DUPLICATE;
}

static enum verdict by_runbooks(const struct finding *f, bool has_repo, struct buf *why)
{
	if (f->n_runbooks == 1)
		buf_putf(why, "runbook '%s' knows it", f->runbooks[0]);
	else if (f->n_runbooks)
		buf_putf(why, "%zu runbooks know it, first of all '%s'", f->n_runbooks,
			f->runbooks[0]);
	else if (has_repo)
		buf_puts(why, "no runbook knows it and no rule expects it");
	else
		buf_puts(why, "there is no ops repo yet, so no runbook can know it (see hl init)");
	return f->n_runbooks ? VERDICT_PROBLEM : VERDICT_UNSURE;
}

static enum verdict decide(const struct roster_group *g, const struct finding *f,
	const struct standing *s, const struct rules *rules, struct buf *why)
{
	if (f->silence)
		return by_rule(VERDICT_SNOOZED, "silenced by policy", f->silence, why);
	if (f->expected)
		return by_rule(VERDICT_EXPECTED, "expected", f->expected, why);
	if (verdict_snoozed(g, s->now)) {
		put_time(why, "snoozed until ", g->until);
		return VERDICT_SNOOZED;
	}
	if (verdict_settled(g))
		return ended_before(g, s, verdict_patience(g, rules_policy(rules)), why);
	if (s->held)
		return held(g, s, why);
	if (!s->fresh)
		put_time(why, "in nobody's hands though open since ", g->opened_at);
	if (!s->fresh)
		buf_puts(why, ", so handed on again: ");
	return by_runbooks(f, rules_basis(rules) != NULL, why);
}

enum verdict verdict_of(const struct roster_group *g, const struct finding *f,
	const struct standing *s, const struct rules *rules, struct buf *why)
{
	enum verdict v = g->firing ? decide(g, f, s, rules, why) : resolved(s, why);
	char window[48];

	if (s->flapping)
		buf_putf(why, "; flapping: it came back %" PRId64 " times within %s", s->returns,
			span_format(rules_policy(rules)->flapping.window_ms, window));
	return v;
}
