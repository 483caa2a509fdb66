/*
 * layout: lines of a notice (notice.h): eighty columns, labels, what does not fit goes on below.
 *
 * A text is put together in a buffer of at most LAYOUT_TEXT bytes with the functions that append
 * `to` one, which make it safe for a terminal, and is then laid out as a line of the notice.
 */
#ifndef HL_DOC_LAYOUT_H
#define HL_DOC_LAYOUT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"
#include "doc/notice.h"

#define LAYOUT_HELD '\1' /* a blank that does not break a line; msg_safe lets none in */
#define LAYOUT_TEXT (1 << 20)

/* Any text, made safe, on one line. */
void layout_safe(struct buf *to, const char *s);

/* What a model said: the same between double quotes, of which there is none inside. */
void layout_said(struct buf *to, const char *s);

/* The same of an element that should be a text; nothing when it is none. */
void layout_text(struct buf *to, const json_t *one);
void layout_said_text(struct buf *to, const json_t *one);

/* "2026-11-21 04:13 UTC (13m ago)" */
void layout_time(const struct notice *n, struct buf *to, const char *rfc3339);

/*
 * Words of safe text from column `at` on; what does not fit goes on below, at column `hang`. No line
 * is wider than eighty columns: else the terminal would go on in the first, where lines of hl begin.
 */
void layout_wrapped(struct buf *into, struct str text, size_t at, size_t hang);

/*
 * A line of safe text with a label, which may be ""; nothing when there is nothing to say. It never
 * goes on in a column where another line begins: no text can look like a line of its own.
 */
void layout_line(const struct notice *n, int indent, const char *label, struct str text);

/* The same of any text, and of what a model said: line ends in it become blanks. */
void layout_safe_line(const struct notice *n, int indent, const char *label, const char *s);
void layout_said_line(const struct notice *n, int indent, const char *label, const char *s);

/* Each element, as `put` has it, on a line of its own, the label at the first. */
void layout_each(const struct notice *n, int indent, const char *label, const json_t *list,
	void (*put)(struct buf *to, const json_t *one));

/* From here on bold, or no longer, where there is colour. */
void layout_bold(const struct notice *n, bool on);

#endif
