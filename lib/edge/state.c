#include "edge/state.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/when.h"

#define REJECT_WAIT_MS 10000

struct state_option state_option;

/* The variable's value; NULL where it is unset or empty, which mean the same. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* systemd gives one directory for each StateDirectory=, with colons between; the first is ours. */
static char *first_of(const char *list)
{
	return mem_copy(list, strcspn(list, ":"));
}

static char *home(void)
{
	const char *dir = variable("HOME");
	const struct passwd *user = dir ? NULL : getpwuid(geteuid());

	return mem_text(dir ? dir : user && user->pw_dir ? user->pw_dir : "/");
}

static char *find_dir(void)
{
	const char *systemd = variable("STATE_DIRECTORY");
	char *own, *dir;

	if (state_option.dir && *state_option.dir)
		return mem_text(state_option.dir);
	if (variable("HL_STATE"))
		return mem_text(variable("HL_STATE"));
	if (systemd)
		return first_of(systemd);
	if (geteuid() == 0)
		return mem_text("/var/lib/hl");
	if (variable("XDG_STATE_HOME"))
		return path_join(variable("XDG_STATE_HOME"), "hl");
	own = home();
	dir = path_join(own, ".local/state/hl");
	free(own);
	return dir;
}

const char *state_dir(void)
{
	static char *dir;

	if (!dir)
		dir = find_dir();
	return dir;
}

const char *state_repo(void)
{
	static char *repo;

	if (repo)
		return repo;
	if (state_option.repo && *state_option.repo)
		repo = mem_text(state_option.repo);
	else if (variable("HL_REPO"))
		repo = mem_text(variable("HL_REPO"));
	else
		repo = state_path("ops");
	return repo;
}

bool state_repo_named(void)
{
	return (state_option.repo && *state_option.repo) || variable("HL_REPO");
}

char *state_path(const char *name)
{
	return path_join(state_dir(), name);
}

char *state_make(const char *sub, struct err *e)
{
	char *path = state_path(sub);

	if (file_make_dirs(path, e) == 0)
		return path;
	free(path);
	return NULL;
}

int state_trust(const char *dir, struct err *e)
{
	struct stat st;

	if (stat(dir, &st))
		return errno == ENOENT ? 0
				       : err_sys(e, ERR_UNAVAILABLE, "cannot look at '%s'", dir);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(e, ERR_DENIED,
			"'%s' belongs to another user, who could put anything there", dir);
	if (st.st_mode & 022)
		return err_set(e, ERR_DENIED, "others can write in '%s': chmod 700 it, and look at "
			"what is there", dir);
	return 0;
}

/* "STATE/rejects/2026-11-21"; given. */
static char *rejects_of_today(int64_t now, struct err *e)
{
	char *dir = state_make("rejects", e);
	char name[WHEN_TEXT], *path;

	if (!dir)
		return NULL;
	when_format(now, name);
	name[strlen("2026-11-21")] = '\0';
	path = path_join(dir, name);
	free(dir);
	return path;
}

/* All of the entry or none: what a full disk cut off would hide where the next entry begins. */
static int append_whole(int fd, struct str entry, const char *path, struct err *e)
{
	off_t end = lseek(fd, 0, SEEK_END);

	if (end < 0)
		return err_sys(e, ERR_OUTPUT, "cannot append to '%s'", path);
	if (file_write_all(fd, entry, path, e) == 0)
		return 0;
	if (ftruncate(fd, end))
		err_sys(e, ERR_OUTPUT, "cannot cut '%s' back", path);
	return -1;
}

int state_reject(void *to, struct str line, const char *why, struct err *e)
{
	int64_t now = when_now();
	struct buf entry = BUF_INIT(SIZE_MAX / 2);
	char at[WHEN_TEXT], *path = rejects_of_today(now, e);
	int fd = -1, rc = -1;

	(void)to;
	if (!path)
		return -1;
	fd = lock_take(path, REJECT_WAIT_MS, e);
	if (fd < 0)
		goto out;
	buf_putf(&entry, "# %s %s: ", when_format(now, at), msg_program());
	msg_safe(&entry, str_of(why), false);
	buf_putc(&entry, '\n');
	buf_putstr(&entry, line);
	buf_putc(&entry, '\n');
	rc = append_whole(fd, buf_str(&entry), path, e);
out:
	lock_drop(fd);
	buf_clear(&entry);
	free(path);
	return rc;
}

bool state_halted(void)
{
	char *path = state_path("halt");
	struct stat st;
	bool halted = lstat(path, &st) == 0 || errno != ENOENT;

	free(path);
	return halted;
}
