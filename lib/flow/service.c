#include "flow/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/retry.h"
#include "edge/secret.h"
#include "flow/model_program.h"

#define ANSWER_MAX ((size_t)16 << 20)

/* One question on its way. */
struct errand {
	struct service *service;
	const struct model *model;
	const struct provider *provider;
	const json_t *ask;
	struct provider_request request;
	int64_t until;
	bool streams;
	/* one try */
	struct http_answer a;
	struct provider_stream stream;
	struct buf whole; /* where the answer was to stream, and does not */
	struct service_result *r;
};

static void __attribute__((format(printf, 3, 4))) say(
	struct fault *f, enum fault_kind kind, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	f->kind = kind;
	f->after_ms = -1;
	vsnprintf(f->text, sizeof f->text, fmt, args);
	va_end(args);
}

/* --- what comes --- */

static const char *field(void *arg, const char *name)
{
	return http_field(arg, name);
}

static int show(void *arg, struct str piece)
{
	struct errand *d = arg;

	d->r->shown = true;
	return d->service->each(d->service->arg, piece);
}

static bool is_ok(const struct http_answer *a)
{
	return a->status >= 200 && a->status < 300;
}

/* A service that does not stream, though asked to, answers at once; so does one that refuses. */
static bool streams_now(const struct errand *d)
{
	const char *type = http_field(&d->a, "content-type");

	return d->streams && is_ok(&d->a) && !(type && strstr(type, "application/json"));
}

static int on_chunk(void *arg, struct str chunk)
{
	struct errand *d = arg;
	struct err ignored = ERR_INIT;

	if (streams_now(d))
		return provider_stream_feed(&d->stream, chunk, show, d, &ignored);
	return buf_putstr(&d->whole, chunk);
}

static const struct buf *body_of(const struct errand *d)
{
	return d->streams ? &d->whole : &d->a.body;
}

static void read_answer(struct errand *d)
{
	struct err why = ERR_INIT;
	struct fault in_stream = {.text = ""};

	if (streams_now(d))
		d->r->answer = provider_stream_end(&d->stream, d->ask, &in_stream, &why);
	else
		d->r->answer = provider_answer(d->provider, d->ask, buf_str(body_of(d)), &why);
	if (d->r->answer)
		return;
	say(&d->r->fault, in_stream.text[0] ? in_stream.kind : FAULT_BROKEN, "%.380s", why.text);
	if (in_stream.text[0])
		d->r->fault.after_ms = in_stream.after_ms;
}

/* LiteLLM's: dollars for this call. */
static int64_t cost_of(const struct http_answer *a)
{
	const char *cost = http_field(a, "x-litellm-response-cost");
	char *end;
	double dollars = cost ? strtod(cost, &end) : -1;

	return cost && end != cost && dollars >= 0 && dollars < 1e6
		       ? (int64_t)(dollars * MODEL_MILLION + 0.5)
		       : -1;
}

/* --- one try --- */

static void settle(struct errand *d, int rc, const struct err *why)
{
	d->r->sent = d->r->sent || d->a.fault != HTTP_UNREACHABLE;
	d->r->money = cost_of(&d->a);
	if (rc)
		say(&d->r->fault, d->a.fault == HTTP_TOO_BIG || d->a.fault == HTTP_REFUSED ||
					d->a.fault == HTTP_UNTRUSTED
				? FAULT_DENIED
				: FAULT_BUSY,
			"%.380s", why->text);
	else if (!is_ok(&d->a))
		fault_read(&d->r->fault, d->a.status, field, &d->a, buf_str(body_of(d)), when_now());
	else
		read_answer(d);
}

static void try_once(struct errand *d)
{
	struct http_request r = HTTP_REQUEST_INIT;
	struct err why = ERR_INIT;
	int64_t left = d->until - when_tick();
	int rc;

	r.method = "POST";
	r.url = d->request.url;
	r.headers = d->request.headers;
	r.repeatable = true; /* it is thought about twice */
	r.has_body = true;
	r.body = str_of(d->request.body);
	r.ca = d->model->ca;
	r.pin = d->model->pin;
	r.socket = d->model->socket;
	r.body_max = ANSWER_MAX;
	r.timeout_ms = left < d->model->timeout_ms ? left : d->model->timeout_ms;
	if (r.timeout_ms < 1)
		r.timeout_ms = 1;
	if (d->streams) {
		r.chunk = on_chunk;
		r.arg = d;
		provider_stream_init(&d->stream, d->provider, ANSWER_MAX);
	}
	if (!d->service->http)
		d->service->http = http_new();
	rc = http_do(d->service->http, &r, &d->a, &why);
	settle(d, rc, &why);
	if (d->streams)
		provider_stream_clear(&d->stream);
	buf_reset(&d->whole);
}

