/*
 * secret: what must not be seen, by name. Looked for, in this order, as
 *	$CREDENTIALS_DIRECTORY/NAME   (systemd's LoadCredential=)
 *	STATE/secrets/NAME            (a file that only its owner can read)
 *	$HL_SECRET_NAME               (upper case, with '_' for '-' and '.')
 * One line end at the end is not part of it.
 */
#ifndef HL_EDGE_SECRET_H
#define HL_EDGE_SECRET_H

#include "base/buf.h"
#include "base/err.h"

#define SECRET_MAX 65536

/* Appends the secret. -1: ERR_UNAVAILABLE, with where it was looked for; never with what it is. */
int secret_read(const char *name, struct buf *into, struct err *e);

#endif
