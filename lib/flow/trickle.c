#include "flow/trickle.h"

#include <string.h>

#define LONGEST 32 /* "<SECRET_" and a number */
#define PIECE   ((size_t)16 << 20)

void trickle_begin(
	struct trickle *t, const struct egress *g, bool secrets, trickle_fn *show, void *arg)
{
	*t = (struct trickle){.egress = g,
		.secrets = secrets,
		.show = show,
		.arg = arg,
		.held = BUF_INIT(PIECE)};
}

void trickle_clear(struct trickle *t)
{
	buf_clear(&t->held);
}

static int give(struct trickle *t, size_t n)
{
	struct buf out = BUF_INIT(4 * PIECE);
	int rc;

	if (!n)
		return 0;
	egress_restore_text(t->egress, (struct str){t->held.p, n}, t->secrets, &out);
	rc = t->show ? t->show(t->arg, buf_str(&out)) : 0;
	buf_clear(&out);
	memmove(t->held.p, t->held.p + n, t->held.n - n);
	t->held.n -= n;
	return rc;
}

/* How much of it can be no part of a placeholder that is not whole yet. */
static size_t whole(const struct buf *held)
{
	size_t from = held->n > LONGEST ? held->n - LONGEST : 0;

	for (size_t i = held->n; i > from; i--) {
		if (held->p[i - 1] == '>')
			break;
		if (held->p[i - 1] == '<')
			return i - 1;
	}
	return held->n;
}

int trickle_feed(void *trickle, struct str piece)
{
	struct trickle *t = trickle;

	buf_putstr(&t->held, piece);
	return give(t, whole(&t->held));
}

int trickle_end(struct trickle *t)
{
	return give(t, t->held.n);
}
