#include "flow/joint.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/ladder.h"
#include "doc/plan.h"
#include "flow/concern.h"
#include "flow/guarding.h"

static int too_many(struct err *e, const char *what, int room)
{
	return err_set(e, ERR_CONFIG,
		"all alerts of the case together take more than %d %s: tell them apart by policy's "
		"group_by",
		room, what);
}

/* Fillings of one solution that differ: each has the same steps, with other arguments. */
struct joining {
	const json_t *fillings;
	size_t count, width; /* fillings, and steps of each */
	size_t *firsts;      /* of each step of each filling: where its arguments come first */
	json_t *names;       /* of each filling: {id in the runbook: id in the joined solution} */
	json_t *steps;
};

static const json_t *step_of(const struct joining *j, size_t filling, size_t step)
{
	return json_array_get(json_object_get(json_array_get(j->fillings, filling), "steps"), step);
}

/* The first filling in which the step is the same. */
static size_t *first_of(const struct joining *j, size_t filling, size_t step)
{
	return j->firsts + filling * j->width + step;
}

static bool is_first(const struct joining *j, size_t filling, size_t step)
{
	return *first_of(j, filling, step) == filling;
}

/* The tool of a step is always the runbook's, so it is the arguments that differ. */
static size_t find_first(const struct joining *j, size_t filling, size_t step)
{
	json_t *args = json_object_get(step_of(j, filling, step), "args");
	size_t i = 0;

	while (i < filling &&
		(!is_first(j, i, step) ||
			!json_equal(json_object_get(step_of(j, i, step), "args"), args)))
		i++;
	return i;
}

/* Looks no further when there are too many steps. */
static int find_firsts(struct joining *j, struct err *e)
{
	size_t found = 0;

	for (size_t filling = 0; filling < j->count; filling++) {
		for (size_t step = 0; step < j->width; step++) {
			*first_of(j, filling, step) = find_first(j, filling, step);
			found += is_first(j, filling, step);
		}
		if (found > PLAN_STEPS)
			return too_many(e, "steps", PLAN_STEPS);
	}
	return 0;
}

static bool is_shared(const struct joining *j, size_t step)
{
	for (size_t filling = 1; filling < j->count; filling++)
		if (!is_first(j, filling, step))
			return true;
	return false;
}

static json_t *name_of(const struct joining *j, size_t filling, const char *id)
{
	return json_object_get(json_array_get(j->names, filling), id);
}

/* "restart-2", or the next number that is free. */
static json_t *free_name(json_t *taken, const char *id, size_t number)
{
	json_t *name = json_sprintf("%s-%zu", id, number);

	while (json_object_get(taken, json_string_value(name))) {
		json_decref(name);
		name = json_sprintf("%s-%zu", id, ++number);
	}
	json_object_set_new(taken, json_string_value(name), json_true());
	return name;
}

static void name_steps_of(struct joining *j, size_t filling, json_t *taken)
{
	json_t *names = json_object();

	for (size_t i = 0; i < j->width; i++) {
		json_t *id = json_object_get(step_of(j, filling, i), "id");
		const char *text = json_string_value(id);
		size_t first = *first_of(j, filling, i);

		if (first < filling)
			json_object_set(names, text, name_of(j, first, text));
		else if (filling == 0)
			json_object_set(names, text, id);
		else
			json_object_set_new(names, text, free_name(taken, text, filling + 1));
	}
	json_array_append_new(j->names, names);
}

static void name_steps(struct joining *j)
{
	json_t *taken = json_object();

	for (size_t i = 0; i < j->width; i++)
		json_object_set_new(taken,
			json_string_value(json_object_get(step_of(j, 0, i), "id")), json_true());
	for (size_t filling = 0; filling < j->count; filling++)
		name_steps_of(j, filling, taken);
	json_decref(taken);
}

static void append_once(json_t *list, json_t *value)
{
	json_t *other;
	size_t i;

	json_array_foreach (list, i, other)
		if (json_equal(other, value))
			return;
	json_array_append(list, value);
}

static void extend_once(json_t *list, const json_t *values)
{
	json_t *value;
	size_t i;

	json_array_foreach (values, i, value)
		append_once(list, value);
}

/* What the step needs in any of the fillings that share it. */
static json_t *needs_of(const struct joining *j, size_t filling, size_t step)
{
	json_t *needs = json_array(), *need;
	size_t i;

	for (size_t other = filling; other < j->count; other++) {
		if (*first_of(j, other, step) != filling)
			continue;
		json_array_foreach (json_object_get(step_of(j, other, step), "needs"), i, need)
			append_once(needs, name_of(j, other, json_string_value(need)));
	}
	return needs;
}

/* A step, where it comes first. */
static void put_step(struct joining *j, size_t filling, size_t step)
{
	const json_t *from = step_of(j, filling, step);
	const char *id = json_string_value(json_object_get(from, "id"));
	json_t *to;

	if (!is_first(j, filling, step))
		return;
	to = json_copy((json_t *)from);
	json_object_set(to, "id", name_of(j, filling, id));
	json_object_set_new(to, "needs", needs_of(j, filling, step));
	json_array_append_new(j->steps, to);
}

/* Alert by alert from one shared step to the next. */
static void put_steps(struct joining *j)
{
	size_t end;

	for (size_t from = 0; from < j->width; from = end) {
		end = from + 1;
		while (end < j->width && !is_shared(j, from) && !is_shared(j, end))
			end++;
		for (size_t filling = 0; filling < j->count; filling++)
			for (size_t step = from; step < end; step++)
				put_step(j, filling, step);
	}
}

