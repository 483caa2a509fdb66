#include "flow/model_program.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/chat.h"
#include "edge/proc.h"
#include "wire/structured.h"

#define PROMPT_MAX ((size_t)16 << 20)
#define ANSWER_MAX ((size_t)16 << 20)

/* --- what it is asked --- */

/* One message is its text; of several, each is under a line that says whose it is. */
static void put_prompt(const json_t *ask, struct buf *into)
{
	json_t *messages = structured_messages(ask), *m;
	size_t i;

	json_array_foreach (messages, i, m) {
		if (json_array_size(messages) > 1)
			buf_putf(into, "%s## %s\n\n", i ? "\n\n" : "",
				json_string_value(json_object_get(m, "role")));
		buf_puts(into, json_string_value(json_object_get(m, "content")));
	}
	json_decref(messages);
}

static void put_environment(struct words *env)
{
	static const char *const names[] = {"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL",
		"TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
		"XDG_RUNTIME_DIR", NULL};

	for (size_t i = 0; names[i]; i++)
		if (getenv(names[i]))
			words_set(env, names[i], getenv(names[i]));
}

/* --- what it says --- */

static json_int_t count(const json_t *usage, const char *key)
{
	json_t *n = json_object_get(usage, key);

	return json_is_integer(n) && json_integer_value(n) > 0 ? json_integer_value(n) : 0;
}

/* claude's result; false: it is none. */
static bool read_result(struct str out, struct service_result *r)
{
	json_t *tree = json_loadb(out.n ? out.p : "", out.n, 0, NULL);
	const char *type = json_string_value(json_object_get(tree, "type"));
	const json_t *usage = json_object_get(tree, "usage");
	const json_t *cost = json_object_get(tree, "total_cost_usd");
	const char *text = json_string_value(json_object_get(tree, "result"));
	bool is = type && strcmp(type, "result") == 0;

	if (is && (json_is_true(json_object_get(tree, "is_error")) || !text)) {
		r->fault = (struct fault){.kind = FAULT_BROKEN, .after_ms = -1};
		snprintf(r->fault.text, sizeof r->fault.text, "%.380s",
			text ? text : "it ended without a result");
	} else if (is) {
		r->answer = json_pack("{s:s,s:[],s:s}", "text", text, "calls", "end", "stop");
		if (usage)
			json_object_set_new(r->answer, "usage",
				json_pack("{s:I,s:I}", "input",
					count(usage, "input_tokens") +
						count(usage, "cache_creation_input_tokens") +
						count(usage, "cache_read_input_tokens"),
					"output", count(usage, "output_tokens")));
		if (json_is_number(cost))
			r->money = (int64_t)(json_number_value(cost) * MODEL_MILLION + 0.5);
	}
	json_decref(tree);
	return is;
}

static void read_output(const struct proc_result *p, struct service_result *r)
{
	struct str out = str_trim(buf_str(&p->out));
	json_t *text;

	if (read_result(out, r))
		return;
	text = json_stringn(out.n ? out.p : "", out.n);
	if (text && out.n) {
		r->answer = json_pack("{s:o,s:[],s:s}", "text", text, "calls", "end", "stop");
		return;
	}
	json_decref(text);
	r->fault = (struct fault){.kind = FAULT_BROKEN, .after_ms = -1};
	snprintf(r->fault.text, sizeof r->fault.text, "%s",
		out.n ? "what it printed is no text" : "it printed nothing");
}

static void read_end(const struct model *m, const struct proc_result *p, struct service_result *r)
{
	static const char *const ends[] = {[PROC_SIGNALED] = "was killed",
		[PROC_TIMED_OUT] = "did not answer in time", [PROC_OVERFLOWED] = "printed too much",
		[PROC_ABSENT] = "is not installed", [PROC_DENIED] = "cannot be run"};
	const char *name = json_string_value(json_array_get(m->run, 0));
	struct str last = str_trim(buf_str(&p->err));

	r->sent = p->end != PROC_ABSENT && p->end != PROC_DENIED;
	if (p->end == PROC_EXITED && p->status == 0) {
		read_output(p, r);
		return;
	}
	if (p->end == PROC_EXITED && read_result(str_trim(buf_str(&p->out)), r) && !r->answer)
		return;
	json_decref(r->answer);
	r->answer = NULL;
	r->fault = (struct fault){.kind = p->end == PROC_TIMED_OUT ? FAULT_BUSY : FAULT_BROKEN,
		.after_ms = -1};
	if (last.n > 200)
		last = (struct str){last.p + last.n - 200, 200};
	if (p->end == PROC_EXITED)
		snprintf(r->fault.text, sizeof r->fault.text, "%s exited with %d%s%.*s", name,
			p->status, last.n ? ": " : "", STR_ARG(last));
	else
		snprintf(r->fault.text, sizeof r->fault.text, "%s %s", name, ends[p->end]);
}

void model_program_ask(
	const struct model *m, const json_t *ask, int64_t until, struct service_result *r)
{
	const char **argv = mem_array(json_array_size(m->run) + 1, sizeof *argv);
	struct buf prompt = BUF_INIT(PROMPT_MAX);
	struct proc_result p = PROC_RESULT_INIT;
	struct words env = {.items = NULL};
	struct err why = ERR_INIT;
	int64_t left = until - when_tick();
	struct proc_spec spec = {.argv = argv,
		.tied = true,
		.timeout_ms = left < m->timeout_ms ? left : m->timeout_ms,
		.out_max = ANSWER_MAX};

	for (size_t i = 0; i < json_array_size(m->run); i++)
		argv[i] = json_string_value(json_array_get(m->run, i));
	if (spec.timeout_ms < 1)
		spec.timeout_ms = 1;
	put_prompt(ask, &prompt);
	put_environment(&env);
	spec.env = (const char *const *)env.items;
	spec.path = getenv("PATH");
	spec.input = buf_str(&prompt);
	sha_hex(spec.input, r->digest);
	if (proc_run(&spec, &p, &why)) {
		r->fault = (struct fault){.kind = FAULT_BUSY, .after_ms = -1};
		snprintf(r->fault.text, sizeof r->fault.text, "%.380s", why.text);
	} else {
		read_end(m, &p, r);
	}
	proc_result_clear(&p);
	words_clear(&env);
	buf_clear(&prompt);
	free(argv);
}
