/*
 * path: file names, built and taken apart. Strings that are given are freed by the caller.
 */
#ifndef HL_BASE_PATH_H
#define HL_BASE_PATH_H

#include <stdbool.h>

char *path_join(const char *dir, const char *name); /* "dir/name" */
const char *path_base(const char *path);            /* what follows the last slash; lent */
char *path_dir(const char *path);                   /* what comes before it, or "." */

/* The directory that holds the running executable (readlink of /proc/self/exe), or NULL. */
char *path_self(void);

/*
 * Whether `name` can be used as one file name: 1 to 200 bytes of letters, digits, '.', '_',
 * '-', ':' and '@', not starting with a dot. Whatever comes from outside passes this before it
 * becomes part of a path.
 */
bool path_is_name(const char *name);

#endif
