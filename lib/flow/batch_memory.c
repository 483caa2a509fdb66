#include "flow/batch_memory.h"

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

static int remember_alert(const struct batch *b, const struct pending *p, const struct roster *r,
	struct memory *m, struct err *e)
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
	return memory_put_alert(m, &alert, e);
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

static int remember_all(const struct batch *b, const struct roster *r, struct memory *m, int64_t before,
	struct err *e)
{
	for (size_t i = 0; i < b->n_pending; i++)
		if (b->pending[i].changed && remember_alert(b, b->pending + i, r, m, e))
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
