#include "flow/batch.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"

#define MOST_COMEBACKS 65536

uint32_t batch_touch(struct batch *b, uint32_t group)
{
	uint32_t at = (uint32_t)b->n_touched++;

	b->touched = mem_room(b->touched, at, &b->cap_touched, sizeof *b->touched);
	b->touched[at] = (struct touched){.group = group,
		.first = BATCH_NONE,
		.last = BATCH_NONE,
		.opens = INT64_MAX,
		.ends = WHEN_NEVER};
	return at;
}

uint32_t batch_add(struct batch *b, uint32_t touched, uint32_t alert)
{
	struct touched *t = b->touched + touched;
	uint32_t at = (uint32_t)b->n_pending++;

	b->pending = mem_room(b->pending, at, &b->cap_pending, sizeof *b->pending);
	b->pending[at] = (struct pending){.alert = alert, .next = BATCH_NONE};
	if (t->first == BATCH_NONE)
		t->first = at;
	else
		b->pending[t->last].next = at;
	t->last = at;
	t->alerts++;
	return at;
}

void batch_keep(struct batch *b, uint32_t pending, const struct signal *s)
{
	struct pending *p = b->pending + pending;

	if (s->line.n > p->n) {
		p->at = b->bytes.n;
		buf_putstr(&b->bytes, s->line);
	} else {
		memcpy(b->bytes.p + p->at, s->line.p, s->line.n);
	}
	p->n = (uint32_t)s->line.n;
	for (int i = 0; i < SIGNAL_LASTING; i++) {
		struct str raw = s->member[i].raw;
		bool there = s->member[i].type != SCAN_NONE;

		p->member[i].at = there ? (uint32_t)(raw.p - s->line.p) : 0;
		p->member[i].n = there ? (uint32_t)raw.n : 0;
	}
}

/* Of the types only those matter that are looked into. */
static enum scan_type type_of(struct str raw)
{
	if (!raw.n)
		return SCAN_NONE;
	return *raw.p == '"' ? SCAN_STRING : *raw.p == '{' ? SCAN_OBJECT : SCAN_NULL;
}

void batch_signal(const struct batch *b, const struct pending *p, struct signal *s)
{
	s->line = (struct str){b->bytes.p + p->at, p->n};
	for (int i = 0; i < SIGNAL_LASTING; i++) {
		struct str raw = {s->line.p + p->member[i].at, p->member[i].n};

		s->member[i] = (struct scan_value){type_of(raw), raw};
	}
}

void batch_comeback(struct batch *b, uint64_t fingerprint, int64_t at)
{
	b->comebacks = mem_room(
		b->comebacks, b->n_comebacks, &b->cap_comebacks, sizeof *b->comebacks);
	b->comebacks[b->n_comebacks++] = (struct comeback){fingerprint, at};
}

bool batch_is_full(const struct batch *b)
{
	return b->bytes.n >= BATCH_BYTES || b->n_comebacks >= MOST_COMEBACKS;
}

/* Takes whole lines away from the front until n more bytes fit. */
static void make_room(struct buf *b, size_t n)
{
	struct str rest = buf_str(b), line;

	while (rest.n + n > b->max && str_split(&rest, '\n', &line))
		;
	if (rest.n)
		memmove(b->p, rest.p, rest.n);
	b->n = rest.n;
}

bool batch_observe(struct batch *b, struct str line)
{
	if (line.n > BATCH_OBSERVATION)
		return false;
	make_room(&b->observations, line.n + 1);
	buf_putstr(&b->observations, line);
	buf_putc(&b->observations, '\n');
	return true;
}

static bool is_of(struct str line, struct str tool)
{
	struct scan_value whole = {SCAN_OBJECT, str_trim(line)};

	return scan_is(scan_member(whole, "tool"), tool);
}

void batch_context(const struct batch *b, struct str tool, struct buf *into, int most)
{
	struct str rest = buf_str(&b->observations), line;
	int of_tool = 0;

	for (struct str all = rest; str_split(&all, '\n', &line);)
		of_tool += is_of(line, tool);
	while (str_split(&rest, '\n', &line)) {
		if (!is_of(line, tool) || of_tool-- > most)
			continue;
		if (into->n && into->p[into->n - 1] != '[')
			buf_putc(into, ',');
		buf_putstr(into, str_trim(line));
	}
}

void batch_reset(struct batch *b)
{
	b->n_pending = b->n_touched = b->n_comebacks = 0;
	buf_reset(&b->bytes);
}

void batch_clear(struct batch *b)
{
	free(b->pending);
	free(b->touched);
	free(b->comebacks);
	buf_clear(&b->bytes);
	buf_clear(&b->observations);
	*b = (struct batch)BATCH_INIT;
}
