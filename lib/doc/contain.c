#include "doc/contain.h"

#include <stddef.h>
#include <string.h>

#include "base/when.h"

#define MEMORY_LEAST   ((int64_t)1 << 20)
#define MEMORY_MOST    ((int64_t)1 << 50)
#define PROCESSES_MOST 100000

/* "256M": bytes, with K, M, G or T for powers of 1024. -1: it is no such thing. */
static int64_t size_of(const json_t *v)
{
	static const char units[] = "KMGT";
	const char *s = json_string_value(v), *unit;
	int64_t n = 0;

	if (json_is_integer(v))
		return json_integer_value(v);
	if (!s || *s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (*s - '0');
		if (n > MEMORY_MOST)
			return -1;
	}
	unit = *s ? strchr(units, *s) : NULL;
	if (*s && (!unit || s[1]))
		return -1;
	for (ptrdiff_t k = unit ? unit - units + 1 : 0; k > 0 && n <= MEMORY_MOST; k--)
		n *= 1024;
	return n;
}

static int check_user(const struct node *n, struct err *e)
{
	const char *user = node_text_or_null(n, "user", e);
	struct node at = node_get(n, "user");

	if (user && (!*user || *user == '-' || strlen(user) > 32 ||
			    strspn(user, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(user)))
		return node_fail(&at, e, "'%.40s' is no name of a user", user);
	return e->kind ? -1 : 0;
}

static int check_limits(const struct node *n, struct err *e)
{
	struct node memory = node_get(n, "memory"), processes = node_get(n, "processes"),
		    cpu = node_get(n, "cpu");
	int64_t bytes = size_of(memory.v), count = node_integer(n, "processes", 1, e),
		ms = node_span(n, "cpu", 1000, e);

	if (e->kind)
		return -1;
	if (node_there(&memory) && (bytes < MEMORY_LEAST || bytes > MEMORY_MOST))
		return node_fail(&memory, e, "must be a size such as 256M, at least 1M");
	if (count < 1 || count > PROCESSES_MOST)
		return node_fail(&processes, e, "must be from 1 to %d", PROCESSES_MOST);
	if (ms < 1000 || ms > WHEN_DAY)
		return node_fail(&cpu, e, "must be from 1s to 24h");
	return 0;
}

int contain_check(const struct node *declaration, struct err *e)
{
	static const char *const known[] = {"user", "read_only", "network", "private_tmp", "memory",
		"processes", "cpu", "privileges", NULL};
	static const char *const flags[] = {
		"read_only", "network", "private_tmp", "privileges", NULL};

	if (!node_there(declaration))
		return 0;
	if (node_is_object(declaration, e) || node_known(declaration, known, e))
		return -1;
	for (size_t i = 0; flags[i]; i++)
		node_bool(declaration, flags[i], false, e);
	return check_user(declaration, e) || check_limits(declaration, e) ? -1 : 0;
}

void contain_inherit(json_t *tool, json_t *toolset)
{
	json_t *own = json_object_get(tool, "contain");

	if (json_is_object(own))
		json_object_update_missing(own, toolset);
	else if (json_is_object(toolset))
		json_object_set(tool, "contain", toolset);
}

struct contain contain_read(const json_t *d)
{
	int64_t bytes = size_of(json_object_get(d, "memory")), ms = 0;
	const char *span = json_string_value(json_object_get(d, "cpu"));

	if (span && span_parse(str_of(span), &ms))
		ms = 0;
	return (struct contain){.user = json_string_value(json_object_get(d, "user")),
		.read_only = json_is_true(json_object_get(d, "read_only")),
		.no_network = json_is_false(json_object_get(d, "network")),
		.private_tmp = json_is_true(json_object_get(d, "private_tmp")),
		.privileges = json_is_true(json_object_get(d, "privileges")),
		.memory = bytes > 0 ? bytes : 0,
		.processes = json_integer_value(json_object_get(d, "processes")),
		.cpu = (ms + 999) / 1000};
}
