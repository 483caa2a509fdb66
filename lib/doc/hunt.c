#include "doc/hunt.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/pattern.h"

static void find_all(struct hunt *h, const struct scrub_pattern *p, struct str text)
{
	size_t from = 0, at, n;

	for (; pattern_find(p->regex, text, from, &at, &n); from = at + n) {
		if (scrub_rules_allows(h->scan.rules, (struct str){text.p + at, n}))
			continue;
		h->own = mem_room(h->own, h->count, &h->cap, sizeof *h->own);
		h->own[h->count++] = (struct scrub_span){
			.at = at, .n = n, .kind = (enum scrub_kind)p->kind, .what = p->name};
	}
}

static int by_place(const void *a, const void *b)
{
	const struct scrub_span *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->n > y->n ? -1 : x->n < y->n;
}

struct hunt hunt_open(const struct scrub_rules *rules, struct str text, unsigned kinds)
{
	struct hunt h = {.scan = scrub_open(rules, text, kinds)};

	for (size_t i = 0; i < rules->n_patterns; i++)
		if (kinds >> rules->patterns[i].kind & 1)
			find_all(&h, &rules->patterns[i], text);
	if (h.count)
		qsort(h.own, h.count, sizeof *h.own, by_place);
	return h;
}

/* The next of either, or NULL; lent until it is taken. */
static const struct scrub_span *peek(struct hunt *h)
{
	const struct scrub_span *own = h->given < h->count ? &h->own[h->given] : NULL;

	if (!h->has_ahead)
		h->has_ahead = scrub_next(&h->scan, &h->ahead);
	if (!h->has_ahead)
		return own;
	return own && by_place(own, &h->ahead) < 0 ? own : &h->ahead;
}

static void took(struct hunt *h, const struct scrub_span *span)
{
	if (span == &h->ahead)
		h->has_ahead = false;
	else
		h->given++;
}

static void join(struct scrub_span *into, const struct scrub_span *other)
{
	size_t end = into->at + into->n, other_end = other->at + other->n;

	if (other_end > end)
		into->n = other_end - into->at;
	if ((other->kind == SCRUB_SECRET && into->kind != SCRUB_SECRET) ||
		into->kind == SCRUB_LITERAL) {
		into->kind = other->kind;
		into->what = other->what;
	}
}

bool hunt_next(struct hunt *h, struct scrub_span *span)
{
	const struct scrub_span *next;

	if (!h->own)
		return scrub_next(&h->scan, span);
	next = peek(h);
	if (!next)
		return false;
	*span = *next;
	took(h, next);
	while ((next = peek(h)) && next->at < span->at + span->n) {
		join(span, next);
		took(h, next);
	}
	return true;
}

void hunt_close(struct hunt *h)
{
	free(h->own);
	h->own = NULL;
}
