/* hl-tool: shows the catalogue, runs a tool that only looks, checks a toolset. */
#include <fnmatch.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "base/when.h"
#include "doc/argv.h"
#include "doc/given.h"
#include "edge/state.h"
#include "edge/yaml.h"
#include "flow/ground.h"
#include "flow/runner.h"
#include "json/stream.h"

#define TOOLSET_MAX ((size_t)1 << 20)

static struct {
	bool json;
	const char *args;
	int64_t deadline_ms;
} option;

static const struct opt options[] = {
	{'j', "json", NULL, "list, describe: JSON lines", OPT_FLAG, &option.json},
	{'a', "args", "JSON", "run: the arguments as a JSON object", OPT_TEXT, &option.args},
	{0, "deadline", "SPAN", "run: give up sooner than the tool says", OPT_SPAN,
		&option.deadline_ms},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-tool",
	.purpose = "show the catalogue, run a tool that only looks",
	.synopsis = "list [PATTERN]\ndescribe NAME\nrun NAME [KEY=VALUE ...]\ncheck FILE ...\n"
		    "import NAME SERVER ...",
	.options = options,
	.verbs = "list describe run check import",
	.see = "hl-tool(1), hl-toolset(5), hl-apply(1)",
};

static void put_safe(struct buf *into, const char *text)
{
	msg_safe(into, str_of(text ? text : ""), false);
}

static const char *effect_of(const struct tool *t)
{
	return effect_names[t->effect];
}

static json_t *as_json(const struct tool *t)
{
	json_t *o = json_object(), *run = t->run ? json_deep_copy(t->run) : json_null();

	json_object_set_new(o, "name", json_string(t->name));
	json_object_set_new(o, "toolset", json_string(t->toolset->name));
	json_object_set_new(o, "origin", json_string(t->toolset->origin));
	json_object_set_new(
		o, "description", t->description ? json_string(t->description) : json_null());
	json_object_set_new(o, "effect", json_string(effect_of(t)));
	json_object_set_new(o, "blast_radius", json_string(blast_names[t->blast]));
	json_object_set_new(o, "args", tool_schema(t));
	json_object_set_new(o, "run", run);
	if (t->call)
		json_object_set(o, t->way == TOOL_HTTP ? "http" : "mcp", t->call);
	json_object_set_new(o, "timeout_ms", json_integer(t->timeout_ms));
	json_object_set_new(o, "undo", t->undo ? json_deep_copy(t->undo) : json_null());
	json_object_set_new(o, "guard", t->guard.tool ? json_string(t->guard.tool) : json_null());
	json_object_set_new(o, "contain", t->contain ? json_deep_copy(t->contain) : json_null());
	return o;
}

static int print_json(const struct tool *t, struct err *e)
{
	json_t *o = as_json(t);
	struct buf line = BUF_INIT(BUF_RECORD);

	json_put(&line, o);
	if (line.full)
		err_set(e, ERR_DATA, "'%s' is too long for a record", t->name);
	else
		puts(buf_text(&line));
	buf_clear(&line);
	json_decref(o);
	return e->kind ? -1 : 0;
}

static bool is_wanted(const struct tool *t, const char *pattern)
{
	return !pattern || fnmatch(pattern, t->name, 0) == 0 || strstr(t->name, pattern);
}

static int list(const struct catalogue *c, const char *pattern, struct err *e)
{
	struct buf line = BUF_INIT(BUF_RECORD);
	size_t width = 0;

	for (size_t i = 0; i < catalogue_count(c); i++)
		if (strlen(catalogue_at(c, i)->name) > width &&
			is_wanted(catalogue_at(c, i), pattern))
			width = strlen(catalogue_at(c, i)->name);
	if (!width)
		msg_say("no tool is named like '%s'; what is not committed in the ops repo is not "
			"in force",
			pattern ? pattern : "");
	for (size_t i = 0; i < catalogue_count(c) && !e->kind; i++) {
		const struct tool *t = catalogue_at(c, i);

		if (!is_wanted(t, pattern))
			continue;
		if (option.json) {
			print_json(t, e);
			continue;
		}
		buf_reset(&line);
		buf_putf(&line, "%-*s  %-7s  ", (int)width, t->name, effect_of(t));
		put_safe(&line, t->description);
		puts(buf_text(&line));
	}
	buf_clear(&line);
	return e->kind ? -1 : 0;
}

