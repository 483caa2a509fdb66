/*
 * expect: what data should look like. A mapping from JSON pointers to conditions, all of which
 * must hold:
 *
 *	/ActiveState: active                      equal (numbers by value)
 *	/used_percent: {"<": 80}                  < <= > >= on numbers, texts that read so
 *	/Result: {"!=": failed}                   == != on any value
 *	/Result: {matches: "^(success|exit-code)$"}    PCRE2, searched for
 *	/text: {contains: "ok"}                   a text in a text, an element in an array
 *	/units: {empty: true}                     an array, object or text with nothing in it
 *	/error: {exists: false}
 *	/state: {in: [active, reloading]}
 *	/x: {not: {contains: y}}
 *
 * Several conditions in one mapping must all hold. Where a number is expected, a text that
 * reads as it is equal. What is absent or null meets `null`, `exists: false` and `not: {exists:
 * true}`, and nothing else: not even `not` and `!=` turn a question without an answer into a
 * yes.
 */
#ifndef HL_DOC_EXPECT_H
#define HL_DOC_EXPECT_H

#include <stdbool.h>

#include "json/node.h"

int expect_check(const struct node *expect, struct err *e); /* is it well-formed? absent is fine */

/*
 * 1: data meets it (NULL expects nothing). 0: not, and `why` (may be NULL) gets "/ActiveState
 * is \"failed\", expected \"active\"". A well-formed expectation cannot fail otherwise.
 */
int expect_holds(const json_t *expect, json_t *data, struct buf *why);

#endif
