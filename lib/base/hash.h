/*
 * hash: 64-bit hashes and a set of them.
 */
#ifndef HL_BASE_HASH_H
#define HL_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): what Prometheus
 * fingerprints labels with. Start with HASH_START, feed the pieces in turn.
 */
#define HASH_START UINT64_C(14695981039346656037)
uint64_t hash_add(uint64_t h, struct str s);
uint64_t hash_add_byte(uint64_t h, unsigned char c);

/*
 * A quick hash, eight bytes at a time, for texts that are looked up and never stored. With a key
 * that nobody outside knows (hash_key), nobody can choose texts that meet.
 */
uint64_t hash_text(struct str s, uint64_t key);
uint64_t hash_key(void); /* random */

/*
 * table: 64-bit key to 32-bit value, open addressing, 12 bytes an entry at a load of
 * at most 7/8. Key 0 is allowed.
 */
struct table {
	uint64_t *keys;
	uint32_t *values;
	size_t count, cap;
	bool has_zero;
	uint32_t zero;
};

#define TABLE_INIT                                                                                 \
	{                                                                                          \
		.keys = NULL                                                                       \
	}
#define TABLE_NONE UINT32_MAX /* not a value */

uint32_t table_get(const struct table *t, uint64_t key);       /* TABLE_NONE when absent */
void table_put(struct table *t, uint64_t key, uint32_t value); /* adds or replaces */
void table_clear(struct table *t);

#endif
