#include "edge/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "base/buf.h"
#include "base/mem.h"

#define DEPTH_MAX     200 /* a descriptor each */
#define PATH_TOO_LONG 65536

struct walk {
	tree_visit_fn *visit;
	void *arg;
	struct tree_skipped *skipped;
	dev_t device;
	struct buf path;
	struct err *e;
};

static int refuse_part(int dir, const char *name, const char *path, struct err *e)
{
	int cause = errno;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return err_set(e, ERR_DENIED,
			"'%s' in '%s' is a symbolic link: name the place itself", name, path);
	errno = cause;
	return err_sys(e, ERR_UNAVAILABLE, "cannot open '%s'", path);
}

static int open_part(int dir, struct str part, const char *path, struct err *e)
{
	char *name = mem_copy(part.p, part.n);
	int fd = -1;

	if (strcmp(name, "..") == 0)
		err_set(e, ERR_DENIED, "'%s' has a '..' in it: name the place itself", path);
	else if ((fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
		refuse_part(dir, name, path, e);
	free(name);
	return fd;
}

int tree_open(const char *path, struct err *e)
{
	struct str rest = str_of(path), part;
	int fd;

	if (path[0] != '/')
		return err_set(e, ERR_USAGE, "'%s' does not start with '/'", path);
	fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot open '/'");
	while (fd >= 0 && str_split(&rest, '/', &part)) {
		int next;

		if (!part.n)
			continue;
		next = open_part(fd, part, path, e);
		close(fd);
		fd = next;
	}
	return fd;
}

static int walk_dir(struct walk *w, int fd, int depth);

static void enter(struct walk *w, int dir, const char *name, int depth, int *rc)
{
	int fd = depth < DEPTH_MAX
			 ? openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
			 : -1;
	struct stat st;

	/* What was opened counts, not what the name was a moment ago. */
	if (fd < 0 || fstat(fd, &st)) {
		w->skipped->unreadable++;
		if (fd >= 0)
			close(fd);
	} else if (st.st_dev != w->device) {
		w->skipped->mounts++;
		close(fd);
	} else {
		*rc = walk_dir(w, fd, depth + 1);
	}
}

static int walk_entry(struct walk *w, int dir, const char *name, int depth)
{
	struct stat st;
	struct tree_entry x = {.dir = dir, .name = name, .st = &st};
	size_t n = w->path.n;
	int rc = 0;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return 0; /* gone meanwhile */
	if (buf_putf(&w->path, "%s%s", n ? "/" : "", name)) {
		w->path.full = false;
		w->skipped->unreadable++;
		return 0;
	}
	x.path = buf_text(&w->path);
	if (st.st_dev == w->device)
		rc = w->visit(w->arg, &x, w->e);
	if (rc == 0 && S_ISDIR(st.st_mode))
		enter(w, dir, name, depth, &rc);
	w->path.p[w->path.n = n] = '\0';
	return rc;
}

/* Takes the descriptor. */
static int walk_dir(struct walk *w, int fd, int depth)
{
	DIR *d = fdopendir(fd);
	struct dirent *entry;
	int rc = 0;

	if (!d) {
		close(fd);
		w->skipped->unreadable++;
		return 0;
	}
	while (rc == 0 && (entry = readdir(d)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			rc = walk_entry(w, dirfd(d), entry->d_name, depth);
	closedir(d);
	return rc;
}

int tree_walk(
	int root, tree_visit_fn *visit, void *arg, struct tree_skipped *skipped, struct err *e)
{
	struct walk w = {.visit = visit,
		.arg = arg,
		.skipped = skipped,
		.path = BUF_INIT(PATH_TOO_LONG),
		.e = e};
	struct stat st;
	int fd, rc;

	*skipped = (struct tree_skipped){0};
	fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* closedir takes one */
	if (fd < 0 || fstat(fd, &st)) {
		if (fd >= 0)
			close(fd);
		return err_sys(e, ERR_UNAVAILABLE, "cannot read the directory");
	}
	w.device = st.st_dev;
	rc = walk_dir(&w, fd, 1);
	buf_clear(&w.path);
	return rc;
}
