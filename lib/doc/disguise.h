/*
 * disguise: text that stands in another text in a form that programs, and models, read as easily:
 * with escapes (\u0041, \x41, \101, %41, &#65;, &amp;) or as base64.
 */
#ifndef HL_DOC_DISGUISE_H
#define HL_DOC_DISGUISE_H

#include "json/decoded.h"

#define DISGUISE_LEAST 16 /* digits of base64: twelve bytes */

/* The text with all escapes undone; false when there are none. */
bool disguise_escapes(struct str text, struct decoded *d);

/* The next run of base64 digits of either alphabet at or behind *at, with its padding. */
bool disguise_run(struct str text, size_t *at, size_t *n);

/* Appends what such a run says from its digit number `skip` on. */
void disguise_decode(struct str run, size_t skip, struct buf *into);

#endif
