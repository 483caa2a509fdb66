#include "edge/contain.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/mount.h and sys/mount.h cannot both be had: what mount(2) takes is in the former. */
int mount(const char *source, const char *target, const char *type, unsigned long flags,
	const void *data);

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#define TMP_SIZE ((int64_t)256 << 20) /* bytes of a private /tmp, unless memory says */

/* --- before the fork --- */

static int find_groups(struct containment *c, const char *user, struct err *e)
{
	c->n_groups = CONTAIN_GROUPS;
	if (getgrouplist(user, c->gid, c->groups, &c->n_groups) < 0)
		return err_set(e, ERR_UNAVAILABLE,
			"cannot become the user '%s': it is in more than %d groups", user,
			CONTAIN_GROUPS);
	return 0;
}

static int find_user(struct containment *c, const char *user, struct err *e)
{
	struct passwd entry, *found = NULL;
	char text[16384];

	if (getpwnam_r(user, &entry, text, sizeof text, &found) || !found)
		return err_set(e, ERR_UNAVAILABLE,
			"cannot become the user '%s': there is none of that name", user);
	c->uid = entry.pw_uid;
	c->gid = entry.pw_gid;
	if (c->uid == geteuid())
		return 0;
	if (!c->root)
		return err_set(e, ERR_UNAVAILABLE,
			"cannot become the user '%s': only root can; run hl as root, or take "
			"'user' out of the tool's 'contain'",
			user);
	c->becomes = true;
	return find_groups(c, user, e);
}

/* Without systemd: the kernel does not hold root to a number of processes. */
static int check_processes(const struct containment *c, struct err *e)
{
	if (!c->asked.processes || c->uid != 0)
		return 0;
	return err_set(e, ERR_UNAVAILABLE,
		"cannot limit root to %lld processes: say a 'user' in the tool's 'contain', too",
		(long long)c->asked.processes);
}

int contain_prepare(struct containment *c, const struct contain *asked, struct err *e)
{
	int64_t tmp = asked && asked->memory ? asked->memory : TMP_SIZE;

	*c = (struct containment){.root = geteuid() == 0, .uid = geteuid(), .gid = getegid()};
	if (!asked)
		return 0;
	c->asked = *asked;
	c->asked.user = NULL;
	snprintf(c->uid_map, sizeof c->uid_map, "%u %u 1", (unsigned)c->uid, (unsigned)c->uid);
	snprintf(c->gid_map, sizeof c->gid_map, "%u %u 1", (unsigned)c->gid, (unsigned)c->gid);
	snprintf(c->tmp_options, sizeof c->tmp_options, "mode=1777,size=%lld", (long long)tmp);
	if (asked->user && find_user(c, asked->user, e))
		return -1;
	c->scoped = (asked->memory || asked->processes) && systemd_scope_is_there();
	return c->scoped ? systemd_scope_prepare(&c->scope, asked->memory, asked->processes, e)
			 : check_processes(c, e);
}

/* --- in the new process --- */

static int put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* We stay who we are in it: what is ours is, and what is others' is as before. */
static int map_ourselves(const struct containment *c)
{
	/* Without this the kernel does not let us map our group; absent before Linux 3.19. */
	if (put_text("/proc/self/setgroups", "deny") && errno != ENOENT)
		return -1;
	return put_text("/proc/self/uid_map", c->uid_map) ||
			       put_text("/proc/self/gid_map", c->gid_map)
		       ? -1
		       : 0;
}

static bool needs_mounts(const struct contain *asked)
{
	return asked->read_only || asked->private_tmp;
}

static int leave_namespaces(const struct containment *c)
{
	const struct contain *asked = &c->asked;
	int flags = (needs_mounts(asked) ? CLONE_NEWNS : 0) | (asked->no_network ? CLONE_NEWNET : 0);

	/* In a user namespace of its own, only the program's processes count against the limit. */
	if (!c->root && (flags || asked->processes))
		flags |= CLONE_NEWUSER;
	if (!flags)
		return 0;
	if (syscall(SYS_unshare, flags) || ((flags & CLONE_NEWUSER) && map_ourselves(c)))
		return -1;
	/* What is mounted in here stays here. */
	return flags & CLONE_NEWNS ? mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) : 0;
}

