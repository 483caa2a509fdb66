#include "edge/checkout.h"

#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "edge/branch.h"
#include "edge/git2.h"

#define FILE_MAX_BYTES ((size_t)256 << 20)
#define NOTE           "behind"
#define NO_COMMIT      "0000000000000000000000000000000000000000"

struct checkout {
	struct repo *repo;
	const char *root; /* of the work tree, with a slash at its end */
	git_index *index;
	struct buf *behind;
	struct buf path, bytes;
	bool changed; /* the index */
};

/* One side of a change: no file (mode 0), or a blob. */
struct side {
	git_oid id;
	unsigned mode;
};

static char *work_dir(struct repo *r, struct err *e)
{
	char *dir = path_join(git_repository_path(r->git), "hl");

	if (mkdir(dir, 0777) && errno != EEXIST) {
		err_sys(e, ERR_OUTPUT, "cannot create directory '%s'", dir);
		free(dir);
		return NULL;
	}
	return dir;
}

/* 1 with the commit noted, or NO_COMMIT's; 0 no note (or one cut short by a crash, before anything
 * moved). */
static int read_note(const char *note, git_oid *from)
{
	struct buf text = BUF_INIT(256);
	struct err ignored = ERR_INIT;
	int rc = 0;

	if (file_exists(note) && file_read(note, &text, &ignored) == 0 && text.n == REPO_ID - 1 &&
		git_oid_fromstr(from, text.p) == 0)
		rc = 1;
	buf_clear(&text);
	return rc;
}

int checkout_note(struct repo *r, const struct object_id *from, struct err *e)
{
	char *dir, *note, hex[REPO_ID] = NO_COMMIT;
	git_oid was;
	int fd, rc = -1;

	if (repo_is_bare(r))
		return 0;
	dir = work_dir(r, e);
	if (!dir)
		return -1;
	note = path_join(dir, NOTE);
	if (read_note(note, &was)) {
		rc = 0;
		goto out;
	}
	if (from)
		object_hex(from, hex);
	/* Not synced: it is for a run that is killed; after a power cut git status tells the same.
	 */
	fd = open(note, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		err_sys(e, ERR_OUTPUT, "cannot create '%s'", note);
		goto out;
	}
	rc = file_write_all(fd, str_of(hex), note, e);
	close(fd);
out:
	free(note);
	free(dir);
	return rc;
}

static const char *in_tree(struct checkout *c, const char *path)
{
	buf_reset(&c->path);
	buf_puts(&c->path, c->root);
	buf_puts(&c->path, path);
	return buf_text(&c->path);
}

/*
 * A tree may hold names that git never checks out: "..", ".git" in any case, and what some file
 * system takes for it ("GIT~1").
 */
static bool is_trap(struct str part)
{
	return part.n == 0 || str_is(part, ".") || str_is(part, "..") ||
	       (part.n == 4 && strncasecmp(part.p, ".git", 4) == 0) ||
	       (part.n == 5 && strncasecmp(part.p, "git~1", 5) == 0);
}

static bool has_trap(const char *path)
{
	struct str rest = str_of(path), part;
	bool trap = false;

	while (!trap && str_split(&rest, '/', &part))
		trap = is_trap(part);
	return trap;
}

/* Whether a directory on the way is a symbolic link: it could lead out of the work tree. */
static bool leads_astray(struct checkout *c, const char *path)
{
	struct stat st;
	bool astray = false;
	char *full;

	in_tree(c, path);
	full = c->path.p;
	for (char *at = strchr(full + strlen(c->root), '/'); at && !astray;
		at = strchr(at + 1, '/')) {
		*at = '\0';
		astray = lstat(full, &st) == 0 && !S_ISDIR(st.st_mode);
		*at = '/';
	}
	return astray;
}

static bool index_is(struct checkout *c, const char *path, const struct side *side)
{
	const git_index_entry *entry = git_index_get_bypath(c->index, path, 0);
	size_t at;

	if (!entry) /* neither merged nor in conflict */
		return side->mode == 0 && git_index_find(&at, c->index, path) == GIT_ENOTFOUND;
	return side->mode && git_oid_equal(&entry->id, &side->id) && entry->mode == side->mode;
}

static bool file_is(struct checkout *c, const char *path, const struct side *side)
{
	const char *full = in_tree(c, path);
	struct err ignored = ERR_INIT;
	struct object_id id;
	struct stat st;

	if (lstat(full, &st))
		return side->mode == 0 && errno == ENOENT;
	if (side->mode == 0 || !S_ISREG(st.st_mode) || !(st.st_mode & 0100) != !(side->mode & 0100))
		return false;
	buf_reset(&c->bytes);
	if (file_read(full, &c->bytes, &ignored))
		return false;
	object_name(OBJECT_BLOB, buf_str(&c->bytes), &id);
	return memcmp(id.b, side->id.id, sizeof id.b) == 0;
}

