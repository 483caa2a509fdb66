#include "doc/goal.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"
#include "doc/expect.h"
#include "doc/schema.h"
#include "doc/template.h"
#include "doc/tool_names.h"

/* The line at the front of *rest, without its end, which may be LF or CR LF. */
static bool take_line(struct str *rest, struct str *line)
{
	if (!rest->n || !str_split(rest, '\n', line))
		return false;
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

void goal_split(struct str text, struct str *front, struct str *body)
{
	struct str rest = text, line;
	const char *start;

	*front = STR_NONE;
	*body = text;
	if (!take_line(&rest, &line) || !str_is(line, "---"))
		return;
	start = line.p + line.n;
	while (take_line(&rest, &line))
		if (str_is(line, "---")) {
			/* From the end of the first line, so that line numbers are those of the
			 * file. */
			*front = (struct str){start, (size_t)(line.p - start)};
			*body = rest;
			return;
		}
}

static int is_pointer(const struct node *n, const char *text, struct err *e)
{
	if (!text || !*text || *text == '/')
		return 0;
	return node_fail(n, e, "'%s' is not a JSON pointer: it starts with '/'", text);
}

static int load_tool(struct goal_tool *t, const struct node *n, struct err *e)
{
	static const char *const known[] = {"tool", "args", "deadline", NULL};
	struct node args = node_get(n, "args"), deadline = node_get(n, "deadline");

	if (json_is_string(n->v)) {
		t->tool = json_string_value(n->v);
		return 0;
	}
	if (!json_is_object(n->v))
		return node_fail(n, e, "must be the name of a tool, or an object with 'tool'");
	if (node_known(n, known, e) || node_is_object(&args, e))
		return -1;
	t->tool = node_text(n, "tool", NULL, e);
	t->args = node_there(&args) ? args.v : NULL;
	t->deadline_ms = node_span(n, "deadline", 0, e);
	if (!e->kind && node_there(&deadline) && t->deadline_ms <= 0)
		return node_fail(&deadline, e, "must be longer than nothing");
	return e->kind ? -1 : 0;
}

static int load_tools(struct goal *g, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "tools");

	if (node_is_array(&list, e))
		return -1;
	g->tools = mem_array(node_count(&list) + 1, sizeof *g->tools);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);

		if (load_tool(&g->tools[g->n_tools++], &one, e))
			return -1;
	}
	return 0;
}

/* A rule on what no tool of the goal gives would never hold, and nobody would notice. */
static int check_rule_tool(
	const struct goal *g, const struct goal_rule *r, const struct node *n, struct err *e)
{
	struct node member = node_get(n, "tool");
	const char **names = mem_array(g->n_tools + 1, sizeof *names);
	const char *near;
	int rc = 0;

	for (size_t i = 0; i < g->n_tools; i++) {
		names[i] = g->tools[i].tool;
		if (strcmp(names[i], r->tool) == 0)
			goto out;
	}
	near = str_nearest(r->tool, names);
	rc = node_fail(&member, e, "'%s' is not among this goal's tools%s%s%s", r->tool,
		near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
out:
	free(names);
	return rc;
}

/* What rule.h can fill in. */
static int check_placeholder(void *arg, struct str name, struct err *e)
{
	(void)arg;
	if (str_starts(name, "/") || str_is(name, "host") || str_is(name, "tool"))
		return 0;
	return err_set(e, ERR_CONFIG,
		"'{%.*s}' cannot be filled in: use {/json/pointer}, {host} or {tool}",
		STR_ARG(name));
}

static int load_rule_texts(struct goal_rule *r, const struct node *n, struct err *e)
{
	struct node labels = node_get(n, "labels"), summary = node_get(n, "summary"),
		    each = node_get(n, "each");

	r->each = node_text_or_null(n, "each", e);
	r->summary = node_text(n, "summary", "", e);
	if (e->kind || is_pointer(&each, r->each, e) || node_is_object(&labels, e))
		return -1;
	if (template_check(&labels, check_placeholder, NULL, e) ||
		template_check(&summary, check_placeholder, NULL, e))
		return -1;
	r->labels = node_there(&labels) ? labels.v : NULL;
	return 0;
}

static int load_rule(struct goal *g, struct goal_rule *r, const struct node *n, struct err *e)
{
	static const char *const known[] = {
		"alert", "tool", "args", "each", "when", "severity", "labels", "summary", NULL};
	struct node args = node_get(n, "args"), when = node_get(n, "when");

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be a rule, with 'alert', 'tool' and 'when'");
	if (node_known(n, known, e) || node_is_object(&args, e) || load_rule_texts(r, n, e))
		return -1;
	r->alert = node_text(n, "alert", NULL, e);
	r->tool = node_text(n, "tool", NULL, e);
	r->args = node_there(&args) ? args.v : NULL;
	r->severity = (enum severity)node_choice(
		n, "severity", severity_names, SEVERITY_WARNING, e);
	if (e->kind || check_rule_tool(g, r, n, e))
		return -1;
	if (!node_there(&when))
		return node_fail(n, e, "'when' is missing: say what to look for");
	r->when = when.v;
	return expect_check(&when, e);
}

static int load_rules(struct goal *g, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "rules");

	if (node_is_array(&list, e))
		return -1;
	g->rules = mem_array(node_count(&list) + 1, sizeof *g->rules);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);

		if (load_rule(g, &g->rules[g->n_rules++], &one, e))
			return -1;
	}
	return 0;
}