static void put_json_line(struct buf *into, const char *name, const json_t *v)
{
	struct buf text = BUF_INIT(BUF_RECORD);

	if (!v)
		return;
	json_put(&text, v);
	buf_putf(into, *name ? "%-13s " : "%s", name);
	msg_safe(into, buf_str(&text), false);
	buf_putc(into, '\n');
	buf_clear(&text);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void put_request(struct buf *into, const json_t *http)
{
	struct str base = str_of(text_of(http, "base"));
	const char *url = text_of(http, "url"), *name;
	json_t *v;

	while (str_ends(base, "/"))
		base.n--;
	buf_putf(into, "%-13s %s %.*s", "requests", text_of(http, "method"),
		*url == '/' ? (int)base.n : 0, base.p);
	put_safe(into, url);
	buf_putc(into, '\n');
	json_object_foreach ((json_t *)http, name, v)
		if (strcmp(name, "method") != 0 && strcmp(name, "base") != 0 &&
			strcmp(name, "url") != 0 && strcmp(name, "effect") != 0)
			put_json_line(into, name, v);
}

static void put_way(struct buf *into, const struct tool *t)
{
	if (t->way == TOOL_HTTP)
		put_request(into, t->call);
	else
		put_json_line(into, t->way == TOOL_RUN ? "runs" : "calls", t->run ? t->run : t->call);
}

static int describe(const struct tool *t, struct err *e)
{
	struct buf out = BUF_INIT(BUF_RECORD);
	const char *name;
	char span[48];
	json_t *one;

	if (option.json)
		return print_json(t, e);
	buf_putf(&out, "%s\n  ", t->name);
	put_safe(&out, t->description ? t->description : "(no description)");
	buf_putf(&out, "\n\n%-13s %s\n%-13s %s\n", "effect", effect_of(t), "blast radius",
		blast_names[t->blast]);
	json_object_foreach ((json_t *)t->args, name, one) {
		buf_putf(&out, "%-13s %s ", "argument", name);
		put_json_line(&out, "", one);
	}
	put_way(&out, t);
	put_json_line(&out, "undo", t->undo);
	if (t->guard.tool)
		buf_putf(&out, "%-13s %s\n", "guarded by", t->guard.tool);
	put_json_line(&out, "contain", t->contain);
	buf_putf(&out, "%-13s %s\n%-13s ", "timeout", span_format(t->timeout_ms, span), "from");
	put_safe(&out, t->toolset->origin);
	puts(buf_text(&out));
	buf_clear(&out);
	return 0;
}

static const struct tool *find(const struct catalogue *c, const char *name, struct err *e)
{
	const struct tool *t = catalogue_find(c, name);
	const char *near = t ? NULL : catalogue_nearest(c, name);

	if (!t && near)
		err_set(e, ERR_USAGE, "no tool '%s': did you mean '%s'?", name, near);
	else if (!t)
		err_set(e, ERR_USAGE, "no tool '%s': see 'hl-tool list'", name);
	return t;
}

static int run(const struct ground *g, const struct tool *t, const json_t *args, struct err *e)
{
	json_t *o = NULL;
	struct stream out;

	if (t->effect != EFFECT_READ)
		return err_set(e, ERR_DENIED,
			"'%s' changes things: only hl-apply runs it, from an approved plan; say: "
			"hl-plan --tool %s ... | hl-ask | hl-apply | hl-record",
			t->name, t->name);
	o = runner_run(t, args, g->policy, option.deadline_ms, e);
	if (!o)
		return -1;
	stream_open(&out, -1, "stdout", 1, NULL, 0, NULL, NULL);
	stream_put(&out, o, e);
	stream_close(&out, e);
	if (!e->kind && !json_is_true(json_object_get(o, "ok")))
		err_set(e, ERR_CASE, "%s: %s", t->name,
			json_string_value(json_object_get(o, "error")));
	json_decref(o);
	return e->kind ? -1 : 0;
}

/* Where a declaration is right, but laxer than it seems. */
static void warn_of(const struct toolset *t, const struct source *source)
{
	struct buf lines = BUF_INIT(BUF_RECORD);
	struct node root = node_root(t->tree, source), list = node_get(&root, "tools");
	struct str rest, line;

	for (size_t i = 0; i < t->count; i++) {
		struct node tool = node_at(&list, i), run = node_get(&tool, "run");

		argv_warn(&run, t->tools[i].args, &lines);
	}
	rest = str_trim(buf_str(&lines));
	while (str_split(&rest, '\n', &line))
		msg_warn("%.*s", STR_ARG(line));
	buf_clear(&lines);
}

static int check(const char *path, struct err *e)
{
	struct buf text = BUF_INIT(TOOLSET_MAX);
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	struct toolset *t = NULL;
	json_t *tree = file_read(path, &text, e) ? NULL
						 : yaml_load(buf_str(&text), path, places, e);

	if (tree)
		t = toolset_take(tree, &source, e);
	if (t) {
		warn_of(t, &source);
		printf("%s: toolset '%s', %zu tools\n", path, t->name, t->count);
	}
	toolset_free(t);
	places_free(places);
	buf_clear(&text);
	return t ? 0 : -1;
}

/* What needs the catalogue. */
static int with_catalogue(const char *verb, int argc, char **argv, struct err *e)
{
	struct ground g = GROUND_INIT;
	const struct tool *t = NULL;
	json_t *args = NULL;

	if (ground_load(&g, e))
		goto out;
	if (strcmp(verb, "list") == 0) {
		list(g.catalogue, argc ? argv[0] : NULL, e);
		goto out;
	}
	t = find(g.catalogue, argv[0], e);
	if (t && strcmp(verb, "describe") == 0)
		describe(t, e);
	else if (t && (args = given_read(option.args, argc - 1, argv + 1, e)))
		run(&g, t, args, e);
out:
	json_decref(args);
	ground_clear(&g);
	return e->kind ? -1 : 0;
}

/* hl-mcp-call knows how to ask a server; this process becomes it. */
static int import(const char *name, int argc, char **argv, struct err *e)
{
	char *dir = path_self(), *file = path_join(dir ? dir : ".", "hl-mcp-call");
	char **words = mem_array((size_t)argc + 5, sizeof *words);

	words[0] = file;
	words[1] = mem_text("import");
	words[2] = mem_text("--");
	words[3] = mem_text(name);
	for (int i = 0; i < argc; i++)
		words[4 + i] = argv[i];
	execv(file, words);
	err_sys(e, ERR_UNAVAILABLE, "cannot run '%s'", file);
	free(words[1]);
	free(words[2]);
	free(words[3]);
	free(words);
	free(file);
	free(dir);
	return -1;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	const char *verb = first < argc ? argv[first++] : "";
	int n = argc - first;

	if (strcmp(verb, "check") == 0 && n) {
		for (int i = first; i < argc; i++)
			check(argv[i], &e);
		return prog_end(&e);
	}
	if ((strcmp(verb, "list") == 0 && n <= 1) || (strcmp(verb, "describe") == 0 && n == 1) ||
		(strcmp(verb, "run") == 0 && n)) {
		with_catalogue(verb, n, argv + first, &e);
		return prog_end(&e);
	}
	if (strcmp(verb, "import") == 0 && n > 1) {
		import(argv[first], n - 1, argv + first + 1, &e);
		return prog_end(&e);
	}
	if (!*verb)
		return prog_usage("what to do is one of list, describe, run, check, import");
	return prog_usage(
		"wrong operands: list [PATTERN], describe NAME, run NAME [KEY=VALUE ...], "
		"check FILE ..., import NAME SERVER ...");
}
