#include "flow/toolsets.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "base/prog.h"
#include "base/sha.h"
#include "edge/state.h"
#include "edge/yaml.h"
#include "flow/cached.h"

#define KIND        "catalogue 1"
#define TOOLSET_MAX ((size_t)1 << 20)
#define CACHE_MAX   ((size_t)64 << 20)

static bool is_toolset(const char *path)
{
	const char *name = path_base(path);

	if (name[0] == '.')
		return false; /* an editor's */
	return str_ends(str_of(name), ".yaml") || str_ends(str_of(name), ".yml");
}

/* Installed. */

typedef int file_fn(void *arg, const char *path, struct err *e);

static int each_installed(file_fn *each, void *arg, struct err *e)
{
	char *dir = path_join(ops_data_dir(), "toolsets");
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, NULL, alphasort), rc = 0;

	if (n < 0)
		rc = err_sys(e, ERR_UNAVAILABLE, "cannot open the installed toolsets '%s'", dir);
	for (int i = 0; i < n; i++) {
		char *path = path_join(dir, entries[i]->d_name);

		if (rc == 0 && is_toolset(path))
			rc = each(arg, path, e);
		free(path);
		free(entries[i]);
	}
	free(entries);
	free(dir);
	return rc;
}

static int take(struct catalogue *c, json_t *tree, const struct source *source, struct err *e)
{
	struct toolset *t = tree ? toolset_take(tree, source, e) : NULL;

	return t ? catalogue_take(c, t, e) : -1;
}

static int add_file(void *arg, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(TOOLSET_MAX);
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	int rc = -1;

	if (file_read(path, &text, e) == 0)
		rc = take(arg, yaml_load(buf_str(&text), path, places, e), &source, e);
	places_free(places);
	buf_clear(&text);
	return rc;
}

/* Of the ops repo. */

struct layer {
	struct ops *ops;
	struct catalogue *catalogue;
};

static int add_blob(void *arg, const char *path, const char *id, struct err *e)
{
	struct layer *layer = arg;
	struct source source;
	json_t *tree;

	(void)id;
	if (!is_toolset(path))
		return 0;
	tree = ops_yaml(layer->ops, path, &source, e);
	return tree ? take(layer->catalogue, tree, &source, e) : -1;
}

/* The key. */

static int put_file(void *arg, const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return err_sys(e, ERR_UNAVAILABLE, "cannot look at '%s'", path);
	buf_putf(arg, "%s %jd %ju %jd.%09ld %jd.%09ld\n", path, (intmax_t)st.st_size,
		(uintmax_t)st.st_ino, (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
		(intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	return 0;
}

static int key_of(struct ops *o, char hex[SHA_HEX], struct err *e)
{
	struct buf what = BUF_INIT(CACHE_MAX);
	char tree[REPO_ID] = "";
	int rc;

	buf_puts(&what, PROG_VERSION "\n");
	rc = each_installed(put_file, &what, e);
	if (rc == 0 && o && repo_find(ops_repo(o), ops_commit(o), "tools", tree, e) < 0)
		rc = -1;
	buf_puts(&what, tree);
	if (rc == 0)
		sha_hex(buf_str(&what), hex);
	buf_clear(&what);
	return rc;
}

static struct catalogue *read_all(struct ops *o, struct err *e)
{
	struct layer layer = {.ops = o, .catalogue = catalogue_new()};
	int rc = each_installed(add_file, layer.catalogue, e);

	if (rc == 0 && o)
		rc = repo_each(ops_repo(o), ops_commit(o), "tools", add_blob, &layer, e);
	if (rc == 0)
		return layer.catalogue;
	catalogue_free(layer.catalogue);
	return NULL;
}

static void keep(const struct catalogue *c, const char *key)
{
	struct buf bytes = BUF_INIT(CACHE_MAX);

	catalogue_pack(c, &bytes);
	if (!bytes.full)
		cached_write(KIND, key, buf_str(&bytes));
	buf_clear(&bytes);
}

struct catalogue *toolsets_load(struct ops *o, struct err *e)
{
	struct buf bytes = BUF_INIT(CACHE_MAX);
	struct catalogue *c = NULL;
	char key[SHA_HEX];

	if (key_of(o, key, e))
		return NULL;
	if (cached_read(KIND, key, &bytes))
		return catalogue_unpack(&bytes);
	buf_clear(&bytes);
	c = read_all(o, e);
	if (c && !(o && ops_is_past(o)) && file_exists(state_dir()))
		keep(c, key);
	return c;
}
