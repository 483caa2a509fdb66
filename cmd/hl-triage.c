/* hl-triage: from signals to cases, each with a verdict and why. */
#include "base/msg.h"
#include "base/prog.h"
#include "doc/case.h"
#include "edge/state.h"
#include "flow/triager.h"

/* A burst comes in pieces as large as a pipe: what belongs together is told together. */
#define LINGER_MS 100

static const struct opt options[] = {STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-triage",
	.purpose = "decide what the signals mean",
	.synopsis = "",
	.options = options,
	.see = "hl-triage(1), hl-signal(5), hl-case(5)",
};

/* Cases that come along pass, when they are any. */
static int pass_case(struct stream *s, const struct record *r, struct err *e)
{
	struct scan_value members[CASE_MEMBERS] = {
		[CASE_ID_MEMBER] = scan_member(r->object, case_members[CASE_ID_MEMBER]),
		[CASE_SIGNALS] = scan_member(r->object, case_members[CASE_SIGNALS]),
	};
	const char *fault = case_fault(members);

	return fault ? stream_reject(s, r, e, "%s", fault) : stream_pass(s, r, e);
}

static int triage_one(struct triager *t, struct stream *s, const struct record *r, struct err *e)
{
	switch (r->kind) {
	case KIND_SIGNAL:
		return triager_signal(t, r, e);
	case KIND_OBSERVATION:
		triager_observation(t, r);
		return 0;
	case KIND_CASE:
		return pass_case(s, r, e);
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
	struct record r;
	struct stream s;
	struct triager *t;

	if (first < argc)
		return prog_usage("hl-triage takes no operand, not '%s'", argv[first]);
	stream_open(&s, 0, "stdin", 1, signal_members, SIGNAL_MEMBERS, state_reject, NULL);
	t = triager_new(&s);
	s.on_idle = hand_out;
	s.idle_arg = t;
	s.linger_ms = LINGER_MS;
	while (stream_next(&s, &r, &e) > 0)
		if (triage_one(t, &s, &r, &e))
			break;
	stream_close(&s, &e);
	triager_free(t);
	return prog_end(&e);
}
