#include "flow/thinker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/when.h"
#include "base/words.h"
#include "doc/prose.h"
#include "edge/proc.h"
#include "edge/state.h"
#include "json/node.h"

#define ANSWER_MAX ((size_t)4 << 20)
#define GRACE_MS   10000 /* hl-llm keeps its own time, and says what happened */
#define LONGEST_MS 3600000
#define WHY_MAX    300 /* characters */

extern char **environ;

const char *const thinker_reasons[] = {
	"none", "privacy", "quota", "unreachable", "invalid", "bounds", NULL};

static const struct source from_llm = {"hl-llm", NULL, ERR_DATA};

char *thinker_digest(const json_t *ask, char hex[SHA_HEX])
{
	char *text = json_canonical(ask);

	sha_hex(str_of(text), hex);
	free(text);
	return hex;
}

bool thinker_is_ok(const json_t *answer)
{
	return json_is_true(json_object_get(answer, "ok"));
}

/* One line, short enough for a plan, and the same when it is made one again. */
static json_t *line_of(const char *why)
{
	struct buf line = BUF_INIT(8192);
	json_t *text;

	prose_plain(&line, str_of(why ? why : "hl-llm does not say why"), WHY_MAX);
	text = json_stringn(buf_text(&line), line.n);
	buf_clear(&line);
	return text;
}

static json_t *failed(const char *reason, const char *why)
{
	return json_pack("{s:s, s:b, s:s, s:o}", "kind", "answer", "ok", 0, "reason", reason,
		"error", line_of(why));
}

/* ---- what it says ---- */

static int check_transcript(const struct node *answer, struct err *e)
{
	struct node n = node_get(answer, "transcript");
	const char *hex = node_text_or_null(answer, "transcript", e);

	if (hex && (strlen(hex) != SHA_HEX - 1 || hex[strspn(hex, "0123456789abcdef")]))
		return node_fail(&n, e, "is no digest");
	return e->kind ? -1 : 0;
}

static int check_said(const struct node *answer, struct err *e)
{
	struct node calls = node_get(answer, "calls"), usage = node_get(answer, "usage");

	node_text(answer, "text", NULL, e);
	node_text(answer, "model", NULL, e);
	node_text_or_null(answer, "role", e);
	node_text_or_null(answer, "where", e);
	if (e->kind || node_is_array(&calls, e) || node_is_object(&usage, e))
		return -1;
	for (size_t i = 0; i < node_count(&calls); i++) {
		struct node one = node_at(&calls, i);

		if (!json_is_object(one.v))
			return node_fail(&one, e, "must be an object");
	}
	return 0;
}

static int check_answer(json_t *tree, struct err *e)
{
	struct node answer = node_root(tree, &from_llm);
	const char *kind, *why;

	if (!json_is_object(tree))
		return node_fail(&answer, e, "its answer is no object");
	kind = node_text(&answer, "kind", NULL, e);
	if (e->kind)
		return -1;
	if (strcmp(kind, "answer") != 0)
		return node_fail(&answer, e, "its answer is none");
	if (node_require(&answer, "ok", e) || check_transcript(&answer, e))
		return -1;
	if (node_bool(&answer, "ok", false, e))
		return check_said(&answer, e);
	node_choice(&answer, "reason", thinker_reasons, -1, e);
	why = node_text_or_null(&answer, "error", e);
	if (e->kind)
		return -1;
	return json_object_set_new(tree, "error", line_of(why));
}

static json_t *read_answer(struct str line)
{
	struct err why = ERR_INIT;
	json_error_t at;
	json_t *answer = json_loadb(
		line.p ? line.p : "", line.n, JSON_REJECT_DUPLICATES, &at), *instead;

	if (answer && check_answer(answer, &why) == 0)
		return answer;
	instead = failed("invalid", answer ? why.text : "hl-llm: its answer is not one line of JSON");
	json_decref(answer);
	return instead;
}

/* ---- the process ---- */

/* It reads what we read, from where we read it. */
static void put_environment(struct words *env)
{
	for (char **one = environ; *one; one++)
		words_add(env, *one);
	words_set(env, "HL_STATE", state_dir());
	if (state_repo_named())
		words_set(env, "HL_REPO", state_repo());
}

static int64_t time_for(const json_t *ask)
{
	const json_t *ms = json_object_get(json_object_get(ask, "bounds"), "time_ms");
	int64_t most = json_is_integer(ms) ? json_integer_value(ms) : THINKER_TIME_MS;

	return (most < 0 ? 0 : most > LONGEST_MS ? LONGEST_MS : most) + GRACE_MS;
}

/* Warnings of quotas are for the person at our standard error, too. */
static void pass_on(struct str said)
{
	struct str line;

	while (str_split(&said, '\n', &line)) {
		if (str_starts(line, "hl-llm: "))
			line = (struct str){line.p + 8, line.n - 8};
		if (line.n)
			msg_warn("%.*s", STR_ARG(line));
	}
}

