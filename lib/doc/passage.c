#include "doc/passage.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/disguise.h"
#include "doc/hunt.h"
#include "json/scan.h"

/* How often each may stand in another. */
struct depth {
	int json, escapes, base64;
};

static const struct depth DEEPEST = {3, 2, 1};

static void look_text(struct passage *p, struct str text, struct depth d);

/* ---- what was found ---- */

static struct passage_span *add(struct passage *p, size_t at, size_t n, enum scrub_kind kind)
{
	p->spans = mem_room(p->spans, p->count, &p->cap, sizeof *p->spans);
	p->spans[p->count] = (struct passage_span){.at = at, .n = n, .kind = kind};
	return &p->spans[p->count++];
}

static void say(struct passage_span *span, struct str text)
{
	span->text = mem_copy(text.p ? text.p : "", text.n);
	span->length = text.n;
}

/* The larger first where two begin together. */
static int by_place(const void *a, const void *b)
{
	const struct passage_span *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->n > y->n ? -1 : x->n < y->n;
}

/* What overlaps becomes one; a secret is the stronger word. */
static void join(struct passage_span *into, struct passage_span *other)
{
	size_t end = into->at + into->n, other_end = other->at + other->n;

	if (other->kind == SCRUB_SECRET || into->kind == SCRUB_LITERAL)
		into->kind = other->kind;
	into->bare = into->bare || other->bare;
	if (other_end > end) {
		free(into->text);
		into->text = NULL;
		into->n = other_end - into->at;
	} else if (!into->text && other->at == into->at && other_end == end) {
		into->text = other->text;
		into->length = other->length;
		other->text = NULL;
	}
	free(other->text);
}

static void put_in_order(struct passage *p)
{
	size_t kept = 0;

	if (p->count)
		qsort(p->spans, p->count, sizeof *p->spans, by_place);
	for (size_t i = 0; i < p->count; i++) {
		struct passage_span *last = kept ? &p->spans[kept - 1] : NULL;

		if (last && p->spans[i].at < last->at + last->n)
			join(last, &p->spans[i]);
		else
			p->spans[kept++] = p->spans[i];
	}
	p->count = kept;
}

/* Those inside of what was passed over go. */
static void drop_owned(struct passage *p)
{
	size_t kept = 0, own = 0;

	for (size_t i = 0; i < p->count; i++) {
		struct passage_span *s = &p->spans[i];

		while (own < p->n_owned && p->owned[own].at + p->owned[own].n <= s->at)
			own++;
		if (own < p->n_owned && p->owned[own].at <= s->at &&
			s->at + s->n <= p->owned[own].at + p->owned[own].n)
			free(s->text);
		else
			p->spans[kept++] = *s;
	}
	p->count = kept;
}

/* A look of its own at what a part of the text says. */
static struct passage within(const struct passage *p)
{
	return (struct passage){.rules = p->rules, .kinds = p->kinds};
}

/* Takes what was found in a part that was decoded to where it stands; base is the text. */
static void take_decoded(struct passage *p, struct passage *inner, const struct decoded *d,
	struct str base, bool said)
{
	for (size_t i = 0; i < inner->count; i++) {
		struct passage_span *s = &inner->spans[i];
		const char *from = d->from[s->at], *to = d->from[s->at + s->n];
		struct passage_span *out =
			add(p, (size_t)(from - base.p), (size_t)(to - from), s->kind);

		if (s->text)
			say(out, (struct str){s->text, s->length});
		else if (said)
			say(out, (struct str){d->text.p + s->at, s->n});
	}
}

/* ---- JSON ---- */

struct walk {
	struct passage *p;
	struct str base;
	struct depth d;
};

static struct str inside_of(struct scan_value string)
{
	return (struct str){string.raw.p + 1, string.raw.n - 2};
}

static void look_string(struct walk *w, struct scan_value v, bool whole)
{
	struct decoded d = decoded_string(inside_of(v));
	struct passage inner = within(w->p);

	if (whole && d.text.n)
		say(add(w->p, (size_t)(v.raw.p + 1 - w->base.p), v.raw.n - 2, SCRUB_SECRET),
			buf_str(&d.text));
	if (!whole && d.text.n) {
		look_text(&inner, buf_str(&d.text), w->d);
		take_decoded(w->p, &inner, &d, w->base, true);
	}
	passage_clear(&inner);
	decoded_clear(&d);
}

/* A number may be that of a card, or a secret by its name. */
static void look_number(struct walk *w, struct scan_value v, bool whole)
{
	struct hunt hunt = hunt_open(w->p->rules, v.raw, w->p->kinds);
	struct scrub_span span = {.kind = SCRUB_SECRET};

	if (whole || hunt_next(&hunt, &span))
		add(w->p, (size_t)(v.raw.p - w->base.p), v.raw.n, span.kind)->bare = true;
	hunt_close(&hunt);
}

static bool is_telling(const struct walk *w, struct scan_value key, struct scan_value value)
{
	struct decoded name = {.from = NULL}, text = {.from = NULL};
	struct str said = value.raw;
	bool is;

	if (key.type != SCAN_STRING || (value.type != SCAN_STRING && value.type != SCAN_NUMBER))
		return false;
	name = decoded_string(inside_of(key));
	if (value.type == SCAN_STRING) {
		text = decoded_string(inside_of(value));
		said = buf_str(&text.text);
	}
	is = scrub_pair(w->p->rules, buf_str(&name.text), said) != NULL;
	decoded_clear(&name);
	decoded_clear(&text);
	return is;
}

