#include "doc/runbook.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/drill.h"
#include "doc/plan.h"
#include "doc/solution.h"

#define DEFAULT_APPROVALS 5
#define DEFAULT_RATE      0.95
#define DEFAULT_RECURS    ((int64_t)WHEN_DAY)
#define DEFAULT_WINDOW    ((int64_t)180 * WHEN_DAY)

/* The trigger. */

static size_t metric_name_length(const char *s)
{
	size_t n = 0;

	while (isalpha((unsigned char)s[n]) || s[n] == '_' || s[n] == ':' ||
		(n && isdigit((unsigned char)s[n])))
		n++;
	return n;
}

/* name or name{matchers}; the matchers become those of the runbook when it has no others. */
static int take_metric(struct runbook *r, const struct node *metric, struct err *e)
{
	size_t n = metric_name_length(r->metric);
	const char *rest = r->metric + n;
	struct err why = ERR_INIT;

	if (!n || (*rest && *rest != '{'))
		return node_fail(
			metric, e, "'%s' is not a metric such as up{job=\"node\"}", r->metric);
	r->metric_name = mem_copy(r->metric, n);
	if (r->by_metric && *rest && matchers_parse(&r->match, rest, &why))
		return node_fail(metric, e, "%s", why.text);
	return 0;
}

/* One of > >= < <= == != and a number, which may be a percentage: "> 90%". */
static bool is_condition(const char *s)
{
	size_t op = strspn(s, "<>=!");
	char *end;

	if (op < 1 || op > 2 || (op == 2 && s[1] != '=') || (op == 1 && s[0] != '<' && s[0] != '>'))
		return false;
	s += op + strspn(s + op, " ");
	if (!isdigit((unsigned char)*s) && *s != '-' && *s != '.')
		return false;
	strtod(s, &end);
	return end != s && (!*end || strcmp(end, "%") == 0);
}

static int load_condition(struct runbook *r, const struct node *trigger, struct err *e)
{
	struct node condition = node_get(trigger, "condition"),
		    duration = node_get(trigger, "duration");

	r->condition = node_text_or_null(trigger, "condition", e);
	r->duration_ms = node_span(trigger, "duration", 0, e);
	if (e->kind)
		return -1;
	if (!r->metric && (node_there(&condition) || node_there(&duration)))
		return node_fail(node_there(&condition) ? &condition : &duration, e,
			"means nothing without 'metric'");
	if (r->condition && !is_condition(r->condition))
		return node_fail(&condition, e,
			"'%s' is not a condition such as \"> 90%%\" or \"== 0\"", r->condition);
	return 0;
}

static int load_alert(struct runbook *r, const struct node *trigger, struct err *e)
{
	const char *alert = node_text_or_null(trigger, "alert", e);
	struct node match = node_get(trigger, "match"), name = node_get(trigger, "alert");

	if (alert && !*alert)
		return node_fail(&name, e, "is empty");
	if (alert && matchers_add(&r->match, "alertname", MATCHER_EQUAL, alert, e))
		return -1;
	if (e->kind || matchers_load(&r->match, &match, e))
		return -1;
	if (node_there(&match) && !r->match.count)
		return node_fail(&match, e, "is empty: it would match every alert");
	return 0;
}

static int load_trigger(struct runbook *r, const struct node *root, struct err *e)
{
	static const char *const known[] = {
		"alert", "match", "metric", "condition", "duration", NULL};
	struct node trigger = node_get(root, "trigger"), metric = node_get(&trigger, "metric");

	if (!node_there(&trigger))
		return node_fail(root, e, "'trigger' is missing: say which alert this is about");
	if (node_known(&trigger, known, e) || load_alert(r, &trigger, e))
		return -1;
	r->metric = node_text_or_null(&trigger, "metric", e);
	r->by_metric = r->metric && !r->match.count;
	if (e->kind || (r->metric && take_metric(r, &metric, e)) || load_condition(r, &trigger, e))
		return -1;
	if (!r->metric && !r->match.count)
		return node_fail(&trigger, e, "needs one of 'alert', 'match' and 'metric'");
	return 0;
}

/* Solutions. */

