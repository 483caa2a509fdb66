#include "flow/batch_memory.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"

#define KEEP_MS ((int64_t)WHEN_DAY * 7)

int batch_remember_comebacks(const struct batch *b, struct memory *m, struct err *e)
{
	if (!b->n_comebacks)
		return 0;
	if (memory_begin(m, e))
		return -1;
	for (size_t i = 0; i < b->n_comebacks; i++)
		if (memory_put_episode(m, b->comebacks[i].fingerprint, b->comebacks[i].at, e)) {
			memory_rollback(m);
			return -1;
		}
	return memory_commit(m, e);
}

/* An alert that changed, by its key in the database. */
struct changed {
	int64_t key;
	uint32_t pending;
};

static int order(const void *a, const void *b)
{
	int64_t ka = ((const struct changed *)a)->key, kb = ((const struct changed *)b)->key;

	return (ka > kb) - (ka < kb);
}

/* In the order of the database, so that a page is filled while it is at hand. */
static struct changed *changed_in_order(const struct batch *b, const struct roster *r, size_t *n)
{
	struct changed *all = mem_array(b->n_pending, sizeof *all);

	*n = 0;
	for (uint32_t i = 0; i < b->n_pending; i++)
		if (b->pending[i].changed)
			all[(*n)++] = (struct changed){
				(int64_t)r->alerts[b->pending[i].alert].fingerprint, i};
	qsort(all, *n, sizeof *all, order);
	return all;
}

static struct memory_alert alert_of(
	const struct batch *b, const struct pending *p, const struct roster *r)
{
	const struct roster_alert *a = r->alerts + p->alert;
	struct signal signal;
	struct memory_alert alert = {
		.fingerprint = a->fingerprint,
		.group = r->groups[a->group].key,
		.starts_at = a->starts_at,
		.ends_at = a->ends_at,
	};

	if (p->n) {
		batch_signal(b, p, &signal);
		scan_plain(signal.member[SIGNAL_SOURCE], &alert.source);
		/* Of others nobody asks what fires: they tell when it ends. */
		if (str_is(alert.source, MEMORY_ASKED))
			alert.labels = signal.member[SIGNAL_LABELS].raw;
	}
	return alert;
}

static int remember_alerts(
	const struct batch *b, const struct roster *r, struct memory *m, struct err *e)
{
	struct memory_alert some[MEMORY_ALERTS];
	size_t n, count = 0;
	struct changed *all = changed_in_order(b, r, &n);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++) {
		some[count++] = alert_of(b, b->pending + all[i].pending, r);
		if (count < MEMORY_ALERTS && i + 1 < n)
			continue;
		rc = memory_put_alerts(m, some, count, e);
		count = 0;
	}
	free(all);
	return rc;
}

static int remember_case(const struct roster_group *g, struct memory *m, struct err *e)
{
	return memory_put_case(m,
		&(struct memory_case){
			.group = g->key,
			.opened_at = g->opened_at,
			.fired = g->fired,
			.how = str_of(g->how),
			.settled_at = g->settled_at,
			.until = g->until,
			.closed_at = g->closed_at,
		},
		e);
}

int64_t batch_kept_ms(const struct policy *p)
{
	int64_t keep = KEEP_MS;

	keep = p->ask_again_ms > keep ? p->ask_again_ms : keep;
	return p->flapping.window_ms > keep ? p->flapping.window_ms : keep;
}

static int remember_all(const struct batch *b, const struct roster *r, struct memory *m,
	int64_t before, struct err *e)
{
	if (remember_alerts(b, r, m, e))
		return -1;
	for (size_t i = 0; i < b->n_touched; i++)
		if ((b->touched[i].changed || b->touched[i].speaks) &&
			remember_case(r->groups + b->touched[i].group, m, e))
			return -1;
	return before == WHEN_NEVER ? 0 : memory_forget(m, before, e);
}

int batch_remember(const struct batch *b, const struct roster *r, struct memory *m, int64_t before,
	struct err *e)
{
	if (memory_begin(m, e))
		return -1;
	if (remember_all(b, r, m, before, e)) {
		memory_rollback(m);
		return -1;
	}
	return memory_commit(m, e);
}
