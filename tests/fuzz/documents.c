/*
 * Whatever the bytes: a document loads or says why, and what loaded can be used: a runbook be
 * judged and explained, a policy asked, a goal read, models be routed to. The first byte picks the kind of document.
 */
#include <stdint.h>
#include <stdlib.h>

#include "doc/explain.h"
#include "doc/fit.h"
#include "doc/goal.h"
#include "doc/route.h"
#include "edge/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char toolset[] =
	"toolset: t\n"
	"tools:\n"
	"  - {name: t.look, effect: read, run: [/bin/true], args: {a: {type: string}}}\n"
	"  - {name: t.act, effect: change, blast_radius: cluster, run: [/bin/true],\n"
	"     args: {n: {type: integer, max: 5}}, undo: {tool: t.act, args: {n: '{n}'}}}\n";

static struct catalogue *catalogue(void)
{
	static const struct source source = {.name = "t", .kind = ERR_CONFIG};
	struct catalogue *c = catalogue_new();
	struct err e = ERR_INIT;

	if (catalogue_take(
		    c, toolset_take(yaml_load(str_of(toolset), "t", NULL, &e), &source, &e), &e))
		abort();
	return c;
}

static void count(void *arg, enum fit_weight weight, const char *text)
{
	if (!*text)
		abort();
	*(size_t *)arg += weight == FIT_WRONG;
}

static void use_runbook(json_t *tree, const struct source *source, struct err *e)
{
	struct runbook *r = runbook_take(tree, source, e);
	struct policy *p = policy_take(NULL, source, e);
	struct catalogue *c = catalogue();
	struct buf text = BUF_INIT(BUF_RECORD);
	size_t wrong = 0;

	if (r) {
		if (!r->count || !*r->id || strlen(r->steps_digest) != 64)
			abort();
		if (runbook_fit(r, source, c, p, count, &wrong) != wrong)
			abort();
		runbook_explain(r, c, p, &text);
	}
	buf_clear(&text);
	catalogue_free(c);
	policy_free(p);
	runbook_free(r);
}

static void use_policy(json_t *tree, const struct source *source, struct err *e)
{
	struct policy *p = policy_take(tree, source, e);

	if (p)
		policy_denies(p, "t.look");
	policy_free(p);
}

static void use_goal(struct str body, json_t *tree, const struct source *source, struct err *e)
{
	struct goal *g = goal_take(tree, body, source, e);

	if (g && !*g->name)
		abort();
	goal_free(g);
}

static void use_models(json_t *tree, const struct source *source, struct err *e)
{
	struct models *m = models_new();
	struct route_table t = {.models = m};
	const struct model *list[ROUTE_MOST];

	if (models_take(m, tree, source, e) == 0 && models_close(m, e) == 0)
		for (size_t i = 0; i < route_models(&t, "code", list); i++)
			if (list[i]->fault || !list[i]->provider || !list[i]->id)
				abort();
	models_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct places *places = places_new();
	struct source source = {.name = "fuzz", .places = places, .kind = ERR_CONFIG};
	struct err e = ERR_INIT;
	struct str text, front, body = STR_NONE;
	json_t *tree;

	if (size) {
		text = (struct str){(const char *)data + 1, size - 1};
		if (data[0] % 4 == 2) {
			goal_split(text, &front, &body);
			text = front;
		}
		tree = yaml_load(text, "fuzz", places, &e);
		if (tree && data[0] % 4 == 0)
			use_runbook(tree, &source, &e);
		else if (tree && data[0] % 4 == 1)
			use_policy(tree, &source, &e);
		else if (tree && data[0] % 4 == 3)
			use_models(tree, &source, &e);
		else if (tree)
			use_goal(body, tree, &source, &e);
	}
	places_free(places);
	return 0;
}
