/*
 * passage: what is private in a text that is more than text: scrub.h finds what stands there as it
 * is; here also what stands in JSON values anywhere in it, behind escapes and in base64
 * (disguise.h), and those in each other, to a bounded depth.
 *
 *	struct passage p = {.rules = rules, .kinds = SCRUB_ALL};
 *	passage_look(&p, text);
 *	... p.spans[0..p.count) in order, none within another ...
 *	passage_clear(&p);
 *
 * In JSON a text beside a telling name is private as a whole. The time is linear in the text, by a
 * factor that is bounded by the depth.
 */
#ifndef HL_DOC_PASSAGE_H
#define HL_DOC_PASSAGE_H

#include "doc/scrub.h"
#include "json/scan.h"

struct passage_span {
	size_t at, n;
	enum scrub_kind kind;
	bool bare;  /* a JSON value that is no string: what replaces it needs quotes */
	char *text; /* what it says, undisguised; `length` bytes; NULL: what stands there */
	size_t length;
};

struct passage {
	const struct scrub_rules *rules;
	unsigned kinds;
	/* Objects in JSON for which this is true are passed over; may be NULL. */
	bool (*own)(void *arg, struct scan_value object);
	void *arg;
	struct passage_span *spans;
	size_t count, cap;
	struct {
		size_t at, n;
	} *owned; /* what was passed over, in order */
	size_t n_owned, cap_owned;
};

/* Fills in spans and owned. */
void passage_look(struct passage *p, struct str text);

/* The same for the text of one JSON value: only the insides of strings, and whole values. */
void passage_look_json(struct passage *p, struct str json);

/* Releases spans and owned; the rest stays. */
void passage_clear(struct passage *p);

#endif
