#include "flow/replay.h"

#include <stdlib.h>

#include "base/when.h"
#include "doc/approval.h"
#include "doc/difference.h"
#include "doc/execution.h"
#include "doc/ladder.h"
#include "doc/plan.h"
#include "flow/planner.h"
#include "flow/recall.h"
#include "flow/rerecord.h"
#include "flow/retriage.h"
#include "json/stream.h"

#define AGAIN_MAX (4 * BUF_RECORD)

const char *const replay_results[] = {"same", "differs", "cannot", NULL};

/* One case, while it is made again. */
struct making {
	struct replay *r;
	const struct replay_case *c;
	json_t *tree;
	struct buf triage_text;    /* the case as triage makes it now */
	struct scan_value triaged; /* in it; SCAN_NONE */
	json_t *plan, *approval;   /* as they are made now, where they are the same; NULL */
	struct recall recall;      /* of the stage that is made again */
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* ---- telling ---- */

static int tell(struct making *m, const char *stage, enum replay_result result, const char *why,
	const json_t *differences, struct err *e)
{
	const struct replay_said said = {
		.of = m->c, .stage = stage, .result = result, .why = why, .differences = differences};

	return m->r->each(m->r->arg, &said, e);
}

/* What the record lacks is nobody's fault; what could be read then and cannot now is a difference. */
static int tell_why(struct making *m, const char *stage, const struct err *why, struct err *e)
{
	bool lacks = why->kind == ERR_DATA || why->kind == ERR_UNAVAILABLE;
	const json_t *other = m->recall.asker && strcmp(stage, m->recall.asker) == 0
				      ? m->recall.other
				      : NULL;
	json_t *list = other ? json_pack("[O]", other) : NULL;
	int rc = tell(m, stage, lacks ? REPLAY_CANNOT : REPLAY_DIFFERS, why->text, list, e);

	json_decref(list);
	return rc;
}

/* What another commit brings about by itself is no finding. */
static const char *const of_basis[] = {
	"/basis", "/triage/seen", "/plan/basis", "/plan/digest", NULL};

/* Takes both. *same says how it came out. */
static int compare(struct making *m, const char *stage, json_t *recorded, json_t *again, bool *same,
	struct err *e)
{
	json_t *list = difference_list(recorded, again);
	int rc;

	if (m->r->at)
		difference_forget(list, of_basis);
	*same = json_array_size(list) == 0;
	rc = tell(m, stage, *same ? REPLAY_SAME : REPLAY_DIFFERS, NULL, list, e);
	json_decref(list);
	json_decref(recorded);
	json_decref(again);
	return rc;
}

/* The same of one member of the case; what is absent is NULL, and lent. */
static int compare_member(struct making *m, const char *key, const json_t *again, bool *same,
	struct err *e)
{
	json_t *a = json_object(), *b = json_object();

