#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/when.h"

static int wait_for(int fd, int64_t wait_ms)
{
	int64_t until = when_tick() + wait_ms;

	if (wait_ms < 0) {
		while (flock(fd, LOCK_EX))
			if (errno != EINTR)
				return -1;
		return 0;
	}
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		if (when_tick() >= until) {
			errno = EWOULDBLOCK;
			return -1;
		}
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	}
	return 0;
}

int lock_take(const char *path, int64_t wait_ms, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot open lock '%s'", path);
	if (wait_for(fd, wait_ms) == 0)
		return fd;
	if (errno == EWOULDBLOCK)
		err_set(e, ERR_AGAIN, "'%s' is held by another process: try again", path);
	else
		err_sys(e, ERR_UNAVAILABLE, "cannot lock '%s'", path);
	close(fd);
	return -1;
}

void lock_drop(int lock)
{
	if (lock >= 0)
		close(lock);
}
