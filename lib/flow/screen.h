/*
 * screen: notices and errors shown to the person at the terminal.
 */
#ifndef HL_FLOW_SCREEN_H
#define HL_FLOW_SCREEN_H

#include "base/err.h"
#include "doc/notice.h"

typedef void screen_notice_fn(const struct notice *n, const json_t *v);

/* What the notice says of v, as it is at `now`. */
void screen_show(screen_notice_fn *what, const json_t *v, int64_t now);

void screen_error(const struct err *why); /* indented, made safe */

#endif
