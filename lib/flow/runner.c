#include "flow/runner.h"

#include <errno.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/args.h"
#include "doc/expect.h"
#include "doc/output.h"
#include "doc/redaction.h"
#include "doc/template.h"
#include "edge/proc.h"
#include "edge/secret.h"
#include "edge/state.h"

#define AT_ONCE   32     /* processes of one runner_run_all */
#define WORD_MAX  131072 /* bytes of one argument: what Linux takes (MAX_ARG_STRLEN) */
#define RETRY_MIN 200    /* ms between the tries of a check, doubled up to RETRY_MAX */
#define RETRY_MAX 2000

struct words {
	char **items; /* NULL-terminated once anything was added */
	size_t count, cap;
};

/* One call, made ready: nothing in it is looked up again. */
struct call {
	const struct tool *tool;
	json_t *args; /* with defaults */
	struct words argv, env;
	struct redaction secrets;
	int64_t at, timeout_ms;
};

static void words_add(struct words *w, const char *word)
{
	w->items = mem_room(w->items, w->count + 1, &w->cap, sizeof *w->items);
	w->items[w->count++] = mem_text(word);
	w->items[w->count] = NULL;
}

/* NAME=value, in the place of one with the same name. */
static void words_set(struct words *w, const char *name, const char *value)
{
	size_t n = strlen(name), size = n + strlen(value) + 2;
	char *word = mem_new(size);

	snprintf(word, size, "%s=%s", name, value);
	for (size_t i = 0; i < w->count; i++)
		if (strncmp(w->items[i], word, n + 1) == 0) {
			free(w->items[i]);
			w->items[i] = word;
			return;
		}
	words_add(w, word);
	free(word);
}

static void words_clear(struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->items[i]);
	free(w->items);
}

static void call_clear(struct call *c)
{
	json_decref(c->args);
	words_clear(&c->argv);
	words_clear(&c->env);
	redaction_clear(&c->secrets);
	*c = (struct call){.tool = NULL};
}

/* --- filling in --- */

struct filling {
	struct call *call;
	json_t *lent; /* the values that were looked up */
};

static const json_t *lend(struct filling *f, struct str value, const char *name, struct err *e)
{
	json_t *v = json_stringn(value.p, value.n);

	if (!v || memchr(value.p, '\0', value.n)) {
		json_decref(v);
		err_set(e, ERR_UNAVAILABLE, "'%s' is not text", name);
		return NULL;
	}
	json_array_append_new(f->lent, v);
	return v;
}

static const json_t *find_secret(struct filling *f, const char *name, struct err *e)
{
	struct buf value = BUF_INIT(SECRET_MAX);
	const json_t *v = NULL;

	if (secret_read(name, &value, e) == 0) {
		v = lend(f, buf_str(&value), name, e);
		redaction_add(&f->call->secrets, name, buf_text(&value));
	}
	buf_clear(&value);
	return v;
}

static const json_t *look_up(void *arg, struct str name, struct err *e)
{
	struct filling *f = arg;
	char *word = mem_copy(name.p, name.n);
	const json_t *v = NULL;
	const char *value;

	if (str_starts(name, "secret.")) {
		v = find_secret(f, word + strlen("secret."), e);
	} else if (str_starts(name, "env.")) {
		value = getenv(word + strlen("env."));
		if (value)
			v = lend(f, str_of(value), word, e);
		else
			err_set(e, ERR_UNAVAILABLE, "the environment variable '%s' is not set",
				word + strlen("env."));
	} else {
		v = json_object_get(f->call->args, word);
	}
	free(word);
	return v;
}

static int fill_word(struct filling *f, const char *template, struct buf *word, struct err *e)
{
	buf_reset(word);
	if (template_fill(template, look_up, f, word, e))
		return -1;
	if (word->n && memchr(word->p, '\0', word->n))
		return err_set(e, ERR_DATA, "'%.100s' becomes a text with a NUL", template);
	return 0;
}