static json_t *join_steps(const json_t *fillings, struct err *e)
{
	struct joining j = {.fillings = fillings, .count = json_array_size(fillings)};

	j.width = json_array_size(json_object_get(json_array_get(fillings, 0), "steps"));
	j.firsts = mem_array(j.count * j.width, sizeof *j.firsts);
	if (find_firsts(&j, e) == 0) {
		j.names = json_array();
		j.steps = json_array();
		name_steps(&j);
		put_steps(&j);
	}
	json_decref(j.names);
	free(j.firsts);
	return j.steps;
}

static json_t *join_checks(const json_t *fillings, const char *key, struct err *e)
{
	json_t *checks = json_array(), *filling;
	size_t i;

	json_array_foreach (fillings, i, filling) {
		extend_once(checks, json_object_get(filling, key));
		if (json_array_size(checks) <= PLAN_CHECKS)
			continue;
		too_many(e, "checks", PLAN_CHECKS);
		json_decref(checks);
		return NULL;
	}
	return checks;
}

/* Fillings differ in reach where the undo of one of them cannot be used. */
static void widen(json_t *joint, const json_t *filling)
{
	json_t *blast = json_object_get(filling, "blast_radius");
	json_t *reversible = json_object_get(filling, "reversible");

	if (ladder_find(blast_names, json_string_value(blast)) >
		ladder_find(blast_names, json_string_value(json_object_get(joint, "blast_radius"))))
		json_object_set(joint, "blast_radius", blast);
	if (json_is_false(reversible) || json_is_true(json_object_get(joint, "reversible")))
		json_object_set(joint, "reversible", reversible);
}

/* What a filling changes: the arguments of its steps that do not merely read. */
static json_t *changes_of(const struct catalogue *c, const json_t *filling)
{
	json_t *changes = json_array(), *step;
	size_t i;

	json_array_foreach (json_object_get(filling, "steps"), i, step) {
		const struct tool *t = catalogue_find(
			c, json_string_value(json_object_get(step, "tool")));

		if (!t || t->effect != EFFECT_READ)
			json_array_append(changes, json_object_get(step, "args"));
	}
	return changes;
}

static size_t count_targets(const struct catalogue *c, const json_t *fillings)
{
	json_t *targets = json_array(), *filling;
	size_t i, count;

	json_array_foreach (fillings, i, filling) {
		json_t *changes = changes_of(c, filling);

		append_once(targets, changes);
		json_decref(changes);
	}
	count = json_array_size(targets);
	json_decref(targets);
	return count;
}

/* NULL: one of the lists is too long. */
static json_t *join(const json_t *fillings, const struct solution *s, size_t targets, struct err *e)
{
	json_t *steps = join_steps(fillings, e);
	json_t *preflight = steps ? join_checks(fillings, "preflight", e) : NULL;
	json_t *verify = preflight ? join_checks(fillings, "verify", e) : NULL;
	json_t *joint = NULL, *filling;
	size_t i;

	if (!verify)
		goto out;
	joint = json_copy(json_array_get(fillings, 0));
	json_array_foreach (fillings, i, filling)
		widen(joint, filling);
	if (targets > 1)
		json_object_set_new(
			joint, "title", json_sprintf("%s (%zu targets)", s->title, targets));
	json_object_set(joint, "steps", steps);
	json_object_set(joint, "preflight", preflight);
	json_object_set(joint, "verify", verify);
out:
	json_decref(steps);
	json_decref(preflight);
	json_decref(verify);
	return joint;
}

/* Says which alert it is, where there are several. */
static void name_alert(const json_t *signals, const json_t *signal, struct err *e)
{
	char hex[FINGERPRINT_HEX];

	if (json_array_size(signals) > 1)
		err_prefix(e, "alert %s: ", concern_fingerprint(signal, hex));
}

/* Those that differ. NULL when one of them cannot be used. */
static json_t *fill_all(const struct proposal_ground *g, const json_t *signals,
	const struct solution *s, int n, json_t *problems, struct err *e)
{
	json_t *fillings = json_array(), *found = json_array(), *said = json_array(), *signal;
	size_t i;

	json_array_foreach (signals, i, signal) {
		struct proposal_ground ground = *g;
		json_t *filled;

		ground.signal = signal;
		filled = proposal_solution(&ground, s, n, found, e);
		if (!filled) {
			name_alert(signals, signal, e);
			break;
		}
		append_once(fillings, filled);
		json_decref(filled);
	}
	extend_once(said, found);
	json_array_extend(problems, said);
	json_decref(said);
	json_decref(found);
	if (e->kind == ERR_NONE)
		return fillings;
	json_decref(fillings);
	return NULL;
}

json_t *joint_solution(const struct proposal_ground *g, const json_t *signals,
	const struct solution *s, int n, json_t *problems, size_t *targets, struct err *e)
{
	json_t *fillings = fill_all(g, signals, s, n, problems, e), *solution;

	if (!fillings)
		return NULL;
	*targets = count_targets(g->catalogue, fillings);
	if (json_array_size(fillings) == 1)
		solution = json_incref(json_array_get(fillings, 0));
	else
		solution = join(fillings, s, *targets, e);
	json_decref(fillings);
	if (solution && guarding_add(g, s, solution, e)) {
		json_decref(solution);
		solution = NULL;
	}
	return solution;
}

json_t *joint_checks(
	const struct proposal_ground *g, const json_t *signals, const json_t *checks, struct err *e)
{
	json_t *list = json_array(), *signal;
	size_t i;

	json_array_foreach (signals, i, signal) {
		struct proposal_ground ground = *g;
		json_t *filled;

		ground.signal = signal;
		filled = proposal_checks(&ground, checks, e);
		if (!filled) {
			name_alert(signals, signal, e);
			json_decref(list);
			return NULL;
		}
		extend_once(list, filled);
		json_decref(filled);
	}
	return list;
}
