#include "doc/explain.h"

#include <stdlib.h>

#include "base/when.h"
#include "doc/autonomy.h"
#include "doc/bound.h"
#include "doc/standing.h"

/* What the steps of a solution come to, as far as the catalogue knows them. */
struct reach {
	enum effect effect;
	enum blast blast;
	bool undoable;
	size_t unknown;
};

static struct reach reach_of(const struct solution *s, const struct catalogue *c)
{
	struct reach reach = {EFFECT_READ, BLAST_NONE, true, 0};
	json_t *step;
	size_t i;

	json_array_foreach (s->steps, i, step) {
		const struct tool *t = catalogue_find(
			c, json_string_value(json_object_get(step, "tool")));

		if (!t) {
			reach.unknown++;
			continue;
		}
		if (t->effect > reach.effect)
			reach.effect = t->effect;
		if (t->blast > reach.blast)
			reach.blast = t->blast;
		if (t->effect != EFFECT_READ && !t->undo)
			reach.undoable = false;
	}
	return reach;
}

/* Set off by. */

static void put_trigger(const struct runbook *r, struct buf *into)
{
	char span[48];

	buf_puts(into, "Set off by\n  ");
	if (!r->by_metric) {
		buf_puts(into, "an alert with ");
		matchers_text(&r->match, into);
	} else {
		buf_putf(into, "an alert whose expression names %s", r->metric_name);
		if (r->match.count) {
			buf_puts(into, ", with ");
			matchers_text(&r->match, into);
		}
	}
	buf_putc(into, '\n');
	if (r->metric && r->condition) {
		buf_putf(into, "  meant for %s %s", r->metric, r->condition);
		if (r->duration_ms)
			buf_putf(into, " for %s", span_format(r->duration_ms, span));
		buf_putc(into, '\n');
	}
}

/* Would do. */

static void put_call(
	const json_t *call, const struct catalogue *c, bool described, struct buf *into)
{
	const char *name = json_string_value(json_object_get(call, "tool"));
	const json_t *args = json_object_get(call, "args");
	const struct tool *t = catalogue_find(c, name);
	const char *key;
	json_t *v;

	buf_puts(into, t ? t->name : name);
	json_object_foreach ((json_t *)args, key, v) {
		char *text = json_is_string(v) ? NULL
					       : json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

		buf_putf(into, " %s=%s", key, text ? text : json_string_value(v));
		free(text);
	}
	if (!t)
		buf_puts(into, "  (not in the catalogue: it cannot be done)");
	else if (described && t->description)
		buf_putf(into, "  (%s)", t->description);
	buf_putc(into, '\n');
}

static void put_steps(const struct solution *s, const struct catalogue *c, struct buf *into)
{
	json_t *step, *need;
	size_t i, j;

	json_array_foreach (s->steps, i, step) {
		const json_t *needs = json_object_get(step, "needs");

		buf_puts(into, "     do     ");
		put_call(step, c, true, into);
		json_array_foreach (needs, j, need)
			buf_putf(into, "%s%s", j ? ", " : "            after ",
				json_string_value(need));
		if (json_array_size(needs))
			buf_putc(into, '\n');
	}
}

static void put_checks(
	const json_t *checks, const char *word, const struct catalogue *c, struct buf *into)
{
	json_t *check;
	size_t i;

	json_array_foreach (checks, i, check) {
		const char *title = json_string_value(json_object_get(check, "title"));

		buf_putf(into, "     %-6s ", word);
		if (title)
			buf_putf(into, "%s: ", title);
		put_call(check, c, !title, into);
	}
}

static void put_facts(const struct solution *s, const struct reach *reach, struct buf *into)
{
	if (reach->unknown)
		buf_puts(into, "     what it can break is not known\n");
	else
		buf_putf(into, "     it %s; blast radius %s; %s\n",
			reach->effect == EFFECT_READ     ? "only reads"
			: reach->effect == EFFECT_CHANGE ? "changes something"
							 : "DESTROYS something",
			blast_names[reach->blast],
			reach->effect == EFFECT_READ ? "nothing to undo"
			: reach->undoable            ? "can be undone"
						     : "cannot be undone by hl");
	if (s->impact)
		buf_putf(into, "     impact: %s\n", s->impact);
	if (s->risk)
		buf_putf(into, "     risk: %s\n", s->risk);
	buf_putf(into, "     chosen by a person %lld time%s", (long long)s->human_selected,
		s->human_selected == 1 ? "" : "s");
	if (s->success_rate >= 0)
		buf_putf(into, ", worked %.0f %% of the time", s->success_rate * 100);
	buf_putc(into, '\n');
}

/* How far alone, and what for. */

