/*
 * contain: the declaration of what a tool is not let do; hl-toolset(5).
 *
 *	contain: {user: nobody, read_only: true, network: false, private_tmp: true,
 *		memory: 256M, processes: 20, cpu: 10s}
 */
#ifndef HL_DOC_CONTAIN_H
#define HL_DOC_CONTAIN_H

#include "base/contain.h"
#include "json/node.h"

/* Checks a declaration (the value of `contain:`); absent is fine. */
int contain_check(const struct node *declaration, struct err *e);

/* The tool's `contain` gets the members of the toolset's (may be NULL) that it does not say. */
void contain_inherit(json_t *tool, json_t *toolset);

/* What a checked declaration (may be NULL) says; texts are lent by it. */
struct contain contain_read(const json_t *declaration);

#endif
