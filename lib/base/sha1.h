/*
 * sha1: SHA-1 (FIPS 180-4), because git names its objects by it. Not for anything where somebody
 * could gain by a collision: what we write is checked again by libgit2, which detects those.
 */
#ifndef HL_BASE_SHA1_H
#define HL_BASE_SHA1_H

#include <stdint.h>

#include "base/str.h"

#define SHA1_SIZE 20

struct sha1 {
	uint32_t h[5];
	uint64_t length;
	unsigned char block[64];
};

void sha1_begin(struct sha1 *s);
void sha1_add(struct sha1 *s, struct str bytes);
void sha1_end(struct sha1 *s, unsigned char digest[SHA1_SIZE]);

#endif
