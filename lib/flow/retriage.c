#include "flow/retriage.h"

#include "base/when.h"
#include "doc/case.h"
#include "flow/drilling.h"
#include "flow/looking.h"
#include "flow/opinion.h"
#include "flow/request.h"
#include "json/stream.h"

/* The one group, and the batch that its signals came in. */
struct again {
	struct rules *rules;
	struct roster_group group;
	struct standing standing;
	struct batch batch;
	struct labels labels;
	struct looking looking;
	struct finding finding;
	const struct thinker *thinker;
	struct buf why;
	char id[CASE_ID];
};

static const struct source record = {"the record", NULL, ERR_DATA};

static int read_time(struct scan_value object, const char *key, int64_t *at, struct err *e)
{
	struct str text;

	if (scan_plain(scan_member(object, key), &text) && when_parse(text, at) == 0)
		return 0;
	return err_set(e, ERR_DATA, "the record lacks the time '%s'", key);
}

int retriage_basis(struct scan_value whole, char commit[REPO_ID], struct err *e)
{
	struct scan_value v = scan_member(whole, "basis");
	struct str text;

	commit[0] = '\0';
	if (v.type == SCAN_NULL)
		return 0;
	if (!scan_plain(v, &text) || text.n != REPO_ID - 1)
		return err_set(e, ERR_DATA, "the record lacks 'basis', the commit that was in force");
	memcpy(commit, text.p, text.n);
	commit[text.n] = '\0';
	return 0;
}

/* ---- of alerts ---- */

static bool is_stale(const struct node *seen, size_t i)
{
	struct node list = node_get(seen, "stale");
	json_t *one;
	size_t k;

	json_array_foreach (list.v, k, one)
		if (json_integer_value(one) == (json_int_t)i)
			return true;
	return false;
}

static void add_signal(struct again *a, struct scan_value whole, bool stale)
{
	uint32_t at = batch_add(&a->batch, 0, 0);
	struct pending *p = a->batch.pending + at;
	struct signal s = {.line = whole.raw};

	for (int i = 0; i < SIGNAL_LASTING; i++)
		s.member[i] = scan_member(whole, signal_members[i]);
	batch_keep(&a->batch, at, &s);
	p = a->batch.pending + at;
	p->says_firing = scan_is(scan_member(whole, "status"), STR("firing"));
	p->firing = p->says_firing != stale;
}

static int add_signals(struct again *a, struct scan_value whole, const struct node *seen,
	struct err *e)
{
	struct scan_iter it = scan_open(scan_member(whole, "signals"));
	struct scan_value key, one;

	a->batch.bytes.max = 2 * whole.raw.n + 1;
	batch_touch(&a->batch, 0);
	for (size_t i = 0; scan_next(&it, &key, &one); i++) {
		if (one.type != SCAN_OBJECT || i == CASE_SIGNALS)
			return err_set(e, ERR_DATA, "the record's signals[%zu] is none", i);
		add_signal(a, one, is_stale(seen, i));
	}
	if (!a->batch.n_pending)
		return err_set(e, ERR_DATA, "the record has no signals");
	return 0;
}

/* As it stood after the batch. What is counted is what was remembered. */
static int read_group(struct again *a, struct scan_value whole, const struct node *triage,
	const struct node *seen, struct err *e)
{
	int64_t all = node_integer(triage, "signals", -1, e), ended = 0;
	struct signal first;

	a->group.fired = (uint32_t)node_integer(triage, "count", 0, e);
	a->standing.fresh = node_bool(seen, "fresh", true, e);
	a->standing.returns = node_integer(seen, "returns", 0, e);
	if (e->kind || read_time(whole, "opened_at", &a->group.opened_at, e) ||
		read_time(scan_member(whole, "triage"), "at", &a->standing.now, e))
		return -1;
	for (size_t i = 0; i < a->batch.n_pending; i++)
		ended += !a->batch.pending[i].firing;
	a->group.firing = all > ended ? (uint32_t)(all - ended) : 0;
	batch_signal(&a->batch, a->batch.pending, &first);
	if (labels_scan(&a->labels, first.member[SIGNAL_LABELS], e))
		return err_prefix(e, "the record's signals[0]: ");
	a->group.key = labels_group(&a->labels, rules_policy(a->rules)->group_by);
	a->standing.id = case_id(a->group.opened_at, a->group.key, a->id);
	a->standing.flapping = a->standing.returns >= rules_policy(a->rules)->flapping.times;
	a->standing.ended_at = a->standing.now;
	return 0;
}

