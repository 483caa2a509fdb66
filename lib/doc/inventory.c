#include "doc/inventory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"

#define NAME_MOST 253 /* RFC 1035 */

static const char *const lists[] = {"hosts", "nodes", "machines", "servers", "devices", "vms",
	"containers", "guests", NULL};
static const char *const hosts[] = {"host", "hostname", "host_name", "fqdn", "node", "alias",
	"aliases", "ansible_host", "dns", "dns_name", NULL};
static const char *const domains[] = {"domain", "domains", "search", "dns_domain", NULL};

static bool is_one_of(const char *key, const char *const *list)
{
	for (; *list; list++)
		if (strcasecmp(key, *list) == 0)
			return true;
	return false;
}

/* Letters, digits, '-', '_' and dots, with a letter: no address, which is found by its looks. */
static bool is_name(struct str s)
{
	bool letter = false;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!isalnum(c) && !memchr("-_.", c, 3))
			return false;
		letter = letter || isalpha(c);
	}
	return letter && s.n <= NAME_MOST;
}

static void add(struct words *to, struct str s)
{
	char *copy = mem_copy(s.p, s.n);

	words_add(to, copy);
	free(copy);
}

void inventory_host(struct inventory *i, struct str name)
{
	const char *end = name.n ? memchr(name.p, ':', name.n) : NULL, *dot;
	struct str domain;

	if (end)
		name.n = (size_t)(end - name.p);
	while (name.n && name.p[name.n - 1] == '.')
		name.n--;
	if (!name.n || !is_name(name) || (name.n == 9 && strncasecmp(name.p, "localhost", 9) == 0))
		return;
	add(&i->hosts, name);
	dot = memchr(name.p, '.', name.n);
	if (!dot)
		return;
	add(&i->hosts, (struct str){name.p, (size_t)(dot - name.p)});
	domain = (struct str){dot + 1, name.n - (size_t)(dot + 1 - name.p)};
	if (memchr(domain.p, '.', domain.n))
		add(&i->domains, domain);
}

static void add_domain(struct inventory *i, struct str name)
{
	while (name.n && *name.p == '.')
		name = (struct str){name.p + 1, name.n - 1};
	if (name.n && is_name(name))
		add(&i->domains, name);
}

typedef void add_fn(struct inventory *i, struct str name);

static void add_texts(struct inventory *i, const json_t *v, add_fn *to)
{
	json_t *one;
	size_t at;

	if (json_is_string(v))
		to(i, (struct str){json_string_value(v), json_string_length(v)});
	json_array_foreach (v, at, one)
		if (json_is_string(one))
			add_texts(i, one, to);
}

/* What stands in a list of hosts, or as its members. */
static void add_list(struct inventory *i, const json_t *list)
{
	const char *key;
	json_t *one;
	size_t at;

	add_texts(i, list, inventory_host);
	json_array_foreach (list, at, one)
		add_texts(i, json_object_get(one, "name"), inventory_host);
	json_object_foreach ((json_t *)list, key, one)
		inventory_host(i, str_of(key));
}

static void walk(struct inventory *i, const json_t *v)
{
	const char *key;
	json_t *one;
	size_t at;

	json_array_foreach (v, at, one)
		walk(i, one);
	json_object_foreach ((json_t *)v, key, one) {
		if (is_one_of(key, lists))
			add_list(i, one);
		else if (is_one_of(key, hosts))
			add_texts(i, one, inventory_host);
		else if (is_one_of(key, domains))
			add_texts(i, one, add_domain);
		walk(i, one);
	}
}

void inventory_tree(struct inventory *i, const json_t *tree)
{
	add_texts(i, json_object_get(tree, "name"), inventory_host);
	walk(i, tree);
}

/* The next word of a line, up to a blank; false when there is none. */
static bool word(struct str *line, struct str *out)
{
	size_t n = 0;

	*line = str_trim(*line);
	while (n < line->n && !isspace((unsigned char)line->p[n]))
		n++;
	*out = (struct str){line->p, n};
	*line = (struct str){line->p + n, line->n - n};
	return n > 0;
}

static void add_line(struct inventory *i, struct str line)
{
	static const char setting[] = "ansible_host=";
	struct str first, one;

	for (size_t n = 0; n < line.n; n++)
		if (memchr("#;", line.p[n], 2))
			line.n = n;
	if (!word(&line, &first) || *first.p == '[')
		return;
	inventory_host(i, first);
	while (word(&line, &one))
		if (!is_name(first))
			inventory_host(i, one);
		else if (str_starts(one, setting))
			inventory_host(i, (struct str){one.p + sizeof setting - 1,
						  one.n - (sizeof setting - 1)});
}

void inventory_text(struct inventory *i, struct str text)
{
	struct str line;

	while (str_split(&text, '\n', &line))
		add_line(i, line);
}

void inventory_clear(struct inventory *i)
{
	words_clear(&i->hosts);
	words_clear(&i->domains);
}