static int fill_argv(struct filling *f, struct err *e)
{
	struct buf word = BUF_INIT(WORD_MAX);
	int rc = 0;
	size_t i;
	json_t *one;

	json_array_foreach (f->call->tool->run, i, one) {
		rc = fill_word(f, json_string_value(one), &word, e);
		if (rc)
			break;
		words_add(&f->call->argv, buf_text(&word));
	}
	buf_clear(&word);
	return rc;
}

static int fill_env(struct filling *f, struct err *e)
{
	static const char *const ours[] = {"HL_NOW", "HL_PATH", "HL_DATA", "HL_REPO"};
	struct words *env = &f->call->env;
	const char *home = getenv("HOME"), *name;
	struct buf word = BUF_INIT(WORD_MAX);
	int rc = 0;
	json_t *one;

	words_set(env, "PATH", proc_standard_path());
	words_set(env, "LC_ALL", "C.UTF-8");
	words_set(env, "HOME", home ? home : "/");
	words_set(env, "HL_STATE", state_dir());
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (getenv(ours[i]))
			words_set(env, ours[i], getenv(ours[i]));
	json_object_foreach ((json_t *)f->call->tool->env, name, one) {
		rc = fill_word(f, json_string_value(one), &word, e);
		if (rc)
			break;
		words_set(env, name, buf_text(&word));
	}
	buf_clear(&word);
	return rc;
}

/*
 * 0, or -1: ERR_DATA or ERR_DENIED, the call is wrong; ERR_UNAVAILABLE, it is right but cannot be
 * made here. To be cleared either way.
 */
static int call_prepare(struct call *c, const struct tool *t, const json_t *args,
	const struct policy *p, int64_t deadline_ms, struct err *e)
{
	struct filling f = {.call = c};
	int rc;

	*c = (struct call){.tool = t, .at = when_now(), .timeout_ms = t->timeout_ms};
	if (deadline_ms && deadline_ms < c->timeout_ms)
		c->timeout_ms = deadline_ms;
	if (p && policy_denies(p, t->name))
		return err_set(e, ERR_DENIED, "policy denies the tool '%s'", t->name);
	c->args = args_check(t->args, args, e);
	if (!c->args)
		return err_prefix(e, "tool '%s': ", t->name);
	if (tool_can_run(t, e))
		return -1;
	f.lent = json_array();
	rc = fill_argv(&f, e) || fill_env(&f, e) ? err_prefix(e, "tool '%s': ", t->name) : 0;
	json_decref(f.lent);
	return rc;
}

static int call_start(const struct call *c, struct proc_set *set, void *tag, struct err *e)
{
	struct proc_spec spec = {.argv = (const char *const *)c->argv.items,
		.env = (const char *const *)c->env.items,
		.cwd = c->tool->cwd,
		.timeout_ms = c->timeout_ms,
		.tied = c->tool->effect == EFFECT_READ, /* what acts is not torn up halfway */
		.out_max = c->tool->output_max};

	return proc_set_start(set, &spec, tag, e);
}

/* --- what came out --- */

/* The last two lines that say something: programs put the cause there, and advice behind it. */
static struct str last_lines(struct str said)
{
	size_t lines = 0, i;

	said = str_trim(said);
	for (i = said.n; i > 0; i--)
		if (said.p[i - 1] == '\n' && ++lines == 2)
			break;
	return (struct str){said.p + i, said.n - i};
}

static bool status_is_ok(const struct tool *t, int status)
{
	size_t i;
	json_t *one;

	if (!t->ok_status)
		return status == 0;
	json_array_foreach (t->ok_status, i, one)
		if (json_integer_value(one) == status)
			return true;
	return false;
}

