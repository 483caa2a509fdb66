/* hl-mcp-call: calls a tool of an MCP server: a filter, and by hand. */
#include <signal.h>
#include <sys/signalfd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/prog.h"
#include "base/when.h"
#include "doc/schema.h"
#include "doc/tool.h"
#include "flow/mcp_call.h"
#include "json/node.h"
#include "wire/mcp.h"

#define REQUEST_MOST ((size_t)16 << 20)
#define TIMEOUT_MOST (400 * (int64_t)WHEN_DAY)

static struct {
	bool json;
	const char *args;
	int64_t timeout_ms;
} option = {.timeout_ms = 60000};

static const struct opt options[] = {
	{'j', "json", NULL, "list: the server's own declarations, one a line", OPT_FLAG,
		&option.json},
	{'a', "args", "JSON", "call: the arguments as a JSON object", OPT_TEXT, &option.args},
	{0, "timeout", "SPAN", "for all that is done (60s)", OPT_SPAN, &option.timeout_ms},
	OPT_END,
};

static const struct prog program = {
	.name = "hl-mcp-call",
	.purpose = "call a tool of an MCP server",
	.synopsis = "<REQUEST\nlist SERVER ...\ncall TOOL [KEY=VALUE ...] SERVER ...\n"
		    "import NAME SERVER ...",
	.options = options,
	.verbs = "list call import",
	.more = "SERVER is a URL, or '--' and a command with its arguments.\n",
	.see = "hl-mcp-call(1), hl-toolset(5)",
};

static void say_note(void *arg, struct str text)
{
	(void)arg;
	msg_why("%.*s", STR_ARG(text));
}

