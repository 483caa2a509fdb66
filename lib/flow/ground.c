#include "flow/ground.h"

#include <stdlib.h>

#include "base/file.h"
#include "edge/state.h"
#include "flow/toolsets.h"

int ground_load(struct ground *g, struct err *e)
{
	const char *set = getenv("HL_REPO");
	bool named = state_option.repo || (set && *set);

	if (named || file_exists(state_repo())) {
		g->ops = ops_open(e);
		g->policy = g->ops ? ops_policy(g->ops, e) : NULL;
		g->catalogue = g->policy ? ops_catalogue(g->ops, e) : NULL;
	} else {
		g->policy = g->own_policy = policy_take(NULL, NULL, e);
		g->catalogue = g->own_catalogue = g->policy ? toolsets_load(NULL, e) : NULL;
	}
	return g->catalogue ? 0 : -1;
}

void ground_clear(struct ground *g)
{
	catalogue_free(g->own_catalogue);
	policy_free(g->own_policy);
	ops_free(g->ops);
	*g = (struct ground)GROUND_INIT;
}

int ground_refresh(struct ground *g, struct err *e)
{
	if (g->ops)
		g->ops = ops_refresh(g->ops, e);
	if (g->ops) {
		g->policy = ops_policy(g->ops, e);
		g->catalogue = g->policy ? ops_catalogue(g->ops, e) : NULL;
	} else if (!g->own_catalogue && e->kind == ERR_NONE && ground_load(g, e) == 0) {
		return 0;
	}
	if (g->catalogue && e->kind == ERR_NONE)
		return 0;
	ground_clear(g);
	return -1;
}
