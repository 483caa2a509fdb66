/*
 * cached: bytes that cost time to make, kept in the state directory as cache/KIND-KEY. The key names
 * what they were made from, so they are right or absent; what is damaged, cut off, or of another
 * version counts as absent and is made again without a word.
 *
 * A kind is a name and its version, such as "triggers 3": the name is the file's, the version stands
 * inside. One file of a kind is kept, the last that was written.
 */
#ifndef HL_FLOW_CACHED_H
#define HL_FLOW_CACHED_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends the bytes to `into`, which was empty. Makes no directory. */
bool cached_read(const char *kind, const char *key, struct buf *into);

/* What cannot be written costs time, nothing else: it is said with -v. */
void cached_write(const char *kind, const char *key, struct str bytes);

#endif
