/*
 * mcpd_change: what becomes of a program's call of a tool that changes something: a case, planned
 * and parked, for a person. Asking again for what waits, runs, or ended a moment ago (policy's
 * cooldown) tells where that case stands.
 */
#ifndef HL_FLOW_MCPD_CHANGE_H
#define HL_FLOW_MCPD_CHANGE_H

#include <jansson.h>

#include "flow/ground.h"

struct mcpd_change;
struct mcpd_change *mcpd_change_new(void);
void mcpd_change_free(struct mcpd_change *c); /* accepts NULL */

/* The result of tools/call. `client` is the program's name for itself. Given. */
json_t *mcpd_change_propose(struct mcpd_change *c, const struct ground *g, const struct tool *t,
	const json_t *args, const char *client);

/* The same for a case by its id. */
json_t *mcpd_change_told(const struct ground *g, const char *id, int64_t now, struct err *e);

#endif
