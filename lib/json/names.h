/*
 * names: the member names seen so far in each object that is open during a scan, to find one that
 * comes twice. Names are compared decoded.
 *
 * An object of up to NAMES_FEW members needs no memory but what is here. The names of a larger one
 * move to a hash table, under a hash that is keyed afresh for each scan, so that no choice of names
 * makes the search slow.
 */
#ifndef HL_JSON_NAMES_H
#define HL_JSON_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define NAMES_FEW   32
#define NAMES_DEPTH 128

struct name {
	const char *p; /* its inside in the text */
	uint32_t n;
	uint32_t hash;
};

struct names_level {
	uint64_t maybe; /* bit (hash & 63) of each name */
	uint32_t count;
	uint32_t object; /* its number in the table */
	struct name few[NAMES_FEW];
};

struct names_table {
	struct names_slot *slots;
	size_t count, cap;
	uint64_t key[2];
	uint32_t objects; /* that came here, so far */
	uint32_t open;    /* of them, those that are open still */
	uint32_t first;   /* the names of those before it are forgotten */
};

struct names {
	const char *text, *end;
	struct names_level *top; /* of the innermost open object */
	struct names_level levels[NAMES_DEPTH + 1];
	struct names_table many;
};

/* Large, and only what is used is ever set: reset it for each text of at most 4 GiB, clear it
 * after. */
void names_reset(struct names *s, struct str text);
void names_clear(struct names *s);

/* An object begins; at most NAMES_DEPTH are open at once. */
static inline void names_open(struct names *s)
{
	s->top++;
	s->top->maybe = 0;
	s->top->count = 0;
}

static inline void names_close(struct names *s)
{
	s->many.open -= s->top->count > NAMES_FEW;
	s->top--;
}

/*
 * Adds the name of a member to the innermost object, one without escapes or any; false when the
 * object has it already.
 */
bool names_add_plain(struct names *s, struct str inside);
bool names_add(struct names *s, struct str inside);

#endif
