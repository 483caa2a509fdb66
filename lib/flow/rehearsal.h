/*
 * rehearsal: what hl-apply would do, said on standard error, command by command. Only the
 * pre-flight checks are run; nothing is written.
 */
#ifndef HL_FLOW_REHEARSAL_H
#define HL_FLOW_REHEARSAL_H

#include "flow/applier.h"

/* -1: it would be refused (ERR_DENIED), or that could not be found out. */
int rehearsal_show(const struct applier *a, const json_t *whole_case, struct err *e);

/*
 * Appends the tool's argv with these arguments, as one would type it in a shell, or its request, or
 * its call of an MCP server. What it takes from the environment and from secrets stays
 * "{env.NAME}" and "{secret.NAME}".
 */
int rehearsal_command(const struct tool *t, const json_t *args, struct buf *into, struct err *e);

#endif
