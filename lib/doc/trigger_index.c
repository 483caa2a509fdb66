#include "doc/trigger_index.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/literals.h"

struct trigger {
	struct matchers match;
	uint32_t tag;
};

/* One trigger in the bucket of a key; buckets are chains. */
struct entry {
	uint32_t trigger, next;
};

/* A label that triggers are kept under, with the lengths of the prefixes asked for. */
struct anchor {
	struct str name; /* lent by a matcher */
	uint64_t seed;   /* hash of the name */
	bool lengths[LITERALS_LENGTH + 1];
	size_t longest;
};

struct trigger_index {
	struct trigger *triggers;
	size_t count, cap;
	bool finished;
	struct table names;   /* hash of a label's name to an anchor */
	struct table buckets; /* hash of name and value (or prefix) to the first entry */
	struct anchor *anchors;
	size_t n_anchors, cap_anchors;
	struct entry *entries;
	size_t n_entries, cap_entries;
	uint32_t *residual; /* triggers that have no key */
	size_t n_residual, cap_residual;
	uint32_t *found;
	size_t n_found, cap_found;
};

/*
 * The keys a trigger could be kept under by one of its matchers: whatever it matches has the label
 * `name` with one of `texts` as its value, or as its start. All is lent by the matcher.
 */
struct keys {
	const char *name;
	char *const *texts;
	size_t count;
	bool exact;
};

struct trigger_index *trigger_index_new(void)
{
	return mem_new(sizeof(struct trigger_index));
}

static void forget(struct trigger_index *x)
{
	table_clear(&x->names);
	table_clear(&x->buckets);
	x->n_anchors = x->n_entries = x->n_residual = 0;
	x->finished = false;
}

void trigger_index_free(struct trigger_index *x)
{
	if (!x)
		return;
	forget(x);
	for (size_t i = 0; i < x->count; i++)
		matchers_clear(&x->triggers[i].match);
	free(x->triggers);
	free(x->anchors);
	free(x->entries);
	free(x->residual);
	free(x->found);
	free(x);
}

void trigger_index_take(struct trigger_index *x, struct matchers *m, uint32_t tag)
{
	if (x->finished)
		forget(x);
	x->triggers = mem_room(x->triggers, x->count, &x->cap, sizeof *x->triggers);
	if (m->count < m->cap) { /* there are many: what is tried should lie close together */
		m->items = mem_grow(m->items, m->count, sizeof *m->items);
		m->cap = m->count;
	}
	x->triggers[x->count++] = (struct trigger){*m, tag};
	*m = (struct matchers)MATCHERS_INIT;
}

/* An empty text is of no use: it stands for a label that is not there to be looked up. */
static bool keys_read(struct keys *k, const struct matcher *m)
{
	*k = (struct keys){.name = m->name, .exact = true};
	if (m->op == MATCHER_EQUAL) {
		k->texts = &m->value;
		k->count = 1;
	} else if (m->op == MATCHER_REGEX) {
		k->count = regex_texts(m->regex, &k->texts, &k->exact);
	}
	for (size_t i = 0; i < k->count; i++)
		if (!*k->texts[i])
			return false;
	return k->count > 0;
}

static uint64_t seed_of(struct str name)
{
	return hash_add_byte(hash_add(HASH_START, name), 0xff);
}

/* No UTF-8 text has the byte 0xff, so a value and a prefix that read alike have two keys. */
static uint64_t key_of(const struct keys *k, size_t i)
{
	uint64_t h = hash_add(seed_of(str_of(k->name)), str_of(k->texts[i]));

	return k->exact ? hash_add_byte(h, 0xff) : h;
}

/*
 * How many triggers would be tried for nothing: those that share the fullest bucket; a prefix
 * counts double, and more the shorter it is. Ties go to the name of the alert.
 */
static size_t burden(const struct table *counts, const struct keys *k)
{
	size_t most = 0;

	for (size_t i = 0; i < k->count; i++) {
		uint32_t n = table_get(counts, key_of(k, i));
		size_t much = (n == TABLE_NONE ? 0 : n) * 2;

		if (!k->exact)
			much = much * 2 + 64 / strlen(k->texts[i]);
		if (much > most)
			most = much;
	}
	return most + (strcmp(k->name, "alertname") != 0);
}

static void count_keys(const struct trigger *t, struct table *counts)
{
	struct keys k;

	for (size_t i = 0; i < t->match.count; i++) {
		if (!keys_read(&k, &t->match.items[i]))
			continue;
		for (size_t at = 0; at < k.count; at++) {
			uint32_t n = table_get(counts, key_of(&k, at));

			table_put(counts, key_of(&k, at), n == TABLE_NONE ? 1 : n + 1);
		}
	}
}

static struct anchor *anchor_of(struct trigger_index *x, const char *name)
{
	uint64_t seed = seed_of(str_of(name));
	uint32_t at = table_get(&x->names, seed);

