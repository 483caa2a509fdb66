/*
 * fetcher: what an exchange (doc/exchange.h) comes to: the request, its pages, what has to be
 * waited for, and the part of the answer that was asked for. What hl-http(1) does.
 */
#ifndef HL_FLOW_FETCHER_H
#define HL_FLOW_FETCHER_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Appends the result: a line of JSON, or with `output` text the answer as it came. `exchange` was
 * checked (exchange_check_filled). -1: ERR_CASE, the answer is no success; ERR_UNAVAILABLE, none
 * came; ERR_DATA, the request cannot be made. The message holds no query, user or header.
 */
int fetcher_run(const json_t *exchange, struct buf *printed, struct err *e);

#endif
