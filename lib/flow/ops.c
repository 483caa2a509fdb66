#include "flow/ops.h"

#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "edge/state.h"
#include "edge/yaml.h"
#include "flow/installed.h"
#include "flow/toolsets.h"
#include "flow/triggers.h"

#define DOCUMENT_MAX ((size_t)1 << 20)

/* What the errors of one document name; kept as long as the documents may be asked about. */
struct origin {
	struct origin *next;
	char *name;
	struct places *places;
};

struct ops {
	struct repo *repo;
	char commit[REPO_ID];
	struct policy *policy;
	struct catalogue *catalogue;
	struct triggers *triggers;
	struct runbook **runbooks; /* by their place in triggers; NULL until asked for */
	struct runbook *lone;      /* of a past commit: found by its path, without triggers */
	bool past;
	struct goal **goals;
	size_t n_goals, cap_goals;
	struct origin *origins;
};

struct ops *ops_open(struct err *e)
{
	struct ops *o = mem_new(sizeof *o);

	o->repo = repo_open(state_repo(), e);
	if (!o->repo || repo_head(o->repo, o->commit, e)) {
		ops_free(o);
		return NULL;
	}
	return o;
}

struct ops *ops_open_at(const char *commit, struct err *e)
{
	struct ops *o = mem_new(sizeof *o);

	memcpy(o->commit, commit, REPO_ID);
	o->past = true;
	o->repo = repo_open(state_repo(), e);
	if (o->repo)
		return o;
	ops_free(o);
	return NULL;
}

void ops_free(struct ops *o)
{
	if (!o)
		return;
	policy_free(o->policy);
	catalogue_free(o->catalogue);
	for (size_t i = 0; o->runbooks && i < triggers_count(o->triggers); i++)
		runbook_free(o->runbooks[i]);
	free(o->runbooks);
	runbook_free(o->lone);
	triggers_free(o->triggers);
	for (size_t i = 0; i < o->n_goals; i++)
		goal_free(o->goals[i]);
	free(o->goals);
	while (o->origins) {
		struct origin *origin = o->origins;

		o->origins = origin->next;
		places_free(origin->places);
		free(origin->name);
		free(origin);
	}
	repo_free(o->repo);
	free(o);
}

struct ops *ops_refresh(struct ops *o, struct err *e)
{
	char head[REPO_ID];

	if (o && repo_head(o->repo, head, e) == 0 && strcmp(head, o->commit) == 0)
		return o;
	ops_free(o);
	return e->kind == ERR_NONE ? ops_open(e) : NULL;
}

struct repo *ops_repo(struct ops *o)
{
	return o->repo;
}

const char *ops_commit(const struct ops *o)
{
	return o->commit;
}

bool ops_is_past(const struct ops *o)
{
	return o->past;
}

static struct source new_source(struct ops *o, const char *name)
{
	struct origin *origin = mem_new(sizeof *origin);

	origin->name = mem_text(name);
	origin->places = places_new();
	origin->next = o->origins;
	o->origins = origin;
	return (struct source){.name = origin->name, .places = origin->places, .kind = ERR_CONFIG};
}

/* source->places is the origin's own, lent to readers as const. */
static json_t *parse(
	struct ops *o, struct str text, const char *name, struct source *source, struct err *e)
{
	*source = new_source(o, name);
	return yaml_load(text, name, o->origins->places, e);
}

json_t *ops_yaml(struct ops *o, const char *path, struct source *source, struct err *e)
{
	struct buf text = BUF_INIT(DOCUMENT_MAX);
	json_t *tree = NULL;

	if (repo_read(o->repo, o->commit, path, &text, e) > 0)
		tree = parse(o, buf_str(&text), path, source, e);
	buf_clear(&text);
	return tree;
}

const struct policy *ops_policy(struct ops *o, struct err *e)
{
	struct source source = {.name = "policy.yaml", .kind = ERR_CONFIG};
	json_t *tree;

	if (o->policy)
		return o->policy;
	tree = ops_yaml(o, "policy.yaml", &source, e);
	if (e->kind == ERR_NONE)
		o->policy = policy_take(tree, &source, e);
	return o->policy;
}

const struct catalogue *ops_catalogue(struct ops *o, struct err *e)
{
	if (!o->catalogue)
		o->catalogue = toolsets_load(o, e);
	return o->catalogue;
}

/* --- runbooks --- */

static struct triggers *load_triggers(struct ops *o, struct err *e)
{
	if (!o->triggers)
		o->triggers = triggers_load(o->repo, o->commit, !o->past, e);
	return o->triggers;
}

long ops_match(struct ops *o, const struct labels *l, struct str expr, const char **ids, size_t max,
	struct err *e)
{
	struct triggers *t = load_triggers(o, e);

	return t ? (long)triggers_match(t, l, expr, ids, max) : -1;
}

bool ops_names_metrics(const struct ops *o)
{
	return !o->triggers || triggers_name_metrics(o->triggers); /* not loaded: it may */
}

size_t ops_runbook_count(struct ops *o, struct err *e)
{
	struct triggers *t = load_triggers(o, e);

	return t ? triggers_count(t) : 0;
}

const char *ops_runbook_path(struct ops *o, size_t i)
{
	return triggers_path(o->triggers, i);
}

