#include "edge/spool.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "edge/state.h"

#define SUFFIX ".json"

/* Where the case of this id is parked; NULL when it is no id. Given. */
static char *spool_path(const char *id, struct err *e)
{
	struct buf path = BUF_INIT(65536);
	char *dir;

	if (!path_is_name(id)) {
		err_set(e, ERR_DATA, "'%s' cannot be the id of a case", id);
		return NULL;
	}
	dir = state_path("spool");
	buf_putf(&path, "%s/%s" SUFFIX, dir, id);
	free(dir);
	return buf_take(&path);
}

int spool_put(const char *id, struct str line, struct err *e)
{
	char *path = spool_path(id, e);
	char *dir = path ? state_make("spool", e) : NULL;
	struct buf text = BUF_INIT(SIZE_MAX / 2);
	int rc = -1;

	if (dir) {
		buf_putstr(&text, line);
		buf_putc(&text, '\n');
		rc = file_replace(path, buf_str(&text), e);
	}
	buf_clear(&text);
	free(dir);
	free(path);
	return rc;
}

/* A link leads to what somebody may have put elsewhere. */
static bool trusted(const char *path, struct err *e)
{
	char *dir = path_dir(path);
	struct stat st;
	bool is = state_trust(dir, e) == 0;

	if (is && (lstat(path, &st) || !S_ISREG(st.st_mode)))
		is = err_set(e, ERR_DENIED, "'%s' is no plain file", path) == 0;
	free(dir);
	return is;
}

int spool_get(const char *id, struct buf *into, struct err *e)
{
	char *path = spool_path(id, e);
	int rc = -1;

	if (!path)
		return -1;
	if (!file_exists(path))
		rc = 0;
	else if (trusted(path, e) && file_read(path, into, e) == 0)
		rc = 1;
	if (rc == 1 && into->n && into->p[into->n - 1] == '\n')
		into->p[--into->n] = '\0';
	free(path);
	return rc;
}

bool spool_has(const char *id)
{
	struct err ignored = ERR_INIT;
	char *path = spool_path(id, &ignored);
	bool has = path && file_exists(path);

	free(path);
	return has;
}

int spool_remove(const char *id, struct err *e)
{
	char *path = spool_path(id, e);
	int rc = -1;

	if (!path)
		return -1;
	if (unlink(path) == 0 || errno == ENOENT)
		rc = 0;
	else
		err_sys(e, ERR_OUTPUT, "cannot remove '%s'", path);
	free(path);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The id in a file's name, or NULL: half-written files start with a dot. Given. */
static char *id_of(const char *file)
{
	struct str name = str_of(file);
	char *id;

	if (!str_ends(name, SUFFIX))
		return NULL;
	id = mem_copy(file, name.n - strlen(SUFFIX));
	if (path_is_name(id))
		return id;
	free(id);
	return NULL;
}

long spool_list(char ***ids, struct err *e)
{
	char *path = state_path("spool"), **list = NULL;
	DIR *dir = opendir(path);
	const struct dirent *entry;
	size_t count = 0, cap = 0;
	long rc = -1;

	if (!dir && errno != ENOENT) {
		err_sys(e, ERR_UNAVAILABLE, "cannot read directory '%s'", path);
		goto out;
	}
	while (dir && (entry = readdir(dir))) {
		char *id = id_of(entry->d_name);

		if (!id)
			continue;
		list = mem_room(list, count, &cap, sizeof *list);
		list[count++] = id;
	}
	if (count)
		qsort(list, count, sizeof *list, by_name);
	*ids = list;
	rc = (long)count;
out:
	if (dir)
		closedir(dir);
	free(path);
	return rc;
}
