/*
 * keyword: what one keyword of a JSON Schema (schema.h) asks of a value. keyword_fits asks all that
 * a schema has; those that hold other schemas ask it again.
 *
 * Each returns 0, or -1 with the place and the reason (ERR_DATA). A value that is not of the kind a
 * keyword is about fits it.
 */
#ifndef HL_DOC_KEYWORD_H
#define HL_DOC_KEYWORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "json/node.h"

#define KEYWORD_STEPS 100000 /* schemas looked at for one value, in all */
#define KEYWORD_MATCH 20     /* steps that a pattern is worth: it may take a millisecond */

/* Where a value stands, from the root; on the stack. */
struct keyword_spot {
	const struct keyword_spot *up;
	const char *key; /* NULL: an element */
	size_t index;
};

/* One value being checked, with all that is in it. */
struct keyword_run {
	const json_t *root;
	int depth;
	long steps;
	bool broken; /* it cannot be told; then nothing fits, not even under `not` */
};

/* What a keyword is told: `rule` is its value, `schema` what it stands in. All lent. */
struct keyword {
	struct keyword_run *run;
	const json_t *rule, *schema;
	const json_t *v;
	const struct keyword_spot *at;
};

/* A value against a whole schema. */
int keyword_fits(struct keyword_run *c, const json_t *schema, const json_t *v,
	const struct keyword_spot *at, struct err *e);

/* -1 with "argument 'edits': [0].oldText: " before the reason. */
int keyword_wrong(const struct keyword_spot *at, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* keyword_value.c */
int keyword_type(const struct keyword *k, struct err *e);
int keyword_const(const struct keyword *k, struct err *e);
int keyword_enum(const struct keyword *k, struct err *e);
int keyword_number(const struct keyword *k, struct err *e); /* minimum .. multipleOf */
int keyword_length(const struct keyword *k, struct err *e); /* minLength, maxLength */
int keyword_pattern(const struct keyword *k, struct err *e);

/* n of something against min... and max... . */
int keyword_count(const struct keyword *k, int64_t n, const char *min, const char *max,
	const char *what, struct err *e);

/* 1, 0, or -1, which is noted in the run: the pattern does not compile, or takes too long. */
int keyword_matches(struct keyword_run *c, const char *pattern, struct str text);

/* keyword_inside.c */
int keyword_items(const struct keyword *k, struct err *e); /* and prefixItems */
int keyword_list(const struct keyword *k, struct err *e);  /* minItems, maxItems */
int keyword_contains(const struct keyword *k, struct err *e);
int keyword_unique(const struct keyword *k, struct err *e);
int keyword_required(const struct keyword *k, struct err *e);
int keyword_members(const struct keyword *k, struct err *e); /* properties, and what goes with it */
int keyword_names(const struct keyword *k, struct err *e);
int keyword_dependent(const struct keyword *k, struct err *e);

#endif
