#include "flow/cached.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/msg.h"
#include "base/path.h"
#include "edge/state.h"

/* The last line of the file, behind the bytes: "\nhl KIND HASH\n". */
enum { SEAL = 128 };

static size_t seal(const char *kind, struct str bytes, char line[SEAL])
{
	int n = snprintf(line, SEAL, "\nhl %s %016" PRIx64 "\n", kind, hash_text(bytes, HASH_START));

	return n < SEAL ? (size_t)n : SEAL - 1;
}

static struct str name_of(const char *kind)
{
	return (struct str){kind, strcspn(kind, " ")};
}

static char *path_of(const char *dir, const char *kind, const char *key)
{
	struct buf name = BUF_INIT(256);
	char *path;

	buf_putf(&name, "%.*s-%s", STR_ARG(name_of(kind)), key);
	path = path_join(dir, buf_text(&name));
	buf_clear(&name);
	return path;
}

static bool unseal(const char *kind, struct buf *file)
{
	char line[SEAL];
	size_t n = seal(kind, STR_NONE, line);

	if (file->n < n)
		return false;
	file->n -= n;
	seal(kind, buf_str(file), line);
	return memcmp(file->p + file->n, line, n) == 0;
}

bool cached_read(const char *kind, const char *key, struct buf *into)
{
	char *dir = state_path("cache"), *path = path_of(dir, kind, key);
	struct err none = ERR_INIT;
	bool found = file_read(path, into, &none) == 0 && unseal(kind, into);

	if (!found)
		buf_reset(into);
	free(path);
	free(dir);
	return found;
}

static void remove_older(const char *dir, const char *kind)
{
	struct str name = name_of(kind);
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char *old = path_join(dir, entry->d_name);

		if (strncmp(entry->d_name, name.p, name.n) == 0 && entry->d_name[name.n] == '-')
			unlink(old);
		free(old);
	}
	if (d)
		closedir(d);
}

void cached_write(const char *kind, const char *key, struct str bytes)
{
	struct buf file = BUF_INIT(bytes.n + SEAL);
	struct err e = ERR_INIT;
	char *dir = state_make("cache", &e), *path = dir ? path_of(dir, kind, key) : NULL;
	char line[SEAL];

	if (path) {
		buf_putstr(&file, bytes);
		buf_put(&file, line, seal(kind, bytes, line));
		remove_older(dir, kind);
		file_replace(path, buf_str(&file), &e);
	}
	if (e.kind)
		msg_why("%s", e.text);
	buf_clear(&file);
	free(path);
	free(dir);
}
