#include "doc/kro.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "doc/deed.h"
#include "doc/solution.h"
#include "doc/step.h"

enum { TYPES_SHOWN = 64 };

bool kro_is(const json_t *tree)
{
	return json_object_get(tree, "apiVersion") != NULL;
}

const char *kro_name(const struct node *root, struct err *e)
{
	static const char *const known[] = {
		"apiVersion", "kind", "metadata", "spec", "status", NULL};
	struct node version = node_get(root, "apiVersion"), kind = node_get(root, "kind"),
		    metadata = node_get(root, "metadata");
	const char *api = node_text(root, "apiVersion", NULL, e),
		   *what = node_text(root, "kind", NULL, e);

	if (!api || !what || node_known(root, known, e))
		return NULL;
	if (strcmp(api, "kro.run/v1alpha1") != 0)
		node_fail(&version, e, "'%s' is not kro.run/v1alpha1", api);
	else if (strcmp(what, "ResourceGraphDefinition") != 0)
		node_fail(&kind, e, "'%s' is not ResourceGraphDefinition", what);
	else if (node_require(root, "metadata", e) == 0 && node_is_object(&metadata, e) == 0)
		return document_name(&metadata, "name", e);
	return NULL;
}

/* ---- {{.name}} ---- */

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * Takes what stands before the next {{.name}} off the front, and the name. 1, 0 when there is none
 * (then `before` is all that is left), -1 when the braces hold something else.
 */
static int next_name(struct str *rest, struct str *before, struct str *name, struct err *e)
{
	const char *open = NULL, *p, *end = rest->p + rest->n;

	for (p = rest->p; rest->n && p + 1 < end && !open; p++)
		if (p[0] == '{' && p[1] == '{')
			open = p;
	*before = open ? (struct str){rest->p, (size_t)(open - rest->p)} : *rest;
	if (!open)
		return 0;
	for (p = open + 2; p < end && *p == ' ';)
		p++;
	name->p = ++p;
	while (p < end && is_letter(*p))
		p++;
	name->n = (size_t)(p - name->p);
	while (p < end && *p == ' ')
		p++;
	if (name->p[-1] != '.' || !name->n || p + 1 >= end || p[0] != '}' || p[1] != '}')
		return err_set(e, ERR_CONFIG, "between '{{' and '}}' only a name as in "
					      "'{{.service_name}}' is understood");
	*rest = (struct str){p + 2, (size_t)(end - p) - 2};
	return 1;
}

static int add_names(json_t *args, const struct node *n, struct err *e)
{
	struct str rest = str_of(json_string_value(n->v)), before, name;
	struct err why = ERR_INIT;
	int rc;

	while ((rc = next_name(&rest, &before, &name, &why)) > 0) {
		char *key = mem_copy(name.p, name.n);

		json_object_set_new(
			args, key, json_pack("{s:s, s:i}", "type", "string", "max_length", 200));
		free(key);
	}
	return rc < 0 ? node_fail(n, e, "%s", why.text) : 0;
}

static int gather_names(json_t *args, const struct node *n, struct err *e)
{
	const char *key;
	json_t *v;

	if (json_is_string(n->v))
		return add_names(args, n, e);
	json_object_foreach (json_is_object(n->v) ? n->v : NULL, key, v) {
		struct node member = node_get(n, key);

		if (gather_names(args, &member, e))
			return -1;
	}
	for (size_t i = 0; json_is_array(n->v) && i < node_count(n); i++) {
		struct node element = node_at(n, i);

		if (gather_names(args, &element, e))
			return -1;
	}
	return 0;
}

json_t *kro_args(const struct node *root, struct err *e)
{
	struct node spec = node_get(root, "spec"), resources = node_get(&spec, "resources");
	json_t *args = json_object();

	if (gather_names(args, &resources, e) == 0)
		return args;
	json_decref(args);
	return NULL;
}