static int load_constraints(struct goal *g, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "constraints");

	if (node_is_array(&list, e))
		return -1;
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);
		const char *line = json_string_value(one.v);

		if (!line || !*line || !utf8_is_line(str_of(line)))
			return node_fail(&one, e, "must be a line of text");
	}
	g->constraints = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_answer(struct goal *g, const struct node *root, struct err *e)
{
	struct node answer = node_get(root, "answer");

	if (!node_there(&answer))
		return 0;
	g->answer = answer.v;
	return schema_check_declaration(&answer, e);
}

static int load(struct goal *g, const struct node *root, struct err *e)
{
	static const char *const known[] = {"name", "description", "tools", "rules", "role",
		"may_use", "looks", "constraints", "answer", NULL};
	struct node name = node_get(root, "name");

	if (node_known(root, known, e))
		return -1;
	if (!node_there(root))
		return node_fail(root, e, "has no front matter between two '---' lines");
	g->name = node_text(root, "name", NULL, e);
	if (g->name && !path_is_name(g->name))
		return node_fail(&name, e, "'%s' cannot be a file name", g->name);
	g->description = node_text_or_null(root, "description", e);
	g->role = node_text_or_null(root, "role", e);
	return e->kind || tool_names_load(&g->may_use, root, "may_use", e) ||
			       tool_names_load(&g->looks, root, "looks", e) ||
			       load_constraints(g, root, e) || load_answer(g, root, e) ||
			       load_tools(g, root, e) || load_rules(g, root, e)
		       ? -1
		       : 0;
}

struct goal *goal_take(json_t *front, struct str body, const struct source *source, struct err *e)
{
	struct goal *g = mem_new(sizeof *g);
	struct node root = node_root(front, source);

	g->tree = front;
	body = str_trim(body);
	g->prompt = mem_copy(body.p ? body.p : "", body.n);
	if (load(g, &root, e) == 0)
		return g;
	goal_free(g);
	return NULL;
}

void goal_words(const struct goal *g, struct buf *into)
{
	json_t *one;
	size_t i;

	buf_puts(into, g->prompt);
	json_array_foreach (g->constraints, i, one)
		buf_putf(into, "%s- %s", i ? "\n" : into->n ? "\n\nHold to this:\n" : "",
			json_string_value(one));
}

bool goal_may_use(const struct goal *g, const char *tool)
{
	return !g->may_use || tool_names_has(g->may_use, tool);
}

void goal_free(struct goal *g)
{
	if (!g)
		return;
	free(g->tools);
	free(g->rules);
	free(g->prompt);
	json_decref(g->tree);
	free(g);
}
