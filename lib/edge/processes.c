#include "edge/processes.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdlib.h>

#include "base/mem.h"
#include "edge/host.h"

#define TEXT_MAX  ((size_t)16 << 20)
#define STUCK_MAX 20

struct process {
	long pid;
	char name[64], state;
	json_int_t rss;
};

struct processes {
	struct process *items;
	size_t count, cap;
};

static bool is_number(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

/* "12 (a name) S 1 ...": the name may hold anything, blanks and parentheses too. */
static int parse_stat(const char *text, struct process *p)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')'), *at;
	size_t n;

	if (!open || !close || close < open || close[1] != ' ' || !close[2])
		return -1;
	n = (size_t)(close - open - 1);
	n = n < sizeof p->name ? n : sizeof p->name - 1;
	memcpy(p->name, open + 1, n);
	p->name[n] = '\0';
	p->state = close[2];
	at = close + 2;
	for (int field = 3; field < 24; field++) { /* rss, in pages, is the 24th */
		at = strchr(at, ' ');
		if (!at++)
			return -1;
	}
	p->rss = strtoll(at, NULL, 10) * sysconf(_SC_PAGESIZE);
	return 0;
}

static void add_process(struct processes *all, const char *root, const char *pid)
{
	struct process p = {.pid = strtol(pid, NULL, 10)};
	struct buf path = BUF_INIT(64), text = BUF_INIT(TEXT_MAX);
	struct err gone = ERR_INIT; /* it may have ended meanwhile */

	buf_putf(&path, "/proc/%.20s/stat", pid);
	if (host_read(root, buf_text(&path), &text, &gone) == 0 &&
		parse_stat(buf_text(&text), &p) == 0) {
		all->items = mem_room(all->items, all->count, &all->cap, sizeof p);
		all->items[all->count++] = p;
	}
	buf_clear(&path);
	buf_clear(&text);
}

static DIR *open_proc(const char *root, struct err *e)
{
	struct buf name = BUF_INIT(8192);
	DIR *d;

	buf_putf(&name, "%s/proc", root);
	d = opendir(buf_text(&name));
	if (!d)
		err_sys(e, ERR_UNAVAILABLE, "cannot open '%s'", buf_text(&name));
	buf_clear(&name);
	return d;
}

static int by_size(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	if (x->rss != y->rss)
		return x->rss < y->rss ? 1 : -1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int processes_load(struct processes *all, const char *root, struct err *e)
{
	DIR *d = open_proc(root, e);
	struct dirent *entry;

	if (!d)
		return -1;
	while ((entry = readdir(d)))
		if (is_number(entry->d_name))
			add_process(all, root, entry->d_name);
	closedir(d);
	if (all->count)
		qsort(all->items, all->count, sizeof *all->items, by_size);
	return 0;
}

static json_t *text_of(const char *s)
{
	json_t *text = json_string(s);

	return text ? text : json_string("?");
}

static json_t *describe(const struct process *p)
{
	char state[2] = {p->state, '\0'};
	json_t *one = json_object();

	json_object_set_new(one, "pid", json_integer(p->pid));
	json_object_set_new(one, "name", text_of(p->name));
	json_object_set_new(one, "state", json_string(state));
	json_object_set_new(one, "rss_bytes", json_integer(p->rss));
	return one;
}

static json_t *summarise(const struct processes *all, size_t top)
{
	json_t *whole = json_object(), *states = json_object(), *stuck = json_array(),
	       *largest = json_array();

	for (size_t i = 0; i < all->count; i++) {
		const struct process *p = &all->items[i];
		char state[2] = {p->state, '\0'};

		json_int_t seen = json_integer_value(json_object_get(states, state));

		json_object_set_new(states, state, json_integer(seen + 1));
		if (p->state == 'D' && json_array_size(stuck) < STUCK_MAX)
			json_array_append_new(stuck, describe(p));
		if (i < top)
			json_array_append_new(largest, describe(p));
	}
	json_object_set_new(whole, "count", json_integer((json_int_t)all->count));
	json_object_set_new(whole, "states", states);
	json_object_set_new(whole, "stuck", stuck);
	json_object_set_new(whole, "top", largest);
	return whole;
}

/* The kernel keeps 15 bytes of a name. */
static bool is_called(const struct process *p, const char *name)
{
	return strlen(p->name) < 15 ? strcmp(p->name, name) == 0 : strncmp(p->name, name, 15) == 0;
}

static json_t *matching(const struct processes *all, const char *name)
{
	json_t *whole = json_object(), *list = json_array();

	for (size_t i = 0; i < all->count; i++)
		if (is_called(&all->items[i], name))
			json_array_append_new(list, describe(&all->items[i]));
	json_object_set_new(whole, "name", text_of(name));
	json_object_set_new(whole, "matching", list);
	return whole;
}

json_t *processes_list(const char *root, const char *name, size_t top, struct err *e)
{
	struct processes all = {.items = NULL};
	json_t *whole = NULL;

	if (processes_load(&all, root, e) == 0)
		whole = name ? matching(&all, name) : summarise(&all, top);
	free(all.items);
	return whole;
}

/* --- sockets --- */

struct listener {
	const char *protocol;
	char address[INET6_ADDRSTRLEN];
	unsigned port;
	unsigned long inode;
	long pid;
};

struct listeners {
	struct listener *items;
	size_t count, cap;
};

/* Hexadecimal, 32-bit words each in the machine's byte order. */
static int parse_address(const char *hex, size_t n, struct listener *l)
{
	unsigned char raw[16];

	for (size_t i = 0; i < n / 8; i++) {
		char word[9];
		uint32_t value;

		memcpy(word, hex + i * 8, 8);
		word[8] = '\0';
		value = (uint32_t)strtoul(word, NULL, 16);
		memcpy(raw + i * 4, &value, 4);
	}
	return inet_ntop(n == 32 ? AF_INET6 : AF_INET, raw, l->address, sizeof l->address) ? 0 : -1;
}

/* "0: 0100007F:1F90 00000000:0000 0A ... uid timeout inode": 0A is LISTEN, 07 an unconnected UDP
 * socket. */
static void add_socket(struct listeners *all, const char *protocol, const char *line)
{
	struct listener l = {.protocol = protocol};
	char local[40], peer[40];
	unsigned state, port, peer_port;

	if (sscanf(line, " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %x %*s %*s %*s %*u %*u %lu", local,
		    &port, peer, &peer_port, &state, &l.inode) != 6)
		return;
	if (state != (protocol[0] == 't' ? 10U : 7U) ||
		parse_address(local, strlen(local) == 32 ? 32 : 8, &l))
		return;
	l.port = port;
	all->items = mem_room(all->items, all->count, &all->cap, sizeof l);
	all->items[all->count++] = l;
}

static void add_table(
	struct listeners *all, const char *root, const char *path, const char *protocol)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct err absent = ERR_INIT; /* a machine without IPv6 has no such table */
	struct str rest, line;

	host_read(root, path, &text, &absent);
	rest = buf_str(&text);
	while (str_split(&rest, '\n', &line)) {
		char *one = mem_copy(line.p, line.n);

		add_socket(all, protocol, one);
		free(one);
	}
	buf_clear(&text);
}

