/*
 * generator: the expression behind an alert, from its generator URL. Prometheus (util/strutil)
 * links to "/graph?g0.expr=EXPR&g0.tab=1" with the
 * expression percent-encoded and blanks as '+'; newer ones to "/query?g0.expr=...".
 */
#ifndef HL_DOC_GENERATOR_H
#define HL_DOC_GENERATOR_H

#include "base/buf.h"

/* Appends the decoded expression; nothing where the URL has none. */
void generator_expr(struct str url, struct buf *into);

#endif