static bool is_own(struct walk *w, struct scan_value v)
{
	struct passage *p = w->p;

	if (!p->own || v.type != SCAN_OBJECT || !p->own(p->arg, v))
		return false;
	p->owned = mem_room(p->owned, p->n_owned, &p->cap_owned, sizeof *p->owned);
	p->owned[p->n_owned].at = (size_t)(v.raw.p - w->base.p);
	p->owned[p->n_owned++].n = v.raw.n;
	return true;
}

static void look_value(struct walk *w, struct scan_value v, bool whole);

static void look_members(struct walk *w, struct scan_value v)
{
	/* {"name": "DB_PASSWORD", "value": "..."}, as environments are written */
	bool named = v.type == SCAN_OBJECT &&
		     is_telling(w, scan_member(v, "name"), scan_member(v, "value"));
	struct scan_iter it = scan_open(v);
	struct scan_value key, member;

	while (scan_next(&it, &key, &member)) {
		bool whole = is_telling(w, key, member) || (named && scan_is(key, STR("value")));

		if (key.type == SCAN_STRING)
			look_string(w, key, false);
		look_value(w, member, whole);
	}
}

static void look_value(struct walk *w, struct scan_value v, bool whole)
{
	if (v.type == SCAN_STRING)
		look_string(w, v, whole);
	else if (v.type == SCAN_NUMBER)
		look_number(w, v, whole);
	else if ((v.type == SCAN_OBJECT || v.type == SCAN_ARRAY) && !is_own(w, v))
		look_members(w, v);
}

/*
 * The value that begins at `at`, and where it ends. A text in which many begin and none is one costs
 * as much as it is deep, which the scanner bounds.
 */
static size_t value_at(struct str text, size_t at, struct scan_value *v)
{
	struct str rest = {text.p + at, text.n - at};
	struct scan_error why;

	if (scan_text(rest, v, &why) == 0)
		return text.n;
	if (why.at < 2 || why.at >= rest.n || scan_text((struct str){rest.p, why.at}, v, &why))
		return 0;
	return at + (size_t)(v->raw.p + v->raw.n - rest.p);
}

static void look_for_json(struct passage *p, struct str text, struct depth d)
{
	struct walk w = {p, text, d};
	struct scan_value v;

	w.d.json--;
	for (size_t at = 0, end; at < text.n; at = end ? end : at + 1) {
		end = 0;
		if (text.p[at] != '{' && text.p[at] != '[')
			continue;
		end = value_at(text, at, &v);
		if (end)
			look_value(&w, v, false);
	}
}

/* ---- text ---- */

static void look_behind_escapes(struct passage *p, struct str text, struct depth d)
{
	struct passage inner = within(p);
	struct decoded plain;

	d.escapes--;
	if (!disguise_escapes(text, &plain))
		return;
	look_text(&inner, buf_str(&plain.text), d);
	take_decoded(p, &inner, &plain, text, false);
	passage_clear(&inner);
	decoded_clear(&plain);
}

static bool shows(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' && !memchr("\t\r\n", s.p[i], 3))
			return false;
	return true;
}

/* Whether something private is in what a run says; short words may be in bytes that are no text. */
static bool tells(const struct passage *inner, struct str said, enum scrub_kind *kind)
{
	bool is_text = shows(said);

	for (size_t i = 0; i < inner->count; i++) {
		const struct passage_span *s = &inner->spans[i];

		if (s->kind == SCRUB_LITERAL ||
			!(is_text || (s->n >= 8 && shows((struct str){said.p + s->at, s->n}))))
			continue;
		*kind = s->kind;
		return true;
	}
	return false;
}

static bool run_tells(const struct passage *p, struct str run, size_t skip, struct depth d,
	enum scrub_kind *kind)
{
	struct passage inner = within(p);
	struct buf said = BUF_INIT(run.n);
	bool is;

	disguise_decode(run, skip, &said);
	look_text(&inner, buf_str(&said), d);
	is = tells(&inner, buf_str(&said), kind);
	passage_clear(&inner);
	buf_clear(&said);
	return is;
}

/* Hidden as a whole, wherever in it the text begins. */
static void look_in_base64(struct passage *p, struct str text, struct depth d)
{
	size_t at = 0, n;

	d.base64--;
	for (; disguise_run(text, &at, &n); at += n) {
		enum scrub_kind kind;
		bool is = false;

		for (size_t skip = 0; skip < 4 && !is; skip++)
			is = run_tells(p, (struct str){text.p + at, n}, skip, d, &kind);
		if (is)
			add(p, at, n, kind);
	}
}

static void look_text(struct passage *p, struct str text, struct depth d)
{
	struct hunt hunt = hunt_open(p->rules, text, p->kinds);
	struct scrub_span span;

	while (hunt_next(&hunt, &span))
		add(p, span.at, span.n, span.kind);
	hunt_close(&hunt);
	if (d.json > 0)
		look_for_json(p, text, d);
	if (d.escapes > 0)
		look_behind_escapes(p, text, d);
	if (d.base64 > 0)
		look_in_base64(p, text, d);
	put_in_order(p);
	drop_owned(p);
}

void passage_look(struct passage *p, struct str text)
{
	look_text(p, text, DEEPEST);
}

void passage_look_json(struct passage *p, struct str json)
{
	struct walk w = {p, json, DEEPEST};
	struct scan_value v;
	struct scan_error why;

	if (scan_text(json, &v, &why) == 0)
		look_value(&w, v, false);
	put_in_order(p);
	drop_owned(p);
}

void passage_clear(struct passage *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->spans[i].text);
	free(p->spans);
	free(p->owned);
	p->spans = NULL;
	p->owned = NULL;
	p->count = p->cap = p->n_owned = p->cap_owned = 0;
}
