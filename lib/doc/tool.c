#include "doc/tool.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/args.h"
#include "doc/argv.h"
#include "doc/contain.h"
#include "doc/exchange.h"
#include "doc/schema.h"
#include "doc/scope.h"
#include "doc/server.h"
#include "doc/template.h"

#define OUTPUT_MOST ((int64_t)16 << 20)

const char *const output_names[] = {"text", "lines", "json", "jsonl", "pairs", NULL};
static const char *const way_names[] = {"run", "http", "mcp", NULL};

/* Names. */

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t word_length(const char *s)
{
	size_t n = 0;

	while (is_lower(s[n]) || is_digit(s[n]) || s[n] == '_' || s[n] == '-')
		n++;
	return n;
}

bool tool_is_name(const char *name)
{
	size_t n = word_length(name), words = 1;

	if (!is_lower(name[0]) || strlen(name) > 128)
		return false;
	while (name[n] == '.') {
		size_t word = word_length(name + n + 1);

		if (!word)
			return false;
		n += 1 + word;
		words++;
	}
	return name[n] == '\0' && words > 1;
}

bool toolset_is_name(const char *name)
{
	return is_lower(name[0]) && strlen(name) <= 64 && name[word_length(name)] == '\0';
}

/* The parts of a tool. */

static int load_run(struct tool *t, const struct node *n, struct err *e)
{
	struct node run = node_get(n, "run");

	t->run = run.v;
	return argv_check(&run, t->args, e);
}

static int load_mcp(struct tool *t, const struct node *n, const struct node *root, struct err *e)
{
	struct node call = node_get(n, "mcp"), servers = node_get(root, "servers");
	const char *name;

	if (server_check_call(&call, &servers, e))
		return -1;
	name = json_string_value(json_object_get(call.v, "server"));
	t->call = json_copy(call.v);
	json_object_set(t->call, "server", json_object_get(servers.v, name));
	json_object_set_new(t->call, "of", json_string(name));
	return 0;
}

static int load_http(struct tool *t, const struct node *n, const struct node *root, struct err *e)
{
	struct node http = node_get(n, "http"), defaults = node_get(root, "http");

	t->call = exchange_load(&http, &defaults, t->args, t->effect, e);
	return t->call ? 0 : -1;
}

static int load_way(struct tool *t, const struct node *n, const struct node *root, struct err *e)
{
	int ways = 0;

	for (int i = 0; way_names[i]; i++) {
		struct node way = node_get(n, way_names[i]);

		if (!way.v)
			continue;
		if (ways++)
			return node_fail(&way, e, "a tool is done in one way: run, http or mcp");
		t->way = (enum tool_way)i;
	}
	if (!ways)
		return node_fail(n, e, "'run' is missing");
	if (t->way == TOOL_RUN)
		return load_run(t, n, e);
	return t->way == TOOL_HTTP ? load_http(t, n, root, e) : load_mcp(t, n, root, e);
}

static int load_env(struct tool *t, const struct node *n, struct err *e)
{
	struct scope scope = {.args = t->args, .env = true, .secret = true, .needs_value = true};
	struct node env = node_get(n, "env");
	const char *name;
	json_t *v;

	if (node_is_object(&env, e))
		return -1;
	json_object_foreach (env.v, name, v) {
		struct node one = node_get(&env, name);

		if (!scope_is_variable(str_of(name)))
			return node_fail(
				&one, e, "no name for a variable: letters, digits and '_'");
		if (scope_check_text(&one, &scope, e))
			return -1;
	}
	t->env = node_there(&env) ? env.v : NULL;
	return 0;
}

static int load_undo(struct tool *t, const struct node *n, struct err *e)
{
	static const char *const known[] = {"tool", "args", NULL};
	struct scope scope = {.args = t->args};
	struct node undo = node_get(n, "undo"), args = node_get(&undo, "args"),
		    tool = node_get(&undo, "tool");
	const char *name;

	if (!node_there(&undo))
		return 0;
	if (node_known(&undo, known, e) || !(name = node_text(&undo, "tool", NULL, e)))
		return -1;
	if (t->effect == EFFECT_READ)
		return node_fail(&undo, e, "a tool that reads has nothing to undo");
	if (!tool_is_name(name))
		return node_fail(&tool, e, "'%s' is no name of a tool", name);
	if (node_is_object(&args, e) || template_check(&args, scope_check, &scope, e))
		return -1;
	t->undo = undo.v;
	return 0;
}

