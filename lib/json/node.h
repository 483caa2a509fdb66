/*
 * node: typed reading of a JSON tree, with errors that name the place.
 *
 * A node is a value and the way to it. Nodes live on the stack and point at their parent, so the
 * parent must outlive the child. The getters take the first error and go on with the fallback,
 * so a loader can read all fields and test the error once.
 *
 *	struct node root = node_root(tree, &source);
 *	const char *id = node_text(&root, "id", NULL, e);   // NULL fallback: must be there
 *	struct node list = node_get(&root, "solutions");
 *	for (size_t i = 0; i < node_count(&list); i++) {
 *		struct node one = node_at(&list, i);
 *
 * Messages: "runbooks/nginx.yaml:12:5: solutions[0].risk: not one of low, medium, high".
 */
#ifndef HL_JSON_NODE_H
#define HL_JSON_NODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "json/place.h"

struct source {
	const char *name;            /* "runbooks/nginx.yaml", "stdin:3" */
	const struct places *places; /* NULL when unknown */
	enum err_kind kind;          /* of its errors: ERR_CONFIG or ERR_DATA */
};

struct node {
	json_t *v; /* lent; NULL when absent */
	const struct node *up;
	const char *key;
	size_t index;
	const struct source *source;
};

struct node node_root(json_t *v, const struct source *source);
struct node node_get(const struct node *object, const char *key); /* absent is fine: v is NULL */
struct node node_at(const struct node *array, size_t index);
size_t node_count(const struct node *n); /* elements of an array, members of an object, else 0 */

static inline bool node_there(const struct node *n)
{
	return n->v && !json_is_null(n->v);
}

/* Reports at the node; -1. */
int node_fail(const struct node *n, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "solutions[0].risk" into buf; "" for the root. */
void node_path(const struct node *n, struct buf *into);

/* Each must have the type, or be absent. -1 with the error set otherwise. */
int node_is_object(const struct node *n, struct err *e);
int node_is_array(const struct node *n, struct err *e);

/* Every member's name is one of `known` (NULL-terminated), else an error with a did-you-mean. */
int node_known(const struct node *object, const char *const *known, struct err *e);

/* The member is there and not null, else "'key' is missing", reported at the object. */
int node_require(const struct node *object, const char *key, struct err *e);

/*
 * Members of an object; null counts as absent. A NULL fallback makes a text required, for the
 * others there is node_require. Lent texts live as long as the tree.
 */
const char *node_text(
	const struct node *object, const char *key, const char *fallback, struct err *e);
const char *node_text_or_null(const struct node *object, const char *key, struct err *e);
bool node_bool(const struct node *object, const char *key, bool fallback, struct err *e);
int64_t node_integer(const struct node *object, const char *key, int64_t fallback, struct err *e);
double node_number(const struct node *object, const char *key, double fallback, struct err *e);
int64_t node_span(
	const struct node *object, const char *key, int64_t fallback, struct err *e); /* "5m" */

/* The index in `names` (NULL-terminated) of a text member; fallback when absent (-1: required). */
int node_choice(const struct node *object, const char *key, const char *const *names, int fallback,
	struct err *e);

/*
 * RFC 6901 JSON pointer into a tree: "/filesystems/0/used_percent", "" is the whole. Lent, NULL
 * when nothing is there.
 */
json_t *pointer_get(json_t *v, const char *pointer);

/*
 * Appends a tree as one line of JSON: members in the order they were added, no blanks, strings
 * escaped only where they must be, real numbers in the fewest of 15 to 17 digits that read back the
 * same.
 */
void json_put(struct buf *into, const json_t *v);

/*
 * The form that digests are made of, caller frees: as json_put, but members sorted by
 * the bytes of their names, and a real number that is whole written as such ("1" for 1.0 and "0"
 * for -0.0).
 */
char *json_canonical(const json_t *v);

#endif
