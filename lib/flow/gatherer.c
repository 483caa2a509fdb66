#include "flow/gatherer.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "doc/rule.h"
#include "edge/state.h"
#include "flow/memory.h"
#include "flow/runner.h"

struct look {
	const struct gatherer *g;
	struct runner_call *calls;
	size_t n_done;
	json_t *observations; /* in the order they came */
	json_t *signals;
	json_t *open; /* what triage holds for firing: fingerprint -> {labels, starts_at} */
};

/* --- what is to be run --- */

static const struct tool *find_tool(const struct gatherer *g, const char *name, struct err *e)
{
	const struct tool *t = catalogue_find(g->catalogue, name);
	const char *near = t ? NULL : catalogue_nearest(g->catalogue, name);

	if (!t)
		err_set(e, ERR_CONFIG, "goal '%s': no tool '%s' in the catalogue%s%s%s",
			g->goal->name, name, near ? ", did you mean '" : "", near ? near : "",
			near ? "'?" : "");
	return t;
}

static int prepare(const struct gatherer *g, const struct goal_tool *wanted,
	struct runner_call *call, struct err *e)
{
	const struct tool *t = find_tool(g, wanted->tool, e);
	struct err why = ERR_INIT;
	json_t *args;

	if (!t)
		return -1;
	if (t->effect != EFFECT_READ)
		return err_set(e, ERR_CONFIG,
			"goal '%s': the tool '%s' changes things; gathering only looks",
			g->goal->name, t->name);
	args = tool_args(t, wanted->args, &why);
	if (!args)
		return err_set(e, ERR_CONFIG, "goal '%s': tool '%s': %s", g->goal->name, t->name,
			why.text);
	json_decref(args);
	*call = (struct runner_call){
		.tool = t, .args = wanted->args, .deadline_ms = wanted->deadline_ms};
	return 0;
}

static struct runner_call *prepare_all(const struct gatherer *g, struct err *e)
{
	struct runner_call *calls = mem_array(g->goal->n_tools + 1, sizeof *calls);

	for (size_t i = 0; i < g->goal->n_tools; i++)
		if (prepare(g, &g->goal->tools[i], &calls[i], e)) {
			free(calls);
			return NULL;
		}
	return calls;
}

/* --- what triage holds for firing --- */

static int keep_open(void *arg, struct str labels, int64_t starts_at, bool mended, struct err *e)
{
	json_t *set = json_loadb(labels.p, labels.n, 0, NULL), *signal, *kept;

	(void)e;
	if (!json_is_object(set)) {
		json_decref(set);
		return 0;
	}
	signal = rule_resolved(set, starts_at, starts_at);
	kept = json_object();
	json_object_set_new(kept, "labels", set);
	json_object_set_new(kept, "starts_at", json_integer(starts_at));
	json_object_set_new(kept, "mended", json_boolean(mended));
	json_object_set_new(arg, json_string_value(json_object_get(signal, "fingerprint")), kept);
	json_decref(signal);
	return 0;
}

/* Nothing is made for it: where there is no hl.db, nothing fires. */
static int load_open(struct look *l, struct err *e)
{
	char *path = state_path("hl.db");
	struct memory *m = NULL;
	int rc = 0;

	if (file_exists(path)) {
		m = memory_open(e);
		rc = m ? memory_open_signals(m, "hl-gather", keep_open, l->open, e) : -1;
		memory_close(m);
	}
	free(path);
	return rc;
}

/* --- what was seen --- */

static void apply_rules(struct look *l, const json_t *o)
{
	const struct goal *goal = l->g->goal;

	for (size_t i = 0; i < goal->n_rules; i++) {
		const struct goal_rule *r = &goal->rules[i];
		const json_t *override = rule_override(l->g->policy->rules, r);
		struct err why = ERR_INIT;

		if (rule_is_off(override) || !rule_concerns(r, o))
			continue;
		if (rule_apply(r, override, o, l->signals, &why) < 0)
			msg_warn("%s", why.text);
	}
}

static int on_done(void *arg, size_t which, json_t *o, struct err *e)
{
	struct look *l = arg;
	const json_t *error = json_object_get(o, "error");

	l->n_done++;
	if (error)
		msg_why("%s: %s", l->calls[which].tool->name, json_string_value(error));
	else
		apply_rules(l, o);
	msg_progress("%zu of %zu tools have answered", l->n_done, l->g->goal->n_tools);
	json_array_append(l->observations, o);
	return stream_put(l->g->out, o, e) || stream_flush(l->g->out, e) ? -1 : 0;
}

static int put_firing(struct look *l, struct err *e)
{
	json_t *signal;
	size_t i;

	json_array_foreach (l->signals, i, signal) {
		const char *fp = json_string_value(json_object_get(signal, "fingerprint"));
		const json_t *before = json_object_get(l->open, fp);

		if (before && !json_is_true(json_object_get(before, "mended")))
			rule_set_start(
				signal, json_integer_value(json_object_get(before, "starts_at")));
		json_object_del(l->open, fp);
		if (stream_put(l->g->out, signal, e))
			return -1;
	}
	return 0;
}

static bool answered(const struct look *l, const struct goal_rule *r)
{
	bool any = false;
	size_t i;
	json_t *o;

	json_array_foreach (l->observations, i, o) {
		if (!rule_concerns(r, o))
			continue;
		if (!json_is_true(json_object_get(o, "ok")))
			return false;
		any = true;
	}
	return any;
}

/* Of this host, and each rule that could have raised it had an answer to look at. */
static bool is_over(const struct look *l, const json_t *labels)
{
	const struct goal *goal = l->g->goal;
	const char *alert = json_string_value(json_object_get(labels, "alertname"));
	const json_t *host = json_object_get(json_array_get(l->observations, 0), "host");
	bool any = false;

	if (!alert || !json_equal(host, json_object_get(labels, "host")))
		return false;
	for (size_t i = 0; i < goal->n_rules; i++) {
		if (strcmp(goal->rules[i].alert, alert))
			continue;
		if (!answered(l, &goal->rules[i]))
			return false;
		any = true;
	}
	return any;
}

static int put_resolved(struct look *l, struct err *e)
{
	int64_t now = when_now();
	const char *fp;
	json_t *open;
	int rc = 0;

	json_object_foreach (l->open, fp, open) {
		const json_t *labels = json_object_get(open, "labels");
		json_t *signal;

		if (!is_over(l, labels))
			continue;
		signal = rule_resolved(
			labels, json_integer_value(json_object_get(open, "starts_at")), now);
		rc = stream_put(l->g->out, signal, e);
		json_decref(signal);
		if (rc)
			break;
	}
	return rc;
}

int gatherer_look(const struct gatherer *g, struct err *e)
{
	struct look l = {.g = g,
		.observations = json_array(),
		.signals = json_array(),
		.open = json_object()};
	int rc = -1;

	l.calls = prepare_all(g, e);
	if (l.calls && load_open(&l, e) == 0 &&
		runner_run_all(l.calls, g->goal->n_tools, g->policy, on_done, &l, e) == 0 &&
		put_firing(&l, e) == 0)
		rc = put_resolved(&l, e);
	msg_progress("%s", "");
	free(l.calls);
	json_decref(l.observations);
	json_decref(l.signals);
	json_decref(l.open);
	return rc;
}
