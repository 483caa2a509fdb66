#include "flow/call.h"

#include <unistd.h>

#include "base/when.h"
#include "doc/contain.h"
#include "doc/exchange.h"
#include "doc/output.h"
#include "doc/template.h"
#include "edge/secret.h"

#define WHY_MAX 131072 /* bytes of an error */

/* What is left of the time once a program of ours had its own timeout: it says what happened. */
#define LAST_WORDS_MS 1000

static bool is_ours(const struct call *c)
{
	return c->tool->way != TOOL_RUN;
}

static void put_limits(const struct call *c, json_t *exchange)
{
	const struct tool *t = c->tool;

	json_object_set_new(
		exchange, "output", json_string(t->output == OUTPUT_JSON ? "json" : "text"));
	json_object_set_new(exchange, "timeout_ms", json_integer(c->timeout_ms));
	json_object_set_new(exchange, "output_max", json_integer((json_int_t)t->output_max));
}

/* The header that user and password become is as secret as they are. */
static void hide_basic(struct call *c, const json_t *exchange)
{
	struct buf coded = BUF_INIT(2 * SECRET_MAX);

	if (!c->filling.secrets.count)
		return;
	exchange_put_basic(exchange, &coded);
	if (coded.n)
		redaction_add(&c->filling.secrets, "basic", buf_text(&coded));
	buf_clear(&coded);
}

static int prepare_http(struct call *c, struct err *e)
{
	json_t *exchange = exchange_fill(c->tool->call, filling_look_up, &c->filling, e);

	if (!exchange)
		return -1;
	put_limits(c, exchange);
	hide_basic(c, exchange);
	json_put(&c->input, exchange);
	json_decref(exchange);
	words_add(&c->argv, "hl-http");
	return c->input.full ? err_set(e, ERR_DATA, "the request is too long") : 0;
}

/* What starts or reaches the server. */
static json_t *fill_server(struct call *c, struct err *e)
{
	const json_t *server = json_object_get(c->tool->call, "server");

	return json_object_get(server, "url") ? exchange_fill(server, filling_look_up, &c->filling, e)
					      : template_tree(server, filling_look_up, &c->filling, e);
}

static int prepare_mcp(struct call *c, struct err *e)
{
	const struct tool *t = c->tool;
	json_t *server = fill_server(c, e), *request;

	if (!server)
		return -1;
	request = json_pack("{s:o, s:O, s:O, s:O*, s:s, s:I}", "server", server, "tool",
		json_object_get(t->call, "tool"), "arguments", c->args, "pin",
		json_object_get(t->call, "pin"), "effect", effect_names[t->effect], "timeout_ms",
		(json_int_t)c->timeout_ms);
	if (t->output != OUTPUT_OWN)
		json_object_set_new(request, "output", json_string(output_names[t->output]));
	json_put(&c->input, request);
	json_decref(request);
	words_add(&c->argv, "hl-mcp-call");
	return c->input.full ? err_set(e, ERR_DATA, "the request is too long") : 0;
}

static int prepare_way(struct call *c, struct err *e)
{
	switch (c->tool->way) {
	case TOOL_RUN:
		return filling_argv(&c->filling, c->tool->run, c->tool->args, &c->argv, e);
	case TOOL_HTTP:
		return prepare_http(c, e);
	case TOOL_MCP:
		return prepare_mcp(c, e);
	}
	return err_set(e, ERR_BUG, "a tool without a way");
}

int call_prepare(struct call *c, const struct tool *t, const json_t *args, const struct policy *p,
	int64_t deadline_ms, struct err *e)
{
	*c = (struct call){.tool = t,
		.input = BUF_INIT(BUF_RECORD),
		.at = when_now(),
		.timeout_ms = t->timeout_ms};
	if (deadline_ms && deadline_ms < c->timeout_ms)
		c->timeout_ms = deadline_ms;
	if (p && policy_denies(p, t->name))
		return err_set(e, ERR_DENIED, "policy denies the tool '%s'", t->name);
	c->args = tool_args(t, args, e);
	if (!c->args)
		return err_prefix(e, "tool '%s': ", t->name);
	filling_begin(&c->filling, c->args);
	if (prepare_way(c, e) || filling_env(&c->filling, t->env, &c->env, e))
		return err_prefix(e, "tool '%s': ", t->name);
	return 0;
}

void call_clear(struct call *c)
{
	filling_clear(&c->filling);
	json_decref(c->args);
	words_clear(&c->argv);
	words_clear(&c->env);
	buf_clear(&c->input);
	*c = (struct call){.tool = NULL};
}

int call_start(const struct call *c, struct proc_set *set, void *tag, struct err *e)
{
	struct contain contain = contain_read(c->tool->contain);
	struct proc_spec spec = {.argv = (const char *const *)c->argv.items,
		.env = (const char *const *)c->env.items,
		.cwd = c->tool->cwd,
		.contain = &contain,
		.input = buf_str(&c->input),
		.timeout_ms = c->timeout_ms + (is_ours(c) ? LAST_WORDS_MS : 0),
		.tied = c->tool->effect == EFFECT_READ, /* what acts is not torn up halfway */
		.out_max = c->tool->output_max + (is_ours(c) ? 1 : 0)}; /* and its line end */

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

static void put_said(struct str said, struct buf *why)
{
	for (size_t i = 0; i < said.n; i++)
		buf_putc(why, said.p[i] == '\n' ? ' ' : said.p[i]);
}

/* A program of ours is how, and not what: "hl-http: GET ...". */
static struct str without_name(struct str said, const char *program)
{
	size_t n = strlen(program);

	if (!str_starts(said, program) || said.n < n + 2 || said.p[n] != ':')
		return said;
	return (struct str){said.p + n + 2, said.n - n - 2};
}

static void say_why(const struct call *c, const struct proc_result *r, struct buf *why)
{
	const char *program = c->argv.items[0];
	struct str said = last_lines(buf_str(&r->err));
	char span[48];

	switch (r->end) {
	case PROC_EXITED:
		if (is_ours(c) && said.n) {
			put_said(without_name(said, program), why);
			return;
		}
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
	put_said(said, why);
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

/* hl-mcp-call has read the server's texts already. */
static enum tool_output printed_as(const struct tool *t)
{
	return t->way == TOOL_MCP ? OUTPUT_OWN : t->output;
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
			&c->filling.secrets, output_parse(printed_as(c->tool), buf_str(&r->out), &bad));
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
