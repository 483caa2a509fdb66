/*
 * mcpd_shelf: what hl-mcp lets a program read: the ops repo's runbooks, docs, inventory and
 * decisions as they are committed, the cases that wait, and the goals as prompts.
 *
 * What looks like a secret is not shown, as hl-record does not record it: the whole text is
 * withheld, because the rest of it may hold the other half.
 */
#ifndef HL_FLOW_MCPD_SHELF_H
#define HL_FLOW_MCPD_SHELF_H

#include "flow/ground.h"
#include "wire/mcp_serve.h"

/* Results of resources/list, resources/templates/list, resources/read; NULL with the fault. */
json_t *mcpd_shelf_list(const struct ground *g, const json_t *params, struct mcp_fault *f);
json_t *mcpd_shelf_templates(void);
json_t *mcpd_shelf_read(
	const struct ground *g, const json_t *params, enum mcp_era era, struct mcp_fault *f);

/* Results of prompts/list and prompts/get. */
json_t *mcpd_shelf_prompts(const struct ground *g, const json_t *params, struct mcp_fault *f);
json_t *mcpd_shelf_prompt(const struct ground *g, const json_t *params, struct mcp_fault *f);

#endif
