/*
 * An MCP server that is reached by HTTP (Streamable HTTP): a request is a POST, its answer a message
 * or a stream of events with the answer in it.
 *
 * In the legacy era the server may open a session, and a stream that breaks off can be gone on with
 * (Last-Event-ID). In the modern era there is neither; what the request is stands in its headers,
 * too.
 */
#include <strings.h>

#include "base/mem.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/http.h"
#include "flow/mcp_transport.h"
#include "json/node.h"
#include "wire/mcp.h"
#include "wire/sse.h"

#define RETRY_MS     1000 /* before a stream is gone on with, unless the server says */
#define RETRIES_MOST 10
#define TELL_MS      5000
#define HEADER_MOST  65536
#define SESSION_MOST 1024

struct over_http {
	struct mcp_transport t;
	const json_t *server;
	struct http *http, *side; /* side: to answer while a stream is read */
	struct words headers;     /* those of the declaration */
	char session[SESSION_MOST];
	struct sse events;
};

/* One answer as it comes in. */
struct coming {
	struct over_http *h;
	mcp_take_fn *take;
	void *arg;
	bool streams;
	struct buf body; /* where it does not stream */
	int taken; /* what `take` said */
	struct err *e;
};

static struct over_http *of(struct mcp_transport *t)
{
	return (struct over_http *)t; /* its first member */
}

/* --- what is sent --- */

static void add_header(struct words *headers, const char *name, struct str value)
{
	struct buf line = BUF_INIT(HEADER_MOST);

	buf_putf(&line, "%s: ", name);
	mcp_header_value(value, &line);
	if (!value.n) { /* for libcurl: there, but empty */
		buf_reset(&line);
		buf_putf(&line, "%s;", name);
	}
	words_add(headers, buf_text(&line));
	buf_clear(&line);
}

/* What a parameter's schema wants to have in a header. */
static void add_parameters(const struct over_http *h, const json_t *arguments, struct words *headers)
{
	const char *key;
	json_t *one;

	json_object_foreach (json_object_get(h->t.schema, "properties"), key, one) {
		const char *name = json_string_value(json_object_get(one, "x-mcp-header"));
		const json_t *v = json_object_get(arguments, key);
		struct buf header = BUF_INIT(300), text = BUF_INIT(HEADER_MOST);

		if (!name || !v || json_is_null(v))
			continue;
		buf_putf(&header, "Mcp-Param-%s", name);
		if (json_is_string(v))
			buf_put(&text, json_string_value(v), json_string_length(v));
		else
			json_put(&text, v);
		add_header(headers, buf_text(&header), buf_str(&text));
		buf_clear(&header);
		buf_clear(&text);
	}
}

static void add_modern(const struct over_http *h, const json_t *message, struct words *headers)
{
	const json_t *params = json_object_get(message, "params");
	const json_t *name = json_object_get(params, "name");

	add_header(headers, "Mcp-Method",
		str_of(json_string_value(json_object_get(message, "method"))));
	if (!name)
		return;
	add_header(headers, "Mcp-Name", str_of(json_string_value(name)));
	add_parameters(h, json_object_get(params, "arguments"), headers);
}

static struct words headers_for(const struct over_http *h, const json_t *message, const char *accept)
{
	struct words headers = {.items = NULL};

	for (size_t i = 0; i < h->headers.count; i++)
		words_add(&headers, h->headers.items[i]);
	words_add(&headers, "User-Agent: hl/" PROG_VERSION);
	words_add(&headers, accept);
	if (message)
		words_add(&headers, "Content-Type: application/json");
	if (h->t.version)
		add_header(&headers, "MCP-Protocol-Version", str_of(h->t.version));
	if (h->t.modern)
		add_modern(h, message, &headers);
	else if (h->session[0])
		add_header(&headers, "Mcp-Session-Id", str_of(h->session));
	return headers;
}

static struct http_request request_for(const struct over_http *h, int64_t until)
{
	const json_t *tls = json_object_get(h->server, "tls");
	struct http_request r = HTTP_REQUEST_INIT;
	int64_t left = until - when_tick();

	r.url = json_string_value(json_object_get(h->server, "url"));
	r.ca = json_string_value(json_object_get(tls, "ca"));
	r.pin = json_string_value(json_object_get(tls, "pin"));
	r.timeout_ms = left > 1 ? left : 1;
	r.body_max = MCP_MESSAGE_MOST;
	return r;
}

