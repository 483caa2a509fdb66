/*
 * file: whole files, read with a limit and written so that a crash leaves either the old
 * content or the new, never a part.
 */
#ifndef HL_BASE_FILE_H
#define HL_BASE_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the file to `into`, up to its maximum (past it: ERR_DATA). */
int file_read(const char *path, struct buf *into, struct err *e);

/*
 * Writes a temporary file beside `path`, fsyncs it, renames it over `path`, and fsyncs the
 * directory. Mode 0600 & ~umask, or what `path` had.
 */
int file_replace(const char *path, struct str bytes, struct err *e);

/* All of it, over short writes and EINTR. */
int file_write_all(int fd, struct str bytes, const char *name, struct err *e);

int file_make_dirs(const char *path, struct err *e); /* mkdir -p, mode 0700 */
int file_sync_dir(const char *path, struct err *e);
bool file_exists(const char *path);

#endif