static void say_why(const struct call *c, const struct proc_result *r, struct buf *why)
{
	const char *program = c->argv.items[0];
	struct str said = last_lines(buf_str(&r->err));
	char span[48];

	switch (r->end) {
	case PROC_EXITED:
		buf_putf(why, "'%s' exited with status %d", program, r->status);
		break;
	case PROC_SIGNALED:
		buf_putf(why, "'%s' was ended by signal %d", program, r->status);
		break;
	case PROC_TIMED_OUT:
		buf_putf(why, "'%s' was ended after %s%s", program,
			span_format(c->timeout_ms, span),
			r->left ? ", but cannot be killed and was left behind" : "");
		break;
	case PROC_OVERFLOWED:
		buf_putf(why, "'%s' printed more than %zu bytes and was ended", program,
			c->tool->output_max);
		break;
	case PROC_ABSENT:
		buf_putf(why, "'%s' is not installed here", program);
		return;
	case PROC_DENIED:
		buf_putstr(why, said);
		return;
	}
	if (said.n)
		buf_puts(why, ": ");
	for (size_t i = 0; i < said.n; i++)
		buf_putc(why, said.p[i] == '\n' ? ' ' : said.p[i]);
}

static json_t *observation_new(const struct call *c, const json_t *args)
{
	json_t *o = json_object();
	char host[256] = "", at[WHEN_TEXT];

	gethostname(host, sizeof host - 1);
	json_object_set_new(o, "kind", json_string("observation"));
	json_object_set_new(o, "tool", json_string(c->tool->name));
	json_object_set_new(o, "args", args ? json_deep_copy(args) : json_object());
	json_object_set_new(o, "host", output_text(str_of(host)));
	json_object_set_new(o, "at", json_string(when_format(c->at, at)));
	return o;
}

static json_t *observe_failure(
	const struct call *c, const json_t *args, struct str why, int64_t took_ms)
{
	json_t *o = observation_new(c, args);

	json_object_set_new(o, "ok", json_false());
	json_object_set_new(o, "error", output_text(why));
	json_object_set_new(o, "took_ms", json_integer(took_ms));
	return o;
}

static json_t *observe_data(const struct call *c, json_t *data, int64_t took_ms)
{
	json_t *o = observation_new(c, c->args);

	json_object_set_new(o, "ok", json_true());
	json_object_set_new(o, "data", data);
	json_object_set_new(o, "took_ms", json_integer(took_ms));
	return o;
}

static json_t *observe(const struct call *c, struct proc_result *r)
{
	struct buf why = BUF_INIT(WORD_MAX);
	struct err bad = ERR_INIT;
	json_t *o = NULL, *data = NULL;

	redaction_text(&c->secrets, &r->out);
	redaction_text(&c->secrets, &r->err);
	if (r->end != PROC_EXITED || !status_is_ok(c->tool, r->status))
		say_why(c, r, &why);
	else
		data = redaction_take(
			&c->secrets, output_parse(c->tool->output, buf_str(&r->out), &bad));
	if (data)
		o = observe_data(c, data, r->took_ms);
	else
		o = observe_failure(
			c, c->args, why.n ? buf_str(&why) : str_of(bad.text), r->took_ms);
	if (r->end == PROC_ABSENT)
		json_object_set_new(o, "absent", json_true());
	buf_clear(&why);
	return o;
}

/* --- one, many, and checks --- */

json_t *runner_run(const struct tool *t, const json_t *args, const struct policy *p,
	int64_t deadline_ms, struct err *e)
{
	struct proc_set *set = proc_set_new();
	struct proc_result r = PROC_RESULT_INIT;
	struct err why = ERR_INIT;
	struct call c;
	json_t *o = NULL;
	void *tag;

	if (call_prepare(&c, t, args, p, deadline_ms, &why)) {
		if (why.kind == ERR_UNAVAILABLE)
			o = observe_failure(&c, args, str_of(why.text), 0);
		else
			err_set(e, why.kind, "%s", why.text);
	} else if (call_start(&c, set, NULL, e) == 0 && proc_set_wait(set, &r, &tag, e) == 1) {
		o = observe(&c, &r);
	}
	proc_result_clear(&r);
	proc_set_free(set);
	call_clear(&c);
	return o;
}

struct batch {
	const struct runner_call *calls;
	struct call *ready;
	const struct policy *policy;
	runner_done_fn *done;
	void *arg;
};

static int hand_over(struct batch *b, size_t which, json_t *o, struct err *e)
{
	int rc = b->done(b->arg, which, o, e);

	json_decref(o);
	return rc;
}

