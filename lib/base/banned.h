/*
 * banned: calls that no file of hl may make, included before everything by the compiler's
 * command line. Use what is named on the right.
 */
#ifndef HL_BASE_BANNED_H
#define HL_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#pragma GCC poison gets strcpy strcat sprintf vsprintf /* buf_putf, snprintf */
#pragma GCC poison system popen                        /* proc_run: there is no shell */
#pragma GCC poison strtok                              /* str_split */
#pragma GCC poison gmtime localtime asctime /* when_format; not ctime: libgit2 has such a member   \
					     */
#pragma GCC poison tmpnam mktemp            /* mkstemp */
#pragma GCC poison atoi atol                /* span_parse, scan_integer, strtol with checks */

#endif