	if (at != TABLE_NONE)
		return &x->anchors[at];
	x->anchors = mem_room(x->anchors, x->n_anchors, &x->cap_anchors, sizeof *x->anchors);
	x->anchors[x->n_anchors] = (struct anchor){.name = str_of(name), .seed = seed};
	table_put(&x->names, seed, (uint32_t)x->n_anchors);
	return &x->anchors[x->n_anchors++];
}

static void keep(struct trigger_index *x, uint32_t trigger, const struct keys *k)
{
	struct anchor *a = anchor_of(x, k->name);

	for (size_t i = 0; i < k->count; i++) {
		uint64_t key = key_of(k, i);
		size_t n = strlen(k->texts[i]);

		x->entries = mem_room(
			x->entries, x->n_entries, &x->cap_entries, sizeof *x->entries);
		x->entries[x->n_entries] = (struct entry){
			.trigger = trigger, .next = table_get(&x->buckets, key)};
		table_put(&x->buckets, key, (uint32_t)x->n_entries++);
		if (!k->exact) {
			a->lengths[n] = true;
			a->longest = n > a->longest ? n : a->longest;
		}
	}
}

static void place(struct trigger_index *x, uint32_t trigger, const struct table *counts)
{
	const struct matchers *m = &x->triggers[trigger].match;
	struct keys best = {.count = 0};
	size_t least = 0;

	for (size_t i = 0; i < m->count; i++) {
		struct keys k;
		size_t much;

		if (!keys_read(&k, &m->items[i]))
			continue;
		much = burden(counts, &k);
		if (!best.count || much < least) {
			best = k;
			least = much;
		}
	}
	if (best.count) {
		keep(x, trigger, &best);
	} else {
		x->residual = mem_room(
			x->residual, x->n_residual, &x->cap_residual, sizeof *x->residual);
		x->residual[x->n_residual++] = trigger;
	}
}

static void finish(struct trigger_index *x)
{
	struct table counts = TABLE_INIT;

	if (x->finished)
		return;
	for (size_t i = 0; i < x->count; i++)
		count_keys(&x->triggers[i], &counts);
	for (size_t i = 0; i < x->count; i++)
		place(x, (uint32_t)i, &counts);
	table_clear(&counts);
	x->finished = true;
}

static void try_one(struct trigger_index *x, uint32_t trigger, const struct labels *l)
{
	struct trigger *t = &x->triggers[trigger];

	if (!matchers_match(&t->match, l))
		return;
	x->found = mem_room(x->found, x->n_found, &x->cap_found, sizeof *x->found);
	x->found[x->n_found++] = t->tag;
}

static void try_bucket(struct trigger_index *x, uint64_t key, const struct labels *l)
{
	uint32_t at = table_get(&x->buckets, key);

	for (; at != TABLE_NONE; at = x->entries[at].next)
		try_one(x, x->entries[at].trigger, l);
}

/* Each prefix of the value that somebody asks for, then the whole value. */
static void try_value(
	struct trigger_index *x, const struct anchor *a, struct str value, const struct labels *l)
{
	uint64_t h = a->seed;

	for (size_t i = 0; i < value.n; i++) {
		h = hash_add_byte(h, (unsigned char)value.p[i]);
		if (i < a->longest && a->lengths[i + 1])
			try_bucket(x, h, l);
	}
	if (value.n)
		try_bucket(x, hash_add_byte(h, 0xff), l);
}

/* By what is fewer: the labels that triggers are kept under, or those of the alert. */
static void try_labels(struct trigger_index *x, const struct labels *l)
{
	if (x->n_anchors <= l->count) {
		for (size_t i = 0; i < x->n_anchors; i++)
			try_value(x, &x->anchors[i], labels_get(l, x->anchors[i].name), l);
		return;
	}
	for (size_t i = 0; i < l->count; i++) {
		uint32_t at = table_get(&x->names, seed_of(l->items[i].name));

		if (at != TABLE_NONE)
			try_value(x, &x->anchors[at], l->items[i].value, l);
	}
}

static int order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

size_t trigger_index_find(
	struct trigger_index *x, const struct labels *l, uint32_t *tags, size_t max)
{
	size_t n = 0;

	finish(x);
	x->n_found = 0;
	try_labels(x, l);
	for (size_t i = 0; i < x->n_residual; i++)
		try_one(x, x->residual[i], l);
	if (x->n_found > 1)
		qsort(x->found, x->n_found, sizeof *x->found, order);
	for (size_t i = 0; i < x->n_found && n < max; i++)
		if (i == 0 || x->found[i] != x->found[i - 1])
			tags[n++] = x->found[i];
	return n;
}

size_t trigger_index_residual(struct trigger_index *x)
{
	finish(x);
	return x->n_residual;
}
