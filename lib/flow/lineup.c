#include "flow/lineup.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "doc/prices.h"
#include "flow/installed.h"

#define ENV "{env."

static int take(void *models, json_t *tree, const struct source *source, struct err *e)
{
	return models_take(models, tree, source, e);
}

/* ---- of the ops repo ---- */

struct layer {
	struct ops *ops;
	struct models *models;
};

static int add_blob(void *arg, const char *path, const char *id, struct err *e)
{
	struct layer *layer = arg;
	struct source source;
	json_t *tree;

	(void)id;
	if (!installed_is_yaml(path))
		return 0;
	tree = ops_yaml(layer->ops, path, &source, e);
	return tree ? models_take(layer->models, tree, &source, e) : -1;
}

static int read_repo(struct lineup *l, struct ops *o, struct err *e)
{
	struct layer layer = {.ops = o, .models = l->models};

	l->of_repo = true;
	l->place = mem_text("models/ of the ops repo");
	return repo_each(ops_repo(o), ops_commit(o), "models", add_blob, &layer, e);
}

/* ---- of a person ---- */

/* NULL: there is no home. Given. */
static char *own_file(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config == '/')
		return path_join(config, "hl/models.yaml");
	return home && *home == '/' ? path_join(home, ".config/hl/models.yaml") : NULL;
}

static int read_own(struct lineup *l, struct err *e)
{
	l->place = own_file();
	if (!l->place || !file_exists(l->place))
		return 0;
	return installed_read(l->place, take, l->models, e);
}

/* ---- what is said of them ---- */

static int keep_shipped(void *arg, json_t *tree, const struct source *source, struct err *e)
{
	struct lineup *l = arg;
	struct node n = node_root(tree, source);

	l->shipped = tree;
	return routes_load(&l->routes.shipped, &n, e);
}

static int take_prices(void *arg, json_t *tree, const struct source *source, struct err *e)
{
	struct lineup *l = arg;
	struct node n = node_root(tree, source);
	int rc = prices_apply(l->models, &n, e);

	json_decref(tree);
	return rc;
}

static int read_installed(
	struct lineup *l, const char *name, installed_take_fn *take_it, struct err *e)
{
	char *path = path_join(installed_dir(), name);
	int rc = file_exists(path) ? installed_read(path, take_it, l, e) : 0;

	free(path);
	return rc;
}

static int read_shipped(struct lineup *l, struct err *e)
{
	return read_installed(l, "routes/routes.yaml", keep_shipped, e) ||
			       read_installed(l, "routes/prices.yaml", take_prices, e)
		       ? -1
		       : 0;
}

static int read_policy(struct lineup *l, struct ops *o, struct err *e)
{
	static const struct source source = {.name = "policy.yaml", .kind = ERR_CONFIG};
	const struct policy *p = ops_policy(o, e);
	struct node root, n;

	if (!p)
		return -1;
	root = node_root(p->tree, &source);
	n = node_get(&root, "models");
	l->routes.policy = p->models.routes;
	return routes_check(l->models, &n, e);
}

static int set_local(struct lineup *l, struct err *e)
{
	json_t *name;
	size_t i;

	json_array_foreach (l->routes.policy.local, i, name) {
		struct model *m = models_find(l->models, json_string_value(name));

		if (m && model_set_local(m))
			return err_set(e, ERR_CONFIG,
				"policy.yaml: models.local: '%s' has neither url nor socket: it is %s's "
				"own service, and that is not here",
				m->name, m->provider);
	}
	return 0;
}

static void fill_url(struct models *all, struct model *m)
{
	const char *name = m->url + strlen(ENV), *end = strchr(name, '}'), *value;
	struct buf url = BUF_INIT(8192);
	char *variable;

	if (!end) {
		model_cannot(m, "its url has no end to '" ENV "'");
		return;
	}
	variable = mem_copy(name, (size_t)(end - name));
	value = getenv(variable);
	buf_putf(&url, "%s%s", value ? value : "", end + 1);
	m->url = models_keep(all, buf_text(&url));
	if (!value)
		model_cannot(m, "%s, which is its url, is not in the environment", variable);
	else if (!str_starts(str_of(value), "http://") && !str_starts(str_of(value), "https://"))
		model_cannot(m, "%s, which is its url, does not start with http:// or https://",
			variable);
	buf_clear(&url);
	free(variable);
}

static int read_all(struct lineup *l, struct ops *o, const char *file, struct err *e)
{
	int rc;

	if (file) {
		l->place = mem_text(file);
		rc = installed_read(file, take, l->models, e);
	} else {
		rc = o ? read_repo(l, o, e) : read_own(l, e);
	}
	if (rc || models_close(l->models, e) || !l->models->count)
		return rc || e->kind ? -1 : 0;
	if (read_shipped(l, e) || (o && !file && read_policy(l, o, e)) || set_local(l, e))
		return -1;
	for (size_t i = 0; i < l->models->count; i++)
		if (l->models->list[i].url && str_starts(str_of(l->models->list[i].url), ENV))
			fill_url(l->models, &l->models->list[i]);
	return 0;
}

struct lineup *lineup_load(struct ops *o, const char *file, struct err *e)
{
	struct lineup *l = mem_new(sizeof *l);

	l->models = models_new();
	l->routes.models = l->models;
	if (read_all(l, o, file, e) == 0)
		return l;
	lineup_free(l);
	return NULL;
}

void lineup_free(struct lineup *l)
{
	if (!l)
		return;
	models_free(l->models);
	json_decref(l->shipped);
	free(l->place);
	free(l);
}

int lineup_none(const struct lineup *l, struct err *e)
{
	return err_set(e, ERR_CONFIG,
		"no model is configured: write %s, such as 'models: {qwen: {provider: ollama, model: "
		"\"qwen3:8b\", where: local}}'%s; see hl-models(5)",
		l->of_repo ? "models/models.yaml in the ops repo"
		: l->place ? l->place
			   : "a file, and name it with --models",
		l->of_repo ? ", and commit it" : "");
}

const struct model *lineup_named(const struct lineup *l, const char *name, struct err *e)
{
	struct source source = {.name = l->place ? l->place : "models", .kind = ERR_USAGE};
	struct node at = node_root(NULL, &source);
	const struct model *m = models_need(l->models, &at, name, e);

	if (m && m->fault) {
		err_set(e, ERR_CONFIG, "model '%s' cannot be asked: %s", name, m->fault);
		return NULL;
	}
	return m;
}
