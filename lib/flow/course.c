#include "flow/course.h"

#include "base/when.h"
#include "flow/verdict.h"

/* Opens a case for the group, later than its last one so that the ids differ. */
static void open_case(struct roster_group *g, int64_t at)
{
	at -= (at % WHEN_SECOND + WHEN_SECOND) % WHEN_SECOND;
	if (g->opened_at != WHEN_NEVER && at <= g->opened_at)
		at = g->opened_at + WHEN_SECOND;
	g->opened_at = at;
	g->fired = 1;
	g->settled_at = g->until = g->closed_at = 0;
	g->how[0] = '\0';
	g->handed = false;
}

/* Whether the signals of the batch belong to the case that the group has. */
static bool goes_on(const struct roster_group *g, const struct touched *touched)
{
	int64_t opens = touched->opens;

	if (g->opened_at == WHEN_NEVER || g->closed_at)
		return false;
	/* Told of by another stage only: hl-triage was killed before it could remember the case. */
	return touched->firing || (opens >= g->opened_at && opens < g->opened_at + WHEN_SECOND);
}

/*
 * When a settled case has to be asked about anew, since its alerts do not end: from the time that
 * one said to be fixed fires again, or from now on when policy's patience is over, which is short
 * where the case ended badly. WHEN_NEVER: not yet.
 */
static int64_t asked_again_at(const struct roster_group *g, const struct touched *touched,
	const struct policy *p, int64_t now)
{
	bool back = touched->opens != INT64_MAX && touched->opens > g->settled_at;

	if (!g->firing || !verdict_settled(g))
		return WHEN_NEVER;
	if (back && !strcmp(g->how, "fixed"))
		return touched->opens;
	return now >= g->settled_at + verdict_patience(g, p) ? now : WHEN_NEVER;
}

bool course_follow(
	struct roster_group *g, const struct touched *touched, const struct policy *p, int64_t now)
{
	bool began = touched->opens != INT64_MAX, on = goes_on(g, touched);
	int64_t opens = WHEN_NEVER;

	if (on)
		opens = asked_again_at(g, touched, p, now);
	else if (began || g->opened_at == WHEN_NEVER)
		opens = began ? touched->opens : now;
	if (opens != WHEN_NEVER)
		open_case(g, opens);
	if (!on || opens == WHEN_NEVER)
		g->fired += touched->refires;
	if (!g->firing && !g->closed_at)
		g->closed_at = touched->ends != WHEN_NEVER ? touched->ends : now;
	return opens != WHEN_NEVER;
}
