#include "base/hash.h"

#include <stdlib.h>

#include "base/mem.h"

uint64_t hash_add_byte(uint64_t h, unsigned char c)
{
	return (h ^ c) * UINT64_C(1099511628211);
}

uint64_t hash_add(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = hash_add_byte(h, (unsigned char)s.p[i]);
	return h;
}

/* FNV's low bits are good, but keys may come from elsewhere: fold the high half in. */
static size_t slot_of(const struct table *t, uint64_t key)
{
	return (size_t)((key ^ key >> 32) & (t->cap - 1));
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t find(const struct table *t, uint64_t key)
{
	size_t i = slot_of(t, key);

	while (t->keys[i] && t->keys[i] != key)
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void grow(struct table *t)
{
	struct table bigger = {.cap = t->cap ? t->cap * 2 : 64};

	bigger.keys = mem_array(bigger.cap, sizeof *bigger.keys);
	bigger.values = mem_array(bigger.cap, sizeof *bigger.values);
	for (size_t i = 0; i < t->cap; i++) {
		size_t at;

		if (!t->keys[i])
			continue;
		at = find(&bigger, t->keys[i]);
		bigger.keys[at] = t->keys[i];
		bigger.values[at] = t->values[i];
	}
	free(t->keys);
	free(t->values);
	t->keys = bigger.keys;
	t->values = bigger.values;
	t->cap = bigger.cap;
}

uint32_t table_get(const struct table *t, uint64_t key)
{
	size_t i;

	if (!key)
		return t->has_zero ? t->zero : TABLE_NONE;
	if (!t->cap)
		return TABLE_NONE;
	i = find(t, key);
	return t->keys[i] ? t->values[i] : TABLE_NONE;
}

void table_put(struct table *t, uint64_t key, uint32_t value)
{
	size_t i;

	if (!key) {
		t->has_zero = true;
		t->zero = value;
		return;
	}
	if ((t->count + 1) * 8 > t->cap * 7)
		grow(t);
	i = find(t, key);
	if (!t->keys[i])
		t->count++;
	t->keys[i] = key;
	t->values[i] = value;
}

void table_clear(struct table *t)
{
	free(t->keys);
	free(t->values);
	*t = (struct table)TABLE_INIT;
}
