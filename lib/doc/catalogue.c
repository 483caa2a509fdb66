#include <stdlib.h>

#include "base/mem.h"
#include "doc/tool.h"

/* A toolset, or what it takes to make it when one of its tools is first looked for. */
struct shelf {
	const char *name, *origin; /* lent by the toolset, or by the packed bytes */
	struct toolset *set;       /* NULL: not opened yet */
	const char *packed;        /* its tree as JSON, lent by the packed bytes; else NULL */
};

struct entry {
	const char *name; /* lent like the shelf's */
	size_t shelf;
	const struct tool *tool; /* NULL until the shelf is opened */
};

struct catalogue {
	struct shelf *shelves;
	size_t n_shelves, cap_shelves;
	struct entry *entries; /* of all shelves, sorted by name */
	size_t count;
	struct buf packed;
};

struct catalogue *catalogue_new(void)
{
	return mem_new(sizeof(struct catalogue));
}

void catalogue_free(struct catalogue *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n_shelves; i++)
		toolset_free(c->shelves[i].set);
	free(c->shelves);
	free(c->entries);
	buf_clear(&c->packed);
	free(c);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static struct entry *entry_of(const struct catalogue *c, const char *name)
{
	struct entry key = {.name = name};

	return c->count ? bsearch(&key, c->entries, c->count, sizeof key, by_name) : NULL;
}

/* Two sets that declare one name: which of them runs must not depend on the order of files. */
static int check_names(const struct catalogue *c, const struct toolset *t, struct err *e)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *other = entry_of(c, t->tools[i].name);
		const struct shelf *shelf = other ? &c->shelves[other->shelf] : NULL;

		if (shelf && strcmp(shelf->name, t->name) != 0)
			return err_set(e, ERR_CONFIG, "%s: tool '%s' is declared in '%s' already",
				t->origin, t->tools[i].name, shelf->origin);
	}
	return 0;
}

/* The tools of a set as entries, sorted. */
static struct entry *entries_of(const struct toolset *t, size_t shelf)
{
	struct entry *entries = mem_array(t->count + 1, sizeof *entries);

	for (size_t i = 0; i < t->count; i++)
		entries[i] = (struct entry){t->tools[i].name, shelf, &t->tools[i]};
	qsort(entries, t->count, sizeof *entries, by_name);
	return entries;
}

/* What stood on the shelf leaves, what is in the set comes: one walk through both. */
static void restock(struct catalogue *c, const struct toolset *t, size_t shelf)
{
	struct entry *fresh = entries_of(t, shelf);
	struct entry *all = mem_array(c->count + t->count + 1, sizeof *all);
	size_t n = 0, new = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (c->entries[i].shelf == shelf)
			continue;
		while (new < t->count && by_name(&fresh[new], &c->entries[i]) < 0)
			all[n++] = fresh[new++];
		all[n++] = c->entries[i];
	}
	while (new < t->count)
		all[n++] = fresh[new++];
	free(fresh);
	free(c->entries);
	c->entries = all;
	c->count = n;
}

int catalogue_take(struct catalogue *c, struct toolset *t, struct err *e)
{
	size_t i = 0;

	if (check_names(c, t, e)) {
		toolset_free(t);
		return -1;
	}
	while (i < c->n_shelves && strcmp(c->shelves[i].name, t->name) != 0)
		i++;
	if (i == c->n_shelves) {
		c->shelves = mem_room(
			c->shelves, c->n_shelves, &c->cap_shelves, sizeof *c->shelves);
		c->shelves[c->n_shelves++] = (struct shelf){.name = NULL};
	}
	restock(c, t, i);
	toolset_free(c->shelves[i].set);
	c->shelves[i] = (struct shelf){.name = t->name, .origin = t->origin, .set = t};
	return 0;
}

/*
 * What was packed has been loaded before, so it loads again; a set that does not (the bytes were
 * tampered with) has no tools.
 */
