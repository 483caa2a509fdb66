#include "flow/installed.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "edge/yaml.h"

#define DOCUMENT_MAX ((size_t)1 << 20)

#ifndef HL_DATA_DIR
#define HL_DATA_DIR "/usr/local/share/hl"
#endif

/* The directory when it holds toolsets, else NULL. Given. */
static char *data_in(const char *dir)
{
	char *toolsets = path_join(dir, "toolsets");
	char *found = file_exists(toolsets) ? mem_text(dir) : NULL;

	free(toolsets);
	return found;
}

/*
 * Found by where the programs stand, so that they can be installed, or built, anywhere: two below
 * the sources in a build tree (build/bin), beside share/ in a prefix.
 */
static char *find_data(void)
{
	char *self = path_self(), *parent = path_dir(self ? self : "."), *top = path_dir(parent);
	char *share = path_join(parent, "share/hl"), *found = data_in(top);

	if (!found)
		found = data_in(share);
	free(self);
	free(parent);
	free(top);
	free(share);
	return found ? found : mem_text(HL_DATA_DIR);
}

const char *installed_dir(void)
{
	static char *dir; /* found once; lives as long as the process */
	const char *named = getenv("HL_DATA");

	if (named && *named)
		return named;
	if (!dir)
		dir = find_data();
	return dir;
}

bool installed_is_yaml(const char *path)
{
	struct str name = str_of(path_base(path));

	return !str_starts(name, ".") && (str_ends(name, ".yaml") || str_ends(name, ".yml"));
}

int installed_each(const char *kind, installed_fn *each, void *arg, struct err *e)
{
	char *dir = path_join(installed_dir(), kind);
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, NULL, alphasort), rc = 0;

	if (n < 0)
		rc = err_sys(e, ERR_UNAVAILABLE, "cannot open the installed %s '%s'", kind, dir);
	for (int i = 0; i < n; i++) {
		char *path = path_join(dir, entries[i]->d_name);

		if (rc == 0 && installed_is_yaml(path))
			rc = each(arg, path, e);
		free(path);
		free(entries[i]);
	}
	free(entries);
	free(dir);
	return rc;
}

int installed_read(const char *path, installed_take_fn *take, void *arg, struct err *e)
{
	struct buf text = BUF_INIT(DOCUMENT_MAX);
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	json_t *tree = NULL;
	int rc = -1;

	if (file_read(path, &text, e) == 0)
		tree = yaml_load(buf_str(&text), path, places, e);
	if (tree)
		rc = take(arg, tree, &source, e);
	places_free(places);
	buf_clear(&text);
	return rc;
}

json_t *installed_schema(const char *name, struct err *e)
{
	char *dir = path_join(installed_dir(), "schemas"), *path = path_join(dir, name);
	struct buf text = BUF_INIT(1 << 20);
	json_t *schema = NULL;

	if (file_read(path, &text, e) == 0) {
		schema = json_loadb(buf_text(&text), text.n, JSON_REJECT_DUPLICATES, NULL);
		if (!schema)
			err_set(e, ERR_CONFIG, "'%s' is not JSON", path);
	}
	buf_clear(&text);
	free(path);
	free(dir);
	return schema;
}