static int batch_start(struct batch *b, size_t i, struct proc_set *set, struct err *e)
{
	const struct runner_call *call = &b->calls[i];
	struct call *c = &b->ready[i];
	struct err why = ERR_INIT;

	if (call_prepare(c, call->tool, call->args, b->policy, call->deadline_ms, &why) == 0 &&
		call_start(c, set, c, &why) == 0)
		return 0;
	return hand_over(b, i, observe_failure(c, call->args, str_of(why.text), 0), e);
}

int runner_run_all(const struct runner_call *calls, size_t n, const struct policy *p,
	runner_done_fn *done, void *arg, struct err *e)
{
	struct batch b = {.calls = calls, .policy = p, .done = done, .arg = arg};
	struct proc_set *set = proc_set_new();
	struct proc_result r = PROC_RESULT_INIT;
	size_t next = 0;
	int rc = 0;
	void *tag;

	b.ready = mem_array(n + 1, sizeof *b.ready);
	while (rc == 0) {
		while (rc == 0 && next < n && proc_set_running(set) < AT_ONCE)
			rc = batch_start(&b, next++, set, e);
		if (rc)
			break;
		rc = proc_set_wait(set, &r, &tag, e);
		if (rc <= 0)
			break;
		rc = hand_over(&b, (size_t)((struct call *)tag - b.ready), observe(tag, &r), e);
		proc_result_clear(&r);
		r = (struct proc_result)PROC_RESULT_INIT;
	}
	proc_set_free(set);
	for (size_t i = 0; i < n; i++)
		call_clear(&b.ready[i]);
	free(b.ready);
	return rc;
}

static const struct tool *check_tool(const struct catalogue *c, const json_t *check, struct err *e)
{
	const char *name = json_string_value(json_object_get(check, "tool"));
	const struct tool *t = name ? catalogue_find(c, name) : NULL;
	const char *near = name && !t ? catalogue_nearest(c, name) : NULL;

	if (!t)
		err_set(e, ERR_DATA, "check: no tool '%s' in the catalogue%s%s%s", name ? name : "",
			near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
	else if (t->effect != EFFECT_READ)
		err_set(e, ERR_DENIED, "check: the tool '%s' changes things; a check only looks",
			t->name);
	else
		return t;
	return NULL;
}

static int judge(const json_t *check, const json_t *o, struct buf *why)
{
	const json_t *expect = json_object_get(check, "expect");

	if (json_is_true(json_object_get(o, "ok")))
		return expect_holds(expect, json_object_get(o, "data"), why);
	if (why)
		buf_puts(why, json_string_value(json_object_get(o, "error")));
	return 0;
}

static void rest(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

int runner_check(const struct catalogue *c, const json_t *check, const struct policy *p,
	struct buf *why, json_t **observation, struct err *e)
{
	const struct tool *t = check_tool(c, check, e);
	const char *within = json_string_value(json_object_get(check, "within"));
	int64_t span = 0, until, pause = RETRY_MIN;
	size_t said = why ? why->n : 0;
	json_t *o = NULL;
	int rc = -1;

	if (!t)
		return -1;
	if (within && span_parse(str_of(within), &span))
		return err_set(e, ERR_DATA, "check: within: '%s' is no time such as 30s", within);
	until = when_tick() + span;
	for (;; pause = pause * 2 < RETRY_MAX ? pause * 2 : RETRY_MAX) {
		int64_t left = until - when_tick();

		if (why && why->n > said) /* only the last try's reason counts */
			why->p[why->n = said] = '\0';
		json_decref(o);
		/* Within a second it may still answer; the whole of its own timeout would be past
		 * the end. */
		o = runner_run(t, json_object_get(check, "args"), p,
			span ? (left > 1000 ? left : 1000) : 0, e);
		rc = o ? judge(check, o, why) : -1;
		left = until - when_tick();
		if (rc || left <= 0)
			break;
		rest(left < pause ? left : pause);
	}
	if (observation && rc >= 0)
		*observation = json_incref(o);
	json_decref(o);
	return rc;
}