	json_object_set(a, key, json_object_get(m->tree, key));
	if (again)
		json_object_set(b, key, (json_t *)again);
	return compare(m, key, a, b, same, e);
}

/* ---- what was in force ---- */

/* *o is NULL where there was no ops repo. */
static int stand(struct replay *r, const char *commit, struct ops **o, struct err *e)
{
	char tree[REPO_ID];

	*o = NULL;
	if (!*commit)
		return 0;
	if (!r->ops || strcmp(ops_commit(r->ops), commit) != 0) {
		ops_free(r->ops);
		r->ops = NULL;
		if (strlen(commit) != REPO_ID - 1 || repo_find(r->repo, commit, "", tree, e) < 0)
			return err_set(e, ERR_DATA, "no commit '%s' in '%s'", commit,
				repo_path(r->repo));
		if (!(r->ops = ops_open_at(commit, e)))
			return -1;
		/* All runbooks, as when it was in force: of two with one id the first counts. */
		ops_runbook_count(r->ops, e);
	}
	*o = r->ops;
	return e->kind ? -1 : 0;
}

void replay_clear(struct replay *r)
{
	ops_free(r->ops);
	r->ops = NULL;
}

/* Models are not asked: what they answered the stage is recorded. */
static struct thinker thinker_of(struct making *m, const char *stage)
{
	recall_clear(&m->recall);
	m->recall = (struct recall){.repo = m->r->repo,
		.commit = m->r->head,
		.whole = m->tree,
		.asker = stage,
		.of_other = m->r->at ? ERR_DATA : ERR_CASE};
	return recall_thinker(&m->recall);
}

/* ---- triage ---- */

static int judge(struct making *m, struct err *e)
{
	struct thinker t = thinker_of(m, "triage");
	struct scan_error fault;
	char basis[REPO_ID];
	struct ops *o;

	if (m->r->at)
		memcpy(basis, m->r->at, REPO_ID);
	else if (retriage_basis(m->c->whole, basis, e))
		return -1;
	if (stand(m->r, basis, &o, e) || retriage_put(o, m->c->whole, &t, &m->triage_text, e))
		return -1;
	if (scan_text(buf_str(&m->triage_text), &m->triaged, &fault) == 0)
		return 0;
	m->triaged = (struct scan_value){SCAN_NONE, STR_NONE};
	return err_set(e, ERR_DATA, "the case is too large");
}

/* Signals of alerts and what was observed are the world's. */
static bool is_given(const struct making *m, const char *key)
{
	return strcmp(key, "context") == 0 ||
	       (strcmp(key, "signals") == 0 && !json_object_get(m->tree, "drill") &&
		       !json_object_get(m->tree, "request"));
}

static int replay_triage(struct making *m, bool *same, struct err *e)
{
	struct err why = ERR_INIT;
	json_t *again, *recorded, *v;
	const char *key;
	void *next;

	*same = false;
	if (judge(m, &why))
		return tell_why(m, "triage", &why, e);
	again = scan_load(m->triaged);
	recorded = json_object();
	json_object_foreach_safe(again, next, key, v)
	{
		if (is_given(m, key))
			json_object_del(again, key);
		else if (json_object_get(m->tree, key))
			json_object_set(recorded, key, json_object_get(m->tree, key));
	}
	if (m->r->at)
		json_object_update_existing(m->tree, again);
	return compare(m, "triage", recorded, again, same, e);
}

/* ---- plan ---- */

static json_t *make_plan(struct making *m, struct err *e)
{
	const json_t *plan = json_object_get(m->tree, "plan");
	struct thinker t = thinker_of(m, "plan");
	struct planner p = {.thinker = &t,
		.seen = json_object_get(json_object_get(plan, "autonomy"), "seen")};
	const char *at = text_of(plan, "at");

	if (!p.seen) {
		err_set(e, ERR_DATA,
			"the record lacks 'plan.autonomy.seen', what was remembered: it was made "
			"before that was kept");
		return NULL;
	}
	if (when_parse(str_of(at), &p.now)) {
		err_set(e, ERR_DATA, "the record lacks 'plan.at', the time");
		return NULL;
	}
	if (stand(m->r, m->r->at ? m->r->at : text_of(plan, "basis"), &p.ops, e))
		return NULL;
	if (p.ops)
		return planner_plan(&p, m->tree, e);
	err_set(e, ERR_DATA, "the record lacks 'plan.basis', the commit that was in force");
	return NULL;
}

static bool goes_on(const json_t *tree)
{
	const char *verdict = text_of(json_object_get(tree, "triage"), "verdict");

	return strcmp(verdict, "problem") == 0 || strcmp(verdict, "unsure") == 0;
}

static int replay_plan(struct making *m, struct err *e)
{
	struct err why = ERR_INIT;
	bool same;
	int rc;

	if (!goes_on(m->tree))
		return compare_member(m, "plan", NULL, &same, e);
	m->plan = make_plan(m, &why);
	if (!m->plan)
		return tell_why(m, "plan", &why, e);
	rc = compare_member(m, "plan", m->plan, &same, e);
	if (!same) {
		json_decref(m->plan);
		m->plan = NULL;
	}
	return rc;
}

/* ---- approval ---- */

static json_t *approve(const json_t *recorded, const json_t *plan, const struct approval *a)
{
	json_t *solution = plan_solution(
		plan, json_integer_value(json_object_get(recorded, "solution")));

	if (!solution || plan_level(plan) == LEVEL_OBSERVE || a->at >= plan_expires(plan))
		return NULL;
	return approval_for(a, "approved", solution);
}

/* Who, when and in what words is recorded; the rest follows. NULL: there can be no such approval. */
static json_t *approve_again(const struct making *m, struct err *why)
{
	const json_t *recorded = json_object_get(m->tree, "approval"),
		     *plan = json_object_get(m->tree, "plan");
	const char *decision = text_of(recorded, "decision"), *reason = text_of(recorded, "reason");
	struct approval a = {
		.by = text_of(recorded, "by"), .via = text_of(recorded, "via"), .plan = plan};
	int64_t until;

	if (when_parse(str_of(text_of(recorded, "at")), &a.at)) {
		err_set(why, ERR_DATA, "the record lacks 'approval.at', the time");
		return NULL;
	}
	if (strcmp(a.via, "policy") == 0)
		return approval_by_policy(m->tree, a.at);
	if (strcmp(decision, "approved") == 0)
		return approve(recorded, plan, &a);
	if (strcmp(decision, "ignored") == 0 || strcmp(decision, "rejected") == 0)
		return approval_against(&a, decision, "", str_of(reason));
	if (strcmp(decision, "snoozed") == 0 &&
		when_parse(str_of(text_of(recorded, "until")), &until) == 0)
		return approval_snoozed(&a, until);
	return NULL;
}

static int replay_approval(struct making *m, struct err *e)
{
	static const struct source source = {"the record", NULL, ERR_CASE};
	struct node root = node_root(m->tree, &source), plan = node_get(&root, "plan");
	struct err why = ERR_INIT;
	bool same;
	int rc;

	if (plan_check(&plan, &why))
		return tell_why(m, "approval", &why, e);
	if (!plan_sealed(m->c->id, plan.v))
		return tell(m, "approval", REPLAY_DIFFERS,
			"the plan was changed after it was made: its digest is wrong", NULL, e);
	m->approval = approve_again(m, &why);
	if (why.kind)
		return tell_why(m, "approval", &why, e);
	rc = compare_member(m, "approval", m->approval, &same, e);
	if (!same) {
		json_decref(m->approval);
		m->approval = NULL;
	}
	return rc;
}

/* ---- outcome ---- */

static int replay_outcome(struct making *m, struct err *e)
{
	static const struct source source = {"the record", NULL, ERR_CASE};
	struct node root = node_root(m->tree, &source), plan = node_get(&root, "plan");
	struct err why = ERR_INIT;
	json_t *planned;
	bool same;
	int rc;

	if (plan_check(&plan, &why))
		return tell_why(m, "outcome", &why, e);
	planned = execution_as_planned(m->tree);
	rc = compare_member(m, "outcome", planned, &same, e);
	json_decref(planned);
	return rc;
}

/* ---- record ---- */

static void put_tree_or(struct buf *into, const json_t *tree, struct scan_value recorded)
{
	if (tree)
		json_put(into, tree);
	else
		buf_putstr(into, recorded.raw);
}

/* The line that hl-record would be given: what was made again, and what the world did. */
static void put_line(const struct making *m, bool triaged, struct buf *into)
{
	struct scan_iter it = scan_open(m->c->whole);
	struct scan_value key, recorded, again;
	struct buf name = BUF_INIT(BUF_RECORD);

	buf_putc(into, '{');
	while (scan_next(&it, &key, &recorded)) {
		buf_reset(&name);
		scan_string(key, &name);
		if (into->p[into->n - 1] != '{')
			buf_putc(into, ',');
		buf_putstr(into, key.raw);
		buf_putc(into, ':');
		again = triaged && !is_given(m, buf_text(&name))
				? scan_member(m->triaged, buf_text(&name))
				: (struct scan_value){SCAN_NONE, STR_NONE};
		if (strcmp(buf_text(&name), "plan") == 0)
			put_tree_or(into, m->plan, recorded);
		else if (strcmp(buf_text(&name), "approval") == 0)
			put_tree_or(into, m->approval, recorded);
		else
			buf_putstr(into, again.type ? again.raw : recorded.raw);
	}
	buf_putc(into, '}');
	buf_clear(&name);
}

static int replay_record(struct making *m, bool triaged, struct err *e)
{
	const struct rerecord again = {.repo = m->r->repo,
		.head = m->r->head,
		.past = m->r->past,
		.path = m->c->path};
	struct buf line = BUF_INIT(AGAIN_MAX);
	struct scan_error fault;
	struct scan_value whole;
	struct err why = ERR_INIT;
	int rc;

	put_line(m, triaged, &line);
	if (scan_text(buf_str(&line), &whole, &fault))
		err_set(&why, ERR_DATA, "the case is too large");
	else
		rerecord_check(&again, whole, &why);
	rc = why.kind ? tell_why(m, "record", &why, e)
		      : tell(m, "record", REPLAY_SAME, NULL, NULL, e);
	buf_clear(&line);
	return rc;
}

int replay_run(struct replay *r, const struct replay_case *c, struct err *e)
{
	struct making m = {.r = r,
		.c = c,
		.tree = scan_load(c->whole),
		.triage_text = BUF_INIT(AGAIN_MAX)};
	bool triaged;
	int rc = replay_triage(&m, &triaged, e);

	if (rc == 0 && json_object_get(m.tree, "plan"))
		rc = replay_plan(&m, e);
	if (rc == 0 && !r->at && json_object_get(m.tree, "approval"))
		rc = replay_approval(&m, e);
	if (rc == 0 && !r->at && json_object_get(m.tree, "outcome"))
		rc = replay_outcome(&m, e);
	if (rc == 0 && !r->at && *c->path)
		rc = replay_record(&m, triaged, e);
	recall_clear(&m.recall);
	json_decref(m.tree);
	json_decref(m.plan);
	json_decref(m.approval);
	buf_clear(&m.triage_text);
	return rc;
}
