#include "flow/mcpd_offer.h"

#include <string.h>

#include "base/mem.h"
#include "wire/mcp_serve.h"

static bool is_named(const struct mcpd_offer *o, const char *toolset)
{
	for (size_t i = 0; i < o->n_toolsets; i++)
		if (strcmp(o->toolsets[i], toolset) == 0)
			return true;
	return !o->n_toolsets;
}

static bool is_offered(const struct mcpd_offer *o, const struct tool *t)
{
	return is_named(o, t->toolset->name) && policy_offers(o->ground->policy, t->name);
}

int mcpd_offer_check(const struct mcpd_offer *o, struct err *e)
{
	const struct catalogue *c = o->ground->catalogue;
	const char **names = mem_array(catalogue_count(c) + 1, sizeof *names), *near;
	size_t n = catalogue_count(c);

	for (size_t i = 0; i < n; i++)
		names[i] = catalogue_at(c, i)->toolset->name;
	for (size_t k = 0; k < o->n_toolsets && !e->kind; k++) {
		size_t i = 0;

		while (i < n && strcmp(names[i], o->toolsets[k]) != 0)
			i++;
		if (i < n)
			continue;
		near = str_nearest(o->toolsets[k], names);
		err_set(e, ERR_USAGE, "no toolset '%s'%s%s%s", o->toolsets[k],
			near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	free(names);
	return e->kind ? -1 : 0;
}

/* With '_' for '.', unless that could mean another. */
static void put_name(const struct mcpd_offer *o, const struct tool *t, struct buf *into)
{
	mcp_serve_name(into, t->name);
	if (catalogue_find(o->ground->catalogue, buf_text(into)) == t &&
		strcmp(buf_text(into), MCPD_CASE) != 0)
		return;
	buf_reset(into);
	buf_puts(into, t->name);
}

const struct tool *mcpd_offer_find(const struct mcpd_offer *o, const char *name)
{
	const struct tool *t = catalogue_find(o->ground->catalogue, name);

	return t && is_offered(o, t) ? t : NULL;
}

static json_t *case_tool(void)
{
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:{s:{s:s, s:s}}, s:[s], s:b}, s:{s:b, s:b}, "
			 "s:{s:s, s:{s:{s:s}, s:{s:s}}, s:[s,s]}}",
		"name", MCPD_CASE, "title", "Where a case stands", "description",
		"Where a case stands that was opened for a change: waiting for a person, running, "
		"done with its outcome, or answered with no.",
		"inputSchema", "type", "object", "properties", "case", "type", "string",
		"description", "the id of the case", "required", "case", "additionalProperties", 0,
		"annotations", "readOnlyHint", 1, "openWorldHint", 0, "outputSchema", "type",
		"object", "properties", "case", "type", "string", "state", "type", "string",
		"required", "case", "state");
}

static json_t *declaration(const struct mcpd_offer *o, const struct tool *t)
{
	struct buf name = BUF_INIT(1024);
	json_t *one;

	put_name(o, t, &name);
	one = mcp_serve_tool(t, buf_text(&name));
	buf_clear(&name);
	return one;
}

json_t *mcpd_offer_page(const struct mcpd_offer *o, size_t at, bool *more)
{
	const struct catalogue *c = o->ground->catalogue;
	json_t *page = json_array();
	size_t seen = 1; /* hl_case is the first */

	*more = false;
	if (at == 0)
		json_array_append_new(page, case_tool());
	for (size_t i = 0; i < catalogue_count(c) && !*more; i++) {
		const struct tool *t = catalogue_at(c, i);

		if (!is_offered(o, t) || seen++ < at)
			continue;
		if (json_array_size(page) == MCP_PAGE)
			*more = true;
		else
			json_array_append_new(page, declaration(o, t));
	}
	return page;
}