/* All that is mounted, at once (Linux 5.12): a walk would race with what is mounted meanwhile. */
static int make_read_only(void)
{
#ifdef SYS_mount_setattr
	struct mount_attr readonly = {.attr_set = MOUNT_ATTR_RDONLY};

	return (int)syscall(
		SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &readonly, sizeof readonly);
#else
	errno = ENOSYS;
	return -1;
#endif
}

static int mount_tmp(const struct containment *c)
{
	static const char *const places[] = {"/tmp", "/var/tmp"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (mount("tmpfs", places[i], "tmpfs", MS_NOSUID | MS_NODEV, c->tmp_options) &&
			errno != ENOENT)
			return -1;
	return 0;
}

static int limit(int which, int64_t soft, int64_t hard)
{
	struct rlimit now, wanted = {.rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard};

	if (!soft)
		return 0;
	if (getrlimit(which, &now))
		return -1;
	/* Who has less keeps less. */
	if (wanted.rlim_max > now.rlim_max)
		wanted.rlim_max = now.rlim_max;
	if (wanted.rlim_cur > wanted.rlim_max)
		wanted.rlim_cur = wanted.rlim_max;
	return setrlimit(which, &wanted);
}

/*
 * What root would leave the namespaces with, or write to disks and memory with, past the file
 * system. The bounding set is what counts at exec.
 */
static int drop_capabilities(const struct containment *c)
{
	static const int dropped[] = {CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYS_MODULE, CAP_SYS_RAWIO,
		CAP_SYS_BOOT, CAP_MKNOD, 38 /* CAP_PERFMON */, 39 /* CAP_BPF */,
		40 /* CAP_CHECKPOINT_RESTORE */};

	if (!c->root || (!c->asked.read_only && !c->asked.no_network))
		return 0;
	for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
		/* EINVAL: this kernel does not know it, so nobody has it. */
		if (prctl(PR_CAPBSET_DROP, dropped[i], 0, 0, 0) && errno != EINVAL)
			return -1;
	return 0;
}

static int become_user(const struct containment *c)
{
	if (!c->becomes)
		return 0;
	return setgroups((size_t)c->n_groups, c->groups) || setgid(c->gid) || setuid(c->uid) ? -1
											     : 0;
}

enum contain_step contain_enter(const struct containment *c)
{
	const struct contain *asked = &c->asked;

	if (c->scoped && systemd_scope_enter(&c->scope))
		return CONTAIN_SCOPE;
	if (leave_namespaces(c))
		return CONTAIN_NAMESPACE;
	if (asked->read_only && make_read_only())
		return CONTAIN_READ_ONLY;
	if (asked->private_tmp && mount_tmp(c))
		return CONTAIN_TMP;
	/* A second between the signal that can be handled and the one that cannot. */
	if (limit(RLIMIT_DATA, asked->memory, asked->memory) ||
		limit(RLIMIT_CPU, asked->cpu, asked->cpu + 1))
		return CONTAIN_LIMIT;
	if (drop_capabilities(c))
		return CONTAIN_CAPABILITIES;
	if (become_user(c))
		return CONTAIN_USER;
	if (!c->scoped && limit(RLIMIT_NPROC, asked->processes, asked->processes))
		return CONTAIN_LIMIT;
	if (!asked->privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return CONTAIN_PRIVILEGES;
	return CONTAIN_NONE;
}

const char *contain_step_text(enum contain_step step)
{
	static const char *const texts[] = {
		[CONTAIN_NONE] = "",
		[CONTAIN_SCOPE] = "systemd does not hold it to its memory and processes",
		[CONTAIN_NAMESPACE] = "it cannot be given namespaces of its own",
		[CONTAIN_READ_ONLY] = "its file system cannot be made read-only",
		[CONTAIN_TMP] = "it cannot be given an empty /tmp",
		[CONTAIN_LIMIT] = "its limits cannot be set",
		[CONTAIN_CAPABILITIES] = "its capabilities cannot be dropped",
		[CONTAIN_USER] = "it cannot become the user",
		[CONTAIN_PRIVILEGES] = "it cannot be kept from new privileges",
	};

	return texts[step];
}
