#include "flow/call.h"

#include <unistd.h>

#include "base/when.h"
#include "doc/contain.h"
#include "doc/output.h"

#define WHY_MAX 131072 /* bytes of an error */

int call_prepare(struct call *c, const struct tool *t, const json_t *args, const struct policy *p,
	int64_t deadline_ms, struct err *e)
{
	*c = (struct call){.tool = t, .at = when_now(), .timeout_ms = t->timeout_ms};
	if (deadline_ms && deadline_ms < c->timeout_ms)
		c->timeout_ms = deadline_ms;
	if (p && policy_denies(p, t->name))
		return err_set(e, ERR_DENIED, "policy denies the tool '%s'", t->name);
	c->args = tool_args(t, args, e);
	if (!c->args)
		return err_prefix(e, "tool '%s': ", t->name);
	if (tool_can_run(t, e))
		return -1;
	filling_begin(&c->filling, c->args);
	if (filling_argv(&c->filling, t->run, t->args, &c->argv, e) ||
		filling_env(&c->filling, t->env, &c->env, e))
		return err_prefix(e, "tool '%s': ", t->name);
	return 0;
}

void call_clear(struct call *c)
{
	filling_clear(&c->filling);
	json_decref(c->args);
	words_clear(&c->argv);
	words_clear(&c->env);
	*c = (struct call){.tool = NULL};
}

int call_start(const struct call *c, struct proc_set *set, void *tag, struct err *e)
{
	struct contain contain = contain_read(c->tool->contain);
	struct proc_spec spec = {.argv = (const char *const *)c->argv.items,
		.env = (const char *const *)c->env.items,
		.cwd = c->tool->cwd,
		.contain = &contain,
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

json_t *call_observe_failure(
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

json_t *call_observe(const struct call *c, struct proc_result *r)
{
	struct buf why = BUF_INIT(WHY_MAX);
	struct err bad = ERR_INIT;
	json_t *o = NULL, *data = NULL;

	redaction_text(&c->filling.secrets, &r->out);
	redaction_text(&c->filling.secrets, &r->err);
	if (r->end != PROC_EXITED || !status_is_ok(c->tool, r->status))
		say_why(c, r, &why);
	else
		data = redaction_take(
			&c->filling.secrets, output_parse(c->tool->output, buf_str(&r->out), &bad));
	if (data)
		o = observe_data(c, data, r->took_ms);
	else
		o = call_observe_failure(
			c, c->args, why.n ? buf_str(&why) : str_of(bad.text), r->took_ms);
	if (r->end == PROC_ABSENT)
		json_object_set_new(o, "absent", json_true());
	buf_clear(&why);
	return o;
}
