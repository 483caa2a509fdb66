/* hl-triage: from signals to cases, each with a verdict and why. */
#include "base/msg.h"
#include "base/prog.h"
#include "doc/case.h"
#include "edge/state.h"
#include "flow/triager.h"

static const struct opt options[] = {STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-triage",
	.purpose = "decide what the signals mean",
	.synopsis = "",
	.options = options,
	.see = "hl-triage(1), hl-signal(5), hl-case(5)",
};

/* What stream_open is asked for: the members of a case, then those of a signal. */
enum { WANTED = CASE_MEMBERS + SIGNAL_MEMBERS };

static int triage_one(struct triager *t, struct stream *s, const struct record *r, struct err *e)
{
	const char *fault;

	switch (r->kind) {
	case KIND_SIGNAL:
		return triager_signal(t, r, r->value + CASE_MEMBERS, e);
	case KIND_OBSERVATION:
		triager_observation(t, r);
		return 0;
	case KIND_CASE:
		fault = case_fault(r->value);
		return fault ? stream_reject(s, r, e, "%s", fault) : stream_pass(s, r, e);
	case KIND_OTHER:
		break;
	}
	return stream_pass(s, r, e);
}

static int hand_out(void *triager, struct err *e)
{
	return triager_hand_out(triager, e);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	const char *want[WANTED];
	struct record r;
	struct stream s;
	struct triager *t;

	if (first < argc)
		return prog_usage("hl-triage takes no operand, not '%s'", argv[first]);
	for (int i = 0; i < WANTED; i++)
		want[i] = i < CASE_MEMBERS ? case_members[i] : signal_members[i - CASE_MEMBERS];
	stream_open(&s, 0, "stdin", 1, want, WANTED, state_reject, NULL);
	t = triager_new(&s);
	s.on_idle = hand_out;
	s.idle_arg = t;
	while (stream_next(&s, &r, &e) > 0)
		if (triage_one(t, &s, &r, &e))
			break;
	stream_close(&s, &e);
	triager_free(t);
	return prog_end(&e);
}
