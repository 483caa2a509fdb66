#include "flow/appraisal.h"

#include <string.h>

#include "base/buf.h"
#include "doc/proposed.h"
#include "flow/briefing.h"
#include "flow/guarding.h"

static int check_calls(const struct goal *goal, const json_t *calls, struct err *e)
{
	json_t *one;
	size_t i;

	json_array_foreach (calls, i, one) {
		const char *tool = json_string_value(json_object_get(one, "tool"));

		if (tool && !goal_may_use(goal, tool))
			return err_set(e, ERR_DENIED, "goal '%s' lets no plan use tool '%s'",
				goal->name, tool);
	}
	return 0;
}

/* A person has to read it. */
static int check_size(const json_t *one, struct err *e)
{
	struct buf text = BUF_INIT(APPRAISAL_SIZE);

	json_put(&text, one);
	if (text.full)
		err_set(e, ERR_DATA, "it is longer than %d bytes", APPRAISAL_SIZE);
	buf_clear(&text);
	return e->kind ? -1 : 0;
}

static json_t *make(struct appraisal *a, const struct proposal_ground *g, const struct goal *goal,
	const json_t *one, struct err *e)
{
	size_t n = json_array_size(a->solutions) + 1;
	struct proposed p = {.tree = NULL};
	json_t *solution = NULL, *undone = json_array();

	if (check_size(one, e) == 0 && proposed_solution(&p, one, n, e) == 0 &&
		check_calls(goal, p.solution.steps, e) == 0 &&
		check_calls(goal, p.solution.verify, e) == 0)
		solution = proposal_solution(g, &p.solution, (int)n, undone, e);
	if (solution && guarding_add(g, NULL, solution, e)) {
		json_decref(solution);
		solution = NULL;
	}
	if (solution)
		json_array_extend(a->undone, undone);
	json_decref(undone);
	proposed_clear(&p);
	return solution;
}

static void note_fault(struct appraisal *a, size_t at, const json_t *one, const struct err *why)
{
	json_t *title = proposed_line(json_object_get(one, "title"), PROPOSED_TITLE);

	if (json_array_size(a->faults) < APPRAISAL_FAULTS)
		proposal_problem(a->faults, "solution %zu \"%s\": %s", at + 1,
			json_string_value(title), why->text);
	json_decref(title);
}

void appraisal_take(struct appraisal *a, const struct proposal_ground *g, const struct goal *goal,
	const json_t *proposal)
{
	struct proposal_ground ground = *g;
	json_t *one;
	size_t i;

	appraisal_clear(a);
	*a = (struct appraisal){.proposal = proposal,
		.solutions = json_array(),
		.faults = json_array(),
		.undone = json_array()};
	ground.literal = true;
	ground.signal = NULL;
	json_array_foreach (json_object_get(proposal, "solutions"), i, one) {
		struct err why = ERR_INIT;
		json_t *solution = make(a, &ground, goal, one, &why);

		if (solution)
			json_array_append_new(a->solutions, solution);
		else
			note_fault(a, i, one, &why);
	}
}

void appraisal_clear(struct appraisal *a)
{
	json_decref(a->solutions);
	json_decref(a->faults);
	json_decref(a->undone);
	*a = (struct appraisal){.proposal = NULL};
}

static bool has_gap(const json_t *gaps, const char *wanted)
{
	json_t *one;
	size_t i;

	json_array_foreach (gaps, i, one)
		if (strcmp(json_string_value(json_object_get(one, "wanted")), wanted) == 0)
			return true;
	return false;
}

void appraisal_add_gaps(const struct appraisal *a, const struct catalogue *c, json_t *gaps)
{
	size_t room = json_array_size(gaps) + APPRAISAL_GAPS, i, j;
	json_t *one, *step;

	json_array_foreach (json_object_get(a->proposal, "solutions"), i, one)
		json_array_foreach (json_object_get(one, "steps"), j, step) {
			const char *tool = json_string_value(json_object_get(step, "tool"));

			if (!tool || !tool_is_name(tool) || strlen(tool) > PROPOSED_TITLE ||
				has_gap(gaps, tool) || catalogue_find(c, tool) ||
				json_array_size(gaps) >= room)
				continue;
			json_array_append_new(gaps,
				json_pack("{s:s, s:o}", "wanted", tool, "why",
					proposed_line(json_object_get(one, "title"), PROPOSED_TITLE)));
		}
}
