/*
 * template: text with {names} in it. "{{" and "}}" are literal braces. What is put in is never
 * looked at again: a value that holds braces stays a value.
 *
 * Names: "unit" an argument; "labels.instance", "annotations.summary" from the case's first
 * signal; "env.NAME", "secret.name" (toolsets only); "/json/pointer" into data (rules).
 */
#ifndef HL_DOC_TEMPLATE_H
#define HL_DOC_TEMPLATE_H

#include "base/buf.h"
#include "base/err.h"
#include "json/node.h"

/* Lends the value of a name, or NULL (and may set e). */
typedef const json_t *template_lookup_fn(void *arg, struct str name, struct err *e);

/*
 * 0, or -1: an unknown name, a brace that is not closed, or a value that is neither text,
 * number nor bool.
 */
int template_fill(
	const char *text, template_lookup_fn *lookup, void *arg, struct buf *into, struct err *e);

/* Appends a value as it stands in a text. -1: it is neither text, number nor bool. */
int template_put(const json_t *v, struct str name, struct buf *into, struct err *e);

/* Whether a text is one placeholder and nothing else. */
bool template_alone(const char *text, struct str *name);

/*
 * A copy of a tree with every text filled. A text that is one placeholder and nothing else
 * becomes the value itself, with its type. Caller decrefs; NULL on error.
 */
json_t *template_tree(const json_t *tree, template_lookup_fn *lookup, void *arg, struct err *e);

/*
 * For validation: calls `each` (NULL: whatever the names are, the braces must be right) for every
 * placeholder in a text; -1 from it stops.
 */
typedef int template_each_fn(void *arg, struct str name, struct err *e);
int template_names(const char *text, template_each_fn *each, void *arg, struct err *e);

/* The same for every text in a tree, with the error at its place. */
int template_check(const struct node *n, template_each_fn *each, void *arg, struct err *e);

#endif
