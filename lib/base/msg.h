/*
 * msg: what people read, on standard error, as "hl-triage: text". Bytes that could drive a
 * terminal or fool its reader (control characters and line breaks, stray or overlong UTF-8, marks
 * that reorder or hide text) are made visible as \xNN first: a message is one line. Set up by
 * prog_begin.
 */
#ifndef HL_BASE_MSG_H
#define HL_BASE_MSG_H

#include <stdbool.h>

#include "base/buf.h"

enum msg_level { MSG_QUIET, MSG_NORMAL, MSG_VERBOSE };

void msg_init(const char *program, enum msg_level level);
const char *msg_program(void);

void msg_error(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* always */
void msg_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));  /* not with -q */
void msg_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));   /* not with -q */
void msg_why(const char *fmt, ...) __attribute__((format(printf, 1, 2)));   /* with -v */

/*
 * A line that the next one overwrites, for long work; not with -q, and only where standard error is
 * a terminal and standard output is not: the two would mix. msg_progress("") removes it. Other
 * messages remove it first.
 */
void msg_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Appends `s` made safe for a terminal. Newlines and tabs stay when `keep_lines`. */
void msg_safe(struct buf *into, struct str s, bool keep_lines);

#endif
