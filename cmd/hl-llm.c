/* hl-llm: asks a model, and prints what it answers. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/msg.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/state.h"
#include "flow/conversation.h"
#include "flow/question.h"
#include "flow/remaining.h"

static struct {
	struct question_options ask;
	const char *model, *models;
	bool stream, usage, status, json, brief, requests;
} option;

static const struct opt options[] = {
	{'m', "model", "NAME", "ask this model, not the one of the role", OPT_TEXT, &option.model},
	{'r', "role", "ROLE", "ask the model of this role", OPT_TEXT, &option.ask.role},
	{'g', "goal", "NAME", "what a goal says, with its tools; standard input is data", OPT_TEXT,
		&option.ask.goal},
	{'s', "system", "TEXT", "what the model is told first", OPT_TEXT, &option.ask.rules},
	{'S', "schema", "FILE", "print JSON that satisfies this JSON Schema", OPT_TEXT,
		&option.ask.schema},
	{'t', "tools", "NAMES", "tools that it may look with: host.load,host.disks", OPT_LIST,
		&option.ask.tools},
	{0, "steps", "N", "how many looks it has (8)", OPT_COUNT, &option.ask.steps},
	{0, "tokens", "N", "how much it reads and writes in all (60000)", OPT_COUNT,
		&option.ask.tokens},
	{0, "time", "SPAN", "how long it may take in all (3m)", OPT_SPAN, &option.ask.time_ms},
	{0, "stream", NULL, "print as it comes, as on a terminal", OPT_FLAG, &option.stream},
	{'u', "usage", NULL, "say what it took, on standard error", OPT_FLAG, &option.usage},
	{0, "models", "FILE", "the models, instead of those of the ops repo", OPT_TEXT,
		&option.models},
	{0, "status", NULL, "show what is left of each model", OPT_FLAG, &option.status},
	{0, "json", NULL, "with --status: as JSON", OPT_FLAG, &option.json},
	{0, "brief", NULL, "with --json: how each stands, without figures", OPT_FLAG,
		&option.brief},
	{0, "requests", NULL, "read asks, a JSON line each, and answer each in a line", OPT_FLAG,
		&option.requests},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-llm",
	.purpose = "ask a model",
	.synopsis = "[PROMPT]",
	.options = options,
	.see = "hl-llm(1), hl-models(5)",
};

struct run {
	struct ground ground;
	struct lineup *lineup;
	struct conversation c;
	bool shown; /* some of the answer is out */
};

/* --- what it says --- */

static int show(void *arg, struct str text)
{
	struct run *run = arg;
	struct buf safe = BUF_INIT(4 * BUF_RECORD);

	run->shown = true;
	if (isatty(1))
		msg_safe(&safe, text, true);
	else
		buf_putstr(&safe, text);
	fwrite(buf_text(&safe), 1, safe.n, stdout);
	fflush(stdout);
	buf_clear(&safe);
	return 0;
}

static void print_line(const json_t *v)
{
	struct buf line = BUF_INIT(4 * BUF_RECORD);

	json_put(&line, v);
	buf_putc(&line, '\n');
	fwrite(buf_text(&line), 1, line.n, stdout);
	fflush(stdout);
	buf_clear(&line);
}

static void print_answer(struct run *run, const json_t *answer)
{
	const json_t *value = json_object_get(answer, "value");
	struct str text = str_of(json_string_value(json_object_get(answer, "text")));

	if (value) {
		print_line(value);
		return;
	}
	if (!run->shown)
		show(run, text);
	if (!str_ends(text, "\n"))
		putchar('\n');
	if (json_object_get(answer, "cut"))
		msg_warn("the answer is cut off: the model came to its max_tokens (hl-models(5))");
}

static void print_usage(const json_t *answer)
{
	const json_t *usage = json_object_get(answer, "usage");
	const json_t *money = json_object_get(answer, "money");
	char cost[40] = "";

	if (money)
		snprintf(cost, sizeof cost, ", %.6f USD", json_number_value(money));
	msg_say("%s (%s): %lld tokens in, %lld out%s",
		json_string_value(json_object_get(answer, "model")),
		json_string_value(json_object_get(answer, "where")),
		(long long)json_integer_value(json_object_get(usage, "input")),
		(long long)json_integer_value(json_object_get(usage, "output")), cost);
}

