#include "edge/journal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/path.h"
#include "edge/state.h"

#define SUFFIX ".jsonl"
static const size_t journal_max = (size_t)64 << 20;

struct journal {
	int fd;
	off_t size;
	char *path;
	json_t *lines;
};

static char *journal_path(const char *name, const char *dir)
{
	struct buf path = BUF_INIT(4096);

	buf_putf(&path, "%s/%s" SUFFIX, dir, name);
	return buf_take(&path);
}

/* Appends the objects in `text` to `lines`. *whole: how many bytes are whole lines. */
static int parse_lines(
	struct str text, json_t *lines, size_t *whole, const char *path, struct err *e)
{
	size_t at = 0;
	const char *end;

	while (at < text.n && (end = memchr(text.p + at, '\n', text.n - at))) {
		size_t n = (size_t)(end - text.p) - at;
		json_t *line = json_loadb(text.p + at, n, JSON_REJECT_DUPLICATES, NULL);

		if (!json_is_object(line)) {
			json_decref(line);
			return err_set(e, ERR_DATA,
				"'%s' is damaged at line %zu: look at it, then move it away", path,
				json_array_size(lines) + 1);
		}
		json_array_append_new(lines, line);
		at += n + 1;
	}
	*whole = at;
	return 0;
}

/*
 * Whether the open file is the one that bears the name: it may have been removed while we waited.
 */
static bool still_named(int fd, const char *path)
{
	struct stat open_one, named;

	return fstat(fd, &open_one) == 0 && stat(path, &named) == 0 &&
	       open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

static int open_locked(const char *path, int64_t wait_ms, struct err *e)
{
	for (;;) {
		int fd = lock_take(path, wait_ms, e);

		if (fd < 0 || still_named(fd, path))
			return fd;
		lock_drop(fd);
	}
}

/* Cuts off what is no whole line, and stands where the next one goes. */
static int cut_back(struct journal *j, struct err *e)
{
	if (ftruncate(j->fd, j->size) || lseek(j->fd, j->size, SEEK_SET) < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot mend '%s'", j->path);
	return 0;
}

/* Reads what is there and cuts off the line that a crash tore. */
static int load(struct journal *j, struct err *e)
{
	struct buf text = BUF_INIT(journal_max);
	size_t whole = 0;
	int rc = -1;

	if (file_read(j->path, &text, e) ||
		parse_lines(buf_str(&text), j->lines, &whole, j->path, e))
		goto out;
	j->size = (off_t)whole;
	rc = cut_back(j, e);
out:
	buf_clear(&text);
	return rc;
}

struct journal *journal_open(const char *name, int64_t wait_ms, struct err *e)
{
	struct journal *j = NULL;
	char *dir = NULL;

	if (!path_is_name(name)) {
		err_set(e, ERR_DATA, "'%s' cannot be the name of a journal", name);
		return NULL;
	}
	if (!(dir = state_make("runs", e)) || state_trust(dir, e)) {
		free(dir);
		return NULL;
	}
	j = mem_new(sizeof *j);
	j->path = journal_path(name, dir);
	j->lines = json_array();
	j->fd = open_locked(j->path, wait_ms, e);
	if (j->fd < 0 || load(j, e) || file_sync_dir(dir, e)) {
		journal_close(j);
		j = NULL;
	}
	free(dir);
	return j;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	lock_drop(j->fd);
	json_decref(j->lines);
	free(j->path);
	free(j);
}

const json_t *journal_lines(const struct journal *j)
{
	return j->lines;
}

int journal_write(struct journal *j, json_t *line, struct err *e)
{
	char *text = json_dumps(line, JSON_COMPACT);
	struct buf bytes = BUF_INIT(journal_max);
	int rc = -1;

	if (!text) {
		err_set(e, ERR_BUG, "a line for '%s' cannot be written as JSON", j->path);
		goto out;
	}
	buf_puts(&bytes, text);
	buf_putc(&bytes, '\n');
	if (file_write_all(j->fd, buf_str(&bytes), j->path, e)) {
		cut_back(j, e);
		goto out;
	}
	if (fsync(j->fd)) {
		err_sys(e, ERR_OUTPUT, "cannot sync '%s'", j->path);
		goto out;
	}
	j->size += (off_t)bytes.n;
	json_array_append(j->lines, line);
	rc = 0;
out:
	buf_clear(&bytes);
	free(text);
	json_decref(line);
	return rc;
}

int journal_remove(struct journal *j, struct err *e)
{
	int rc = unlink(j->path) ? err_sys(e, ERR_UNAVAILABLE, "cannot remove '%s'", j->path) : 0;

	journal_close(j);
	return rc;
}

json_t *journal_peek(const char *name, struct err *e)
{
	struct buf text = BUF_INIT(journal_max);
	char *dir = state_path("runs"), *path = journal_path(name, dir);
	json_t *lines = json_array();
	size_t whole;

	if (path_is_name(name) && file_exists(path) &&
		(file_read(path, &text, e) ||
			parse_lines(buf_str(&text), lines, &whole, path, e))) {
		json_decref(lines);
		lines = NULL;
	}
	buf_clear(&text);
	free(path);
	free(dir);
	return lines;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

long journal_list(char ***names, struct err *e)
{
	char *path = state_path("runs"), **list = NULL;
	size_t count = 0, cap = 0;
	struct dirent *entry;
	DIR *dir = opendir(path);
	long rc = 0;

	if (!dir && errno != ENOENT)
		rc = err_sys(e, ERR_UNAVAILABLE, "cannot read '%s'", path);
	while (dir && (entry = readdir(dir))) {
		struct str name = str_of(entry->d_name);

		if (!str_ends(name, SUFFIX) || name.p[0] == '.')
			continue;
		list = mem_room(list, count, &cap, sizeof *list);
		list[count++] = mem_copy(name.p, name.n - strlen(SUFFIX));
	}
	if (dir)
		closedir(dir);
	free(path);
	if (rc == 0) {
		if (count)
			qsort(list, count, sizeof *list, by_name);
		*names = list;
		rc = (long)count;
	}
	return rc;
}
