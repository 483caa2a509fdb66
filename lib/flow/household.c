#include "flow/household.h"

#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "doc/inventory.h"
#include "doc/scrub.h"
#include "flow/installed.h"

#define DOCUMENT_MAX ((size_t)1 << 20)

static void add_words(struct scrub_rules *r, int kind, const json_t *list)
{
	json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		scrub_rules_word(r, kind, json_string_value(one));
}

int household_policy(struct scrub_rules *r, const struct privacy *p, struct err *e)
{
	static const struct source source = {"policy.yaml: privacy.rules", NULL, ERR_CONFIG};
	struct node rules = node_root(p->rules, &source);
	json_t *one;
	size_t i;

	add_words(r, SCRUB_PERSON, p->names);
	add_words(r, SCRUB_HOST, p->hosts);
	json_array_foreach (p->domains, i, one)
		scrub_rules_domain(r, json_string_value(one));
	json_array_foreach (p->allow, i, one)
		scrub_rules_allow(r, json_string_value(one));
	for (i = 0; i < node_count(&rules); i++) {
		struct node rule = node_at(&rules, i);

		if (scrub_rules_pattern(r, &rule, e))
			return -1;
	}
	return 0;
}

/* ---- the inventory ---- */

struct reading {
	struct ops *ops;
	struct inventory found;
};

/* Above all hosts of a file each: inventory/hosts/NAME.yaml. */
static void add_file_name(struct inventory *found, const char *path)
{
	const char *base = path_base(path), *dot = strrchr(base, '.');
	static const char *const above[] = {"inventory/hosts/", "inventory/nodes/",
		"inventory/machines/", "inventory/servers/", "inventory/devices/", NULL};

	for (size_t i = 0; above[i]; i++)
		if (str_starts(str_of(path), above[i]))
			inventory_host(found, (struct str){base, dot ? (size_t)(dot - base)
								     : strlen(base)});
}

/* What is no YAML after all is read as lines. */
static int read_one(void *arg, const char *path, const char *id, struct err *e)
{
	struct reading *r = arg;
	struct buf text = BUF_INIT(DOCUMENT_MAX);
	struct err why = ERR_INIT;
	struct source source;
	json_t *tree = NULL;

	(void)id;
	if (str_ends(str_of(path), ".md"))
		return 0;
	if (installed_is_yaml(path) || str_ends(str_of(path), ".json"))
		tree = ops_yaml(r->ops, path, &source, &why);
	if (!tree && repo_blob(ops_repo(r->ops), id, &text, e)) {
		buf_clear(&text);
		return -1;
	}
	inventory_tree(&r->found, tree);
	inventory_text(&r->found, buf_str(&text));
	add_file_name(&r->found, path);
	json_decref(tree);
	buf_clear(&text);
	return 0;
}

static int add_inventory(struct scrub_rules *r, struct ops *o, struct err *e)
{
	struct reading reading = {.ops = o};
	int rc = repo_each(ops_repo(o), ops_commit(o), "inventory", read_one, &reading, e);

	for (size_t i = 0; i < reading.found.hosts.count; i++)
		scrub_rules_word(r, SCRUB_HOST, reading.found.hosts.items[i]);
	for (size_t i = 0; i < reading.found.domains.count; i++)
		scrub_rules_domain(r, reading.found.domains.items[i]);
	inventory_clear(&reading.found);
	return rc;
}

int household_load(struct scrub_rules *r, struct ops *o, struct err *e)
{
	const struct policy *p = ops_policy(o, e);

	return p && household_policy(r, &p->privacy, e) == 0 ? add_inventory(r, o, e) : -1;
}

void household_machine(struct scrub_rules *r)
{
	struct inventory self = {.hosts = {.items = NULL}};
	char name[256] = "";

	if (gethostname(name, sizeof name - 1) == 0)
		inventory_host(&self, str_of(name));
	for (size_t i = 0; i < self.hosts.count; i++)
		scrub_rules_word(r, SCRUB_HOST, self.hosts.items[i]);
	for (size_t i = 0; i < self.domains.count; i++)
		scrub_rules_domain(r, self.domains.items[i]);
	inventory_clear(&self);
}
