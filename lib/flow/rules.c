#include "flow/rules.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "edge/state.h"

struct rules {
	struct ops *ops;
	bool lent;               /* ops is another's */
	struct policy *defaults; /* without an ops repo */
	const struct policy *policy;
};

static int use_repo(struct rules *r, struct ops *o, struct err *e)
{
	r->ops = o;
	if (!o)
		return -1;
	r->policy = ops_policy(o, e);
	return r->policy ? 0 : -1;
}

static int use_defaults(struct rules *r, struct err *e)
{
	static const struct source source = {.name = "policy.yaml", .kind = ERR_CONFIG};

	r->defaults = policy_take(NULL, &source, e);
	r->policy = r->defaults;
	return r->policy ? 0 : -1;
}

struct rules *rules_open(struct err *e)
{
	struct rules *r = mem_new(sizeof *r);
	bool there = state_repo_named() || file_exists(state_repo());

	if (!there)
		msg_why("no ops repo at '%s': policy's defaults hold and no runbook is known; see "
			"hl init",
			state_repo());
	if (there ? use_repo(r, ops_open(e), e) : use_defaults(r, e)) {
		rules_free(r);
		return NULL;
	}
	return r;
}

struct rules *rules_of(struct ops *o, struct err *e)
{
	struct rules *r = mem_new(sizeof *r);

	r->lent = true;
	if (o ? use_repo(r, o, e) : use_defaults(r, e)) {
		rules_free(r);
		return NULL;
	}
	return r;
}

void rules_free(struct rules *r)
{
	if (!r)
		return;
	policy_free(r->defaults);
	if (!r->lent)
		ops_free(r->ops);
	free(r);
}

const struct policy *rules_policy(const struct rules *r)
{
	return r->policy;
}

const char *rules_basis(const struct rules *r)
{
	return r->ops ? ops_commit(r->ops) : NULL;
}

static const struct policy_rule *find(
	struct policy_rule *rules, size_t n, const struct labels *l, int64_t now)
{
	for (size_t i = 0; i < n; i++)
		if (now < rules[i].until && matchers_match(&rules[i].match, l))
			return &rules[i];
	return NULL;
}

const struct policy_rule *rules_silence(const struct rules *r, const struct labels *l, int64_t now)
{
	return find(r->policy->silences, r->policy->n_silences, l, now);
}

const struct policy_rule *rules_expected(const struct rules *r, const struct labels *l, int64_t now)
{
	return find(r->policy->expected, r->policy->n_expected, l, now);
}

static bool has(const char *const *ids, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(ids[i], id))
			return true;
	return false;
}

bool rules_need_expr(const struct rules *r)
{
	return r->ops && ops_names_metrics(r->ops);
}

int rules_runbooks(struct rules *r, const struct labels *l, struct str expr,
	const char *ids[RULES_RUNBOOKS], size_t count, struct err *e)
{
	const char *found[RULES_RUNBOOKS];
	long n = r->ops ? ops_match(r->ops, l, expr, found, RULES_RUNBOOKS, e) : 0;

	if (n < 0)
		return -1;
	for (long i = 0; i < n && count < RULES_RUNBOOKS; i++)
		if (!has(ids, count, found[i]))
			ids[count++] = found[i];
	return (int)count;
}
