/*
 * url: a URL put together from a template, so that a value stays the one part that it stands in;
 * RFC 3986. The scheme, host and port come from the declaration and the environment, never from an
 * argument.
 */
#ifndef HL_DOC_URL_H
#define HL_DOC_URL_H

#include "base/buf.h"
#include "doc/scope.h"
#include "doc/template.h"

#define URL_MAX 16384 /* bytes */

/* Percent-encodes all but letters, digits, '-', '.', '_' and '~'. */
void url_put_part(struct buf *into, struct str value);

/* Adds "?name=value", or "&name=value" behind a query. */
void url_put_query(struct buf *url, struct str name, struct str value);

/* Without the query, the fragment and a user: what may be shown. */
void url_put_shown(struct buf *into, const char *url);

/*
 * A template of a URL: "/path" (when there is a base), or absolute, starting with http://, https://
 * or {env.NAME}. Arguments of `scope` may stand from the path on.
 */
int url_check(const struct node *n, const struct scope *scope, bool has_base, struct err *e);

/*
 * Appends the URL; values that stand in the path or the query are percent-encoded. -1: ERR_DATA,
 * also for a value that would climb in the path: "", ".", ".." alone or between slashes.
 * {answer:...} is left as it is unless the lookup gives it a value.
 */
int url_fill(
	const char *template, template_lookup_fn *lookup, void *arg, struct buf *into, struct err *e);

#endif
