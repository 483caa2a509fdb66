/*
 * sha: SHA-256 (FIPS 180-4), for plan digests and content names.
 */
#ifndef HL_BASE_SHA_H
#define HL_BASE_SHA_H

#include "base/str.h"

#define SHA_HEX 65 /* 64 hexadecimal digits and a NUL */

/* Writes the digest of `bytes` in lower-case hexadecimal. Returns `hex`. */
char *sha_hex(struct str bytes, char hex[SHA_HEX]);

#endif
