/*
 * mcpd_offer: which tools of the catalogue hl-mcp offers, and under which names: those of the
 * toolsets that were named (all when none was), that policy lets through, and that this version can
 * run; and one of its own, hl_case, that tells where a case stands.
 */
#ifndef HL_FLOW_MCPD_OFFER_H
#define HL_FLOW_MCPD_OFFER_H

#include <jansson.h>

#include "flow/ground.h"

#define MCPD_CASE "hl_case"

struct mcpd_offer {
	const struct ground *ground;
	const char *const *toolsets;
	size_t n_toolsets; /* 0: all */
};

/* Whether all toolsets that were named are there. */
int mcpd_offer_check(const struct mcpd_offer *o, struct err *e);

/* The tool offered under this name; NULL: none is. */
const struct tool *mcpd_offer_find(const struct mcpd_offer *o, const char *name);

/* A page of tools/list from `at` on, in a stable order. Given. */
json_t *mcpd_offer_page(const struct mcpd_offer *o, size_t at, bool *more);

#endif
