/* hl-replay: makes recorded decisions again, and says whether they come out the same; hl-replay(1). */
#include "base/msg.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/state.h"
#include "flow/account.h"
#include "flow/replayer.h"
#include "json/stream.h"

static struct {
	bool all;
	const char *since, *at;
} option;

static const struct opt options[] = {
	{0, "all", NULL, "replay every decision in the history", OPT_FLAG, &option.all},
	{0, "since", "TIME", "with --all: of cases opened from then on (2026-11-21 or 7d ago)",
		OPT_TEXT, &option.since},
	{0, "at", "COMMIT", "what would be decided with what this commit has in force", OPT_TEXT,
		&option.at},
	STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-replay",
	.purpose = "make recorded decisions again, and say whether they come out the same",
	.synopsis = "CASE ...\n--all",
	.options = options,
	.see = "hl-replay(1), hl-decision(5), hl-case(5)",
};

struct count {
	struct stream *out;
	char last[128]; /* the path or id that was told of last */
	long cases, differ, lack;
	bool differs, lacks; /* the last */
};

static void count_case(struct count *n, const struct replay_case *c)
{
	const char *name = *c->path ? c->path : c->id;

	if (strncmp(n->last, name, sizeof n->last - 1) == 0)
		return;
	snprintf(n->last, sizeof n->last, "%s", name);
	n->cases++;
	n->differs = n->lacks = false;
}

static void tell_difference(const struct replay_said *said, const json_t *one)
{
	struct buf text = BUF_INIT(4096);
	const json_t *was = json_object_get(one, "recorded"), *is = json_object_get(one, "again");

	buf_puts(&text, was ? "" : "nothing");
	if (was)
		json_put(&text, was);
	buf_puts(&text, " was recorded, ");
	buf_puts(&text, is ? "" : "nothing");
	if (is)
		json_put(&text, is);
	msg_error("%s: %s: %s: %s now", said->of->id, said->stage,
		json_string_value(json_object_get(one, "at")), buf_text(&text));
	buf_clear(&text);
}

static void tell(const struct replay_said *said)
{
	json_t *one;
	size_t i;

	if (said->result == REPLAY_SAME)
		msg_why("%s: %s: the same", said->of->id, said->stage);
	else if (said->why)
		msg_error("%s: %s: %s: %s", said->of->id, said->stage,
			said->result == REPLAY_CANNOT ? "cannot be replayed" : "differs", said->why);
	json_array_foreach (said->differences, i, one)
		tell_difference(said, one);
}

static int show(void *arg, const struct replay_said *said, struct err *e)
{
	struct count *n = arg;
	json_t *line = json_pack("{s:s, s:s}", "kind", "replay", "case", said->of->id);
	int rc;

	if (*said->of->path)
		json_object_set_new(line, "path", json_string(said->of->path));
	json_object_set_new(line, "stage", json_string(said->stage));
	json_object_set_new(line, "result", json_string(replay_results[said->result]));
	if (said->why)
		json_object_set_new(line, "why", account_text(said->why));
	if (json_array_size(said->differences))
		json_object_set(line, "differences", (json_t *)said->differences);
	rc = stream_put(n->out, line, e);
	json_decref(line);
	tell(said);
	count_case(n, said->of);
	n->differ += said->result == REPLAY_DIFFERS && !n->differs;
	n->lack += said->result == REPLAY_CANNOT && !n->lacks;
	n->differs |= said->result == REPLAY_DIFFERS;
	n->lacks |= said->result == REPLAY_CANNOT;
	return rc;
}

/* A time, a day, or so long ago. */
static int read_since(int64_t *since)
{
	struct buf text = BUF_INIT(64);
	int64_t span;
	int rc = 0;

	*since = WHEN_NEVER;
	if (!option.since)
		return 0;
	buf_putf(&text, "%sT00:00:00Z", option.since);
	if (span_parse(str_of(option.since), &span) == 0)
		*since = when_now() - span;
	else if (when_parse(buf_str(&text), since))
		rc = when_parse(str_of(option.since), since);
	buf_clear(&text);
	return rc;
}

static void replay(struct count *n, char **names, int64_t since, struct err *e)
{
	struct replayer *r = replayer_new(option.at, show, n, e);

	if (r && option.all)
		replayer_all(r, since, e);
	for (; r && *names && e->kind == ERR_NONE; names++)
		replayer_one(r, *names, e);
	replayer_free(r);
	if (r && e->kind == ERR_NONE)
		msg_say("%ld decision%s replayed, %ld the same", n->cases, n->cases == 1 ? "" : "s",
			n->cases - n->differ - n->lack);
	if (n->differ)
		err_set(e, ERR_CASE, "%ld of %ld would come out otherwise", n->differ, n->cases);
	if (n->lack)
		err_set(e, ERR_DATA, "%ld of %ld cannot be replayed", n->lack, n->cases);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct stream out;
	struct count n = {.out = &out};
	int first = prog_begin(&program, argc, argv);
	int64_t since;

	if (option.all == (first < argc))
		return prog_usage(option.all ? "--all takes no operand" : "which case? Its id, its file or its commit");
	if (option.since && !option.all)
		return prog_usage("--since goes with --all");
	if (read_since(&since))
		return prog_usage("--since: '%s' is no time, day or span such as 7d", option.since);
	stream_open(&out, -1, NULL, 1, NULL, 0, NULL, NULL);
	replay(&n, argv + first, since, &e);
	stream_close(&out, &e);
	return prog_end(&e);
}
