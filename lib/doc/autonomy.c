#include "doc/autonomy.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/when.h"

enum { CAPS = 16, CAP_TEXT = 320 };

struct caps {
	struct {
		enum level at;
		char text[CAP_TEXT];
	} items[CAPS];
	size_t count;
};

__attribute__((format(printf, 3, 4))) static void cap(
	struct caps *c, enum level at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->items[c->count].text, CAP_TEXT, fmt, ap);
	va_end(ap);
	c->items[c->count++].at = at;
}

static void cap_by_rules(struct caps *c, const struct autonomy *a)
{
	const struct policy *p = a->policy;

	cap(c, mode_cap(p->mode), "mode %s caps at %s", mode_names[p->mode],
		level_names[mode_cap(p->mode)]);
	cap(c, p->caps[a->blast], "policy caps a blast radius of %s at %s", blast_names[a->blast],
		level_names[p->caps[a->blast]]);
	if (a->effect == EFFECT_DESTROY)
		cap(c, LEVEL_ASK_HUMAN, "it destroys something, and that is always asked");
	if (a->targets > 1)
		cap(c, LEVEL_ASK_HUMAN, "it acts on %zu targets at once", a->targets);
	if (a->effect != EFFECT_READ && !a->undoable && (int)a->blast > p->undo_optional)
		cap(c, LEVEL_SUGGEST,
			"it cannot be undone, and policy does not allow that alone for a blast "
			"radius of %s",
			blast_names[a->blast]);
}

static void cap_by_trust(struct caps *c, const struct autonomy *a)
{
	if (a->runbook)
		cap(c, a->level, "runbook '%s' is at %s", a->runbook, level_names[a->level]);
	else if (!a->asked_by && !a->model)
		cap(c, LEVEL_ASK_HUMAN, "no runbook says what to do");
	if (a->model)
		cap(c, LEVEL_ASK_HUMAN, "model '%s' proposed it", a->model);
	if (a->asked_by)
		cap(c, LEVEL_ASK_HUMAN, "%s asked for it, and asking is not approving",
			a->asked_by);
	if (a->runbook && a->claimed >= 0 && (int)a->blast > a->claimed)
		cap(c, LEVEL_ASK_HUMAN, "its blast radius of %s is wider than the runbook's %s",
			blast_names[a->blast], blast_names[a->claimed]);
	if (!a->sure)
		cap(c, LEVEL_ASK_HUMAN, "triage is not sure that it is a problem");
	if (a->problems)
		cap(c, LEVEL_ASK_HUMAN, "%zu part%s of the %s did not validate", a->problems,
			a->problems == 1 ? "" : "s",
			a->model      ? "proposal"
			: a->asked_by ? "request"
				      : "runbook");
	if (a->human_selected <= 0)
		cap(c, LEVEL_ASK_HUMAN, "no person has chosen this solution before");
}

static void cap_by_record(struct caps *c, const struct autonomy *a)
{
	const struct policy *p = a->policy;
	char span[48];

	if (a->actions >= p->budget.actions_an_hour)
		cap(c, LEVEL_ASK_HUMAN, "the budget of %" PRId64 " action%s an hour is used up",
			p->budget.actions_an_hour, p->budget.actions_an_hour == 1 ? "" : "s");
	/* A last action in the future is a clock that was set back: it counts as just now. */
	if (a->last_action != WHEN_NEVER && a->now - a->last_action < p->budget.cooldown_ms)
		cap(c, LEVEL_ASK_HUMAN, "it acted on this target less than %s ago",
			span_format(p->budget.cooldown_ms, span));
	if (a->failures >= p->breaker.failures)
		cap(c, LEVEL_ASK_HUMAN, "the breaker is open: %" PRId64 " failure%s within %s",
			a->failures, a->failures == 1 ? "" : "s",
			span_format(p->breaker.window_ms, span));
	if (a->halted)
		cap(c, LEVEL_ASK_HUMAN,
			"the halt file is there, and nothing acts until it is gone");
}

enum level autonomy_decide(const struct autonomy *a, json_t *why)
{
	struct caps c = {.count = 0};
	enum level lowest = LEVEL_AUTO;

	cap_by_trust(&c, a);
	cap_by_rules(&c, a);
	cap_by_record(&c, a);
	for (size_t i = 0; i < c.count; i++)
		if (c.items[i].at < lowest)
			lowest = c.items[i].at;
	for (size_t i = 0; i < c.count; i++)
		if (c.items[i].at == lowest && why)
			json_array_append_new(why, json_string(c.items[i].text));
	return lowest;
}

static json_t *seen_json(const struct autonomy *a)
{
	json_t *seen = json_object();
	char at[WHEN_TEXT];

	if (a->failures)
		json_object_set_new(seen, "failures", json_integer(a->failures));
	if (a->actions)
		json_object_set_new(seen, "actions", json_integer(a->actions));
	if (a->last_action != WHEN_NEVER)
		json_object_set_new(
			seen, "last_action", json_string(when_format(a->last_action, at)));
	if (a->halted)
		json_object_set_new(seen, "halted", json_true());
	return seen;
}

json_t *autonomy_json(const struct autonomy *a)
{
	json_t *why = json_array();
	enum level level = autonomy_decide(a, why);

	return json_pack("{s:s, s:o, s:o}", "level", level_names[level], "why", why, "seen",
		seen_json(a));
}

int autonomy_read_seen(struct autonomy *a, const json_t *seen, struct err *e)
{
	static const struct source source = {"plan.autonomy.seen", NULL, ERR_DATA};
	struct node n = node_root((json_t *)seen, &source);
	const char *at;

	if (node_is_object(&n, e))
		return -1;
	a->failures = node_integer(&n, "failures", 0, e);
	a->actions = node_integer(&n, "actions", 0, e);
	a->halted = node_bool(&n, "halted", false, e);
	a->last_action = WHEN_NEVER;
	at = node_text_or_null(&n, "last_action", e);
	if (at && when_parse(str_of(at), &a->last_action))
		err_set(e, ERR_DATA, "%s: last_action: not a time", source.name);
	return e->kind == ERR_NONE ? 0 : -1;
}