static json_t *judge(const struct proc_result *r)
{
	switch (r->end) {
	case PROC_EXITED:
		if (r->out.n)
			return read_answer(str_trim(buf_str(&r->out)));
		return failed("unreachable", "hl-llm ended without an answer");
	case PROC_TIMED_OUT:
		return failed("bounds", "hl-llm did not answer in time");
	case PROC_OVERFLOWED:
		return failed("invalid", "hl-llm printed too much");
	case PROC_ABSENT:
		return failed("none", "hl-llm is not installed here");
	case PROC_SIGNALED:
	case PROC_DENIED:
		break;
	}
	return failed("unreachable", "hl-llm could not be run to its end");
}

static json_t *run(const json_t *ask)
{
	static const char *const argv[] = {"hl-llm", "--requests", NULL};
	struct buf line = BUF_INIT(BUF_RECORD);
	struct proc_result r = PROC_RESULT_INIT;
	struct words env = {.items = NULL};
	struct err why = ERR_INIT;
	struct proc_spec spec = {.argv = argv,
		.cwd = ".", /* names of files may be relative */
		.tied = true,
		.timeout_ms = time_for(ask),
		.out_max = ANSWER_MAX};
	json_t *answer;

	json_put(&line, ask);
	buf_putc(&line, '\n');
	put_environment(&env);
	spec.env = (const char *const *)env.items;
	spec.input = buf_str(&line);
	if (line.full) {
		answer = failed("bounds", "the question is too long");
	} else if (proc_run(&spec, &r, &why)) {
		answer = failed("unreachable", why.text);
	} else {
		pass_on(buf_str(&r.err));
		answer = judge(&r);
	}
	proc_result_clear(&r);
	words_clear(&env);
	buf_clear(&line);
	return answer;
}

/* ---- what was kept ---- */

/* The answer in a transcript, which names the transcript by what it is. */
static json_t *answer_of(const json_t *transcript, const char *asked, struct err *e)
{
	const char *of = json_string_value(json_object_get(transcript, "asked"));
	json_t *result = json_object_get(transcript, "result");
	char hex[SHA_HEX];

	if (!of || strcmp(of, asked) != 0) {
		err_set(e, ERR_DATA, "the transcript is of another question");
		return NULL;
	}
	if (!json_is_object(result)) {
		err_set(e, ERR_DATA, "the transcript has no result");
		return NULL;
	}
	result = json_copy(result);
	json_object_set_new(
		result, "transcript", json_string(thinker_digest(transcript, hex)));
	return result;
}

static json_t *recall(const struct thinker *t, const json_t *ask, struct err *e)
{
	char asked[SHA_HEX];
	json_t *kept = t->kept(t->arg, thinker_digest(ask, asked), e), *answer = NULL;
	const char *kind = json_string_value(json_object_get(kept, "kind"));

	if (kind && strcmp(kind, "answer") == 0)
		answer = json_incref(kept);
	else if (kept)
		answer = answer_of(kept, asked, e);
	if (answer && check_answer(answer, e)) {
		json_decref(answer);
		answer = NULL;
	}
	json_decref(kept);
	return answer;
}

/* ---- the budget ---- */

/* NULL: there is room in it. Counted before it is asked, and whatever comes of it. */
static json_t *refusal(const struct thinker *t)
{
	struct err why = ERR_INIT;
	int rc;

	if (t && t->until && when_tick() >= t->until)
		return failed("bounds", "others were thought about for so long that there was no time");
	rc = t && t->memory ? memory_ask(t->memory, t->now - WHEN_HOUR, t->an_hour, t->now, &why)
				: 1;

	if (rc == 0)
		err_set(&why, ERR_DENIED, "policy's budget of %" PRId64 " question%s an hour is used up",
			t->an_hour, t->an_hour == 1 ? "" : "s");
	return rc > 0 ? NULL : failed("quota", why.text);
}

/* As it comes out of a transcript, which is canonical: what is made of it must not depend on more. */
static json_t *in_order(json_t *answer)
{
	char *text = answer ? json_canonical(answer) : NULL;
	json_t *ordered = text ? json_loads(text, 0, NULL) : NULL;

	free(text);
	if (!ordered)
		return answer;
	json_decref(answer);
	return ordered;
}

json_t *thinker_ask(const struct thinker *t, const json_t *ask, struct err *e)
{
	json_t *answer = t && t->kept ? recall(t, ask, e) : refusal(t);

	return in_order(answer || (t && t->kept) ? answer : run(ask));
}

json_t *thinker_inquire(const struct thinker *t, const json_t *ask, json_t *asks, struct err *e)
{
	static const char *const of_failure[] = {"reason", "error", NULL};
	json_t *answer = thinker_ask(t, ask, e), *note;
	json_t *transcript = json_object_get(answer, "transcript");
	char asked[SHA_HEX];

	if (!answer)
		return NULL;
	note = json_pack("{s:s, s:O*}", "asked", thinker_digest(ask, asked), "transcript", transcript);
	for (const char *const *key = of_failure; !thinker_is_ok(answer) && *key; key++)
		json_object_set(note, *key, json_object_get(answer, *key));
	json_array_append_new(asks, note);
	return answer;
}