static void open_shelf(const struct catalogue *c, struct shelf *shelf)
{
	const struct source source = {.name = shelf->origin, .kind = ERR_CONFIG};
	struct err none = ERR_INIT;
	json_t *tree = json_loads(shelf->packed, 0, NULL);

	shelf->set = tree ? toolset_take(tree, &source, &none) : NULL;
	shelf->packed = NULL;
	for (size_t i = 0; shelf->set && i < shelf->set->count; i++) {
		struct entry *entry = entry_of(c, shelf->set->tools[i].name);

		if (entry && &c->shelves[entry->shelf] == shelf)
			entry->tool = &shelf->set->tools[i];
	}
}

static const struct tool *tool_of(const struct catalogue *c, const struct entry *entry)
{
	struct shelf *shelf = entry ? &c->shelves[entry->shelf] : NULL;

	if (shelf && shelf->packed)
		open_shelf(c, shelf);
	return entry ? entry->tool : NULL;
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
	const struct entry *found = entry_of(c, name);

	if (found || strchr(name, '.'))
		return tool_of(c, found);
	for (size_t i = 0; i < c->count; i++) {
		if (!is_flat_spelling(name, c->entries[i].name))
			continue;
		if (found)
			return NULL;
		found = &c->entries[i];
	}
	return tool_of(c, found);
}

const char *catalogue_nearest(const struct catalogue *c, const char *name)
{
	const char **names = mem_array(c->count + 1, sizeof *names);
	const char *near;

	for (size_t i = 0; i < c->count; i++)
		names[i] = c->entries[i].name;
	near = str_nearest(name, names);
	free(names);
	return near;
}

size_t catalogue_count(const struct catalogue *c)
{
	return c->count;
}

const char *catalogue_name_at(const struct catalogue *c, size_t i)
{
	return i < c->count ? c->entries[i].name : NULL;
}

const struct tool *catalogue_at(const struct catalogue *c, size_t i)
{
	return i < c->count ? tool_of(c, &c->entries[i]) : NULL;
}

/*
 * Packed: texts, each with its NUL. Of each set name, origin and tree; an empty text; of each tool,
 * in order, its name and the number of its set.
 */

static void put_text(struct buf *into, const char *text)
{
	buf_put(into, text, strlen(text) + 1);
}

static void put_shelf(struct buf *into, const struct shelf *shelf)
{
	put_text(into, shelf->name);
	put_text(into, shelf->origin);
	if (shelf->packed)
		buf_puts(into, shelf->packed);
	else if (shelf->set)
		json_put(into, shelf->set->tree);
	buf_putc(into, '\0');
}

void catalogue_pack(const struct catalogue *c, struct buf *into)
{
	for (size_t i = 0; i < c->n_shelves; i++)
		put_shelf(into, &c->shelves[i]);
	put_text(into, "");
	for (size_t i = 0; i < c->count; i++) {
		put_text(into, c->entries[i].name);
		buf_putf(into, "%zu", c->entries[i].shelf);
		buf_putc(into, '\0');
	}
}

/* "" past the end. */
static const char *take_text(struct str *rest)
{
	const char *text = rest->p, *nul = rest->n ? memchr(text, '\0', rest->n) : NULL;

	if (!nul)
		return *rest = STR_NONE, "";
	*rest = (struct str){nul + 1, rest->n - (size_t)(nul + 1 - text)};
	return text;
}

static void take_shelves(struct catalogue *c, struct str *rest)
{
	const char *name;

	while (*(name = take_text(rest))) {
		struct shelf shelf = {.name = name, .origin = take_text(rest)};

		shelf.packed = take_text(rest);
		c->shelves = mem_room(
			c->shelves, c->n_shelves, &c->cap_shelves, sizeof *c->shelves);
		c->shelves[c->n_shelves++] = shelf;
	}
}

struct catalogue *catalogue_unpack(struct buf *bytes)
{
	struct catalogue *c = catalogue_new();
	struct str rest;
	size_t cap = 0;
	const char *name;

	c->packed = *bytes;
	*bytes = (struct buf)BUF_INIT(bytes->max);
	rest = buf_str(&c->packed);
	take_shelves(c, &rest);
	while (*(name = take_text(&rest))) {
		size_t shelf = (size_t)strtoul(take_text(&rest), NULL, 10);

		if (shelf >= c->n_shelves)
			continue;
		c->entries = mem_room(c->entries, c->count, &cap, sizeof *c->entries);
		c->entries[c->count++] = (struct entry){.name = name, .shelf = shelf};
	}
	return c;
}