static int load_solutions(struct runbook *r, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "solutions");

	if (node_is_array(&list, e))
		return -1;
	if (!node_count(&list))
		return node_fail(root, e, "'solutions' is missing: say what can be done");
	if (node_count(&list) > PLAN_SOLUTIONS)
		return node_fail(&list, e, "more than %d solutions", PLAN_SOLUTIONS);
	r->solutions = mem_array(node_count(&list), sizeof *r->solutions);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);

		r->count++;
		if (solution_load(&r->solutions[i], &one, e))
			return -1;
		for (size_t j = 0; j < i; j++)
			if (strcmp(r->solutions[j].id, r->solutions[i].id) == 0)
				return node_fail(
					&one, e, "id '%s' occurs twice", r->solutions[i].id);
	}
	return 0;
}

/* Evidence. */

static int load_criteria(struct runbook *r, const struct node *root, struct err *e)
{
	static const char *const known[] = {
		"min_approvals", "min_success_rate", "blast_radius", NULL};
	struct node c = node_get(root, "promotion_criteria"), blast = node_get(&c, "blast_radius");
	struct node approvals = node_get(&c, "min_approvals"),
		    rate = node_get(&c, "min_success_rate");

	if (node_known(&c, known, e))
		return -1;
	r->criteria.min_approvals = node_integer(&c, "min_approvals", DEFAULT_APPROVALS, e);
	r->criteria.min_success_rate = node_number(&c, "min_success_rate", DEFAULT_RATE, e);
	r->criteria.blast = node_there(&blast) ? node_choice(&c, "blast_radius", blast_names, 0, e)
					       : -1;
	if (e->kind)
		return -1;
	if (r->criteria.min_approvals < 1)
		return node_fail(&approvals, e, "must be 1 or more");
	if (!(r->criteria.min_success_rate > 0 && r->criteria.min_success_rate <= 1))
		return node_fail(&rate, e, "must be above 0 and at most 1");
	return 0;
}

static int load_ladder(struct runbook *r, const struct node *root, struct err *e)
{
	struct node window = node_get(root, "evidence_window");

	r->level = (enum level)node_choice(
		root, "automation_level", level_names, LEVEL_ASK_HUMAN, e);
	r->recurs_ms = node_span(root, "recurs_within", DEFAULT_RECURS, e);
	r->window_ms = node_span(root, "evidence_window", DEFAULT_WINDOW, e);
	if (e->kind)
		return -1;
	if (r->window_ms <= 0)
		return node_fail(&window, e, "must be longer than nothing");
	return load_criteria(r, root, e);
}

/* What is done and how it is judged; not what it is called or how it went. */
static void digest(struct runbook *r)
{
	json_t *all = json_array();
	char *text;

	for (size_t i = 0; i < r->count; i++) {
		const struct solution *s = &r->solutions[i];
		json_t *one = json_pack("{s:s, s:O}", "id", s->id, "steps", s->steps);

		if (s->preflight)
			json_object_set(one, "preflight", (json_t *)s->preflight);
		if (s->verify)
			json_object_set(one, "verify", (json_t *)s->verify);
		json_array_append_new(all, one);
	}
	text = json_canonical(all);
	sha_hex(str_of(text), r->steps_digest);
	free(text);
	json_decref(all);
}

static int load(struct runbook *r, const struct node *root, struct err *e)
{
	static const char *const known[] = {"id", "title", "description", "created", "trigger",
		"solutions", "automation_level", "promotion_criteria", "recurs_within",
		"evidence_window", "drill", NULL};
	struct node drill = node_get(root, "drill");

	if (!json_is_object(root->v))
		return node_fail(
			root, e, "must be a runbook, with 'id', 'trigger' and 'solutions'");
	if (node_known(root, known, e) || !(r->id = document_name(root, "id", e)))
		return -1;
	r->title = document_title(root, "title", r->id, e);
	node_text_or_null(root, "description", e);
	node_text_or_null(root, "created", e);
	if (e->kind || load_trigger(r, root, e) || load_solutions(r, root, e) ||
		load_ladder(r, root, e) || drill_check(&drill, e))
		return -1;
	r->drill = node_there(&drill) ? drill.v : NULL;
	digest(r);
	return 0;
}

struct runbook *runbook_take(json_t *tree, const struct source *source, struct err *e)
{
	struct runbook *r = mem_new(sizeof *r);
	struct node root = node_root(tree, source);

	r->tree = tree;
	r->path = mem_text(source->name);
	if (load(r, &root, e) == 0)
		return r;
	runbook_free(r);
	return NULL;
}

void runbook_free(struct runbook *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		json_decref(r->solutions[i].steps);
	free(r->solutions);
	matchers_clear(&r->match);
	free(r->metric_name);
	free(r->path);
	json_decref(r->tree);
	free(r);
}