static int load_ok_status(struct tool *t, const struct node *n, struct err *e)
{
	struct node list = node_get(n, "ok_status");

	if (node_is_array(&list, e))
		return -1;
	for (size_t i = 0; node_there(&list) && i < node_count(&list); i++) {
		struct node one = node_at(&list, i);

		if (!json_is_integer(one.v) || json_integer_value(one.v) < 0 ||
			json_integer_value(one.v) > 255)
			return node_fail(&one, e, "must be an exit status, 0 to 255");
	}
	t->ok_status = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_blast(struct tool *t, const struct node *n, struct err *e)
{
	struct node at = node_get(n, "blast_radius");
	int blast = node_choice(n, "blast_radius", blast_names, BLAST_NONE, e);

	if (e->kind)
		return -1;
	if (t->effect == EFFECT_READ && blast != BLAST_NONE)
		return node_fail(
			&at, e, "a tool that reads breaks nothing: leave it out, or say none");
	if (t->effect != EFFECT_READ && !node_there(&at))
		return node_fail(n, e, "'blast_radius' is missing: how much can this break?");
	t->blast = (enum blast)blast;
	return 0;
}

static int load_contain(struct tool *t, const struct node *n, struct err *e)
{
	struct node contain = node_get(n, "contain");

	if (contain_check(&contain, e))
		return -1;
	contain_inherit(n->v, (json_t *)t->toolset->contain);
	t->contain = json_object_get(n->v, "contain");
	if (t->way == TOOL_HTTP && contain_read(t->contain).no_network)
		return node_fail(n, e, "contain.network is false, and http needs the network");
	return 0;
}

static enum tool_output default_output(const struct tool *t)
{
	if (t->way == TOOL_HTTP)
		return OUTPUT_JSON;
	return t->way == TOOL_MCP ? OUTPUT_OWN : OUTPUT_TEXT;
}

static int load_limits(struct tool *t, const struct node *n, struct err *e)
{
	struct node timeout = node_get(n, "timeout"), most = node_get(n, "output_max");
	struct node cwd = node_get(n, "cwd");
	int64_t bytes = node_integer(n, "output_max", TOOL_OUTPUT, e);

	t->timeout_ms = node_span(n, "timeout", TOOL_TIMEOUT, e);
	t->output = (enum tool_output)node_choice(n, "output", output_names,
		default_output(t), e);
	t->cwd = node_text_or_null(n, "cwd", e);
	if (e->kind)
		return -1;
	if (t->timeout_ms < 1 || t->timeout_ms > WHEN_DAY)
		return node_fail(&timeout, e, "must be more than nothing and at most 24h");
	if (bytes < 1 || bytes > OUTPUT_MOST)
		return node_fail(&most, e, "must be from 1 to %lld bytes", (long long)OUTPUT_MOST);
	if (t->cwd && t->cwd[0] != '/')
		return node_fail(&cwd, e, "must start with '/'");
	t->output_max = (size_t)bytes;
	return 0;
}

static int load_name(struct tool *t, const struct node *n, struct err *e)
{
	struct node at = node_get(n, "name");

	t->name = node_text(n, "name", NULL, e);
	t->description = node_text_or_null(n, "description", e);
	if (e->kind)
		return -1;
	if (!tool_is_name(t->name))
		return node_fail(&at, e,
			"'%s' is no name of a tool: words of a-z, 0-9, _ and - with dots "
			"between, such as disk.usage",
			t->name);
	return 0;
}

/* What it takes: args, or what an MCP server says of it. */
static int load_args(struct tool *t, const struct node *n, struct err *e)
{
	struct node args = node_get(n, "args"), schema = node_get(n, "schema");

	t->args = node_there(&args) ? args.v : NULL;
	t->schema = node_there(&schema) ? schema.v : NULL;
	if (!t->schema)
		return args_check_declaration(&args, e);
	if (t->args)
		return node_fail(&schema, e, "a tool has args or a schema, not both");
	if (!json_object_get(n->v, "mcp"))
		return node_fail(&schema, e, "is for tools of an MCP server: declare args");
	return schema_check_declaration(&schema, e);
}

static int load_tool(struct tool *t, const struct node *n, const struct node *root, struct err *e)
{
	static const char *const known[] = {"name", "description", "effect", "blast_radius", "args",
		"schema",
		"run", "http", "mcp", "cwd", "env", "timeout", "output", "output_max", "ok_status",
		"undo", "guard", "contain", NULL};
	int effect;

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be a tool: name, effect, run");
	if (node_known(n, known, e) || load_name(t, n, e))
		return -1;
	effect = node_choice(n, "effect", effect_names, -1, e);
	if (e->kind || load_args(t, n, e))
		return -1;
	t->effect = (enum effect)effect;
	return load_blast(t, n, e) || load_way(t, n, root, e) || load_env(t, n, e) ||
			       load_limits(t, n, e) || load_ok_status(t, n, e) || load_undo(t, n, e) ||
			       load_contain(t, n, e)
		       ? -1
		       : 0;
}

/* The set. */

static int check_twice(const struct toolset *t, const struct node *list, struct err *e)
{
	const struct tool *last = &t->tools[t->count - 1];

	for (size_t i = 0; i + 1 < t->count; i++) {
		struct node one = node_at(list, t->count - 1), at = node_get(&one, "name");

		if (strcmp(t->tools[i].name, last->name) == 0)
			return node_fail(&at, e, "'%s' is here twice", last->name);
	}
	return 0;
}

static int load_tools(struct toolset *t, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "tools");
	size_t n = node_count(&list);

	if (node_require(root, "tools", e) || node_is_array(&list, e))
		return -1;
	if (n > 1000)
		return node_fail(&list, e, "more than 1000 tools in one set");
	t->tools = mem_array(n + 1, sizeof *t->tools);
	while (t->count < n) {
		struct node one = node_at(&list, t->count);
		struct tool *tool = &t->tools[t->count++];

		tool->toolset = t;
		if (load_tool(tool, &one, root, e) || check_twice(t, &list, e))
			return -1;
	}
	return 0;
}

