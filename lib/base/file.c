#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"

#define CHUNK 65536

/* Room for all of a file at once, where its size is known and fits. */
static void reserve(int fd, struct buf *into)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > CHUNK &&
		(size_t)st.st_size <= into->max - into->n)
		buf_room(into, (size_t)st.st_size);
}

int file_read(const char *path, struct buf *into, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = -1;

	if (fd < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot open '%s'", path);
	reserve(fd, into);
	for (;;) {
		char chunk[CHUNK];
		ssize_t n = read(fd, chunk, sizeof chunk);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_sys(e, ERR_UNAVAILABLE, "cannot read '%s'", path);
			break;
		}
		if (n == 0) {
			rc = 0;
			break;
		}
		if (buf_put(into, chunk, (size_t)n)) {
			err_set(e, ERR_DATA, "'%s' is larger than %zu bytes", path, into->max);
			break;
		}
	}
	close(fd);
	return rc;
}

int file_write_all(int fd, struct str bytes, const char *name, struct err *e)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		/* Another program that shares the terminal or pipe may have made it non-blocking.
		 */
		if (n < 0 && errno == EAGAIN &&
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1) > 0)
			continue;
		if (n < 0)
			return err_sys(e, ERR_OUTPUT, "cannot write '%s'", name);
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return 0;
}

int file_sync_dir(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot open directory '%s'", path);
	rc = fsync(fd);
	/* Some file systems cannot sync a directory and say so; there is nothing more to do there.
	 */
	if (rc && errno != EINVAL && errno != EROFS)
		err_sys(e, ERR_OUTPUT, "cannot sync directory '%s'", path);
	else
		rc = 0;
	close(fd);
	return rc;
}

int file_replace(const char *path, struct str bytes, struct err *e)
{
	char *dir = path_dir(path);
	struct buf temporary = BUF_INIT(4096);
	struct stat was;
	int fd = -1, rc = -1;

	if (buf_putf(&temporary, "%s/.%s.XXXXXX", dir, path_base(path))) {
		err_set(e, ERR_DATA, "file name too long: '%s'", path);
		goto out;
	}
	fd = mkstemp(temporary.p);
	if (fd < 0) {
		err_sys(e, ERR_OUTPUT, "cannot create a file in '%s'", dir);
		goto out;
	}
	if (stat(path, &was) == 0 && fchmod(fd, was.st_mode & 0777)) {
		err_sys(e, ERR_OUTPUT, "cannot set the mode of '%s'", temporary.p);
		goto out;
	}
	if (file_write_all(fd, bytes, path, e))
		goto out;
	if (fsync(fd)) {
		err_sys(e, ERR_OUTPUT, "cannot sync '%s'", path);
		goto out;
	}
	if (rename(temporary.p, path)) {
		err_sys(e, ERR_OUTPUT, "cannot rename to '%s'", path);
		goto out;
	}
	buf_reset(&temporary);
	rc = file_sync_dir(dir, e);
out:
	if (fd >= 0)
		close(fd);
	if (rc && temporary.n && fd >= 0)
		unlink(temporary.p);
	buf_clear(&temporary);
	free(dir);
	return rc;
}

static int make_dir(const char *path, struct err *e)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno == EEXIST && stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	return errno == EEXIST ? 0 : err_sys(e, ERR_OUTPUT, "cannot create directory '%s'", path);
}

int file_make_dirs(const char *path, struct err *e)
{
	char *copy = mem_text(path);
	int rc = 0;

	/* Each prefix that ends before a slash, then the whole. */
	for (char *at = copy; rc == 0 && *at; at++) {
		char next = at[1];

		if (*at == '/' || (next != '/' && next != '\0'))
			continue;
		at[1] = '\0';
		rc = make_dir(copy, e);
		at[1] = next;
	}
	free(copy);
	return rc;
}

bool file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}
