/* hl-mcp: offers the catalogue to programs, over MCP; hl-mcp(1). */
#include "base/msg.h"
#include "base/prog.h"
#include "edge/state.h"
#include "flow/mcpd_http.h"
#include "flow/mcpd_stdio.h"

static struct {
	const char *listen, *token;
	struct opt_list toolsets;
} option;

static const struct opt options[] = {
	{'l', "listen", "[ADDRESS:]PORT", "serve HTTP there instead of standard input", OPT_TEXT,
		&option.listen},
	{'t', "toolset", "NAME", "offer only this toolset; again for more", OPT_LIST,
		&option.toolsets},
	{0, "token", "NAME", "with --listen: the secret that callers must give", OPT_TEXT,
		&option.token},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-mcp",
	.purpose = "offer the catalogue to programs, over the Model Context Protocol",
	.synopsis = "",
	.options = options,
	.see = "hl-mcp(1), hl-policy(5), hl-ask(1)",
};

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	struct mcpd_address address;
	struct mcpd_server *s = NULL;

	if (first < argc)
		return prog_usage("hl-mcp takes no operands, but '%s' is one", argv[first]);
	if (option.token && !option.listen)
		return prog_usage("--token goes with --listen");
	if (option.listen && mcpd_address_read(option.listen, &address, &e))
		return prog_usage("--listen: %s", e.text);
	s = mcpd_server_new(option.toolsets.items, option.toolsets.count, &e);
	if (s && option.listen)
		mcpd_http_serve(s, &address, option.token, &e);
	else if (s)
		mcpd_stdio_serve(s, &e);
	mcpd_server_free(s);
	free(option.toolsets.items);
	return prog_end(&e);
}