static int fail(const json_t *answer, struct err *e)
{
	static const struct {
		const char *reason;
		enum err_kind kind;
	} kinds[] = {{"none", ERR_CONFIG}, {"privacy", ERR_DENIED}, {"quota", ERR_AGAIN},
		{"unreachable", ERR_UNAVAILABLE}, {"invalid", ERR_DATA}, {"bounds", ERR_AGAIN}};
	const char *reason = json_string_value(json_object_get(answer, "reason"));
	const char *why = json_string_value(json_object_get(answer, "error"));

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(reason, kinds[i].reason) == 0)
			return err_set(e, kinds[i].kind, "no answer: %s", why);
	return err_set(e, ERR_BUG, "no answer: %s", why);
}

/* --- asks --- */

static int prepare(struct run *run, struct err *e)
{
	if (ground_load(&run->ground, e) ||
		!(run->lineup = lineup_load(run->ground.ops, option.models, e)))
		return -1;
	run->c = (struct conversation){.ground = &run->ground, .lineup = run->lineup};
	if (option.model && !(run->c.model = lineup_named(run->lineup, option.model, e)))
		return -1;
	if (run->lineup->models->count && !option.status && !(run->c.quota = quota_open(e)))
		return -1;
	return 0;
}

static int ask_person(struct run *run, const char *prompt, struct err *e)
{
	static const struct source source = {.name = "hl-llm", .kind = ERR_USAGE};
	json_t *tree, *answer;
	struct inquiry q;
	int rc;

	run->c.streams = option.stream || isatty(1);
	run->c.show = show;
	run->c.arg = run;
	tree = question_ask(&option.ask, &run->ground, prompt, e);
	if (!tree || inquiry_take(&q, tree, &source, e))
		return -1;
	run->c.secrets = !q.tools; /* they came from who reads the answer */
	answer = conversation_hold(&run->c, &q, e);
	if (answer && json_is_true(json_object_get(answer, "ok"))) {
		print_answer(run, answer);
		if (option.usage)
			print_usage(answer);
	} else if (answer) {
		fail(answer, e);
	}
	rc = e->kind ? -1 : 0;
	json_decref(answer);
	inquiry_clear(&q);
	return rc;
}

/* What is no ask is answered, too: who asks waits for a line. */
static int answer_one(struct run *run, struct str line, unsigned long number, struct err *e)
{
	char name[32];
	struct source source = {.name = name, .kind = ERR_DATA};
	struct err why = ERR_INIT;
	json_error_t at;
	json_t *tree = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &at), *answer;
	struct inquiry q;

	snprintf(name, sizeof name, "stdin:%lu", number);
	if (!tree)
		err_set(&why, ERR_DATA, "%s: not JSON: %s", name, at.text);
	if (!tree || inquiry_take(&q, tree, &source, &why)) {
		answer = json_pack("{s:s,s:b,s:s,s:s}", "kind", "answer", "ok", 0, "reason",
			"invalid", "error", why.text);
		print_line(answer);
		json_decref(answer);
		return err_set(e, ERR_DATA, "%s", why.text);
	}
	answer = conversation_hold(&run->c, &q, e);
	if (answer)
		print_line(answer);
	json_decref(answer);
	inquiry_clear(&q);
	return answer ? 0 : -1;
}

static int answer_all(struct run *run, struct err *e)
{
	char *line = NULL;
	size_t room = 0;
	unsigned long number = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = getline(&line, &room, stdin)) >= 0)
		if (number++, str_trim((struct str){line, (size_t)n}).n)
			rc = answer_one(run, (struct str){line, (size_t)n}, number, e);
	free(line);
	return rc;
}

static int print_status(const struct run *run, struct err *e)
{
	json_t *tree = remaining_tree(run->lineup, when_now(), e);
	struct buf text = BUF_INIT(BUF_RECORD);

	if (!tree)
		return -1;
	if (option.json) {
		if (option.brief)
			remaining_brief(tree);
		print_line(tree);
	} else {
		remaining_put(&text, run->lineup, tree);
		fwrite(buf_text(&text), 1, text.n, stdout);
	}
	buf_clear(&text);
	json_decref(tree);
	return 0;
}

int main(int argc, char **argv)
{
	struct run run = {.ground = GROUND_INIT};
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);

	if (argc - first > 1)
		return prog_usage("one prompt, in quotes, but '%s' is a second", argv[first + 1]);
	if (first < argc && (option.requests || option.status))
		return prog_usage("'%s': --requests and --status take no prompt", argv[first]);
	if (prepare(&run, &e) == 0)
		(void)(option.status     ? print_status(&run, &e)
			: option.requests ? answer_all(&run, &e)
					  : ask_person(&run, argv[first], &e));
	service_clear(&run.c.service);
	quota_close(run.c.quota);
	lineup_free(run.lineup);
	ground_clear(&run.ground);
	free(option.ask.tools.items);
	return prog_end(&e);
}
