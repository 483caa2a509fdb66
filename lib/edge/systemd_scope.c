#include "edge/systemd_scope.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/when.h"

#define TRIES       2000 /* a millisecond each: how long systemd may take */
#define CGROUP_PATH 1024 /* bytes of a name below */
#define CGROUPS     "/sys/fs/cgroup"

/* --- before the fork --- */

bool systemd_scope_is_there(void)
{
	char path[64] = "/run/systemd/system";

	if (geteuid() != 0)
		snprintf(path, sizeof path, "/run/user/%u/systemd/private", (unsigned)geteuid());
	return access(path, F_OK) == 0;
}

static const char *find_busctl(void)
{
	static const char *const places[] = {
		"/usr/bin/busctl", "/bin/busctl", "/run/current-system/sw/bin/busctl"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

static int add(struct systemd_scope *s, int n, const char *const *words)
{
	for (; *words; words++)
		s->argv[n++] = *words;
	return n;
}

static void put_argv(struct systemd_scope *s)
{
	const char *const call[] = {"call", "org.freedesktop.systemd1",
		"/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
		"StartTransientUnit", "ssa(sv)a(sa(sv))", s->name, "fail", NULL};
	const char *const common[] = {"CollectMode", "s", "inactive-or-failed", "PIDs", "au", "1", NULL};
	const char *const memory[] = {
		"MemoryMax", "t", s->memory_text, "MemorySwapMax", "t", "0", NULL};
	const char *const processes[] = {"TasksMax", "t", s->processes_text, NULL};
	static const char *const counts[] = {"2", "3", "4", "5"};
	int n = 0, properties = (s->memory ? 2 : 0) + (s->processes ? 1 : 0);

	s->argv[n++] = "busctl";
	if (geteuid() != 0)
		s->argv[n++] = "--user";
	n = add(s, n, call);
	s->argv[n++] = counts[properties];
	n = add(s, n, common);
	s->pid_at = n++;
	if (s->memory)
		n = add(s, n, memory);
	if (s->processes)
		n = add(s, n, processes);
	s->argv[n++] = "0"; /* auxiliary units */
	s->argv[n] = NULL;
}

int systemd_scope_prepare(struct systemd_scope *s, int64_t memory, int64_t processes, struct err *e)
{
	static unsigned count;

	*s = (struct systemd_scope){.memory = memory, .processes = processes};
	s->busctl = find_busctl();
	if (!s->busctl)
		return err_set(e, ERR_UNAVAILABLE,
			"its limits need a scope of systemd, and 'busctl' is not installed here");
	snprintf(s->name, sizeof s->name, "hl-%d-%u-%llx.scope", (int)getpid(), count++,
		(unsigned long long)when_tick());
	snprintf(s->memory_text, sizeof s->memory_text, "%lld", (long long)memory);
	snprintf(s->processes_text, sizeof s->processes_text, "%lld", (long long)processes);
	snprintf(s->runtime, sizeof s->runtime, "XDG_RUNTIME_DIR=/run/user/%u", (unsigned)geteuid());
	put_argv(s);
	return 0;
}

/* --- in the new process --- */

/* What has to be read back. */
struct bound {
	const char *controller;
	const char *file, *own_file; /* in the tree of all controllers, in one of its own */
	int64_t most;
};

static const char *put_number(char text[24], int64_t n)
{
	char *p = text + 23;

	for (*p = '\0'; n > 0; n /= 10)
		*--p = (char)('0' + n % 10);
	return p;
}

static void become_busctl(const struct systemd_scope *s, const char *pid)
{
	const char *argv[SYSTEMD_SCOPE_WORDS], *env[] = {s->runtime, NULL};
	int null = open("/dev/null", O_RDWR);

	memcpy(argv, s->argv, sizeof argv);
	argv[s->pid_at] = pid;
	if (null >= 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2)
		execve(s->busctl, (char *const *)argv, (char *const *)env);
	_exit(127);
}

static int ask(const struct systemd_scope *s)
{
	char text[24];
	const char *pid = put_number(text, getpid());
	/* fork(3) may run what others have registered with pthread_atfork. */
	long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	int status;

	if (child == 0)
		become_busctl(s, pid);
	if (child < 0)
		return -1;
	while (waitpid((pid_t)child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	errno = EPERM;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return -1;
	text[n] = '\0';
	return 0;
}

static char *append(char *to, const char *end, const char *from, size_t n)
{
	if (!to || n >= (size_t)(end - to))
		return NULL;
	memcpy(to, from, n);
	to[n] = '\0';
	return to + n;
}

/*
 * The file of our cgroup: lines of /proc/self/cgroup are "N:CONTROLLERS:/path", with no controller
 * in the tree that has all that stand in no other; cgroups(7). -1 while that is not the scope's.
 */
static int cgroup_file(const struct systemd_scope *s, const struct bound *b, char path[CGROUP_PATH])
{
	char text[4096], *line, *at = path, *slash;
	const char *end = path + CGROUP_PATH, *file = b->own_file;
	size_t n = strlen(b->controller);

	if (read_text("/proc/self/cgroup", text, sizeof text))
		return -1;
	line = strstr(text, b->controller);
	at = append(at, end, CGROUPS, strlen(CGROUPS));
	if (line && line > text && line[-1] == ':' && line[n] == ':') {
		at = append(append(at, end, "/", 1), end, b->controller, n);
	} else {
		line = strstr(text, "0::");
		file = b->file;
	}
	slash = line ? strchr(line, '/') : NULL;
	if (slash)
		at = append(at, end, slash, strcspn(slash, "\n"));
	if (slash && append(append(at, end, "/", 1), end, file, strlen(file)) &&
		strstr(path, s->name))
		return 0;
	errno = ETIMEDOUT;
	return -1;
}

/* systemd rounds memory down to whole pages. "max" is no number. */
static int holds(const struct systemd_scope *s, const struct bound *b)
{
	char path[CGROUP_PATH], text[64];
	int64_t n = 0;

	if (!b->most)
		return 0;
	if (cgroup_file(s, b, path) || read_text(path, text, sizeof text))
		return -1;
	for (const char *p = text; *p >= '0' && *p <= '9' && n <= b->most; p++)
		n = n * 10 + (*p - '0');
	errno = ENOTSUP;
	return text[0] >= '0' && text[0] <= '9' && n <= b->most ? 0 : -1;
}

/* systemd moves us after it has answered, and where there are more trees from one to the next. */
int systemd_scope_enter(const struct systemd_scope *s)
{
	const struct bound memory = {"memory", "memory.max", "memory.limit_in_bytes", s->memory};
	const struct bound processes = {"pids", "pids.max", "pids.max", s->processes};
	struct timespec pause = {.tv_nsec = 1000000};

	if (ask(s))
		return -1;
	for (int i = 0; i < TRIES; i++) {
		if (holds(s, &memory) == 0 && holds(s, &processes) == 0)
			return 0;
		nanosleep(&pause, NULL);
	}
	return -1;
}
