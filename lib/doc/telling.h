/*
 * telling: whether a name says that the value beside it is a secret, and whether the value can be
 * one. "DB_PASSWORD", "db-password" and "dbPassword" are one name; how it ends decides, so that
 * "token_count", "secret_name" and "key_id" say nothing.
 *
 * What people and scrubbers put where a secret was ("***", "$TOKEN", "<secret:github>"), or where
 * one is filled in, is none.
 */
#ifndef HL_DOC_TELLING_H
#define HL_DOC_TELLING_H

#include <stdbool.h>

#include "base/str.h"

enum telling { TELLS_NOTHING, TELLS_TOKEN, TELLS_PASSWORD };

/* The endings of names, NULL-terminated, in lower case without what joins words. */
struct telling_names {
	const char *const *passwords, *const *tokens;
};

enum telling telling_of(const struct telling_names *names, struct str name);

/*
 * What the value is, in words for a message, or NULL. `prose`: it stands behind a colon and without
 * quotes, where a word may follow that is none. `both`: it has letters and digits, which no word of
 * prose has.
 */
const char *telling_judge(enum telling t, struct str value, bool prose, bool both);

bool telling_has_both(struct str value);

bool telling_is_placeholder(struct str value);

#endif