static int make_dirs(const char *full, size_t root, struct err *e)
{
	char *copy = mem_text(full);
	int rc = 0;

	for (char *at = strchr(copy + root, '/'); at && rc == 0; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			rc = err_sys(e, ERR_OUTPUT, "cannot create directory '%s'", copy);
		*at = '/';
	}
	free(copy);
	return rc;
}

/* Through a temporary file, so that nobody ever reads half of it. */
static int write_file(struct checkout *c, const char *path, const struct side *side, struct err *e)
{
	struct buf temporary = BUF_INIT(8192);
	struct object_id id;
	int fd = -1, rc = -1;

	memcpy(id.b, side->id.id, sizeof id.b);
	buf_reset(&c->bytes);
	in_tree(c, path);
	if (object_read(c->repo, &id, OBJECT_BLOB, &c->bytes, e) ||
		make_dirs(c->path.p, strlen(c->root), e))
		goto out;
	if (buf_putf(&temporary, "%s.hl-new", c->path.p)) {
		err_set(e, ERR_OUTPUT, "file name too long: '%s'", path);
		goto out;
	}
	unlink(temporary.p); /* of one of us who was killed */
	fd = open(temporary.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		side->mode & 0100 ? 0777 : 0666);
	if (fd < 0)
		err_sys(e, ERR_OUTPUT, "cannot create '%s'", temporary.p);
	else if (file_write_all(fd, buf_str(&c->bytes), temporary.p, e) == 0)
		rc = rename(temporary.p, c->path.p)
			     ? err_sys(e, ERR_OUTPUT, "cannot write '%s'", path)
			     : 0;
	if (rc && fd >= 0)
		unlink(temporary.p);
out:
	if (fd >= 0)
		close(fd);
	buf_clear(&temporary);
	return rc;
}

static int set_index(struct checkout *c, const char *path, const struct side *side)
{
	git_index_entry entry = {.path = path};
	struct stat st;

	c->changed = true;
	if (!side->mode)
		return git_index_remove(c->index, path, 0);
	if (lstat(in_tree(c, path), &st))
		return -1;
	entry.id = side->id;
	entry.mode = side->mode;
	entry.file_size = (uint32_t)st.st_size;
	entry.dev = (uint32_t)st.st_dev;
	entry.ino = (uint32_t)st.st_ino;
	entry.uid = st.st_uid;
	entry.gid = st.st_gid;
	entry.mtime.seconds = (int32_t)st.st_mtim.tv_sec;
	entry.mtime.nanoseconds = (uint32_t)st.st_mtim.tv_nsec;
	entry.ctime.seconds = (int32_t)st.st_ctim.tv_sec;
	entry.ctime.nanoseconds = (uint32_t)st.st_ctim.tv_nsec;
	return git_index_add(c->index, &entry);
}

static void left(struct checkout *c, const char *path, const char *why)
{
	buf_putf(c->behind, "'%s' in the work tree of '%s' was left as it is: %s\n", path,
		c->repo->path, why);
}

/* One path: from what the old commit has to what the new one has. */
static void bring(
	struct checkout *c, const char *path, const struct side *old, const struct side *new)
{
	struct err e = ERR_INIT;

	if (leads_astray(c, path) || (!index_is(c, path, old) && !index_is(c, path, new)) ||
		(!file_is(c, path, old) && !file_is(c, path, new))) {
		left(c, path, "it is not as it was committed");
		return;
	}
	if (!file_is(c, path, new)) {
		if (new->mode ? write_file(c, path, new, &e) : unlink(in_tree(c, path))) {
			left(c, path, e.kind ? e.text : strerror(errno));
			return;
		}
	}
	if (!index_is(c, path, new) && set_index(c, path, new)) {
		git2_fail(&e, ERR_OUTPUT, "cannot put it into the index");
		left(c, path, e.text);
	}
}

