/*
 * scrub_rules: what scrub looks for, from data; hl-scrub(5) has the format.
 */
#ifndef HL_DOC_SCRUB_RULES_H
#define HL_DOC_SCRUB_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/words.h"
#include "doc/scrub_pattern.h"
#include "json/node.h"

/* Classes of bytes. */
enum scrub_class {
	SCRUB_ALNUM,
	SCRUB_WORD,   /* and _ */
	SCRUB_NAME,   /* and _ - */
	SCRUB_DOTTED, /* and _ - . = */
	SCRUB_BASE32, /* A-Z 2-7 */
	SCRUB_BASE64, /* and + / = */
	SCRUB_HEX,
	SCRUB_LOWER, /* a-z 0-9 */
	SCRUB_PATH,  /* alnum and + / */
	SCRUB_NAMED, /* those that a rule can name end here */
	SCRUB_DIGIT = SCRUB_NAMED,
	SCRUB_LOCAL, /* the part of an address before the @ */
	SCRUB_DOMAIN,
	SCRUB_ADDRESS, /* hexadecimal digits, colons, dots */
	SCRUB_VALUE,   /* up to a blank, a quote, or what separates pairs */
	SCRUB_TEXT,    /* alnum and all bytes from 0x80 on: words of any language */
	SCRUB_LINE,    /* all but line ends */
	SCRUB_NO_DIGIT,
	SCRUB_NO_LETTER,
	SCRUB_CLASSES,
};

bool scrub_in(enum scrub_class c, unsigned char byte);

struct scrub_shape {
	const char *begins, *what;
	size_t length; /* of begins */
	enum scrub_class of;
	size_t least;
	bool exact;
};

/* A word that the operator keeps: a host or a person's name, found by its first word. */
struct scrub_word {
	char *text; /* in lower case */
	size_t length;
	int kind;      /* enum scrub_kind */
	uint32_t next; /* with the same first word; TABLE_NONE: none */
};

struct scrub_rules {
	struct scrub_shape *shapes; /* by their first byte */
	size_t n_shapes, cap_shapes;
	size_t first[257]; /* shapes[first[b]..first[b + 1]) begin with byte b */
	struct words passwords, tokens, headers, domains;
	struct scrub_word *words;
	size_t n_words, cap_words;
	struct table by_first; /* the hash of the first word of each */
	struct scrub_pattern *patterns; /* the operator's own: found by hunt.h, not by scrub.h */
	size_t n_patterns;
	struct words allow;     /* texts that are never replaced, in lower case */
	uint32_t classes[256]; /* of each byte, a bit each: scrub_in, once for all */
	json_t **trees;
	size_t n_trees;
};

/* Adds the rules of one document; swallows it. -1: ERR_CONFIG with the place. */
int scrub_rules_take(struct scrub_rules *r, json_t *tree, const struct source *source, struct err *e);

/* A host (SCRUB_HOST) or a person (SCRUB_PERSON); whoever has fewer than 3 bytes is left out. */
void scrub_rules_word(struct scrub_rules *r, int kind, const char *text);
void scrub_rules_domain(struct scrub_rules *r, const char *domain);
void scrub_rules_allow(struct scrub_rules *r, const char *text);

/* {name, pattern, kind}. -1: it is wrong, with the place. */
int scrub_rules_pattern(struct scrub_rules *r, const struct node *n, struct err *e);

bool scrub_rules_allows(const struct scrub_rules *r, struct str text);

/* Once, when all is added and before anything is looked for. */
void scrub_rules_ready(struct scrub_rules *r);
void scrub_rules_clear(struct scrub_rules *r);

/* The word that begins here (text.p[0] begins a word), or NULL. */
const struct scrub_word *scrub_rules_find(const struct scrub_rules *r, struct str text);

#endif
