#include <stdlib.h>

#include "base/mem.h"
#include "doc/tool.h"

struct catalogue {
	struct toolset **sets;
	size_t n_sets, cap_sets;
	const struct tool **tools; /* of all sets, sorted by name */
	size_t count;
};

struct catalogue *catalogue_new(void)
{
	return mem_new(sizeof(struct catalogue));
}

void catalogue_free(struct catalogue *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n_sets; i++)
		toolset_free(c->sets[i]);
	free(c->sets);
	free(c->tools);
	free(c);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(
		(*(const struct tool *const *)a)->name, (*(const struct tool *const *)b)->name);
}

static void sort_tools(struct catalogue *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_sets; i++)
		n += c->sets[i]->count;
	free(c->tools);
	c->tools = mem_array(n + 1, sizeof *c->tools);
	c->count = 0;
	for (size_t i = 0; i < c->n_sets; i++)
		for (size_t j = 0; j < c->sets[i]->count; j++)
			c->tools[c->count++] = &c->sets[i]->tools[j];
	qsort(c->tools, c->count, sizeof *c->tools, by_name);
}

static const struct tool *find_exact(const struct catalogue *c, const char *name)
{
	struct tool key = {.name = name}, *at = &key;
	const struct tool **found;

	found = c->count ? bsearch(&at, c->tools, c->count, sizeof *c->tools, by_name) : NULL;
	return found ? *found : NULL;
}

/* Two sets that declare one name: which of them runs must not depend on the order of files. */
static int check_names(const struct catalogue *c, const struct toolset *t, struct err *e)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct tool *other = find_exact(c, t->tools[i].name);

		if (other && strcmp(other->toolset->name, t->name) != 0)
			return err_set(e, ERR_CONFIG, "%s: tool '%s' is declared in '%s' already",
				t->origin, t->tools[i].name, other->toolset->origin);
	}
	return 0;
}

int catalogue_take(struct catalogue *c, struct toolset *t, struct err *e)
{
	size_t i = 0;

	if (check_names(c, t, e)) {
		toolset_free(t);
		return -1;
	}
	while (i < c->n_sets && strcmp(c->sets[i]->name, t->name) != 0)
		i++;
	if (i < c->n_sets) {
		toolset_free(c->sets[i]);
	} else {
		c->sets = mem_room(c->sets, c->n_sets, &c->cap_sets, sizeof *c->sets);
		c->n_sets++;
	}
	c->sets[i] = t;
	sort_tools(c);
	return 0;
}

/* "kubectl_rollout_restart" for "kubectl.rollout_restart". */
static bool is_flat_spelling(const char *flat, const char *name)
{
	while (*flat && (*flat == *name || (*flat == '_' && *name == '.'))) {
		flat++;
		name++;
	}
	return *flat == *name;
}

const struct tool *catalogue_find(const struct catalogue *c, const char *name)
{
	const struct tool *found = find_exact(c, name);

	if (found || strchr(name, '.'))
		return found;
	for (size_t i = 0; i < c->count; i++) {
		if (!is_flat_spelling(name, c->tools[i]->name))
			continue;
		if (found)
			return NULL;
		found = c->tools[i];
	}
	return found;
}

const char *catalogue_nearest(const struct catalogue *c, const char *name)
{
	const char **names = mem_array(c->count + 1, sizeof *names);
	const char *near;

	for (size_t i = 0; i < c->count; i++)
		names[i] = c->tools[i]->name;
	near = str_nearest(name, names);
	free(names);
	return near;
}

size_t catalogue_count(const struct catalogue *c)
{
	return c->count;
}

const struct tool *catalogue_at(const struct catalogue *c, size_t i)
{
	return i < c->count ? c->tools[i] : NULL;
}
