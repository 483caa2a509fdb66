#include "doc/proposed.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/when.h"
#include "doc/ladder.h"
#include "doc/plan.h"
#include "doc/prose.h"
#include "doc/step.h"

enum { RESTS_ON = 8, PLACE = 200 };

static const struct source from_model = {"proposal", NULL, ERR_DATA};

/* Quotes are ours, and nothing in it is a link for whatever shows it. */
static void put_inert(struct buf *to, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = {s.p + i, s.n - i};

		if (s.p[i] == '"')
			buf_putc(to, '\'');
		else if (str_starts(rest, "://"))
			buf_puts(to, "[:]");
		else if (str_starts(rest, "]("))
			buf_puts(to, "] ");
		else
			buf_putc(to, s.p[i]);
	}
}

json_t *proposed_line(const json_t *text, size_t max)
{
	struct buf line = BUF_INIT(65536), inert = BUF_INIT(3 * 65536);
	const char *s = json_string_value(text);
	json_t *plain;

	if (s)
		prose_plain(&line, (struct str){s, json_string_length(text)}, max);
	put_inert(&inert, buf_str(&line));
	plain = json_stringn(buf_text(&inert), inert.n);
	buf_clear(&inert);
	buf_clear(&line);
	return plain;
}

json_t *proposed_lines(const json_t *list)
{
	json_t *lines = json_array(), *one;
	size_t i;

	json_array_foreach (list, i, one) {
		json_t *line = proposed_line(one, PROPOSED_LINE);

		if (json_string_length(line) && json_array_size(lines) < PROPOSED_LINES)
			json_array_append(lines, line);
		json_decref(line);
	}
	return lines;
}

/* ---- claims ---- */

/* "3", "#3": the number of a look; 0 when it is none. */
static size_t look_number(const char *place)
{
	char *end;
	unsigned long n;

	place += *place == '#';
	if (*place < '1' || *place > '9')
		return 0;
	n = strtoul(place, &end, 10);
	return *end ? 0 : n;
}

static bool is_there(const char *place, const json_t *told, size_t looks)
{
	size_t n = look_number(place);

	if (*place == '/')
		return pointer_get((json_t *)told, place) != NULL;
	return n && n <= looks;
}

static json_t *claim_of(const json_t *one, const json_t *told, size_t looks)
{
	json_t *places = json_array(), *rests_on = json_object_get(one, "rests_on"), *place;
	bool supported = false;
	size_t i;

	json_array_foreach (rests_on, i, place) {
		json_t *line = proposed_line(place, PLACE);

		if (i < RESTS_ON) {
			supported = supported || is_there(json_string_value(line), told, looks);
			json_array_append(places, line);
		}
		json_decref(line);
	}
	return json_pack("{s:o, s:o, s:b}", "text",
		proposed_line(json_object_get(one, "text"), PROPOSED_LINE), "rests_on", places,
		"supported", supported);
}

json_t *proposed_claims(const json_t *proposal, const json_t *told, size_t looks)
{
	json_t *claims = json_array(), *one;
	size_t i;

	json_array_foreach (json_object_get(proposal, "claims"), i, one)
		json_array_append_new(claims, claim_of(one, told, looks));
	return claims;
}

json_t *proposed_gaps(const json_t *proposal)
{
	json_t *gaps = json_array(), *one;
	size_t i;

	json_array_foreach (json_object_get(proposal, "gaps"), i, one) {
		json_t *wanted = proposed_line(json_object_get(one, "wanted"), PROPOSED_TITLE);

		if (json_string_length(wanted) && json_array_size(gaps) < PROPOSED_GAPS)
			json_array_append_new(gaps,
				json_pack("{s:O, s:o}", "wanted", wanted, "why",
					proposed_line(json_object_get(one, "why"), PROPOSED_LINE)));
		json_decref(wanted);
	}
	return gaps;
}

/* ---- solutions ---- */