static json_t *fill_text(const json_t *text, const json_t *args, struct err *e)
{
	struct buf into = BUF_INIT(4 * STEP_TEXT);
	struct str rest = str_of(json_string_value(text)), before, name;
	json_t *filled = NULL;
	int rc;

	while ((rc = next_name(&rest, &before, &name, e)) >= 0) {
		char *key = rc ? mem_copy(name.p, name.n) : NULL;

		buf_putstr(&into, before);
		if (key)
			buf_puts(&into, json_string_value(json_object_get(args, key))
						? json_string_value(json_object_get(args, key))
						: "");
		free(key);
		if (!rc)
			break;
	}
	if (rc == 0 && into.full)
		err_set(e, ERR_DATA, "a text of a resource becomes too long");
	else if (rc == 0)
		filled = json_stringn(buf_text(&into), into.n);
	buf_clear(&into);
	return filled;
}

json_t *kro_fill(const json_t *resource, const json_t *args, struct err *e)
{
	json_t *copy, *v;
	const char *key;
	size_t i;

	if (json_is_string(resource))
		return fill_text(resource, args, e);
	if (!json_is_object(resource) && !json_is_array(resource))
		return json_incref((json_t *)resource);
	copy = json_is_object(resource) ? json_object() : json_array();
	json_object_foreach (json_is_object(copy) ? (json_t *)resource : NULL, key, v)
		json_object_set_new(copy, key, kro_fill(v, args, e));
	for (i = 0; json_is_array(copy) && i < json_array_size(resource); i++)
		json_array_append_new(copy, kro_fill(json_array_get(resource, i), args, e));
	if (e->kind == ERR_NONE)
		return copy;
	json_decref(copy);
	return NULL;
}

/* ---- what a type does ---- */

/* The more exact "type/name" first. */
static json_t *find_type(const json_t *types, const char *type, const char *name, char **key)
{
	struct buf exact = BUF_INIT(1024);
	json_t *found;

	buf_putf(&exact, "%s/%s", type, name);
	found = json_object_get(types, buf_text(&exact));
	*key = found ? buf_take(&exact) : mem_text(type);
	buf_clear(&exact);
	return found ? found : json_object_get(types, type);
}

static void unmapped(const struct node *resource, const json_t *types, const char *type,
	const char *name, json_t *problems)
{
	const char *names[TYPES_SHOWN + 1] = {NULL}, *key, *near;
	struct node at = node_get(resource, "type");
	struct err why = ERR_INIT;
	json_t *ignored;
	size_t n = 0;

	json_object_foreach ((json_t *)types, key, ignored) {
		(void)ignored;
		if (n < TYPES_SHOWN)
			names[n++] = key;
	}
	near = str_nearest(type, names);
	node_fail(&at, &why,
		"type '%s' of '%s' means nothing yet%s%s%s; say what it does in "
		"workflows/types.yaml, under 'types:', such as '%s: human' or "
		"'%s: {tool: NAME, args: {..}}'",
		type, name, near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "",
		type, type);
	json_array_append_new(problems, json_string(why.text));
}

static const char *const own_keys[] = {"name", "type", "dependencies", "waitForHuman", NULL};

/* What a person is told of the resource, when nothing says it better: all that it says itself. */
static json_t *human_deed(const struct node *resource, const char *name)
{
	json_t *details = json_copy(resource->v);
	char *title = mem_text(name);
	json_t *deed;

	for (size_t i = 0; own_keys[i]; i++)
		json_object_del(details, own_keys[i]);
	for (char *p = title; *p; p++)
		if (*p == '-' || *p == '_')
			*p = ' ';
	deed = json_pack("{s:s, s:s, s:s, s:s}", "kind", "human", "title", title, "ask",
		"Do what the details say, then answer: done", "details",
		"{resource.details}");
	if (json_object_size(details))
		json_object_set(resource->v, "details", details);
	else
		json_object_del(deed, "details");
	json_decref(details);
	free(title);
	return deed;
}

