/*
 * body: what a request sends, and how that is called.
 */
#ifndef HL_DOC_BODY_H
#define HL_DOC_BODY_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define BODY_MAX      ((size_t)16 << 20)
#define BODY_BOUNDARY 32 /* hexadecimal digits */

/*
 * The body of a filled exchange (exchange.h), appended to `into`, and its media type to `type`: of
 * json (RFC 8259), form (application/x-www-form-urlencoded), multipart (RFC 7578) or text. 1 there
 * is one, 0 there is none, -1 (ERR_DATA). `boundary` stands between the parts of multipart: random,
 * so that no value can hold it.
 */
int body_encode(const json_t *exchange, const char *boundary, struct buf *into, struct buf *type,
	struct err *e);

#endif