/* Fills in what a step need not say, as a runbook's (solution.c), but with arguments as they are. */
static json_t *step_of(const json_t *one, size_t at, struct err *e)
{
	const char *tool = json_string_value(json_object_get(one, "tool"));
	const char *id = json_string_value(json_object_get(one, "id"));
	json_t *args = json_object_get(one, "args"), *needs = json_object_get(one, "needs");

	if (!tool || !path_is_name(tool)) {
		err_set(e, ERR_DATA, "step %zu: '%s' is no name of a tool", at + 1, tool ? tool : "");
		return NULL;
	}
	if (id && *id && !path_is_name(id)) {
		err_set(e, ERR_DATA, "step %zu: '%s' is no id: letters, digits and '-'", at + 1, id);
		return NULL;
	}
	return json_pack("{s:o, s:s, s:o, s:o}", "id",
		id && *id ? json_string(id) : json_sprintf("%zu", at + 1), "tool", tool, "args",
		args ? json_deep_copy(args) : json_object(), "needs",
		needs ? json_deep_copy(needs) : json_array());
}

static int take_steps(struct proposed *p, const json_t *list, struct err *e)
{
	json_t *one;
	size_t i;

	p->solution.steps = json_array();
	if (json_array_size(list) > PLAN_STEPS)
		return err_set(e, ERR_DATA, "more than %d steps", PLAN_STEPS);
	json_array_foreach (list, i, one) {
		json_t *step = step_of(one, i, e);

		if (!step)
			return -1;
		json_array_append_new(p->solution.steps, step);
	}
	return 0;
}

/* A person approves what is run, not a wait without end. */
static int check_within(const struct node *check, struct err *e)
{
	if (node_span(check, "within", 0, e) > PROPOSED_WITHIN_MS)
		return err_set(e, ERR_DATA, "verify: it waits for more than %d minutes",
			PROPOSED_WITHIN_MS / WHEN_MINUTE);
	return 0;
}

static int take_checks(struct proposed *p, const json_t *list, struct err *e)
{
	json_t *verify = json_array(), *one;
	struct node root = node_root(p->tree, &from_model), checks;
	size_t i;

	json_object_set_new(p->tree, "verify", verify);
	checks = node_get(&root, "verify");
	if (json_array_size(list) > PLAN_CHECKS)
		return err_set(e, ERR_DATA, "more than %d checks", PLAN_CHECKS);
	json_array_foreach (list, i, one) {
		json_t *check = json_deep_copy(one);
		struct node n;

		json_object_del(check, "title"); /* a person is to see what is asked, not what it is called */
		json_array_append_new(verify, check);
		n = node_at(&checks, i);
		if (step_check_check(&n, e) || check_within(&n, e))
			return -1;
	}
	p->solution.verify = verify;
	return 0;
}

/* A member's words, kept in the tree that lends them. */
static const char *take_line(struct proposed *p, const json_t *one, const char *key, size_t max)
{
	json_t *line = proposed_line(json_object_get(one, key), max);

	json_object_set_new(p->tree, key, line);
	return json_string_length(line) ? json_string_value(line) : NULL;
}

int proposed_solution(struct proposed *p, const json_t *one, size_t n, struct err *e)
{
	const char *word = json_string_value(json_object_get(one, "risk"));
	int risk = word ? ladder_find(risk_names, word) : -1;
	json_t *id = json_sprintf("model-%zu", n);

	*p = (struct proposed){.tree = json_object(),
		.solution = {.reversible = -1, .success_rate = -1}};
	json_object_set_new(p->tree, "id", id);
	p->solution.id = json_string_value(id);
	p->solution.title = take_line(p, one, "title", PROPOSED_TITLE);
	p->solution.impact = take_line(p, one, "impact", PROPOSED_LINE);
	p->solution.risk = risk < 0 ? NULL : risk_names[risk];
	if (!p->solution.title)
		p->solution.title = p->solution.id;
	return take_steps(p, json_object_get(one, "steps"), e) ||
			       take_checks(p, json_object_get(one, "verify"), e)
		       ? -1
		       : 0;
}

void proposed_clear(struct proposed *p)
{
	json_decref(p->solution.steps);
	json_decref(p->tree);
	*p = (struct proposed){.tree = NULL};
}
