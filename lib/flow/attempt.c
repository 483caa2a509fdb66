#include "flow/attempt.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/body.h"
#include "doc/expect.h"
#include "doc/retry.h"
#include "doc/template.h"
#include "doc/tool.h"
#include "doc/url.h"
#include "wire/field.h"

#define HEADER_MAX  ((size_t)64 << 10)
#define MESSAGE_MAX 300 /* bytes of what the server says */

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t attempt_left(const struct attempt *f)
{
	return f->until - when_tick();
}

void attempt_rest(const struct attempt *f, int64_t ms)
{
	int64_t left = attempt_left(f), span = ms < left ? ms : left;
	struct timespec t = {.tv_sec = span / 1000, .tv_nsec = span % 1000 * 1000000};

	if (span > 0)
		nanosleep(&t, NULL);
}

static uint32_t random_number(void)
{
	uint32_t n = 0;

	return getrandom(&n, sizeof n, 0) == sizeof n ? n : 0;
}

/* --- what is sent --- */

static int add_header(struct attempt *f, const char *name, const json_t *v, struct err *e)
{
	struct buf line = BUF_INIT(HEADER_MAX);
	int rc;

	buf_putf(&line, "%s: ", name);
	rc = template_put(v, str_of(name), &line, e);
	for (size_t i = 0; rc == 0 && i < line.n; i++)
		if ((unsigned char)line.p[i] < ' ' && line.p[i] != '\t')
			rc = err_set(e, ERR_DATA, "the header '%.60s' holds a line end", name);
	/* libcurl takes a header without a value for one to leave out. */
	if (rc == 0 && str_ends(buf_str(&line), ": ")) {
		buf_reset(&line);
		buf_putf(&line, "%s;", name);
	}
	if (rc == 0 && line.full)
		rc = err_set(e, ERR_DATA, "the header '%.60s' is too long", name);
	if (rc == 0)
		words_add(&f->headers, buf_text(&line));
	buf_clear(&line);
	return rc;
}

static bool has_header(const struct attempt *f, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < f->headers.count; i++)
		if (strncasecmp(f->headers.items[i], name, n) == 0 &&
			strchr(":;", f->headers.items[i][n]))
			return true;
	return false;
}

static int add_headers(struct attempt *f, struct err *e)
{
	const char *name, *output = text_of(f->exchange, "output");
	json_t *v;

	json_object_foreach (json_object_get(f->exchange, "headers"), name, v)
		if (add_header(f, name, v, e))
			return -1;
	if (!has_header(f, "Accept") && (!output || strcmp(output, "json") == 0))
		words_add(&f->headers, "Accept: application/json");
	return 0;
}

static void random_boundary(char boundary[BODY_BOUNDARY + 1])
{
	for (int i = 0; i < BODY_BOUNDARY; i += 8)
		snprintf(boundary + i, 9, "%08x", (unsigned)random_number());
}