/* --- what comes --- */

static bool is_type(const struct http_answer *a, const char *type)
{
	const char *is = http_field(a, "content-type");

	return is && strncasecmp(is, type, strlen(type)) == 0;
}

static void keep_session(struct over_http *h, const struct http_answer *a)
{
	const char *id = http_field(a, "mcp-session-id");

	if (id && !h->t.modern && strlen(id) < sizeof h->session)
		snprintf(h->session, sizeof h->session, "%s", id);
}

static int on_begin(void *arg, const struct http_answer *a)
{
	struct coming *c = arg;

	c->h->t.status = a->status;
	c->streams = a->status == 200 && is_type(a, "text/event-stream");
	keep_session(c->h, a);
	return 0;
}

static int on_event(void *arg, const struct sse_event *event)
{
	struct coming *c = arg;

	if (strcmp(event->type, "message") != 0 || !str_trim(event->data).n)
		return 0;
	c->taken = c->take(c->arg, event->data, c->e);
	return c->taken;
}

static int on_chunk(void *arg, struct str chunk)
{
	struct coming *c = arg;

	if (!c->streams)
		return buf_putstr(&c->body, chunk);
	if (sse_feed(&c->h->events, chunk, on_event, c, c->e) == 0)
		return 0;
	if (!c->taken)
		c->taken = -1;
	return 1;
}

/* A body that is one message. An error of HTTP may have one of the protocol in it. */
static int take_body(struct coming *c, const struct http_answer *a)
{
	struct str body = buf_str(&c->body);
	const char *name = http_status_name(a->status);
	int rc = 0;

	if (is_type(a, "application/json") && body.n)
		rc = c->take(c->arg, body, c->e);
	if (rc == 0 && a->status != 200)
		return err_set(c->e, ERR_UNAVAILABLE, "the server answered HTTP %d%s%s", a->status,
			*name ? " " : "", name);
	return rc;
}

/* 1: answered; 0: the stream or the time ended without; -1. *late tells which. */
static int exchange(struct over_http *h, struct http_request *r, struct coming *c, bool *late)
{
	struct http_answer a = HTTP_ANSWER_INIT;
	struct err why = ERR_INIT;
	int rc;

	r->begin = on_begin;
	r->chunk = on_chunk;
	r->arg = c;
	buf_reset(&c->body);
	sse_restart(&h->events);
	rc = http_do(h->http, r, &a, &why);
	*late = a.fault == HTTP_LATE;
	if (rc == 0 && !c->streams)
		rc = take_body(c, &a);
	else if (c->taken || *late)
		rc = c->taken;
	else if (a.fault == HTTP_LOST && c->streams)
		rc = 0; /* as if it had ended there */
	else if (rc)
		err_set(c->e, why.kind, "%s", why.text);
	http_answer_clear(&a);
	return rc;
}

