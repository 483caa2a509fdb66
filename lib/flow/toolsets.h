/*
 * toolsets: the catalogue in force: the installed toolsets, and over them those in tools/ of the ops
 * repo. It is kept in the cache (cached.h), under what identifies the installed files (path, size, inode and
 * times) and the id of the tools tree: so a run that needs one tool of thousands reads one toolset.
 * Without a state directory nothing is kept.
 */
#ifndef HL_FLOW_TOOLSETS_H
#define HL_FLOW_TOOLSETS_H

#include "flow/ops.h"

/* A catalogue of one's own, to add to; o NULL: of the installed toolsets alone. Given. */
struct catalogue *toolsets_load(struct ops *o, struct err *e);

#endif
