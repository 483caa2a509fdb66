#include "doc/consult.h"

#include "base/when.h"

static int at_least_one(const struct node *object, const char *key, int64_t n, struct err *e)
{
	struct node at = node_get(object, key);

	return e->kind || n > 0 ? 0 : node_fail(&at, e, "must be more than nothing");
}

static int load_stages(struct consult *c, const struct node *models, struct err *e)
{
	struct node use = node_get(models, "use");

	if (node_is_array(&use, e))
		return -1;
	for (size_t i = 0; i < node_count(&use); i++) {
		struct node stage = node_at(&use, i);
		const char *name = json_string_value(stage.v);

		if (!name || (strcmp(name, "plan") != 0 && strcmp(name, "triage") != 0))
			return node_fail(&stage, e, "the stages that can ask a model are triage and plan");
		*(*name == 't' ? &c->triage : &c->plan) = true;
	}
	return 0;
}

static int load_roles(struct consult *c, const struct node *models, struct err *e)
{
	struct node roles = node_get(models, "roles");

	if (node_is_object(&roles, e) || routes_load(&c->routes, models, e))
		return -1;
	c->validator = node_text_or_null(&roles, "validator", e) != NULL;
	return e->kind ? -1 : 0;
}

static int load_investigation(struct consult *c, const struct node *models, struct err *e)
{
	static const char *const known[] = {"goal", "steps", "tokens", "time", NULL};
	struct node n = node_get(models, "investigate");

	if (node_is_object(&n, e) || node_known(&n, known, e))
		return -1;
	c->investigate.goal = node_text(&n, "goal", "incident", e);
	c->investigate.steps = node_integer(&n, "steps", 8, e);
	c->investigate.tokens = node_integer(&n, "tokens", 60000, e);
	c->investigate.time_ms = node_span(&n, "time", 3 * (int64_t)WHEN_MINUTE, e);
	return e->kind || at_least_one(&n, "steps", c->investigate.steps, e) ||
			       at_least_one(&n, "tokens", c->investigate.tokens, e) ||
			       at_least_one(&n, "time", c->investigate.time_ms, e)
		       ? -1
		       : 0;
}

int consult_load(struct consult *c, const struct node *models, struct err *e)
{
	static const char *const known[] = {"use", "an_hour", "investigate", "roles", "stages",
		"goals", "keywords", "fallback", "local", NULL};
	struct node an_hour = node_get(models, "an_hour");

	*c = (struct consult){.plan = false};
	if (node_is_object(models, e) || node_known(models, known, e))
		return -1;
	c->an_hour = node_integer(models, "an_hour", 20, e);
	if (!e->kind && c->an_hour < 0)
		return node_fail(&an_hour, e, "must be 0 or more");
	return e->kind || load_stages(c, models, e) || load_roles(c, models, e) ||
			       load_investigation(c, models, e)
		       ? -1
		       : 0;
}
