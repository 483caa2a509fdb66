#include "doc/explain.h"

#include <stdlib.h>

#include "base/when.h"
#include "doc/autonomy.h"
#include "doc/bound.h"

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
		const struct tool *t = catalogue_find(c, json_string_value(json_object_get(step, "tool")));

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

static void put_call(const json_t *call, const struct catalogue *c, struct buf *into)
{
	const char *name = json_string_value(json_object_get(call, "tool"));
	const json_t *args = json_object_get(call, "args");
	const struct tool *t = catalogue_find(c, name);
	const char *key;
	json_t *v;

	buf_puts(into, t ? t->name : name);
	json_object_foreach ((json_t *)args, key, v) {
		char *text = json_is_string(v) ? NULL : json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

		buf_putf(into, " %s=%s", key, text ? text : json_string_value(v));
		free(text);
	}
	if (!t)
		buf_puts(into, "  (not in the catalogue: it cannot be done)");
	else if (t->description)
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
		put_call(step, c, into);
		json_array_foreach (needs, j, need)
			buf_putf(into, "%s%s", j ? ", " : "            after ", json_string_value(need));
		if (json_array_size(needs))
			buf_putc(into, '\n');
	}
}

static void put_checks(const json_t *checks, const char *word, const struct catalogue *c, struct buf *into)
{
	json_t *check;
	size_t i;

	json_array_foreach (checks, i, check) {
		const char *title = json_string_value(json_object_get(check, "title"));

		buf_putf(into, "     %-6s ", word);
		if (title)
			buf_putf(into, "%s: ", title);
		put_call(check, c, into);
	}
}

static void put_facts(const struct solution *s, const struct reach *reach, struct buf *into)
{
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
	struct autonomy a = {.policy = p, .runbook = r->id, .level = r->level, .effect = reach->effect,
		.blast = reach->blast, .claimed = r->criteria.blast, .undoable = reach->undoable, .sure = true,
		.problems = reach->unknown, .human_selected = s->human_selected, .last_action = WHEN_NEVER};
	json_t *why = json_array(), *one;
	enum level level = autonomy_decide(&a, why);
	size_t i;

	buf_putf(into, "     level: %s\n", level_names[level]);
	json_array_foreach (why, i, one)
		buf_putf(into, "            because %s\n", json_string_value(one));
	json_decref(why);
}

static enum blast widest(const struct runbook *r, const struct catalogue *c)
{
	enum blast blast = BLAST_NONE;

	for (size_t i = 0; i < r->count; i++) {
		struct reach reach = reach_of(&r->solutions[i], c);

		if (reach.blast > blast)
			blast = reach.blast;
	}
	return blast;
}

static void put_rise(const struct runbook *r, const struct catalogue *c, const struct policy *p, struct buf *into)
{
	enum blast blast = widest(r, c);
	int64_t needed, proof;
	char window[48], recurs[48];

	buf_puts(into, "To rise\n");
	if (r->level >= LEVEL_AUTO) {
		buf_puts(into, "  it is at auto, the highest level; one failure or rejection lowers it again\n");
		return;
	}
	if (r->level == LEVEL_OBSERVE) {
		buf_puts(into, "  nothing but a person raises a runbook from observe: edit automation_level\n");
		return;
	}
	proof = bound_needed(level_proof(r->level + 1, blast), BOUND_CONFIDENCE);
	needed = proof > r->criteria.min_approvals ? proof : r->criteria.min_approvals;
	buf_putf(into, "  from %s to %s it needs %lld successes in a row, or more with failures among them:\n",
		level_names[r->level], level_names[r->level + 1], (long long)needed);
	buf_putf(into, "  at least %lld approvals and a success rate of %.0f %% (its own criteria), and proof that the\n"
		"  rate is above %.0f %% (%lld of %lld, at 95 %% confidence)\n",
		(long long)r->criteria.min_approvals, r->criteria.min_success_rate * 100,
		level_proof(r->level + 1, blast) * 100, (long long)proof, (long long)proof);
	buf_putf(into, "  a success is verified, and not seen again within %s; what is older than %s does not count\n",
		span_format(r->recurs_ms, recurs), span_format(r->window_ms, window));
	if (mode_cap(p->mode) <= r->level)
		buf_putf(into, "  and policy's mode must be raised: %s caps at %s\n", mode_names[p->mode],
			level_names[mode_cap(p->mode)]);
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
