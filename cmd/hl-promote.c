/* hl-promote: moves runbooks along the ladder by their evidence; hl-promote(1). */
#include <math.h>

#include "base/msg.h"
#include "base/prog.h"
#include "edge/state.h"
#include "flow/promoter.h"
#include "flow/proof.h"
#include "json/stream.h"

static struct {
	bool dry_run, verify;
} option;

static const struct opt options[] = {
	{'n', "dry-run", NULL, "say what would be done, and change nothing", OPT_FLAG,
		&option.dry_run},
	{0, "verify", NULL, "do the sum of every promotion in the history again", OPT_FLAG,
		&option.verify},
	STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-promote",
	.purpose = "let runbooks do alone what their history proves, and no more",
	.synopsis = "[RUNBOOK ...]",
	.options = options,
	.see = "hl(7), hl-runbook(5), hl-record(1)",
};

static void say(const struct judgement *v)
{
	const struct standing *s = &v->standing;
	const char *why = json_string_value(json_array_get(s->why, 0));

	if (s->to > v->from)
		msg_say("%s: %s %s to %s: %lld of %lld, at least %.3f", v->runbook,
			option.dry_run ? "would go from" : "from", level_names[v->from],
			level_names[s->to], (long long)s->k, (long long)s->n,
			floor(s->bound * 1000) / 1000); /* a lower bound is rounded down */
	else if (s->to < v->from)
		msg_say("%s: %s %s down to %s: %s", v->runbook,
			option.dry_run ? "would go from" : "from", level_names[v->from],
			level_names[s->to], why);
	else if (option.dry_run)
		msg_say("%s: stays at %s: %s", v->runbook, level_names[v->from], why);
	else
		msg_why("%s: stays at %s: %s", v->runbook, level_names[v->from], why);
}

static int show_judgement(void *arg, const struct judgement *v, struct err *e)
{
	json_t *record = judgement_json(v);
	int rc = stream_put(arg, record, e);

	json_decref(record);
	say(v);
	return rc;
}

static int promote(struct stream *out, char **runbooks, struct err *e)
{
	struct promoter_how how = {.only = (const char *const *)runbooks,
		.act = !option.dry_run,
		.each = show_judgement,
		.arg = out};
	struct buf behind = BUF_INIT((size_t)1 << 20);
	struct str rest, line;
	int rc = promoter_run(&how, &behind, e);

	rest = buf_str(&behind);
	while (str_split(&rest, '\n', &line))
		msg_warn("%.*s", STR_ARG(line));
	buf_clear(&behind);
	return rc;
}

struct verification {
	struct stream *out;
	long wrong;
};

static int show_proof(void *arg, const struct proof *p, struct err *e)
{
	struct verification *v = arg;
	json_t *record = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "kind", "proof", "commit",
		p->commit, "runbook", p->runbook, "from", p->from, "to", p->to, "holds",
		!p->why && !p->by_hand);
	int rc;

	if (p->by_hand)
		json_object_set_new(record, "by_hand", json_true());
	if (p->why)
		json_object_set_new(record, "why", json_string(p->why));
	rc = stream_put(v->out, record, e);
	json_decref(record);
	v->wrong += p->why != NULL;
	if (p->why)
		msg_error("%.12s: %s from %s to %s does not hold: %s", p->commit, p->runbook,
			p->from, p->to, p->why);
	else if (p->by_hand)
		msg_warn("%.12s: %s from %s to %s by hand, without evidence", p->commit, p->runbook,
			p->from, p->to);
	else
		msg_why("%.12s: %s from %s to %s holds", p->commit, p->runbook, p->from, p->to);
	return rc;
}

static int verify(struct stream *out, struct err *e)
{
	struct verification v = {.out = out};

	if (proof_all(show_proof, &v, e))
		return -1;
	if (v.wrong)
		return err_set(e, ERR_CASE, "%ld of the moves in the history do%s not hold",
			v.wrong, v.wrong == 1 ? "es" : "");
	return 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct stream out;
	int first = prog_begin(&program, argc, argv);

	if (option.verify && (first < argc || option.dry_run))
		return prog_usage("--verify takes the whole history, and nothing else");
	stream_open(&out, -1, NULL, 1, NULL, 0, NULL, NULL);
	if (option.verify)
		verify(&out, &e);
	else
		promote(&out, argv + first, &e);
	stream_close(&out, &e);
	return prog_end(&e);
}
