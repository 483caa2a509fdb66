/*
 * calls: stands in front of every library call that changes files. The file that includes this
 * defines
 *
 *	static int before(const char *call, int fd, const void *bytes, size_t n);
 *
 * which is asked before each of them and returns 0 to let it happen or an errno to fail it with.
 * fd is -1 but for calls on an open file; bytes and n are set for writes. Counted are
 *
 *	write pwrite writev fsync fdatasync ftruncate fallocate posix_fallocate
 *	rename renameat link linkat symlink unlink unlinkat mkdir mkdirat rmdir chmod fchmod
 *	open openat creat mkstemp mkostemp, where they may create a file
 *
 * and their 64-bit names. Not seen: what the C library calls inside itself (stdio), and stores to
 * mapped files. Writes to standard error are left out: they are words, not state.
 */
#ifndef HL_PRELOAD_CALLS_H
#define HL_PRELOAD_CALLS_H

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int before(const char *call, int fd, const void *bytes, size_t n);

/* Whether the call may go on; sets errno when not. */
static int refused(const char *call, int fd, const void *bytes, size_t n)
{
	int why = fd == STDERR_FILENO ? 0 : before(call, fd, bytes, n);

	if (why)
		errno = why;
	return why;
}

/* CALL(result, name, (parameters), (arguments), fd, bytes, n) */
#define CALL(type, name, params, args, fd, bytes, n)                                               \
	type name params;                                                                          \
	type name params                                                                           \
	{                                                                                          \
		static type(*real) params;                                                         \
												\
		if (!real)                                                                         \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                                 \
		if (refused(#name, fd, bytes, n))                                                  \
			return (type)-1;                                                           \
		return real args;                                                                  \
	}

CALL(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), fd, p, n)
CALL(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at), fd, NULL, 0)
CALL(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at), (fd, p, n, at), fd, NULL, 0)
CALL(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n), fd, NULL, 0)
CALL(int, fsync, (int fd), (fd), fd, NULL, 0)
CALL(int, fdatasync, (int fd), (fd), fd, NULL, 0)
CALL(int, ftruncate, (int fd, off_t n), (fd, n), fd, NULL, 0)
CALL(int, ftruncate64, (int fd, off64_t n), (fd, n), fd, NULL, 0)
CALL(int, fallocate, (int fd, int mode, off_t at, off_t n), (fd, mode, at, n), fd, NULL, 0)
CALL(int, fallocate64, (int fd, int mode, off64_t at, off64_t n), (fd, mode, at, n), fd, NULL, 0)
CALL(int, fchmod, (int fd, mode_t mode), (fd, mode), fd, NULL, 0)
CALL(int, chmod, (const char *path, mode_t mode), (path, mode), -1, NULL, 0)
CALL(int, rename, (const char *a, const char *b), (a, b), -1, NULL, 0)
CALL(int, renameat, (int da, const char *a, int db, const char *b), (da, a, db, b), -1, NULL, 0)
CALL(int, link, (const char *a, const char *b), (a, b), -1, NULL, 0)
CALL(int, linkat, (int da, const char *a, int db, const char *b, int f), (da, a, db, b, f), -1, NULL, 0)
CALL(int, symlink, (const char *a, const char *b), (a, b), -1, NULL, 0)
CALL(int, unlink, (const char *path), (path), -1, NULL, 0)
CALL(int, unlinkat, (int dir, const char *path, int flags), (dir, path, flags), -1, NULL, 0)
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), -1, NULL, 0)
CALL(int, mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode), -1, NULL, 0)
CALL(int, rmdir, (const char *path), (path), -1, NULL, 0)
CALL(int, creat, (const char *path, mode_t mode), (path, mode), -1, NULL, 0)
CALL(int, mkstemp, (char *path), (path), -1, NULL, 0)
CALL(int, mkstemp64, (char *path), (path), -1, NULL, 0)
CALL(int, mkostemp, (char *path, int flags), (path, flags), -1, NULL, 0)
CALL(int, mkostemp64, (char *path, int flags), (path, flags), -1, NULL, 0)

/* This one returns its error. */
#define FALLOCATE(name, off)                                                                       \
	int name(int fd, off at, off n)                                                            \
	{                                                                                          \
		static int (*real)(int, off, off);                                                 \
												\
		if (!real)                                                                         \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                                 \
		return refused(#name, fd, NULL, 0) ? errno : real(fd, at, n);                      \
	}
FALLOCATE(posix_fallocate, off_t)
FALLOCATE(posix_fallocate64, off64_t)

/* The mode is there only where a file may be made. */
#define OPEN(name, params, args)                                                                   \
	int name params                                                                            \
	{                                                                                          \
		static int (*real) params;                                                         \
		mode_t mode = 0;                                                                   \
		va_list ap;                                                                        \
												\
		if (!real)                                                                         \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                                 \
		if (flags & (O_CREAT | O_TMPFILE)) {                                               \
			va_start(ap, flags);                                                       \
			mode = va_arg(ap, mode_t);                                                 \
			va_end(ap);                                                                \
		}                                                                                  \
		if ((flags & O_CREAT) && refused(#name, -1, NULL, 0))                              \
			return -1;                                                                 \
		return real args;                                                                  \
	}
OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
OPEN(openat, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))
OPEN(openat64, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))

static long number_from(const char *name)
{
	const char *s = getenv(name);

	return s ? strtol(s, NULL, 10) : 0;
}

/* Writes the number to the file named by $HL_COUNT_TO; stdio's own calls are not counted. */
static void write_count(long count)
{
	const char *path = getenv("HL_COUNT_TO");
	FILE *f = path ? fopen(path, "w") : NULL;

	if (f) {
		fprintf(f, "%ld\n", count);
		fclose(f);
	}
}

#endif