struct naming {
	const json_t *args, *resource;
};

/* {NAME}: an argument; {resource.NAME}: a member of the resource. */
static int check_name(void *arg, struct str name, struct err *e)
{
	const struct naming *n = arg;
	bool own = str_starts(name, "resource.");
	char *key = own ? mem_copy(name.p + 9, name.n - 9) : mem_copy(name.p, name.n);
	bool known = json_object_get(own ? n->resource : n->args, key) != NULL;

	if (!known)
		err_set(e, ERR_CONFIG,
			own ? "the resource has no '%s'" : "'{%s}' is no argument of the workflow",
			key);
	free(key);
	return known ? 0 : -1;
}

/* The deed of a mapping: "human", or as a step of ours is written. */
static json_t *mapped(const struct node *resource, json_t *mapping, const char *key,
	const char *name, const json_t *args, struct err *e)
{
	const struct source source = {"workflows/types.yaml", NULL, ERR_CONFIG};
	struct node root = node_root(mapping, &source);
	struct naming naming = {args, resource->v};
	json_t *deed;

	if (json_is_string(mapping))
		return human_deed(resource, name);
	deed = deed_load(&root, name, check_name, &naming, e);
	if (!deed)
		err_prefix(e, "type '%s' for '%s': ", key, name);
	return deed;
}

static json_t *load_resource(const struct node *resource, const json_t *types, const json_t *args,
	json_t *problems, struct err *e)
{
	const char *name = document_name(resource, "name", e), *type;
	bool waits = node_bool(resource, "waitForHuman", false, e);
	json_t *mapping, *deed = NULL;
	char *key;

	if (!name)
		return NULL;
	if (json_object_get(resource->v, "template"))
		node_fail(resource, e,
			"'template' is for the operator in a cluster: hl takes resources with a "
			"'type'");
	type = node_text(resource, "type", NULL, e);
	if (!type || e->kind != ERR_NONE)
		return NULL;
	mapping = find_type(types, type, name, &key);
	if (!mapping && !waits)
		unmapped(resource, types, type, name, problems);
	else if (waits && !(json_is_object(mapping) && json_object_get(mapping, "human")))
		deed = human_deed(resource, name);
	else
		deed = mapped(resource, mapping, key, name, args, e);
	free(key);
	return deed;
}

static json_t *dependencies(const struct node *resource, struct err *e)
{
	struct node list = node_get(resource, "dependencies");

	if (node_is_array(&list, e))
		return NULL;
	return node_there(&list) ? json_incref(list.v) : json_array();
}

json_t *kro_steps(const struct node *root, const json_t *types, const json_t *args,
	json_t *problems, struct err *e)
{
	static const char *const known[] = {"schema", "resources", NULL};
	struct node spec = node_get(root, "spec"), list = node_get(&spec, "resources");
	json_t *steps = json_array();

	if (node_require(root, "spec", e) || node_known(&spec, known, e) || node_is_array(&list, e))
		goto out;
	if (!node_count(&list))
		node_fail(&spec, e, "'resources' is missing or empty: say what is to be done");
	for (size_t i = 0; i < node_count(&list) && e->kind == ERR_NONE; i++) {
		struct node one = node_at(&list, i);
		json_t *needs, *deed;

		if (!json_is_object(one.v)) {
			node_fail(&one, e, "must be a resource, with 'name' and 'type'");
			break;
		}
		needs = dependencies(&one, e);
		deed = needs ? load_resource(&one, types, args, problems, e) : NULL;
		if (deed) {
			json_object_set(deed, "id", json_object_get(one.v, "name"));
			json_object_set(deed, "needs", needs);
			json_object_set(deed, "resource", one.v);
			json_array_append_new(steps, deed);
		}
		json_decref(needs);
	}
out:
	if (e->kind == ERR_NONE)
		return steps;
	json_decref(steps);
	return NULL;
}
