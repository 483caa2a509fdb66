/*
 * secret: text that looks like a password, a token or a private key, so that it does not get into
 * git.
 *
 * Three kinds of rule: tokens with a shape of their own ("ghp_" and 36 letters and digits), texts
 * with a place for a secret (a URL's password, an Authorization header, BEGIN ... PRIVATE KEY), and
 * a name that says so (password, token, api_key, ...) next to a value: "name=value", "name: value",
 * or a member of an object. A bare run of hexadecimal digits is never a secret: hashes, digests and
 * commit ids are the evidence that is to be kept. Values that stand for a secret ("***", "$TOKEN",
 * "<secret:github>") are none.
 *
 * Shapes: gitleaks' rule set and the services' own documentation. One pass, linear in the text.
 */
#ifndef HL_DOC_SECRET_H
#define HL_DOC_SECRET_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/* The rule that finds one, as words for a message ("a GitHub token"), or NULL. Static. */
const char *secret_in_text(struct str text);

/* Whether `value` under this name is one ("a value named 'db_password'" is told by the rule's
 * words), or NULL. */
const char *secret_in_pair(struct str name, struct str value);

/*
 * The same for every name and text of a tree. The place ("context[0].data.env.TOKEN") is appended
 * to `place`; never the secret itself, nor a name that holds one.
 */
const char *secret_in_tree(json_t *tree, struct buf *place);

#endif
