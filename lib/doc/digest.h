/*
 * digest: many log messages, counted by their shape: what stays the same when numbers, addresses
 * and ids change. Entries are what `journalctl -o json` prints (systemd.journal-fields(7)): every
 * value a text, but null when it is too long, a list of texts when a field comes twice, a list of
 * numbers when it is not UTF-8.
 */
#ifndef HL_DOC_DIGEST_H
#define HL_DOC_DIGEST_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Appends the shape of a message's first line, at most 300 bytes: "<n>" for a number, "<ip>",
 * "<hex>", "<id>" for a word that mixes letters and digits as ids do.
 */
void digest_shape(struct str message, struct buf *into);

struct digest;
struct digest *digest_new(void);
void digest_free(struct digest *d); /* accepts NULL */

/* One entry, a line of JSON. -1: it is none (ERR_DATA). */
int digest_add(struct digest *d, struct str line, struct err *e);

/* The cursor of the last entry that was added, or NULL. Lent. */
const char *digest_cursor(const struct digest *d);

/*
 * {"count","distinct","shapes":[{"count","unit","shape","example","priority","last_at"}]}: the
 * `top` most frequent. Given.
 */
json_t *digest_report(struct digest *d, size_t top);

#endif
