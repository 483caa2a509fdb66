#include "flow/toolsets.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/prog.h"
#include "base/sha.h"
#include "edge/state.h"
#include "flow/cached.h"
#include "flow/installed.h"

#define KIND      "catalogue 1"
#define CACHE_MAX ((size_t)64 << 20)

static int take(void *catalogue, json_t *tree, const struct source *source, struct err *e)
{
	struct toolset *t = toolset_take(tree, source, e);

	return t ? catalogue_take(catalogue, t, e) : -1;
}

static int add_file(void *arg, const char *path, struct err *e)
{
	return installed_read(path, take, arg, e);
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
	if (!installed_is_yaml(path))
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
	rc = installed_each("toolsets", put_file, &what, e);
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
	int rc = installed_each("toolsets", add_file, layer.catalogue, e);

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