static void rest(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* Goes on with a stream that ended before the answer, where the server can. */
static int go_on(struct over_http *h, struct coming *c, int64_t until)
{
	bool late = false;
	int rc = 0;

	for (int i = 0; i < RETRIES_MOST && rc == 0 && !late; i++) {
		int64_t pause = h->events.retry_ms >= 0 ? h->events.retry_ms : RETRY_MS;
		struct http_request r;

		if (h->t.modern || !h->events.id[0])
			return err_set(c->e, ERR_UNAVAILABLE,
				"the server's stream ended before the answer");
		if (when_tick() + pause >= until)
			return 0;
		rest(pause);
		r = request_for(h, until);
		r.headers = headers_for(h, NULL, "Accept: text/event-stream");
		add_header(&r.headers, "Last-Event-ID", str_of(h->events.id));
		rc = exchange(h, &r, c, &late);
		words_clear(&r.headers);
	}
	return rc || late ? rc
			  : err_set(c->e, ERR_UNAVAILABLE,
				    "the server's stream ends again and again before the answer");
}

static int ask(struct mcp_transport *t, const json_t *request, int64_t until, mcp_take_fn *take,
	void *arg, struct err *e)
{
	struct over_http *h = of(t);
	struct coming c = {.h = h,
		.take = take,
		.arg = arg,
		.body = BUF_INIT(MCP_MESSAGE_MOST),
		.e = e};
	struct http_request r = request_for(h, until);
	struct buf body = BUF_INIT(MCP_MESSAGE_MOST);
	bool late = false;
	int rc;

	json_put(&body, request);
	r.method = "POST";
	r.has_body = true;
	r.body = buf_str(&body);
	r.headers = headers_for(h, request, "Accept: application/json, text/event-stream");
	h->events.id[0] = '\0';
	if (body.full)
		rc = err_set(e, ERR_DATA, "the arguments are too large for a message");
	else
		rc = exchange(h, &r, &c, &late);
	if (rc == 0 && !late)
		rc = c.streams ? go_on(h, &c, until)
			       : err_set(e, ERR_DATA, "the server answered with no message of MCP");
	words_clear(&r.headers);
	buf_clear(&body);
	buf_clear(&c.body);
	return rc;
}

static int tell(struct mcp_transport *t, const json_t *message, int64_t until, struct err *e)
{
	struct over_http *h = of(t);
	int64_t soon = when_tick() + TELL_MS;
	struct http_request r = request_for(h, soon < until ? soon : until);
	struct http_answer a = HTTP_ANSWER_INIT;
	struct buf body = BUF_INIT(MCP_MESSAGE_MOST);
	int rc;

	if (h->t.modern) /* there is nothing to tell: a stream that is closed is a cancelled call */
		return 0;
	json_put(&body, message);
	r.method = "POST";
	r.has_body = true;
	r.body = buf_str(&body);
	r.headers = headers_for(h, message, "Accept: application/json, text/event-stream");
	rc = http_do(h->side, &r, &a, e);
	if (rc == 0 && a.status >= 400)
		rc = err_set(e, ERR_UNAVAILABLE, "the server answered HTTP %d", a.status);
	http_answer_clear(&a);
	words_clear(&r.headers);
	buf_clear(&body);
	return rc;
}

static int again(struct mcp_transport *t, bool old, int64_t until, struct err *e)
{
	struct over_http *h = of(t);

	(void)until;
	if (old)
		return err_set(e, ERR_UNAVAILABLE,
			"the server answered HTTP %d: it is no MCP server, or one that knows only the "
			"two endpoints of 2024-11-05",
			t->status);
	h->session[0] = '\0';
	return 0;
}

/* A session is ended where there is one; a server may not let us, and that is fine. */
static void end_session(struct over_http *h)
{
	struct http_request r = request_for(h, when_tick() + TELL_MS);
	struct http_answer a = HTTP_ANSWER_INIT;
	struct err ignored = ERR_INIT;

	if (!h->session[0] || h->t.modern)
		return;
	r.method = "DELETE";
	r.headers = headers_for(h, NULL, "Accept: application/json");
	http_do(h->side, &r, &a, &ignored);
	http_answer_clear(&a);
	words_clear(&r.headers);
}

static void over_http_free(struct mcp_transport *t)
{
	struct over_http *h = of(t);

	end_session(h);
	http_free(h->http);
	http_free(h->side);
	words_clear(&h->headers);
	sse_clear(&h->events);
	free(h);
}

static bool is_line(const char *s)
{
	return !s[strcspn(s, "\r\n")];
}

struct mcp_transport *mcp_http_new(const json_t *server, struct err *e)
{
	static const struct mcp_ways ways = {ask, tell, again, over_http_free};
	struct over_http *h = mem_new(sizeof *h);
	const char *name;
	json_t *v;

	h->t.ways = &ways;
	h->t.headers = true;
	h->server = server;
	h->http = http_new();
	h->side = http_new();
	sse_init(&h->events, MCP_MESSAGE_MOST);
	json_object_foreach (json_object_get(server, "headers"), name, v) {
		struct buf line = BUF_INIT(HEADER_MOST);

		buf_putf(&line, "%s: %s", name, json_string_value(v));
		if (line.full || !is_line(buf_text(&line)))
			err_set(e, ERR_DATA, "server: headers.%s is no header", name);
		words_add(&h->headers, buf_text(&line));
		buf_clear(&line);
	}
	if (!e->kind)
		return &h->t;
	over_http_free(&h->t);
	return NULL;
}