static int diff_commits(struct repo *r, const git_oid *from, const git_oid *to, git_diff **diff)
{
	git_commit *commits[2] = {NULL, NULL};
	git_tree *trees[2] = {NULL, NULL};
	git_diff_options options;
	int rc = -1;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	if (!git_oid_is_zero(from) && (git_commit_lookup(&commits[0], r->git, from) ||
					      git_commit_tree(&trees[0], commits[0])))
		goto out;
	if (git_commit_lookup(&commits[1], r->git, to) || git_commit_tree(&trees[1], commits[1]))
		goto out;
	rc = git_diff_tree_to_tree(diff, r->git, trees[0], trees[1], &options);
out:
	for (int i = 0; i < 2; i++) {
		git_tree_free(trees[i]);
		git_commit_free(commits[i]);
	}
	return rc;
}

static void bring_all(struct checkout *c, git_diff *diff)
{
	size_t n = git_diff_num_deltas(diff);

	for (size_t i = 0; i < n; i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		struct side old = {
			d->old_file.id, d->status == GIT_DELTA_ADDED ? 0 : d->old_file.mode};
		struct side new = {
			d->new_file.id, d->status == GIT_DELTA_DELETED ? 0 : d->new_file.mode};

		if ((old.mode && !S_ISREG(old.mode)) || (new.mode && !S_ISREG(new.mode)))
			left(c, d->new_file.path, "it is no regular file");
		else if (has_trap(d->new_file.path))
			left(c, d->new_file.path, "no file may have such a name");
		else
			bring(c, d->new_file.path, &old, &new);
	}
}

/* A copy of the index that may be changed and renamed over it. */
static int copy_index(const char *index, const char *copy, struct err *e)
{
	struct buf bytes = BUF_INIT(FILE_MAX_BYTES);
	int fd = -1, rc = -1;

	unlink(copy);
	if (!file_exists(index)) /* git makes it with the first file */
		return 0;
	if (file_read(index, &bytes, e))
		goto out;
	fd = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		err_sys(e, ERR_OUTPUT, "cannot create '%s'", copy);
	else
		rc = file_write_all(fd, buf_str(&bytes), copy, e);
out:
	if (fd >= 0)
		close(fd);
	buf_clear(&bytes);
	return rc;
}

/*
 * libgit2 would take index.lock itself, and leave it when it is killed. So the lock is ours, and
 * libgit2 writes a copy that is then renamed into place, as git does it.
 */
static int with_index(struct checkout *c, git_diff *diff, const char *work, struct err *e)
{
	char *index = path_join(git_repository_path(c->repo->git), "index");
	char *copy = path_join(work, "index"), *stale = path_join(work, "index.lock");
	struct branch_lock lock;
	int rc = -1;

	if (branch_lock(&lock, work, "index-lock", index, STR_NONE, 0, e))
		goto out;
	unlink(stale); /* libgit2's own lock of the copy: nobody else uses it */
	if (copy_index(index, copy, e))
		goto out;
	if (git_index_open(&c->index, copy)) {
		git2_fail(e, ERR_OUTPUT, "cannot read the index of '%s'", c->repo->path);
		goto out;
	}
	bring_all(c, diff);
	rc = c->changed && git_index_write(c->index)
		     ? git2_fail(e, ERR_OUTPUT, "cannot write the index of '%s'", c->repo->path)
		     : 0;
	if (rc == 0 && c->changed && rename(copy, index))
		rc = err_sys(e, ERR_OUTPUT, "cannot write '%s'", index);
	unlink(copy);
out:
	branch_unlock(&lock);
	git_index_free(c->index);
	free(index);
	free(copy);
	free(stale);
	return rc;
}

void checkout_bring(struct repo *r, const struct object_id *to, struct buf *behind)
{
	struct checkout c = {.repo = r,
		.behind = behind,
		.path = BUF_INIT(8192),
		.bytes = BUF_INIT(FILE_MAX_BYTES)};
	struct err e = ERR_INIT;
	char *work = NULL, *note = NULL;
	git_diff *diff = NULL;
	git_oid from, target;

	if (repo_is_bare(r) || !(work = work_dir(r, &e)))
		return;
	note = path_join(work, NOTE);
	if (!read_note(note, &from))
		goto out;
	c.root = git_repository_workdir(r->git);
	git_oid_fromraw(&target, to->b);
	if (diff_commits(r, &from, &target, &diff)) {
		git2_fail(&e, ERR_DATA, "cannot tell what changed");
		unlink(note); /* a commit that is gone does not come back */
	} else if (git_diff_num_deltas(diff) == 0 || with_index(&c, diff, work, &e) == 0) {
		unlink(note);
	}
	if (e.kind)
		buf_putf(behind, "the work tree of '%s' was left as it is: %s\n", r->path, e.text);
out:
	git_diff_free(diff);
	buf_clear(&c.path);
	buf_clear(&c.bytes);
	free(note);
	free(work);
}
