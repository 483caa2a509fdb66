#include "json/names.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "json/text.h"

/* A name in the table. No name starts at offset 0, so that marks a free slot. */
struct names_slot {
	uint32_t at, n;
	uint32_t object;
	uint32_t hash;
};

#define PRIME ((UINT64_C(1) << 31) - 1)

void names_reset(struct names *s, struct str text)
{
	s->text = text.p;
	s->end = text.p + text.n;
	s->many = (struct names_table){.slots = NULL};
}

void names_clear(struct names *s)
{
	free(s->many.slots);
	s->many.slots = NULL;
}

/*
 * The quick hash, for few names: eight bytes at a time, the last ones padded with zeros. It need
 * not resist anybody: at most NAMES_FEW names meet.
 */
static inline uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

/* n bytes, 1 to 8, as a little-endian number. */
static inline uint64_t word_at(const char *p, size_t n, const char *end)
{
	uint64_t word = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (end - p >= 8) {
		memcpy(&word, p, 8);
		return n < 8 ? word & ~(UINT64_MAX << 8 * n) : word;
	}
#endif
	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)(unsigned char)p[i] << 8 * i;
	return word;
}

static inline uint32_t hash_plain(struct str name, const char *end)
{
	uint64_t h = 0;

	for (; name.n > 8; name.p += 8, name.n -= 8)
		h = mix(h, word_at(name.p, 8, end));
	return (uint32_t)mix(h, name.n ? word_at(name.p, name.n, end) : 0);
}

/* The same of a name with escapes. */
static uint32_t hash_escaped(struct str name)
{
	struct text_reader r = text_open(name);
	uint64_t h = 0, word = 0;
	unsigned bits = 0;

	for (int c; (c = text_next(&r)) >= 0; bits += 8) {
		if (bits == 64) {
			h = mix(h, word);
			word = 0;
			bits = 0;
		}
		word |= (uint64_t)c << bits;
	}
	return (uint32_t)mix(h, word);
}

/*
 * The slow hash, for many names: a polynomial over the decoded bytes at a secret point, modulo a
 * prime. Two names of n bytes collide with a chance of n / 2^31, whoever chose them.
 */
static uint32_t hash_keyed(const struct names_table *t, uint32_t object, struct str name)
{
	struct text_reader r = text_open(name);
	uint64_t h = object % PRIME;

	for (int c; (c = text_next(&r)) >= 0;)
		h = (h * t->key[0] + (uint64_t)c + 1) % PRIME;
	return (uint32_t)(h * t->key[1] % PRIME);
}

static void choose_keys(struct names_table *t)
{
	uint64_t random[2];

	if (getentropy(random, sizeof random)) {
		random[0] = (uint64_t)(uintptr_t)t ^ (uint64_t)when_tick();
		random[1] = (uint64_t)getpid();
	}
	for (int i = 0; i < 2; i++)
		t->key[i] = 257 + random[i] % (PRIME - 257);
}

/* The slot that holds the name, or the free one where it belongs. */
static struct names_slot *find(const struct names *s, const struct names_slot *wanted)
{
	const struct names_table *t = &s->many;

	for (size_t i = wanted->hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
		struct names_slot *slot = &t->slots[i];

		if (!slot->at)
			return slot;
		if (slot->hash == wanted->hash && slot->object == wanted->object &&
		    text_same((struct str){s->text + slot->at, slot->n},
			    (struct str){s->text + wanted->at, wanted->n}))
			return slot;
	}
}

static void grow(struct names *s)
{
	struct names_table was = s->many;

	s->many.cap = was.cap ? was.cap * 2 : (size_t)NAMES_FEW * 4;
	s->many.slots = mem_array(s->many.cap, sizeof *was.slots);
	for (size_t i = 0; i < was.cap; i++) {
		const struct names_slot *slot = &was.slots[i];
		size_t to = slot->hash & (s->many.cap - 1);

		if (!slot->at)
			continue;
		while (s->many.slots[to].at)
			to = (to + 1) & (s->many.cap - 1);
		s->many.slots[to] = *slot;
	}
	free(was.slots);
}

static bool table_add(struct names *s, uint32_t object, uint32_t at, uint32_t n)
{
	struct names_slot one = {.at = at, .n = n, .object = object}, *slot;

	if (!s->many.cap)
		choose_keys(&s->many);
	if (s->many.count >= s->many.cap / 2)
		grow(s);
	one.hash = hash_keyed(&s->many, object, (struct str){s->text + at, n});
	slot = find(s, &one);
	if (slot->at)
		return false;
	*slot = one;
	s->many.count++;
	return true;
}

/* The names gathered at this depth are too many to be compared one by one: they go to the table. */
static bool add_to_many(struct names *s, unsigned depth, struct str inside)
{
	struct names_level *level = &s->level[depth];

	for (; level->count == NAMES_FEW; level->count++)
		for (size_t i = 0; i < NAMES_FEW; i++)
			(void)table_add(s, level->object, s->few[depth][i].at, s->few[depth][i].n);
	return table_add(s, level->object, (uint32_t)(inside.p - s->text), (uint32_t)inside.n);
}

static inline bool append(struct names *s, unsigned depth, struct str inside, uint32_t hash)
{
	struct names_level *level = &s->level[depth];
	struct name *one = &s->few[depth][level->count++];

	level->maybe |= UINT64_C(1) << (hash & 63);
	one->at = (uint32_t)(inside.p - s->text);
	one->n = (uint32_t)inside.n;
	one->hash = hash;
	return true;
}

static bool add_compared(struct names *s, unsigned depth, struct str inside, uint32_t hash)
{
	for (size_t i = 0; i < s->level[depth].count; i++) {
		const struct name *other = &s->few[depth][i];

		if (other->hash == hash &&
			text_same((struct str){s->text + other->at, other->n}, inside))
			return false;
	}
	return append(s, depth, inside, hash);
}

bool names_add_plain(struct names *s, unsigned depth, struct str inside)
{
	uint32_t hash;

	if (s->level[depth].count >= NAMES_FEW)
		return add_to_many(s, depth, inside);
	hash = hash_plain(inside, s->end);
	if (s->level[depth].maybe >> (hash & 63) & 1)
		return add_compared(s, depth, inside, hash);
	return append(s, depth, inside, hash);
}

bool names_add(struct names *s, unsigned depth, struct str inside)
{
	if (s->level[depth].count >= NAMES_FEW)
		return add_to_many(s, depth, inside);
	return add_compared(s, depth, inside, hash_escaped(inside));
}
