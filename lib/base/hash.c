#include "base/hash.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"

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

static uint64_t word(const char *p, size_t n)
{
	uint64_t w = 0;

	memcpy(&w, p, n);
	return w;
}

/* The two halves of a product of 128 bits, folded: every bit of a and b reaches every bit. */
static uint64_t fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_text(struct str s, uint64_t key)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = key ^ s.n * odd;

	for (; s.n > 8; s.p += 8, s.n -= 8)
		h = fold(h ^ word(s.p, 8), key | 1) + odd;
	return fold(h ^ word(s.p ? s.p : "", s.n), key | 1) ^ h;
}

uint64_t hash_key(void)
{
	uint64_t key = 0;

	/* Without randomness a key that others cannot know is made of where we are and when. */
	if (getentropy(&key, sizeof key))
		key = (uint64_t)when_tick() * UINT64_C(0x9e3779b97f4a7c15) ^
		      (uint64_t)(uintptr_t)&key;
	return key;
}

/*
 * Keys may come from elsewhere and differ in a few bits only (Knuth's multiplicative hashing: every
 * bit of the key moves the upper half).
 */
static size_t slot_of(const struct table *t, uint64_t key)
{
	return (size_t)((key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (t->cap - 1);
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
