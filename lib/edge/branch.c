#include "edge/branch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"
#include "edge/git2.h"

char *branch_of_head(struct repo *r, struct err *e)
{
	git_reference *head = NULL;
	const char *target;
	char *name = NULL;

	if (git_reference_lookup(&head, r->git, "HEAD")) {
		git2_fail(e, ERR_CONFIG, "cannot read HEAD of '%s'", r->path);
		return NULL;
	}
	target = git_reference_symbolic_target(head);
	if (target && strncmp(target, "refs/heads/", 11) == 0)
		name = mem_text(target);
	else
		err_set(e, ERR_CONFIG, "HEAD of '%s' is on no branch: check one out to write to it",
			r->path);
	git_reference_free(head);
	return name;
}

int branch_tip(struct repo *r, const char *branch, struct object_id *tip, struct err *e)
{
	git_reference *ref = NULL;
	int rc = git_reference_lookup(&ref, r->git, branch);

	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc)
		return git2_fail(e, ERR_CONFIG, "cannot read '%s' of '%s'", branch, r->path);
	rc = 1;
	if (git_reference_type(ref) == GIT_REFERENCE_DIRECT)
		memcpy(tip->b, git_reference_target(ref)->id, sizeof tip->b);
	else
		rc = err_set(e, ERR_CONFIG, "'%s' of '%s' is an alias of another branch", branch,
			r->path);
	git_reference_free(ref);
	return rc;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return lstat(a, &x) == 0 && lstat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int write_mine(const char *path, struct str content, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int rc;

	if (fd < 0)
		return err_sys(e, ERR_OUTPUT, "cannot create '%s'", path);
	rc = file_write_all(fd, content, path, e);
	if (rc == 0 && content.n && fsync(fd))
		rc = err_sys(e, ERR_OUTPUT, "cannot sync '%s'", path);
	close(fd);
	return rc;
}

/* The directory of a ref may be missing: git removes those that are empty. */
static int make_parents(const char *path, struct err *e)
{
	char *copy = mem_text(path);
	int rc = 0;

	for (char *at = strchr(copy + 1, '/'); at && rc == 0; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			rc = err_sys(e, ERR_OUTPUT, "cannot create directory '%s'", copy);
		*at = '/';
	}
	free(copy);
	return rc;
}

static int link_lock(const struct branch_lock *l, int64_t wait_ms, struct err *e)
{
	int64_t until = when_tick() + wait_ms;
	long pause_ns = 1000000;
	bool made = false;

	while (link(l->mine, l->lock)) {
		if (errno == ENOENT && !made) {
			if (make_parents(l->lock, e))
				return -1;
			made = true;
			continue;
		}
		if (errno != EEXIST)
			return err_sys(e, ERR_OUTPUT, "cannot create '%s'", l->lock);
		if (when_tick() >= until)
			return err_set(e, ERR_AGAIN,
				"'%s' is held by another git process; when none runs, it was left by one "
				"that died: remove that file",
				l->lock);
		nanosleep(&(struct timespec){.tv_nsec = pause_ns}, NULL);
		pause_ns = pause_ns < 100000000 ? pause_ns * 2 : pause_ns;
	}
	return 0;
}

int branch_lock(struct branch_lock *l, const char *work, const char *name, const char *target,
	struct str content, int64_t wait_ms, struct err *e)
{
	struct buf lock = BUF_INIT(8192);

	*l = (struct branch_lock){NULL, NULL};
	if (buf_putf(&lock, "%s.lock", target))
		return err_set(e, ERR_CONFIG, "file name too long: '%s'", target);
	l->lock = buf_take(&lock);
	l->mine = path_join(work, name);
	for (char *at = l->mine + strlen(work) + 1; *at; at++)
		if (*at == '/')
			*at = '+';
	if (same_file(l->mine, l->lock)) /* of one of us who was killed */
		unlink(l->lock);
	/* Never written in place: after a move it is a second name of the ref itself. */
	unlink(l->mine);
	if (write_mine(l->mine, content, e) == 0 && link_lock(l, wait_ms, e) == 0)
		return 0;
	unlink(l->mine);
	free(l->lock);
	free(l->mine);
	*l = (struct branch_lock){NULL, NULL};
	return -1;
}

void branch_unlock(struct branch_lock *l)
{
	if (l->lock && same_file(l->mine, l->lock))
		unlink(l->lock);
	if (l->mine)
		unlink(l->mine);
	free(l->lock);
	free(l->mine);
	*l = (struct branch_lock){NULL, NULL};
}

/* A log that cannot be written is no reason to lose the commit: errors are passed over, as git
 * does. */
static void append_log(const char *dir, const char *name, bool bare, struct str line)
{
	struct buf path = BUF_INIT(8192);
	struct err ignored = ERR_INIT;
	int fd = -1;

	if (buf_putf(&path, "%s/logs/%s", dir, name))
		goto out;
	fd = open(path.p, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0 && !bare && make_parents(path.p, &ignored) == 0)
		fd = open(path.p, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0)
		file_write_all(fd, line, path.p, &ignored);
out:
	if (fd >= 0)
		close(fd);
	buf_clear(&path);
}

static void log_move(struct repo *r, const char *branch, const struct object_id *old,
	const struct object_id *new, const char *who, struct str why)
{
	static const struct object_id none;
	struct buf line = BUF_INIT(8192);
	char from[REPO_ID], to[REPO_ID];

	buf_putf(&line, "%s %s %s\tcommit: %.*s\n", object_hex(old ? old : &none, from),
		object_hex(new, to), who, STR_ARG(why));
	if (!line.full) {
		append_log(
			git_repository_commondir(r->git), branch, repo_is_bare(r), buf_str(&line));
		append_log(git_repository_path(r->git), "HEAD", repo_is_bare(r), buf_str(&line));
	}
	buf_clear(&line);
}

static int still_at(struct repo *r, const char *branch, const struct object_id *old, struct err *e)
{
	struct object_id tip;
	int rc = branch_tip(r, branch, &tip, e);

	if (rc < 0)
		return -1;
	return old ? rc && object_same(&tip, old) : !rc;
}

int branch_move(struct repo *r, const char *branch, const char *work, const struct object_id *old,
	const struct object_id *new, const char *who, struct str why, struct err *e)
{
	char *ref = path_join(git_repository_commondir(r->git), branch);
	char *dir = path_dir(ref);
	struct branch_lock lock;
	char value[REPO_ID + 1];
	int rc = -1;

	object_hex(new, value);
	value[REPO_ID - 1] = '\n';
	if (branch_lock(&lock, work, branch, ref, (struct str){value, REPO_ID}, BRANCH_WAIT_MS, e))
		goto out;
	rc = still_at(r, branch, old, e);
	if (rc == 0)
		rc = 1;
	else if (rc > 0)
		rc = rename(lock.lock, ref) ? err_sys(e, ERR_OUTPUT, "cannot move '%s'", ref) : 0;
	branch_unlock(&lock);
	if (rc == 0) {
		log_move(r, branch, old, new, who, why);
		rc = file_sync_dir(dir, e);
	}
out:
	free(ref);
	free(dir);
	return rc;
}