static void put_level(const struct runbook *r, const struct solution *s, const struct reach *reach,
	const struct policy *p, struct buf *into)
{
	struct autonomy a = {.policy = p,
		.runbook = r->id,
		.level = r->level,
		.effect = reach->effect,
		.blast = reach->blast,
		.claimed = r->criteria.blast,
		.undoable = reach->undoable,
		.sure = true,
		.problems = reach->unknown,
		.human_selected = s->human_selected,
		.last_action = WHEN_NEVER};
	json_t *why = json_array(), *one;
	enum level level = autonomy_decide(&a, why);
	size_t i;

	buf_putf(into, "     level: %s\n", level_names[level]);
	json_array_foreach (why, i, one)
		buf_putf(into, "            because %s\n", json_string_value(one));
	json_decref(why);
}

/* Of all its solutions together: that is what its level is earned for. */
static struct reach widest(const struct runbook *r, const struct catalogue *c)
{
	struct reach all = {EFFECT_READ, BLAST_NONE, true, 0};

	for (size_t i = 0; i < r->count; i++) {
		struct reach reach = reach_of(&r->solutions[i], c);

		all.blast = reach.blast > all.blast ? reach.blast : all.blast;
		all.effect = reach.effect > all.effect ? reach.effect : all.effect;
		all.undoable &= reach.undoable;
		all.unknown += reach.unknown;
	}
	return all;
}

static void put_hindrances(
	const struct runbook *r, const struct reach *all, const struct policy *p, struct buf *into)
{
	enum level next = r->level + 1;

	if (all->unknown)
		buf_puts(into, "  and all its tools must be in the catalogue\n");
	if (r->criteria.blast >= 0 && (int)all->blast > r->criteria.blast)
		buf_putf(into, "  and its blast radius, %s, is wider than its own criteria allow\n",
			blast_names[all->blast]);
	if (next >= LEVEL_AUTO_NOTIFY && all->effect == EFFECT_DESTROY)
		buf_puts(into, "  but what destroys something is never done alone\n");
	else if (next >= LEVEL_AUTO_NOTIFY && all->effect != EFFECT_READ &&
		 (int)all->blast > p->undo_optional)
		buf_putf(into, "  and %s\n",
			all->undoable ? "its undo must have been exercised"
				      : "as it cannot be undone, policy's undo_optional must cover "
					"its blast radius");
	if (mode_cap(p->mode) < next)
		buf_putf(into,
			"  and policy's mode must be raised before it has an effect: %s caps at "
			"%s\n",
			mode_names[p->mode], level_names[mode_cap(p->mode)]);
}

static void put_rise(const struct runbook *r, const struct catalogue *c, const struct policy *p,
	struct buf *into)
{
	struct reach all = widest(r, c);
	int64_t needed, proof;
	char window[48], recurs[48];

	buf_puts(into, "To rise\n");
	if (r->level >= LEVEL_AUTO) {
		buf_puts(into, "  it is at auto, the highest level; one failure or rejection "
			       "lowers it to ask_human\n");
		return;
	}
	if (r->level == LEVEL_OBSERVE) {
		buf_puts(into, "  nothing but a person raises a runbook from observe: edit "
			       "automation_level\n");
		return;
	}
	proof = bound_needed(standing_needed(r->level + 1, all.blast), BOUND_CONFIDENCE);
	needed = proof > r->criteria.min_approvals ? proof : r->criteria.min_approvals;
	buf_putf(into,
		"  from %s to %s it needs %lld successes in a row, or more with failures among "
		"them:\n",
		level_names[r->level], level_names[r->level + 1], (long long)needed);
	buf_putf(into,
		"  at least %lld approvals and a success rate of %.0f %% (its own criteria), and "
		"proof that the\n"
		"  rate is above %.0f %% (%lld of %lld, at 95 %% confidence)\n",
		(long long)r->criteria.min_approvals, r->criteria.min_success_rate * 100,
		standing_needed(r->level + 1, all.blast) * 100, (long long)proof, (long long)proof);
	buf_putf(into,
		"  a success is verified, and not seen again within %s; what is older than %s does "
		"not count\n",
		span_format(r->recurs_ms, recurs), span_format(r->window_ms, window));
	put_hindrances(r, &all, p, into);
	buf_putf(into, "  how far it is: hl-promote --dry-run --verbose %s\n", r->id);
}

void runbook_explain(const struct runbook *r, const struct catalogue *c, const struct policy *p,
	struct buf *into)
{
	buf_putf(into, "%s: %s (%s)\n\n", r->id, r->title, r->path);
	put_trigger(r, into);
	buf_puts(into, "\nWould do\n");
	for (size_t i = 0; i < r->count; i++) {
		const struct solution *s = &r->solutions[i];
		struct reach reach = reach_of(s, c);

		buf_putf(into, "  %zu. %s\n", i + 1, s->title);
		put_checks(s->preflight, "before", c, into);
		put_steps(s, c, into);
		put_checks(s->verify, "verify", c, into);
		put_facts(s, &reach, into);
		put_level(r, s, &reach, p, into);
	}
	buf_putc(into, '\n');
	put_rise(r, c, p, into);
}
