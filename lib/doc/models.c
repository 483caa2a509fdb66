#include "doc/models.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/litellm.h"

struct models *models_new(void)
{
	struct models *m = mem_new(sizeof *m);

	m->made = mem_got(json_array());
	return m;
}

void models_free(struct models *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		model_clear(&m->list[i]);
	for (size_t i = 0; i < m->n_files; i++) {
		json_decref(m->files[i].tree);
		free(m->files[i].name);
	}
	json_decref(m->made);
	free(m->files);
	free(m->list);
	free(m);
}

struct model *models_add(struct models *m, const char *name)
{
	m->list = mem_room(m->list, m->count, &m->cap, sizeof *m->list);
	model_init(&m->list[m->count], name);
	return &m->list[m->count++];
}

const char *models_keep(struct models *m, const char *text)
{
	json_t *kept = mem_got(json_string(text));

	json_array_append_new(m->made, kept);
	return json_string_value(kept);
}

struct model *models_find(const struct models *m, const char *name)
{
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->list[i].name, name) == 0)
			return &m->list[i];
	return NULL;
}

static int unknown(const struct models *m, const struct node *at, const char *name, struct err *e)
{
	const char **names = mem_array(m->count + 1, sizeof *names), *near;

	for (size_t i = 0; i < m->count; i++)
		names[i] = m->list[i].name;
	near = str_nearest(name, names);
	free(names);
	if (near)
		return node_fail(at, e, "no model '%s': did you mean '%s'?", name, near);
	return node_fail(at, e, "no model '%s'", name);
}

struct model *models_need(
	const struct models *m, const struct node *at, const char *name, struct err *e)
{
	struct model *found = models_find(m, name);

	if (!found)
		unknown(m, at, name, e);
	return found;
}

/* ---- one file ---- */

static int load_own(struct models *m, const struct node *root, struct err *e)
{
	struct node all = node_get(root, "models");
	const char *name;
	json_t *v;

	if (node_is_object(&all, e))
		return -1;
	json_object_foreach (all.v, name, v) {
		struct node one = node_get(&all, name);

		if (!*name || models_find(m, name))
			return node_fail(&one, e, "a model needs a name of its own");
		if (model_load(models_add(m, name), name, &one, e))
			return -1;
	}
	return 0;
}

/* Of two files that say the same, neither is believed. */
static int load_once(const json_t **into, const struct node *n, struct err *e)
{
	if (!node_there(n))
		return 0;
	if (*into)
		return node_fail(n, e, "stands in another place already");
	*into = n->v;
	return 0;
}

static int load_names(struct models *m, const struct node *root, struct err *e)
{
	struct node roles = node_get(root, "roles"), fallback = node_get(root, "fallback"),
		    quota = node_get(root, "quota_config"), chain;
	json_t *names;

	if (node_is_object(&roles, e) || node_is_object(&quota, e))
		return -1;
	chain = node_get(&quota, "fallback_chain");
	return model_names(&names, &fallback, e) || model_names(&names, &chain, e) ||
			       load_once(&m->roles, &roles, e) ||
			       load_once(&m->fallback, &fallback, e) ||
			       load_once(&m->fallback, &chain, e)
		       ? -1
		       : 0;
}

static int load_file(struct models *m, const struct node *root, struct err *e)
{
	static const char *const known[] = {"models", "roles", "fallback", "quota_config",
		"model_list", "router_settings", "litellm_settings", "general_settings",
		"environment_variables", NULL};
	struct node list = node_get(root, "model_list");

	if (node_is_object(root, e) || (!node_there(&list) && node_known(root, known, e)))
		return -1;
	return load_own(m, root, e) || litellm_load(m, root, e) || load_names(m, root, e) ? -1 : 0;
}

int models_take(struct models *m, json_t *tree, const struct source *source, struct err *e)
{
	struct node root = node_root(tree, source);

	m->files = mem_grow(m->files, m->n_files + 1, sizeof *m->files);
	m->files[m->n_files++] = (struct models_file){tree, mem_text(source->name)};
	return load_file(m, &root, e);
}

/* ---- all files ---- */

/* '_' and '-' are one. */
static bool is_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b)))
			return false;
	return *a == *b;
}

static int set_quota(struct model *l, const struct node *n, struct err *e)
{
	static const char *const known[] = {"daily_limit", "weekly_limit", "alert_at", "max_budget",
		"budget_duration", NULL};
	int64_t daily, weekly;

	if (node_known(n, known, e) || model_count(n, "daily_limit", &daily, e) ||
		model_count(n, "weekly_limit", &weekly, e) ||
		model_fraction(n, "alert_at", &l->alert_at, e) || litellm_budget(l, n, e))
		return -1;
	l->limits[MODEL_DAILY].calls = model_lower(l->limits[MODEL_DAILY].calls, daily);
	l->limits[MODEL_WEEKLY].calls = model_lower(l->limits[MODEL_WEEKLY].calls, weekly);
	return 0;
}

/* Of several models of one name, all have the limits: they are counted as one. */
static int load_quota(struct models *m, const char *name, const struct node *n, struct err *e)
{
	bool found = false;

	for (size_t i = 0; i < m->count; i++) {
		if (!is_name(m->list[i].counted, name))
			continue;
		found = true;
		if (set_quota(&m->list[i], n, e))
			return -1;
	}
	return found ? 0 : unknown(m, n, name, e);
}

static int load_quotas(struct models *m, const struct node *root, struct err *e)
{
	struct node quota = node_get(root, "quota_config");
	const char *name;
	json_t *v;

	json_object_foreach (quota.v, name, v) {
		struct node one = node_get(&quota, name);

		if (strcmp(name, "fallback_chain") != 0 && load_quota(m, name, &one, e))
			return -1;
	}
	return 0;
}

static int need_all(const struct models *m, const struct node *names, struct err *e)
{
	const char *key;
	json_t *v;

	for (size_t i = 0; json_is_array(names->v) && i < node_count(names); i++) {
		struct node one = node_at(names, i);

		if (!models_need(m, &one, json_string_value(one.v), e))
			return -1;
	}
	json_object_foreach (names->v, key, v) {
		struct node one = node_get(names, key);

		if (!json_is_string(v))
			return node_fail(&one, e, "must be the name of a model");
		if (!models_need(m, &one, json_string_value(v), e))
			return -1;
	}
	return 0;
}

static int check_names(const struct models *m, const struct node *root, struct err *e)
{
	struct node roles = node_get(root, "roles"), fallback = node_get(root, "fallback"),
		    quota = node_get(root, "quota_config"), all = node_get(root, "models");
	struct node chain = node_get(&quota, "fallback_chain");
	const char *name;
	json_t *v;

	json_object_foreach (all.v, name, v) {
		struct node one = node_get(&all, name), next = node_get(&one, "fallback");

		if (need_all(m, &next, e))
			return -1;
	}
	return need_all(m, &roles, e) || need_all(m, &fallback, e) || need_all(m, &chain, e) ? -1 : 0;
}

int models_close(struct models *m, struct err *e)
{
	for (size_t i = 0; i < m->n_files; i++) {
		struct source source = {.name = m->files[i].name, .kind = ERR_CONFIG};
		struct node root = node_root(m->files[i].tree, &source);

		if (litellm_fallbacks(m, &root, e) || load_quotas(m, &root, e) ||
			check_names(m, &root, e))
			return -1;
	}
	return 0;
}
