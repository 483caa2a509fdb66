#include "doc/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "doc/args.h"
#include "doc/template.h"
#include "doc/tool.h"

static const char *const rollback_names[] = {"unsaid", "auto", "ask", NULL};

int guard_check(const struct tool *guard, struct err *e)
{
	if (guard->effect == EFFECT_READ)
		return err_set(e, ERR_CONFIG,
			"'%s' only reads: a guard must make something to go back to", guard->name);
	if (guard->effect == EFFECT_DESTROY)
		return err_set(e, ERR_CONFIG, "'%s' destroys something, and cannot be a guard",
			guard->name);
	if (!guard->undo)
		return err_set(e, ERR_CONFIG,
			"'%s' has no undo: a guard's undo is the rollback, without it there is no "
			"way back",
			guard->name);
	return 0;
}

static struct tool *find(const struct toolset *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->tools[i].name, name) == 0)
			return &set->tools[i];
	return NULL;
}

/* In the guard of a toolset any argument may stand: whether a tool has it is asked for each. */
static int check_name(void *arg, struct str name, struct err *e)
{
	const struct tool *t = arg;
	const json_t *one;
	char *word;

	if (str_is(name, GUARD_CASE))
		return 0;
	word = mem_copy(name.p, name.n);
	one = json_object_get(t->args, word);
	free(word);
	if (!one)
		return err_set(e, ERR_CONFIG,
			"'{%.*s}' is no argument of '%s': give that tool a guard of its own, or "
			"guard: false",
			STR_ARG(name), t->name);
	if (args_may_be_absent(one))
		return err_set(e, ERR_CONFIG,
			"'{%.*s}' of '%s' may be absent; give it a default to use it here",
			STR_ARG(name), t->name);
	return 0;
}

static int check_tool(const struct toolset *set, const struct node *n, struct err *e)
{
	struct node name = node_get(n, "tool");
	const struct tool *guard = find(set, json_string_value(name.v));
	struct err why = ERR_INIT;

	if (guard && guard_check(guard, &why))
		return node_fail(&name, e, "%s", why.text);
	return 0;
}

/* All of it but what the placeholders stand for. */
static int read_guard(
	struct guard *g, enum blast *from, const struct toolset *set, const struct node *n,
	struct err *e)
{
	static const char *const known[] = {"tool", "args", "from", "rollback", NULL};
	struct node args = node_get(n, "args"), tool = node_get(n, "tool"),
		    rollback = node_get(n, "rollback");
	const char *name;

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be a guard such as {tool: zfs.snapshot, args: {...}}");
	if (node_known(n, known, e) || !(name = node_text(n, "tool", NULL, e)))
		return -1;
	if (!tool_is_name(name))
		return node_fail(&tool, e, "'%s' is no name of a tool", name);
	*from = (enum blast)node_choice(n, "from", blast_names, BLAST_NONE, e);
	*g = (struct guard){.tool = name, .args = node_there(&args) ? args.v : NULL};
	if (node_there(&rollback))
		g->rollback = (enum guard_rollback)node_choice(
			n, "rollback", rollback_names + 1, 0, e) + 1;
	return e->kind || node_is_object(&args, e) ? -1 : check_tool(set, n, e);
}

/* A tool's own. */
static int load_own(struct toolset *set, struct tool *t, const struct node *n, struct err *e)
{
	struct node args = node_get(n, "args"), tool = node_get(n, "tool");
	struct guard g;
	enum blast from;

	if (json_is_false(n->v))
		return 0;
	if (t->effect == EFFECT_READ)
		return node_fail(n, e, "a tool that reads needs no guard");
	if (read_guard(&g, &from, set, n, e))
		return -1;
	if (strcmp(g.tool, t->name) == 0)
		return node_fail(&tool, e, "a tool cannot be its own guard");
	if (template_check(&args, check_name, t, e))
		return -1;
	if (t->blast >= from)
		t->guard = g;
	return 0;
}

/* The guard and its undo are not guarded by it: a way back is not kept by going it. */
static bool is_for(const struct toolset *set, const struct guard *g, const struct tool *t)
{
	const struct tool *guard = find(set, g->tool);
	const char *undo = guard ? json_string_value(json_object_get(guard->undo, "tool")) : NULL;

	return t->effect != EFFECT_READ && t != guard && !(undo && strcmp(undo, t->name) == 0);
}

/* Circles are refused: a guard whose tool is guarded by a tool that... never ends. */
static int check_circles(const struct toolset *set, const struct node *list, struct err *e)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct tool *t = &set->tools[i],
				  *guard = t->guard.tool ? find(set, t->guard.tool) : NULL;
		struct node one = node_at(list, i), at = node_get(&one, "guard");

		if (guard && guard->guard.tool)
			return node_fail(node_there(&at) ? &at : &one, e,
				"its guard '%s' has a guard itself, '%s': a guard cannot be "
				"guarded",
				guard->name, guard->guard.tool);
	}
	return 0;
}

int guard_load(struct toolset *set, const struct node *root, struct err *e)
{
	struct node all = node_get(root, "guard"), args = node_get(&all, "args"),
		    list = node_get(root, "tools");
	struct guard g = {.tool = NULL};
	enum blast from = BLAST_NONE;

	if (node_there(&all) && read_guard(&g, &from, set, &all, e))
		return -1;
	for (size_t i = 0; i < set->count; i++) {
		struct tool *t = &set->tools[i];
		struct node one = node_at(&list, i), own = node_get(&one, "guard");

		if (node_there(&own)) {
			if (load_own(set, t, &own, e))
				return -1;
		} else if (g.tool && t->blast >= from && is_for(set, &g, t)) {
			if (template_check(&args, check_name, t, e))
				return -1;
			t->guard = g;
		}
	}
	return check_circles(set, &list, e);
}