/* The owners: those processes that have a socket's inode open. */
static void find_owners(struct listeners *all, const char *root, long pid)
{
	char dir[4096], target[128], *end;
	DIR *d;
	struct dirent *entry;

	snprintf(dir, sizeof dir, "%s/proc/%ld/fd", root, pid);
	d = opendir(dir);
	while (d && (entry = readdir(d))) {
		ssize_t n = readlinkat(dirfd(d), entry->d_name, target, sizeof target - 1);
		unsigned long inode;

		if (n <= 0)
			continue;
		target[n] = '\0';
		if (strncmp(target, "socket:[", 8))
			continue;
		inode = strtoul(target + 8, &end, 10);
		for (size_t i = 0; i < all->count; i++)
			if (all->items[i].inode == inode && !all->items[i].pid)
				all->items[i].pid = pid;
	}
	if (d)
		closedir(d);
}

static int by_port(const void *a, const void *b)
{
	const struct listener *x = a, *y = b;

	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (strcmp(x->protocol, y->protocol))
		return strcmp(x->protocol, y->protocol);
	return strcmp(x->address, y->address);
}

static json_t *describe_listener(const struct listener *l, const struct processes *running)
{
	json_t *one = json_object();

	json_object_set_new(one, "protocol", json_string(l->protocol));
	json_object_set_new(one, "address", json_string(l->address));
	json_object_set_new(one, "port", json_integer(l->port));
	for (size_t i = 0; l->pid && i < running->count; i++)
		if (running->items[i].pid == l->pid) {
			json_object_set_new(one, "pid", json_integer(l->pid));
			json_object_set_new(one, "process", text_of(running->items[i].name));
		}
	return one;
}

static void keep_port(struct listeners *all, long port)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++)
		if (!port || all->items[i].port == (unsigned long)port)
			all->items[kept++] = all->items[i];
	all->count = kept;
	if (kept)
		qsort(all->items, kept, sizeof *all->items, by_port);
}

json_t *processes_ports(const char *root, long port, struct err *e)
{
	struct listeners all = {.items = NULL};
	struct processes running = {.items = NULL};
	json_t *whole = NULL, *list;

	if (processes_load(&running, root, e))
		goto out;
	add_table(&all, root, "/proc/net/tcp", "tcp");
	add_table(&all, root, "/proc/net/tcp6", "tcp");
	add_table(&all, root, "/proc/net/udp", "udp");
	add_table(&all, root, "/proc/net/udp6", "udp");
	keep_port(&all, port);
	for (size_t i = 0; all.count && i < running.count; i++)
		find_owners(&all, root, running.items[i].pid);
	list = json_array();
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(list, describe_listener(&all.items[i], &running));
	whole = json_object();
	json_object_set_new(whole, "listening", list);
out:
	free(all.items);
	free(running.items);
	return whole;
}