static struct runbook *load_runbook(struct ops *o, const char *path, struct err *e)
{
	struct source source;
	json_t *tree = ops_yaml(o, path, &source, e);

	return tree ? runbook_take(tree, &source, e) : NULL;
}

/*
 * A walk through the history asks each commit about one runbook. Most files are called as their
 * runbook is, and so the others need not be read.
 */
static const struct runbook *find_lone(struct ops *o, const char *id)
{
	struct buf path = BUF_INIT(512);
	struct err none = ERR_INIT;

	if (!o->lone && !o->triggers && path_is_name(id)) {
		buf_putf(&path, "runbooks/%s.yaml", id);
		o->lone = load_runbook(o, buf_text(&path), &none);
		buf_clear(&path);
	}
	return o->lone && strcmp(o->lone->id, id) == 0 ? o->lone : NULL;
}

const struct runbook *ops_runbook(struct ops *o, const char *id, struct err *e)
{
	const struct runbook *lone = o->past ? find_lone(o, id) : NULL;
	struct triggers *t = lone ? NULL : load_triggers(o, e);
	size_t i = t ? triggers_find(t, id) : 0;

	if (!t || i == triggers_count(t))
		return lone;
	if (!o->runbooks)
		o->runbooks = mem_array(triggers_count(t), sizeof *o->runbooks);
	if (!o->runbooks[i])
		o->runbooks[i] = load_runbook(o, triggers_path(t, i), e);
	return o->runbooks[i];
}

/* --- goals: of the repo, else installed --- */

/* Appends goals/NAME.md. 1 found, 0 absent, -1 error. */
static int read_goal(struct ops *o, const char *name, struct buf *text, char **path, struct err *e)
{
	struct buf file = BUF_INIT(512);
	char *installed;
	int rc = 0;

	buf_putf(&file, "goals/%s.md", name);
	*path = mem_text(buf_text(&file));
	if (o)
		rc = repo_read(o->repo, o->commit, *path, text, e);
	if (rc == 0) {
		installed = path_join(installed_dir(), buf_text(&file));
		if (file_exists(installed)) {
			rc = file_read(installed, text, e) ? -1 : 1;
			free(*path);
			*path = mem_text(installed);
		}
		free(installed);
	}
	buf_clear(&file);
	return rc;
}

struct goal *goal_load(struct ops *o, const char *name, struct err *e)
{
	struct buf text = BUF_INIT(DOCUMENT_MAX);
	struct places *places = places_new();
	struct source source = {.places = places, .kind = ERR_CONFIG};
	struct str front, body;
	struct goal *g = NULL;
	json_t *tree;
	char *path = NULL;
	int rc;

	if (!path_is_name(name)) {
		err_set(e, ERR_USAGE, "'%s' is no goal's name", name);
		goto out;
	}
	rc = read_goal(o, name, &text, &path, e);
	if (rc == 0)
		err_set(e, ERR_USAGE,
			"no goal '%s': goals/%s.md is neither committed in the ops repo nor installed",
			name, name);
	if (rc <= 0)
		goto out;
	goal_split(buf_str(&text), &front, &body);
	source.name = path;
	tree = yaml_load(front, path, places, e);
	if (tree)
		g = goal_take(tree, body, &source, e);
	if (g && strcmp(g->name, name) != 0) {
		err_set(e, ERR_CONFIG,
			"%s: its name is '%s', which should be that of its file, '%s'", path,
			g->name, name);
		goal_free(g);
		g = NULL;
	}
out:
	places_free(places);
	buf_clear(&text);
	free(path);
	return g;
}

struct names {
	char **items;
	size_t count, cap;
};

static int add_goal(void *arg, const char *path, const char *id, struct err *e)
{
	const char *base = path_base(path);
	struct names *n = arg;

	(void)id;
	(void)e;
	if (base[0] == '.' || !str_ends(str_of(base), ".md"))
		return 0;
	n->items = mem_room(n->items, n->count, &n->cap, sizeof *n->items);
	n->items[n->count++] = mem_copy(base, strlen(base) - strlen(".md"));
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

long goal_names(struct ops *o, char ***names, struct err *e)
{
	char *dir = path_join(installed_dir(), "goals");
	struct names all = {.items = NULL};
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t n = 0;

	while (d && (entry = readdir(d)))
		add_goal(&all, entry->d_name, "", e);
	if (d)
		closedir(d);
	free(dir);
	if (o)
		repo_each(o->repo, o->commit, "goals", add_goal, &all, e);
	if (all.count)
		qsort(all.items, all.count, sizeof *all.items, compare_names);
	for (size_t i = 0; i < all.count; i++)
		if (n && strcmp(all.items[n - 1], all.items[i]) == 0)
			free(all.items[i]);
		else
			all.items[n++] = all.items[i];
	*names = all.items;
	return e->kind ? -1 : (long)n;
}

const struct goal *ops_goal(struct ops *o, const char *name, struct err *e)
{
	struct goal *g;

	for (size_t i = 0; i < o->n_goals; i++)
		if (strcmp(o->goals[i]->name, name) == 0)
			return o->goals[i];
	g = goal_load(o, name, e);
	if (!g)
		return NULL;
	o->goals = mem_room(o->goals, o->n_goals, &o->cap_goals, sizeof *o->goals);
	o->goals[o->n_goals++] = g;
	return g;
}
