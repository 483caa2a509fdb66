/*
 * people: who is believed on a channel, and what they may: the key `people` of policy,
 * hl-channels(5).
 *
 *	people:
 *	  alice:
 *	    known_as: {house: '@alice:lan', phone: 1f3c..., mail: alice@home.example}
 *	    may: {approve: single_node, destroy: true, halt: true}
 *
 * Whoever is not in it is not listened to. An identity is the one that the channel itself vouches
 * for, never a name that a sender can choose.
 */
#ifndef HL_DOC_PEOPLE_H
#define HL_DOC_PEOPLE_H

#include "doc/channels.h"
#include "doc/ladder.h"

struct person {
	const char *name;
	const json_t *known_as; /* {CHANNEL: IDENTITY} */
	int approve;            /* the widest blast radius they may approve; -1: nothing */
	bool destroy;           /* and what destroys */
	bool halt;              /* halt and resume */
};

struct people {
	struct person *list;
	size_t count;
};

/* The node may be absent. To be cleared, also on error. -1: ERR_CONFIG with the place. */
int people_load(
	struct people *p, const struct channels *channels, const struct node *n, struct err *e);
void people_clear(struct people *p);

const struct person *people_find(const struct people *p, const char *name);

/* Who it is that a channel calls so; NULL: nobody that is believed. */
const struct person *people_who(
	const struct people *p, const struct channel *c, const char *identity);

/* NULL: they may approve this solution of a plan; else why not, for a person. Static. */
const char *person_may_not(const struct person *p, const json_t *solution);

#endif
