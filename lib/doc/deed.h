/*
 * deed: what a step of a workflow does, as it is written in a workflow or in the table of types,
 * before anything is filled in; hl-workflow(5). One of
 *
 *	{tool: NAME, args: {..}}
 *	{check: {tool: NAME, args: {..}, expect: {..}, within: 1m, title: ..}}
 *	{human: {title: .., ask: .., details: {..}, within: 14d}}     or {human: "what to do"}
 *	{write: {path: docs/x.md, text | append: .., message: ..}}
 *	{commit: {message: .., paths: [..], text | append: ..}}
 */
#ifndef HL_DOC_DEED_H
#define HL_DOC_DEED_H

#include <jansson.h>

#include "doc/template.h"

/*
 * Reads the deed in `n`, which may also have the members `id` and `needs`; `id` names the step.
 * `each` is called for every placeholder. A new object with the members of a step of a plan, as
 * templates; NULL: ERR_CONFIG with the place.
 */
json_t *deed_load(
	const struct node *n, const char *id, template_each_fn *each, void *arg, struct err *e);

/* Filled in: what a step of a plan has but undo and digests. Given; NULL on error. */
json_t *deed_fill(const json_t *deed, template_lookup_fn *lookup, void *arg, struct err *e);

#endif
