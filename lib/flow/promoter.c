#include "flow/promoter.h"

#include "base/mem.h"
#include "base/when.h"
#include "edge/commits.h"

struct run {
	const struct promoter_how *how;
	struct ops *first; /* what was in force at the start; its repo is that of all */
	struct ops *ops;   /* what is judged by: the same, or that of a newer commit */
	struct learner *learner;
	struct judgement *judgements;
	size_t count, cap;
	int64_t now_s;
};

static void run_reset(struct run *r)
{
	for (size_t i = 0; i < r->count; i++)
		judgement_clear(&r->judgements[i]);
	r->count = 0;
}

/* Not before the commit that is judged, so that the same sum can be done with the times of the
 * commits. */
static int find_now(struct run *r, struct err *e)
{
	struct repo_commit c = {.message = NULL};

	if (repo_commit_load(ops_repo(r->ops), ops_commit(r->ops), &c, e))
		return -1;
	r->now_s = when_now() / WHEN_SECOND;
	if (r->now_s < c.at)
		r->now_s = c.at;
	repo_commit_clear(&c);
	return 0;
}

static int judge_one(void *arg, const char *runbook, struct err *e)
{
	struct run *r = arg;
	int rc;

	r->judgements = mem_room(r->judgements, r->count, &r->cap, sizeof *r->judgements);
	rc = judgement_make(&r->judgements[r->count], r->ops, r->learner, runbook, r->now_s, e);
	if (rc > 0)
		r->count++;
	else
		judgement_clear(&r->judgements[r->count]);
	return rc;
}

static int judge_known(void *arg, const char *runbook, struct err *e)
{
	return judge_one(arg, runbook, e) < 0 ? -1 : 0;
}

/* All that is asked about, at the commit of r->ops. */
static int judge_all(struct run *r, struct err *e)
{
	run_reset(r);
	if (find_now(r, e))
		return -1;
	if (!r->how->only || !r->how->only[0])
		return learner_runbooks(r->learner, judge_known, r, e);
	for (size_t i = 0; r->how->only[i]; i++) {
		int rc = judge_one(r, r->how->only[i], e);

		if (rc < 0)
			return -1;
		if (rc == 0)
			return err_set(e, ERR_USAGE, "no runbook '%s' in '%s'", r->how->only[i],
				repo_path(ops_repo(r->ops)));
	}
	return 0;
}

static bool moves(const struct judgement *v)
{
	return v->standing.to != v->from;
}

/* The moves, on the tip of the chain; judged again when that is not the commit they were judged at.
 */
static int add_moves(void *arg, struct commits *c, struct err *e)
{
	struct run *r = arg;
	const struct policy *policy;

	if (strcmp(commits_tip(c), ops_commit(r->ops)) != 0) {
		if (r->ops != r->first)
			ops_free(r->ops);
		r->ops = ops_open_at(commits_tip(c), e);
		if (!r->ops || learner_move(r->learner, commits_tip(c), e) || judge_all(r, e))
			return -1;
	}
	if (!(policy = ops_policy(r->ops, e)))
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		struct judgement *v = &r->judgements[i];
		struct commits_file file = {v->path, str_of(v->file)};
		struct commits_about about = {.message = v->message,
			.name = policy->identity.name,
			.mail = policy->identity.mail,
			.at = r->now_s * WHEN_SECOND};

		if (moves(v) && commits_add(c, &file, 1, &about, v->commit, e))
			return -1;
	}
	return 0;
}

static int commit_moves(struct run *r, struct buf *behind, struct err *e)
{
	struct commits *c;
	size_t n = 0;
	int rc = -1;

	for (size_t i = 0; i < r->count; i++)
		n += moves(&r->judgements[i]);
	if (!n || !r->how->act)
		return 0;
	c = commits_begin(ops_repo(r->first), e);
	if (c && add_moves(r, c, e) == 0)
		rc = commits_end(c, add_moves, r, e);
	if (rc == 0)
		buf_puts(behind, commits_behind(c));
	commits_free(c);
	return rc;
}

int promoter_run(const struct promoter_how *how, struct buf *behind, struct err *e)
{
	struct run r = {.how = how, .first = ops_open(e)};
	int rc = -1;

	r.ops = r.first;
	if (r.first)
		r.learner = learner_open(ops_repo(r.first), ops_commit(r.first), LEARNER_CACHE, e);
	if (r.learner && judge_all(&r, e) == 0)
		rc = commit_moves(&r, behind, e);
	for (size_t i = 0; i < r.count && rc == 0; i++)
		rc = how->each(how->arg, &r.judgements[i], e);
	run_reset(&r);
	free(r.judgements);
	learner_free(r.learner);
	if (r.ops != r.first)
		ops_free(r.ops);
	ops_free(r.first);
	return rc;
}
