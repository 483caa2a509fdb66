/*
 * placeholders: what stands for what in one conversation: "<IP_1>" for an address that the other
 * side does not learn. The same text gets the same placeholder; what looks like a placeholder in
 * the text itself gets one, too, so that everything comes back as it was, byte for byte.
 *
 * Never print one of these, nor put it in a prompt: it holds what was to be hidden.
 */
#ifndef HL_DOC_PLACEHOLDERS_H
#define HL_DOC_PLACEHOLDERS_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "doc/scrub.h"

struct placeholder {
	enum scrub_kind kind;
	unsigned number;
	char *text;
	size_t length;
	bool raw; /* the inside of a JSON string that was escaped in a way of its own */
};

struct placeholders {
	struct placeholder *all;
	size_t count, cap;
	unsigned last[SCRUB_KINDS]; /* the number given last */
	struct table by_text, by_name;
};

void placeholders_clear(struct placeholders *p);

/* Appends the placeholder of a text. */
void placeholders_put(
	struct placeholders *p, enum scrub_kind kind, struct str text, struct buf *into);

/* Appends `text` with placeholders in it. How many it put there. */
size_t placeholders_hide(struct placeholders *p, const struct scrub_rules *rules, unsigned kinds,
	struct str text, struct buf *into);

/*
 * The same for the text of one JSON value, which was validated (json/scan.h): what its strings
 * hold is looked at decoded, a string beside a telling name is hidden whole, and every other byte
 * stays.
 */
size_t placeholders_hide_json(struct placeholders *p, const struct scrub_rules *rules,
	unsigned kinds, struct str json, struct buf *into);

/* The same for a tree: names and texts. Given. */
json_t *placeholders_hide_tree(struct placeholders *p, const struct scrub_rules *rules,
	unsigned kinds, const json_t *tree);

/*
 * Appends `text` with what was hidden; a placeholder that nobody gave out stays. In JSON, the
 * inside of a string is put back as JSON. `secrets` false leaves those of secrets: for what goes
 * to a person's eyes or a tool.
 */
void placeholders_restore(
	const struct placeholders *p, struct str text, bool json, bool secrets, struct buf *into);
json_t *placeholders_restore_tree(const struct placeholders *p, const json_t *tree, bool secrets);

/* {"<IP_1>": "10.0.0.5"}; bytes that are no text as {"hex": ".."}, raw ones as {"raw": ".."}. */
json_t *placeholders_json(const struct placeholders *p);
int placeholders_take_json(struct placeholders *p, const struct node *map, struct err *e);

#endif
