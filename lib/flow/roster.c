#include "flow/roster.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"

void roster_clear(struct roster *r)
{
	free(r->alerts);
	free(r->groups);
	table_clear(&r->by_fingerprint);
	table_clear(&r->by_group);
	*r = (struct roster)ROSTER_INIT;
}

static uint32_t group_of(struct roster *r, uint64_t key)
{
	uint32_t at = table_get(&r->by_group, key);

	if (at != TABLE_NONE)
		return at;
	at = (uint32_t)r->n_groups++;
	r->groups = mem_room(r->groups, at, &r->cap_groups, sizeof *r->groups);
	r->groups[at] = (struct roster_group){
		.key = key, .opened_at = WHEN_NEVER, .told_at = WHEN_NEVER, .touched = ROSTER_NONE};
	table_put(&r->by_group, key, at);
	return at;
}

uint32_t roster_find(const struct roster *r, uint64_t fingerprint)
{
	return table_get(&r->by_fingerprint, fingerprint);
}

uint32_t roster_add(struct roster *r, uint64_t fingerprint, uint64_t group)
{
	uint32_t at = (uint32_t)r->n_alerts++;

	r->alerts = mem_room(r->alerts, at, &r->cap_alerts, sizeof *r->alerts);
	r->alerts[at] = (struct roster_alert){.fingerprint = fingerprint,
		.starts_at = WHEN_NEVER,
		.ends_at = WHEN_NEVER,
		.group = group_of(r, group),
		.pending = ROSTER_NONE};
	table_put(&r->by_fingerprint, fingerprint, at);
	return at;
}

static int load_case(void *arg, const struct memory_case *c, struct err *e)
{
	struct roster *r = arg;
	uint32_t at = group_of(r, c->group);
	struct roster_group *g = r->groups + at;

	(void)e;
	if (g->opened_at != c->opened_at || g->settled_at != c->settled_at)
		g->handed = false;
	g->opened_at = c->opened_at;
	g->settled_at = c->settled_at;
	g->until = c->until;
	g->closed_at = c->closed_at;
	g->fired = (uint32_t)c->fired;
	snprintf(g->how, sizeof g->how, "%.*s", STR_ARG(c->how));
	return 0;
}

static int load_alert(void *arg, const struct memory_alert *a, struct err *e)
{
	struct roster *r = arg;
	uint32_t at = roster_find(r, a->fingerprint);

	(void)e;
	if (at == ROSTER_NONE)
		at = roster_add(r, a->fingerprint, a->group);
	r->alerts[at].starts_at = a->starts_at;
	r->alerts[at].ends_at = a->ends_at;
	return 0;
}

int roster_load(struct roster *r, struct memory *m, struct err *e)
{
	if (memory_load(m, load_case, load_alert, r, e))
		return -1;
	for (size_t i = 0; i < r->n_groups; i++)
		r->groups[i].firing = 0;
	for (size_t i = 0; i < r->n_alerts; i++)
		r->groups[r->alerts[i].group].firing += !r->alerts[i].ends_at;
	return 0;
}

/* An alert that was just added is neither firing nor has it ended. */
static bool is_new(const struct roster_alert *a)
{
	return a->ends_at == WHEN_NEVER;
}

static enum event fires(
	const struct roster_alert *a, const struct episode *p, int64_t now, int64_t grace_ms)
{
	bool newer = p->starts_at > a->starts_at;

	if (is_new(a))
		return EVENT_NEW;
	if (!a->ends_at)
		return newer ? EVENT_AGAIN : EVENT_SAME;
	if (p->starts_at == WHEN_NEVER)
		return EVENT_RETURN;
	return newer || now > a->ends_at + grace_ms ? EVENT_RETURN : EVENT_SAME;
}

static enum event ends(const struct roster_alert *a, const struct episode *p)
{
	bool older = p->starts_at != WHEN_NEVER && p->starts_at < a->starts_at;
	bool newer = p->starts_at > a->starts_at;

	if (is_new(a))
		return EVENT_MISSED;
	if (!a->ends_at)
		return older ? EVENT_SAME : EVENT_END;
	return newer ? EVENT_MISSED : EVENT_SAME;
}

enum event roster_event(const struct roster *r, uint32_t alert, const struct episode *p,
	int64_t now, int64_t grace_ms)
{
	const struct roster_alert *a = r->alerts + alert;

	return p->firing ? fires(a, p, now, grace_ms) : ends(a, p);
}

void roster_apply(
	struct roster *r, uint32_t alert, enum event event, const struct episode *p, int64_t now)
{
	struct roster_alert *a = r->alerts + alert;
	struct roster_group *g = r->groups + a->group;

	if (event == EVENT_SAME)
		return;
	if (p->starts_at != WHEN_NEVER)
		a->starts_at = p->starts_at;
	else if (event != EVENT_END)
		a->starts_at = now;
	if (event == EVENT_NEW || event == EVENT_RETURN)
		g->firing++;
	if (event == EVENT_END)
		g->firing--;
	a->ends_at = p->firing                                      ? 0
		     : p->ends_at != WHEN_NEVER && p->ends_at < now ? p->ends_at
								    : now;
}