static bool only_reads(const json_t *exchange)
{
	const char *effect = text_of(exchange, "effect"), *method = text_of(exchange, "method");

	if (effect)
		return strcmp(effect, effect_names[EFFECT_READ]) == 0;
	return !method || strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static int check_tls(const struct attempt *f, struct err *e)
{
	const char *pin = text_of(json_object_get(f->exchange, "tls"), "pin");

	if (pin && strncmp(text_of(f->exchange, "url"), "https://", 8) != 0)
		return err_set(e, ERR_DATA,
			"tls: a key is pinned, and the URL is not https: nothing would be verified");
	return 0;
}

int attempt_begin(struct attempt *f, const json_t *exchange, struct err *e)
{
	json_int_t timeout = json_integer_value(json_object_get(exchange, "timeout_ms"));
	json_int_t most = json_integer_value(json_object_get(exchange, "output_max"));
	char boundary[BODY_BOUNDARY + 1];
	int rc;

	*f = (struct attempt){.exchange = exchange,
		.http = http_new(),
		.body = BUF_INIT(BODY_MAX),
		.type = BUF_INIT(HEADER_MAX),
		.until = when_tick() + (timeout > 0 ? timeout : TOOL_TIMEOUT),
		.output_max = most > 0 ? (size_t)most : TOOL_OUTPUT};
	f->never_again = json_is_false(json_object_get(exchange, "retry"));
	f->repeatable = only_reads(exchange) ||
			json_is_true(json_object_get(exchange, "idempotent"));
	random_boundary(boundary);
	if (check_tls(f, e))
		return -1;
	rc = add_headers(f, e) ? -1 : body_encode(exchange, boundary, &f->body, &f->type, e);
	f->has_body = rc > 0;
	return rc < 0 ? -1 : 0;
}

void attempt_clear(struct attempt *f)
{
	http_free(f->http);
	words_clear(&f->headers);
	buf_clear(&f->body);
	buf_clear(&f->type);
}

static int put_values(const char *name, const json_t *v, struct buf *url, struct err *e)
{
	struct buf text = BUF_INIT(URL_MAX);
	json_t *one;
	size_t i;
	int rc = 0;

	json_array_foreach (v, i, one)
		if (put_values(name, one, url, e))
			return -1;
	if (json_is_array(v))
		return 0;
	rc = template_put(v, str_of(name), &text, e);
	if (rc == 0)
		url_put_query(url, str_of(name), buf_str(&text));
	buf_clear(&text);
	return rc;
}

int attempt_put_url(const struct attempt *f, const char *name, struct str value, struct buf *into,
	struct err *e)
{
	const char *key;
	json_t *v;

	buf_puts(into, text_of(f->exchange, "url"));
	json_object_foreach (json_object_get(f->exchange, "query"), key, v)
		if (!(name && strcmp(key, name) == 0) && put_values(key, v, into, e))
			return -1;
	if (name)
		url_put_query(into, str_of(name), value);
	return into->full ? err_set(e, ERR_DATA, "the URL is too long") : 0;
}

/* --- what comes back --- */

static json_t *parse(const struct http_answer *a)
{
	struct str body = str_trim(buf_str(&a->body));

	if (!body.n) /* then the status is all that it says */
		return json_pack("{s:i}", "status", a->status);
	return json_loadb(body.p, body.n, JSON_DECODE_ANY, NULL);
}

/* What stands there: a text, or as it is what lists several things that are wrong. */
static bool said_at(json_t *data, const char *pointer, struct buf *said)
{
	const json_t *v = pointer ? pointer_get(data, pointer) : NULL;

	buf_reset(said);
	if (json_is_string(v))
		buf_puts(said, json_string_value(v));
	else if (json_object_size(v) || json_array_size(v))
		json_put(said, v);
	return str_trim(buf_str(said)).n > 0;
}

/* The first of the pointers that says something: one, or a list. */
static bool said_at_one(json_t *data, const json_t *pointers, struct buf *said)
{
	json_t *one;
	size_t i;

	json_array_foreach (pointers, i, one)
		if (said_at(data, json_string_value(one), said))
			return true;
	return said_at(data, json_string_value(pointers), said);
}

/* Where the servers that people run put it, for a declaration that does not say. */
static bool said_where_usual(json_t *data, struct buf *said)
{
	static const char *const usual[] = {"/message", "/error/message", "/errors/0/message",
		"/error", "/errors/0", "/detail", "/msg", "/title", NULL};

	for (size_t i = 0; usual[i]; i++)
		if (said_at(data, usual[i], said))
			return true;
	return false;
}

/* ": what the server says", one line. */
static void put_message(const struct attempt *f, const struct http_answer *a, struct buf *into)
{
	struct buf said = BUF_INIT(BUF_RECORD);
	json_t *data = parse(a);
	struct str text;

	if (!data && !memchr(buf_text(&a->body), '<', a->body.n)) /* no page for a browser */
		buf_putstr(&said, buf_str(&a->body));
	else if (data && !said_at_one(data, json_object_get(f->exchange, "error"), &said))
		said_where_usual(data, &said);
	text = str_trim(buf_str(&said));
	if (text.n)
		buf_puts(into, ": ");
	for (size_t i = 0; i < text.n && i < MESSAGE_MAX; i++)
		buf_putc(into, (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i]);
	json_decref(data);
	buf_clear(&said);
}

static bool status_is_ok(const json_t *statuses, int status)
{
	json_t *one;
	size_t i;

	json_array_foreach (statuses, i, one)
		if (json_integer_value(one) == status)
			return true;
	return !statuses && status >= 200 && status <= 299;
}

/* --- asking --- */

struct asked {
	const char *method, *url;
};

static int fail(const struct asked *q, enum err_kind kind, const char *why, struct err *e)
{
	struct buf shown = BUF_INIT(URL_MAX);

	url_put_shown(&shown, q->url);
	err_set(e, kind, "%s %.300s: %s", q->method, buf_text(&shown), why);
	buf_clear(&shown);
	return -1;
}

static int fail_status(const struct attempt *f, const struct asked *q, const struct http_answer *a,
	struct err *e)
{
	struct buf why = BUF_INIT(1024);

	buf_putf(&why, "%d %s", a->status, http_status_name(a->status));
	put_message(f, a, &why);
	fail(q, ERR_CASE, buf_text(&why), e);
	buf_clear(&why);
	return -1;
}

static struct http_request request_of(
	struct attempt *f, const struct asked *q, bool as_declared, struct words *headers)
{
	const json_t *basic = json_object_get(f->exchange, "basic");
	const json_t *tls = json_object_get(f->exchange, "tls");
	struct http_request r = HTTP_REQUEST_INIT;

	r.method = q->method;
	r.url = q->url;
	r.user = basic ? text_of(basic, "user") : NULL;
	r.password = basic ? text_of(basic, "password") : NULL;
	r.ca = tls ? text_of(tls, "ca") : NULL;
	r.pin = tls ? text_of(tls, "pin") : NULL;
	r.socket = text_of(f->exchange, "socket");
	r.body_max = BUF_RECORD;
	for (size_t i = 0; i < f->headers.count; i++)
		words_add(headers, f->headers.items[i]);
	if (as_declared && f->has_body) {
		r.has_body = true;
		r.body = buf_str(&f->body);
		if (!has_header(f, "Content-Type")) {
			char *type = mem_new(f->type.n + sizeof "Content-Type: ");

			snprintf(type, f->type.n + sizeof "Content-Type: ", "Content-Type: %s",
				buf_text(&f->type));
			words_add(headers, type);
			free(type);
		}
	}
	r.headers = *headers;
	return r;
}

static enum retry_end end_of(enum http_fault fault)
{
	switch (fault) {
	case HTTP_NONE:
		return RETRY_ANSWERED;
	case HTTP_UNREACHABLE:
		return RETRY_UNREACHED;
	case HTTP_LOST:
	case HTTP_LATE:
		return RETRY_LOST;
	default:
		return RETRY_FINAL;
	}
}

static int64_t pause_before_next(
	const struct attempt *f, const struct http_answer *a, bool repeatable, int tries)
{
	const char *after = http_field(a, "retry-after");
	struct retry_try t = {.end = end_of(a->fault),
		.status = a->status,
		.after_ms = after ? field_retry_after(str_of(after), when_now()) : -1,
		.tries = tries,
		.left_ms = attempt_left(f),
		.repeatable = repeatable,
		.random = random_number()};

	return f->never_again ? RETRY_NEVER : retry_pause(&t);
}

static int explain(const struct attempt *f, const struct asked *q, const struct http_answer *a,
	const struct err *why, struct err *e)
{
	enum err_kind kind = why->kind == ERR_DATA ? ERR_CASE : why->kind;
	char text[sizeof why->text];

	if (a->fault == HTTP_NONE)
		return fail_status(f, q, a, e);
	if (f->repeatable || a->fault == HTTP_UNREACHABLE || a->fault == HTTP_UNTRUSTED ||
		a->fault == HTTP_REFUSED)
		return fail(q, kind, why->text, e);
	snprintf(text, sizeof text, "%.900s; whether it was done is not known", why->text);
	return fail(q, kind, text, e);
}

int attempt_ask(
	struct attempt *f, const char *url, bool as_declared, struct http_answer *a, struct err *e)
{
	const char *method = as_declared ? text_of(f->exchange, "method") : NULL;
	const json_t *statuses = as_declared ? json_object_get(f->exchange, "ok_status") : NULL;
	struct asked q = {method ? method : "GET", url};
	struct words headers = {.items = NULL};
	struct http_request r = request_of(f, &q, as_declared, &headers);
	struct err why;
	int tries = 0, rc = 0;

	for (;;) {
		int64_t left = attempt_left(f), pause;

		why = (struct err)ERR_INIT;
		http_answer_clear(a);
		r.timeout_ms = left > 0 ? left : 1;
		if (http_do(f->http, &r, a, &why) == 0 && status_is_ok(statuses, a->status))
			break;
		pause = pause_before_next(f, a, f->repeatable || !as_declared, ++tries);
		if (pause == RETRY_NEVER) {
			rc = explain(f, &q, a, &why, e);
			break;
		}
		attempt_rest(f, pause);
	}
	words_clear(&headers);
	return rc;
}

json_t *attempt_json(struct attempt *f, const char *url, bool as_declared, const json_t *ok,
	struct http_answer *a, struct err *e)
{
	const char *method = as_declared ? text_of(f->exchange, "method") : NULL;
	struct asked q = {method ? method : "GET", url};
	struct buf why = BUF_INIT(1024);
	json_t *data;

	if (attempt_ask(f, url, as_declared, a, e))
		return NULL;
	data = parse(a);
	if (!data) {
		fail(&q, ERR_CASE, "the answer is not JSON", e);
	} else if (expect_holds(ok, data, &why) != 1) {
		put_message(f, a, &why);
		fail(&q, ERR_CASE, buf_text(&why), e);
		json_decref(data);
		data = NULL;
	}
	buf_clear(&why);
	return data;
}
