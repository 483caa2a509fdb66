/*
 * scrub: finds secrets and personal data in text, so that they do not leave the house.
 *
 * What is looked for is data: the shapes and names of hl-scrub(5), and the words that an operator
 * keeps (hosts, persons). What needs arithmetic has a form of its own (scrub_form.h).
 *
 *	struct scrub_scan s = scrub_open(rules, text, SCRUB_ALL);
 *	while (scrub_next(&s, &span)) ... text.p + span.at, span.n, span.kind ...
 *
 * Spans come in order and do not overlap. The time is linear in the text, whatever it holds: each
 * byte is looked at by a bounded number of rules, and how far a run of one class of bytes goes is
 * remembered (as no run ends twice, all of them together cost one pass).
 *
 * Any bytes are text; what is not UTF-8 is not made better or worse.
 */
#ifndef HL_DOC_SCRUB_H
#define HL_DOC_SCRUB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "doc/scrub_rules.h"

enum scrub_kind {
	SCRUB_SECRET,
	SCRUB_IP,
	SCRUB_MAC,
	SCRUB_EMAIL,
	SCRUB_PHONE,
	SCRUB_CARD,
	SCRUB_IBAN,
	SCRUB_HOST,
	SCRUB_PERSON,
	SCRUB_USER,
	SCRUB_LITERAL, /* what looks like a placeholder; always found */
	SCRUB_KINDS,
};
#define SCRUB_ALL     ((1u << SCRUB_KINDS) - 1)
#define SCRUB_SECRETS ((1u << SCRUB_SECRET) | (1u << SCRUB_LITERAL))

extern const char *const scrub_kind_names[]; /* "SECRET", ...; NULL-terminated */

struct scrub_span {
	size_t at, n;
	enum scrub_kind kind;
	const char *what; /* for a person: "a GitHub token"; lent by the rules */
};

struct scrub_scan {
	const struct scrub_rules *rules;
	struct str text;
	size_t at;
	unsigned kinds; /* bits */
	struct {
		size_t from, to;
	} run[SCRUB_CLASSES]; /* the last that was measured of each class */
};

/* Rules and text are lent. */
struct scrub_scan scrub_open(const struct scrub_rules *rules, struct str text, unsigned kinds);
bool scrub_next(struct scrub_scan *s, struct scrub_span *span);

/* Whether a value beside this name is a secret, as a member of an object is: what, or NULL. */
const char *scrub_pair(const struct scrub_rules *rules, struct str name, struct str value);

#endif
