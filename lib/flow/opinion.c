#include "flow/opinion.h"

#include "flow/diagnostician.h"

bool opinion_is_asked(const struct case_line *c, const struct policy *p)
{
	return p->models.triage && c->verdict == VERDICT_UNSURE && c->standing->fresh;
}

static json_t *case_of(struct str line, json_t *context)
{
	json_t *tree = json_loadb(line.p, line.n, 0, NULL);

	if (tree && context)
		json_object_set(tree, "context", context);
	return tree;
}

int opinion_put(struct buf *into, struct case_line *c, const struct policy *p,
	const struct thinker *t, json_t *context, struct buf *why, struct err *e)
{
	size_t start = into->n;
	struct diagnosis d;
	json_t *tree;
	int rc;

	case_line_put(into, c);
	if (!t || !opinion_is_asked(c, p) || into->full)
		return 0;
	tree = case_of((struct str){into->p + start, into->n - start}, context);
	if (!tree)
		return 0;
	rc = diagnostician_judge(t, tree, &d, why, e);
	json_decref(tree);
	if (rc)
		return -1;
	c->model = d.model;
	c->why = buf_str(why);
	if (d.problem)
		c->verdict = VERDICT_PROBLEM;
	into->n = start;
	case_line_put(into, c);
	return 0;
}