/* --- again --- */

static uint32_t random_number(void)
{
	uint32_t n = 0;

	(void)!getrandom(&n, sizeof n, GRND_NONBLOCK);
	return n;
}

static enum retry_end end_of(const struct errand *d)
{
	if (d->a.fault == HTTP_UNREACHABLE)
		return RETRY_UNREACHED;
	if (d->r->shown)
		return RETRY_FINAL;
	if (d->a.fault == HTTP_LOST)
		return RETRY_LOST;
	/* Who was late once would be late again, and what was refused is refused. */
	return d->r->fault.kind == FAULT_BUSY && d->a.fault == HTTP_NONE ? RETRY_ANSWERED
									  : RETRY_FINAL;
}

static int64_t pause_after(const struct errand *d, int tries, int64_t patience_ms)
{
	int64_t left = d->until - when_tick();
	struct retry_try t = {.end = end_of(d),
		.status = 503, /* whatever its number, it passes */
		.after_ms = d->r->fault.after_ms,
		.tries = tries,
		.left_ms = patience_ms < left ? patience_ms : left,
		.repeatable = true,
		.random = random_number()};

	return retry_pause(&t);
}

static void rest(int64_t ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

static void run_errand(struct errand *d, int64_t patience_ms)
{
	for (int tries = 1;; tries++) {
		int64_t pause;

		try_once(d);
		if (d->r->answer)
			break;
		pause = pause_after(d, tries, patience_ms);
		if (pause == RETRY_NEVER)
			break;
		patience_ms -= pause;
		http_answer_clear(&d->a);
		rest(pause);
	}
	http_answer_clear(&d->a);
}

/* --- the whole --- */

/* A server that says our key back says it to the log, too. */
static void cut_out(char *text, struct str key)
{
	char *at;

	while (key.n && (at = strstr(text, key.p)))
		memset(at, '*', key.n);
}

/* By the name of what it was sent: there is no status for it, and llama-cpp-python's is 500. */
static bool knows_no_schema(const struct errand *d)
{
	static const char *const names[] = {"response_format", "json_schema", "output_config",
		"responseJsonSchema", "response_json_schema", "ChatRequest.format"};
	enum fault_kind kind = d->r->fault.kind;

	if (d->r->answer || (kind != FAULT_WRONG && kind != FAULT_BROKEN))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strstr(d->r->fault.text, names[i]))
			return true;
	return false;
}

static void send_ask(struct errand *d, const struct provider_to *to, int64_t patience_ms)
{
	provider_request(d->provider, to, d->ask, &d->request);
	sha_hex(str_of(d->request.body), d->r->digest);
	run_errand(d, patience_ms);
	provider_request_clear(&d->request);
}

static void ask_provider(struct service *s, const struct model *m, const json_t *ask,
	int64_t patience_ms, int64_t until, struct service_result *r)
{
	struct errand d = {.service = s,
		.model = m,
		.provider = provider_find(m->provider),
		.ask = ask,
		.until = until,
		.streams = json_is_true(json_object_get(ask, "stream")),
		.a = HTTP_ANSWER_INIT,
		.whole = BUF_INIT(ANSWER_MAX),
		.r = r};
	struct provider_to to = {
		.url = m->url, .structured = m->structured, .context = m->context};
	struct buf key = BUF_INIT(16384);
	struct err why = ERR_INIT;

	if (m->key && secret_read(m->key, &key, &why)) {
		say(&r->fault, FAULT_DENIED, "%.380s", why.text);
	} else {
		to.key = m->key ? buf_text(&key) : NULL;
		send_ask(&d, &to, patience_ms);
		if (to.structured && json_object_get(ask, "schema") && knows_no_schema(&d)) {
			to.structured = false;
			send_ask(&d, &to, patience_ms);
		}
		cut_out(r->fault.text, buf_str(&key));
		buf_clear(&d.whole);
	}
	buf_clear(&key);
}

void service_ask(struct service *s, const struct model *m, const json_t *ask, int64_t patience_ms,
	int64_t until, struct service_result *r)
{
	*r = (struct service_result){.money = -1};
	if (m->run)
		model_program_ask(m, ask, until, r);
	else
		ask_provider(s, m, ask, patience_ms, until, r);
}

void service_clear(struct service *s)
{
	http_free(s->http);
	s->http = NULL;
}
