#include "json/names.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "json/text.h"

/*
 * A name in the table. Objects are numbered from 1 as they come here. When none of them is open any
 * more, all their names are forgotten at once: a slot of an object before the first that counts is
 * free.
 */
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
	s->top = s->levels;
	s->many = (struct names_table){.slots = NULL};
}

void names_clear(struct names *s)
{
	free(s->many.slots);
	s->many.slots = NULL;
}

/*
 * The quick hash, for few names: of the length, the first eight bytes and the last eight. It need
 * not tell all names apart nor resist anybody: at most NAMES_FEW names meet.
 */
static inline uint32_t hash_of(uint64_t first, uint64_t last, size_t n)
{
	uint64_t h = (first + n) * UINT64_C(0x9e3779b97f4a7c15) ^ last;

	return (uint32_t)(h * UINT64_C(0xff51afd7ed558ccd) >> 32);
}

/* The n bytes at p, up to 8, as a little-endian number. */
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
	if (name.n < 8)
		return hash_of(word_at(name.p, name.n, end), 0, name.n);
	return hash_of(word_at(name.p, 8, end), word_at(name.p + name.n - 8, 8, end), name.n);
}

/* The same of a name with escapes. */
static uint32_t hash_escaped(struct str name)
{
	struct text_reader r = text_open(name);
	uint64_t first = 0, last = 0;
	size_t n = 0;

	for (int c; (c = text_next(&r)) >= 0; n++) {
		if (n < 8)
			first |= (uint64_t)c << 8 * n;
		last = last >> 8 | (uint64_t)c << 56;
	}
	return hash_of(first, n < 8 ? 0 : last, n);
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

		if (slot->object < t->first)
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

		if (slot->object < was.first)
			continue;
		while (s->many.slots[to].object)
			to = (to + 1) & (s->many.cap - 1);
		s->many.slots[to] = *slot;
	}
	free(was.slots);
}

static bool table_add(struct names *s, struct str inside)
{
	struct names_slot one = {.at = (uint32_t)(inside.p - s->text),
		.n = (uint32_t)inside.n,
		.object = s->top->object};
	struct names_slot *slot;

	if (s->many.count >= s->many.cap / 2)
		grow(s);
	one.hash = hash_keyed(&s->many, one.object, inside);
	slot = find(s, &one);
	if (slot->object >= s->many.first)
		return false;
	*slot = one;
	s->many.count++;
	return true;
}

/* The names of this object became too many to be compared one by one. */
static void move_to_table(struct names *s)
{
	struct names_level *level = s->top;

	if (!s->many.cap)
		choose_keys(&s->many);
	level->object = ++s->many.objects;
	if (s->many.open++ == 0) {
		s->many.first = level->object;
		s->many.count = 0;
	}
	for (size_t i = 0; i < NAMES_FEW; i++)
		(void)table_add(s, (struct str){level->few[i].p, level->few[i].n});
	level->count = NAMES_FEW + 1;
}

static bool add_to_many(struct names *s, struct str inside)
{
	if (s->top->count == NAMES_FEW)
		move_to_table(s);
	return table_add(s, inside);
}

static inline bool append(struct names_level *level, struct str inside, uint32_t hash)
{
	level->maybe |= UINT64_C(1) << (hash & 63);
	level->few[level->count++] = (struct name){inside.p, (uint32_t)inside.n, hash};
	return true;
}

static bool add_compared(struct names_level *level, struct str inside, uint32_t hash)
{
	for (size_t i = 0; i < level->count; i++) {
		const struct name *other = &level->few[i];

		if (other->hash == hash && text_same((struct str){other->p, other->n}, inside))
			return false;
	}
	return append(level, inside, hash);
}

bool names_add_plain(struct names *s, struct str inside)
{
	uint32_t hash;

	if (s->top->count >= NAMES_FEW)
		return add_to_many(s, inside);
	hash = hash_plain(inside, s->end);
	if (s->top->maybe >> (hash & 63) & 1)
		return add_compared(s->top, inside, hash);
	return append(s->top, inside, hash);
}

bool names_add(struct names *s, struct str inside)
{
	if (s->top->count >= NAMES_FEW)
		return add_to_many(s, inside);
	return add_compared(s->top, inside, hash_escaped(inside));
}
