#include "json/place.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

struct places {
	struct table index; /* hash of parent and key -> index in items */
	struct place *items;
	size_t count, cap;
};

struct places *places_new(void)
{
	return mem_new(sizeof(struct places));
}

void places_free(struct places *p)
{
	if (!p)
		return;
	table_clear(&p->index);
	free(p->items);
	free(p);
}

/*
 * The key itself is not kept: were two of them to share a hash of 64 bits, an error message would
 * name the wrong line, and nothing else would happen.
 */
static uint64_t hash_of(const json_t *parent, const char *key, size_t index)
{
	uintptr_t address = (uintptr_t)parent;
	uint64_t h = hash_add(HASH_START, (struct str){(const char *)&address, sizeof address});

	h = hash_add_byte(h, key ? 'k' : 'i');
	if (key)
		return hash_add(h, str_of(key));
	return hash_add(h, (struct str){(const char *)&index, sizeof index});
}

void places_put(
	struct places *p, const json_t *parent, const char *key, size_t index, struct place at)
{
	p->items = mem_room(p->items, p->count, &p->cap, sizeof *p->items);
	p->items[p->count] = at;
	table_put(&p->index, hash_of(parent, key, index), (uint32_t)p->count++);
}

const struct place *places_find(
	const struct places *p, const json_t *parent, const char *key, size_t index)
{
	uint32_t at = table_get(&p->index, hash_of(parent, key, index));

	return at == TABLE_NONE ? NULL : &p->items[at];
}
