/*
 * exchange: a request and what its answer means, as the `http:` of a tool declares it;
 * hl-toolset(5). Three forms, each a JSON object:
 *
 *	declared   the value of `http:`, over that of the toolset
 *	template   the two merged and checked: exchange_load
 *	filled     what hl-http(1) takes: no placeholder but {answer:...} in the URL of `wait`
 */
#ifndef HL_DOC_EXCHANGE_H
#define HL_DOC_EXCHANGE_H

#include "doc/ladder.h"
#include "doc/scope.h"
#include "doc/template.h"

/* Checks the `http:` of a toolset, which may be absent. */
int exchange_check_defaults(const struct node *defaults, struct err *e);

/*
 * The template of a tool: its `http:` over the defaults, which were checked. `args` is its
 * declaration. Given; NULL: ERR_CONFIG at its place.
 */
json_t *exchange_load(const struct node *http, const struct node *defaults, const json_t *args,
	enum effect effect, struct err *e);

/*
 * The filled form. A member that is one placeholder without a value is left out: `lookup` gives
 * NULL and sets no error. So is a member of `tls` whose variable is not set or empty. Given; NULL:
 * the lookup's error, or ERR_DATA.
 */
json_t *exchange_fill(
	const json_t *template, template_lookup_fn *lookup, void *arg, struct err *e);

/*
 * Checks the filled form, which may come from anywhere: its texts are data, not templates. Besides
 * what a tool declares it has effect, output (json or text), timeout_ms and output_max.
 */
int exchange_check_filled(const struct node *filled, struct err *e);

/* The value that "user:password" becomes in the Authorization header. Appends. */
void exchange_put_basic(const json_t *filled, struct buf *into);

#endif
