/*
 * title: a case's name for people, from its first signal: "DiskFull on nas:9100: /srv is 91 %
 * full".
 */
#ifndef HL_DOC_TITLE_H
#define HL_DOC_TITLE_H

#include "doc/signal.h"

#define TITLE_MAX 160 /* bytes, a cut one with its ellipsis */

/*
 * Appends what the signal is called, where, and its summary; `more` other alerts are said too.
 * Without line ends and without anything that could drive a terminal.
 */
void title_put(struct buf *into, const struct signal *s, const struct labels *l, size_t more);

#endif