static int load_toolset(struct toolset *t, const struct node *root, struct err *e)
{
	static const char *const known[] = {
		"toolset", "description", "http", "servers", "guard", "contain", "tools", NULL};
	struct node name = node_get(root, "toolset"), contain = node_get(root, "contain");
	struct node servers = node_get(root, "servers"), http = node_get(root, "http");

	if (!json_is_object(root->v))
		return node_fail(root, e, "must be a toolset: toolset, tools");
	if (node_known(root, known, e))
		return -1;
	t->name = node_text(root, "toolset", NULL, e);
	t->description = node_text_or_null(root, "description", e);
	if (e->kind || contain_check(&contain, e))
		return -1;
	t->contain = node_there(&contain) ? contain.v : NULL;
	if (!toolset_is_name(t->name))
		return node_fail(
			&name, e, "'%s' is no name of a toolset: a-z, 0-9, _ and -", t->name);
	if (exchange_check_defaults(&http, e) || servers_check(&servers, e) ||
		load_tools(t, root, e))
		return -1;
	return guard_load(t, root, e);
}

struct toolset *toolset_take(json_t *tree, const struct source *source, struct err *e)
{
	struct toolset *t = mem_new(sizeof *t);
	struct node root = node_root(tree, source);

	t->tree = tree;
	t->origin = mem_text(source && source->name ? source->name : "toolset");
	if (load_toolset(t, &root, e) == 0)
		return t;
	toolset_free(t);
	return NULL;
}

void toolset_free(struct toolset *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++)
		json_decref(t->tools[i].call);
	json_decref(t->tree);
	free(t->origin);
	free(t->tools);
	free(t);
}

json_t *tool_args(const struct tool *t, const json_t *given, struct err *e)
{
	return t->schema ? schema_check(t->schema, given, e) : args_check(t->args, given, e);
}

json_t *tool_schema(const struct tool *t)
{
	return t->schema ? json_incref((json_t *)t->schema) : args_schema(t->args);
}