/* SIGTERM and SIGINT end what we started first. -1 when the kernel has none. */
static int stop_descriptor(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static struct mcp_terms terms_for(int64_t timeout_ms, const json_t *server)
{
	return (struct mcp_terms){.until = when_tick() + timeout_ms,
		.stop = json_object_get(server, "run") ? stop_descriptor() : -1,
		.note = say_note};
}

static int print(const json_t *v, struct err *e)
{
	struct buf line = BUF_INIT(BUF_RECORD * 4);

	json_put(&line, v);
	if (line.full)
		err_set(e, ERR_DATA, "the answer is larger than %zu bytes", line.max);
	else
		puts(buf_text(&line));
	buf_clear(&line);
	return e->kind ? -1 : 0;
}

/* --- as a filter --- */

static int filter(struct err *e)
{
	struct buf text = BUF_INIT(REQUEST_MOST);
	json_t *request = NULL, *data = NULL;
	struct mcp_terms terms;
	int64_t span;

	if (file_read("/dev/stdin", &text, e) || !(request = rpc_parse(buf_str(&text), e))) {
		err_prefix(e, "stdin: ");
		goto out;
	}
	span = json_integer_value(json_object_get(request, "timeout_ms"));
	terms = terms_for(
		span > 0 && span < TIMEOUT_MOST ? span : option.timeout_ms,
		json_object_get(request, "server"));
	data = mcp_call(request, &terms, e);
	if (data)
		print(data, e);
out:
	json_decref(data);
	json_decref(request);
	buf_clear(&text);
	return e->kind ? -1 : 0;
}

/* --- by hand --- */

static json_t *server_of(int argc, char **argv)
{
	json_t *server = json_object(), *run;
	char here[4096];

	if (argc == 1 && (strncmp(argv[0], "http://", 7) == 0 ||
				 strncmp(argv[0], "https://", 8) == 0)) {
		json_object_set_new(server, "url", json_string(argv[0]));
		return server;
	}
	run = json_array();
	for (int i = 0; i < argc; i++)
		json_array_append_new(run, json_string(argv[i]));
	json_object_set_new(server, "run", run);
	if (getcwd(here, sizeof here))
		json_object_set_new(server, "cwd", json_string(here));
	return server;
}

static void print_tool(const json_t *tool)
{
	const char *name = json_string_value(json_object_get(tool, "name"));
	const char *text = json_string_value(json_object_get(tool, "description"));
	size_t n = text ? strcspn(text, "\r\n") : 0;
	struct buf line = BUF_INIT(BUF_RECORD);

	msg_safe(&line, str_of(name), false);
	buf_puts(&line, "  ");
	msg_safe(&line, (struct str){text, n}, false);
	puts(buf_text(&line));
	buf_clear(&line);
}

static int list(const json_t *tools, struct err *e)
{
	size_t i;
	json_t *one;

	json_array_foreach (tools, i, one)
		if (option.json)
			print(one, e);
		else
			print_tool(one);
	return e->kind ? -1 : 0;
}

static int import(const char *name, const json_t *server, const json_t *tools, struct err *e)
{
	struct buf text = BUF_INIT(BUF_RECORD);

	mcp_toolset(name, server, tools, &text);
	if (text.full)
		err_set(e, ERR_DATA, "the tools of this server are larger than a toolset may be");
	else
		fputs(buf_text(&text), stdout);
	buf_clear(&text);
	return e->kind ? -1 : 0;
}

/* list and import. `name` is that of the toolset, or NULL. */
static int with_tools(const char *name, int argc, char **argv, struct err *e)
{
	json_t *server = server_of(argc, argv), *tools = NULL;
	struct mcp_terms terms = terms_for(option.timeout_ms, server);
	struct mcp_session *s = NULL;

	if (name && !toolset_is_name(name))
		err_set(e, ERR_USAGE, "'%s' is no name of a toolset: a-z, 0-9, _ and -", name);
	else
		s = mcp_session_open(server, &terms, e);
	if (s) {
		msg_why("revision %s", mcp_session_version(s));
		tools = mcp_session_tools(s, e);
	}
	mcp_session_free(s);
	if (tools && name)
		import(name, server, tools, e);
	else if (tools)
		list(tools, e);
	json_decref(tools);
	json_decref(server);
	return e->kind ? -1 : 0;
}

/* KEY=VALUE words over --args; how many words were taken, -1. */
static int read_args(int argc, char **argv, json_t **args, struct err *e)
{
	int n = 0;

	*args = option.args ? json_loads(option.args, JSON_REJECT_DUPLICATES, NULL) : json_object();
	if (!json_is_object(*args))
		return err_set(e, ERR_USAGE, "--args takes a JSON object such as '{\"n\": 5}'");
	for (; n < argc && strchr(argv[n], '=') && !strstr(argv[n], "://"); n++) {
		char *equals = strchr(argv[n], '=');
		char *key = mem_copy(argv[n], (size_t)(equals - argv[n]));
		int rc = json_object_set_new(*args, key, json_string(equals + 1));

		free(key);
		if (rc)
			return err_set(e, ERR_USAGE, "'%s' is not UTF-8", argv[n]);
	}
	return n;
}

static int call_one(struct mcp_session *s, const char *name, const json_t *given, struct err *e)
{
	json_t *tool = mcp_session_find(s, name, e), *args = NULL, *result = NULL, *data;

	if (tool)
		args = schema_check(json_object_get(tool, "inputSchema"), given, e);
	if (args)
		result = mcp_session_call(s, tool, args, e);
	if (result) {
		data = mcp_data(result);
		print(data, e);
		json_decref(data);
	}
	json_decref(result);
	json_decref(args);
	json_decref(tool);
	return e->kind ? -1 : 0;
}

static int call(const char *name, int argc, char **argv, struct err *e)
{
	json_t *args = NULL, *server = NULL;
	struct mcp_session *s = NULL;
	struct mcp_terms terms;
	int n = read_args(argc, argv, &args, e);

	if (n >= 0 && n == argc)
		err_set(e, ERR_USAGE, "which server? a URL, or '--' and a command");
	if (!e->kind) {
		server = server_of(argc - n, argv + n);
		terms = terms_for(option.timeout_ms, server);
		s = mcp_session_open(server, &terms, e);
	}
	if (s)
		call_one(s, name, args, e);
	mcp_session_free(s);
	json_decref(server);
	json_decref(args);
	return e->kind ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	const char *verb = first < argc ? argv[first++] : "";
	int n = argc - first;

	if (!*verb)
		filter(&e);
	else if (strcmp(verb, "list") == 0 && n)
		with_tools(NULL, n, argv + first, &e);
	else if (strcmp(verb, "call") == 0 && n > 1)
		call(argv[first], n - 1, argv + first + 1, &e);
	else if (strcmp(verb, "import") == 0 && n > 1)
		with_tools(argv[first], n - 1, argv + first + 1, &e);
	else
		return prog_usage("wrong operands: list SERVER, call TOOL [KEY=VALUE ...] SERVER, "
				  "import NAME SERVER");
	return prog_end(&e);
}