/* With what was observed then, which the line made again does not have. */
static int put_line(struct again *a, struct case_line *line, json_t *context, struct buf *into,
	struct err *e)
{
	int rc = opinion_put(into, line, rules_policy(a->rules), a->thinker, context, &a->why, e);

	json_decref(line->model);
	return rc;
}

static int judge(struct again *a, json_t *context, struct buf *into, struct err *e)
{
	struct case_line line = {.id = a->id,
		.group = &a->group,
		.batch = &a->batch,
		.touched = a->batch.touched,
		.labels = &a->labels,
		.basis = rules_basis(a->rules),
		.at = a->standing.now,
		.finding = &a->finding,
		.standing = &a->standing};

	a->looking.rules = a->rules;
	a->looking.labels = &a->labels;
	for (size_t i = 0; i < a->batch.n_pending && i < CASE_SIGNALS; i++) {
		struct signal s;

		batch_signal(&a->batch, a->batch.pending + i, &s);
		if (looking_at(&a->looking, &s, a->batch.pending[i].firing, a->standing.now,
			    &a->finding, e))
			return -1;
	}
	line.verdict = verdict_of(&a->group, &a->finding, &a->standing, a->rules, &a->why);
	line.why = buf_str(&a->why);
	return put_line(a, &line, context, into, e);
}

static int put_alerts(struct ops *o, struct scan_value whole, const struct node *triage,
	const struct thinker *t, struct buf *into, struct err *e)
{
	struct again a = {.batch = BATCH_INIT,
		.labels = LABELS_INIT,
		.why = BUF_INIT(65536),
		.rules = rules_of(o, e),
		.thinker = t};
	struct node seen = node_get(triage, "seen"), context = node_get(triage->up, "context");
	int rc = -1;

	if (a.rules && !seen.v)
		err_set(e, ERR_DATA,
			"the record lacks 'triage.seen', what was remembered: it was made before "
			"that was kept");
	else if (a.rules && node_is_object(&seen, e) == 0 &&
		 add_signals(&a, whole, &seen, e) == 0 &&
		 read_group(&a, whole, triage, &seen, e) == 0)
		rc = judge(&a, context.v, into, e);
	rules_free(a.rules);
	batch_clear(&a.batch);
	labels_clear(&a.labels);
	looking_clear(&a.looking);
	buf_clear(&a.why);
	return rc;
}

/* ---- of what somebody asked for ---- */

static int put_tree(json_t *tree, struct buf *into)
{
	if (!tree)
		return -1;
	json_put(into, tree);
	json_decref(tree);
	return 0;
}

static int put_request(
	struct ops *o, struct scan_value whole, const json_t *tree, struct buf *into, struct err *e)
{
	struct request r;
	int64_t at;

	if (request_read(&r, tree, e) < 0 ||
		read_time(scan_member(whole, "request"), "at", &at, e))
		return -1;
	return put_tree(request_new(o, &r, at, e), into);
}

static int put_drill(
	struct ops *o, struct scan_value whole, const json_t *tree, struct buf *into, struct err *e)
{
	struct node root = node_root((json_t *)tree, &record), drill = node_get(&root, "drill");
	const char *runbook = node_text(&drill, "runbook", NULL, e);
	int64_t at;

	if (!runbook || read_time(scan_member(whole, "drill"), "at", &at, e))
		return -1;
	return put_tree(drilling_case(o, runbook, drilling_by(tree), at, e), into);
}

int retriage_put(struct ops *o, struct scan_value whole, const struct thinker *t, struct buf *into,
	struct err *e)
{
	json_t *tree = scan_load(whole);
	struct node root = node_root(tree, &record), triage = node_get(&root, "triage");
	bool asked = json_object_get(tree, "request"), drill = json_object_get(tree, "drill");
	int rc;

	if (!json_is_object(triage.v))
		rc = err_set(e, ERR_DATA, "the record lacks 'triage'");
	else if ((asked || drill) && !o)
		rc = err_set(e, ERR_DATA, "the record lacks 'basis', the commit that was in force");
	else if (asked)
		rc = put_request(o, whole, tree, into, e);
	else if (drill)
		rc = put_drill(o, whole, tree, into, e);
	else
		rc = put_alerts(o, whole, &triage, t, into, e);
	json_decref(tree);
	return rc;
}
