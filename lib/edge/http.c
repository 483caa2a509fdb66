#include "edge/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "base/when.h"

#define REDIRECTS  5
#define CONNECT_MS 10000
#define PROTOCOLS  "http,https"

struct http {
	CURL *curl;
};

/* One try: what the callbacks of libcurl need. */
struct transfer {
	const struct http_request *request;
	struct http_answer *answer;
	CURL *curl;
	size_t headers, headers_max;
	bool begun; /* the caller heard that the body follows */
	bool too_big, stopped;
};

/* --- URLs --- */

static char *url_part(const char *url, CURLUPart part)
{
	CURLU *u = curl_url();
	char *text = NULL, *given = NULL;

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_get(u, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK)
		given = mem_text(text);
	curl_free(text);
	curl_url_cleanup(u);
	return given;
}

static bool same_part(const char *url, const char *other, CURLUPart part)
{
	char *a = url_part(url, part), *b = url_part(other, part);
	bool same = a && b && strcasecmp(a, b) == 0;

	free(a);
	free(b);
	return same;
}

bool http_same_origin(const char *url, const char *other)
{
	return same_part(url, other, CURLUPART_SCHEME) && same_part(url, other, CURLUPART_HOST) &&
	       same_part(url, other, CURLUPART_PORT);
}

static bool has_scheme(const char *url, const char *scheme)
{
	char *is = url_part(url, CURLUPART_SCHEME);
	bool has = is && strcmp(is, scheme) == 0;

	free(is);
	return has;
}

char *http_resolve(const char *base, const char *reference)
{
	CURLU *u = curl_url();
	char *text = NULL, *given = NULL;

	if (u && curl_url_set(u, CURLUPART_URL, base, 0) == CURLUE_OK &&
		curl_url_set(u, CURLUPART_URL, reference, 0) == CURLUE_OK &&
		curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK &&
		(has_scheme(text, "http") || has_scheme(text, "https")))
		given = mem_text(text);
	curl_free(text);
	curl_url_cleanup(u);
	return given;
}

/* --- the answer --- */

static void clear_fields(struct http_answer *a)
{
	for (size_t i = 0; i < a->count; i++) {
		free(a->fields[i].name);
		free(a->fields[i].value);
	}
	a->count = 0;
}

void http_answer_clear(struct http_answer *a)
{
	clear_fields(a);
	free(a->fields);
	buf_clear(&a->body);
	free(a->url);
	*a = HTTP_ANSWER_INIT;
}

const char *http_field(const struct http_answer *a, const char *name)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->fields[i].name, name) == 0)
			return a->fields[i].value;
	return NULL;
}

static void add_field(struct http_answer *a, struct str line)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct str value;
	char *name;

	if (!colon)
		return;
	name = mem_copy(line.p, (size_t)(colon - line.p));
	for (char *p = name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	value = str_trim((struct str){colon + 1, line.n - (size_t)(colon + 1 - line.p)});
	a->fields = mem_room(a->fields, a->count, &a->cap, sizeof *a->fields);
	a->fields[a->count++] = (struct http_field){name, mem_copy(value.p, value.n)};
}

static int status_of(struct str line)
{
	const char *at = memchr(line.p, ' ', line.n);
	int status = 0;

	for (int i = 0; at && i < 3 && ++at < line.p + line.n && *at >= '0' && *at <= '9'; i++)
		status = status * 10 + (*at - '0');
	return status;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct str line = {p, size * n};

	t->headers += line.n;
	if (t->headers > t->headers_max) {
		t->too_big = true;
		return 0;
	}
	if (str_starts(line, "HTTP/")) {
		clear_fields(t->answer);
		t->answer->status = status_of(line);
	} else {
		add_field(t->answer, line);
	}
	return line.n;
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* A redirect's own body is of no interest to whoever streams. */
static bool is_streamed(const struct transfer *t)
{
	return t->request->chunk && !is_redirect(t->answer->status);
}

static bool begin(struct transfer *t)
{
	const struct http_request *r = t->request;

	if (t->begun || is_redirect(t->answer->status))
		return true;
	t->begun = true;
	return !r->begin || r->begin(r->arg, t->answer) == 0;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct str chunk = {p, size * n};

	if (!begin(t) || (is_streamed(t) && t->request->chunk(t->request->arg, chunk))) {
		t->stopped = true;
		return 0;
	}
	if (!is_streamed(t) && buf_putstr(&t->answer->body, chunk)) {
		t->too_big = true;
		return 0;
	}
	return chunk.n;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct transfer *t = arg;

	(void)a, (void)b, (void)c, (void)d;
	t->stopped = t->request->stop && t->request->stop(t->request->arg);
	return t->stopped;
}

/* --- one try --- */

static struct curl_slist *header_list(const struct http_request *r, bool ours)
{
	/* libcurl's own ideas are taken back: a pause before a body, and a type for it. */
	struct curl_slist *list = mem_got(curl_slist_append(NULL, "Expect:"));

	list = mem_got(curl_slist_append(list, "Content-Type:"));
	for (size_t i = 0; ours && i < r->headers.count; i++)
		list = mem_got(curl_slist_append(list, r->headers.items[i]));
	return list;
}

static bool asks_only(const struct http_request *r)
{
	return !r->method || strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0;
}

static void set_method(CURL *c, const struct http_request *r)
{
	const char *method = r->method ? r->method : "GET";
	bool sends = *method == 'P'; /* POST, PUT and PATCH say so even when their body is empty */

	if (r->has_body || sends) {
		curl_easy_setopt(c, CURLOPT_POST, 1L);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body.p ? r->body.p : "");
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
	}
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
	/* On a connection that the server closes just then, libcurl would send it a second time. */
	if (!asks_only(r) && !r->repeatable)
		curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_trust(CURL *c, const struct http_request *r, bool ours)
{
	if (r->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, r->ca);
	if (!r->pin || !ours)
		return;
	/* The key itself is what is verified, so that a self-signed certificate will do. */
	curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, r->pin);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void set_limits(CURL *c, const struct http_request *r, int64_t left_ms)
{
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "hl");
	curl_easy_setopt(c, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, PROTOCOLS);
	curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(
		c, CURLOPT_CONNECTTIMEOUT_MS, (long)(r->connect_ms ? r->connect_ms : CONNECT_MS));
	if (r->timeout_ms)
		curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(left_ms > 0 ? left_ms : 1));
}

/* `ours`: the place is the one that the request was made for. */
static void set_up(struct transfer *t, const char *url, bool ours, int64_t left_ms)
{
	const struct http_request *r = t->request;
	CURL *c = t->curl;

	curl_easy_reset(c); /* keeps the connections */
	curl_easy_setopt(c, CURLOPT_URL, url);
	set_limits(c, r, left_ms);
	set_trust(c, r, ours);
	set_method(c, r);
	if (r->user && ours) {
		curl_easy_setopt(c, CURLOPT_USERNAME, r->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, r->password ? r->password : "");
	}
	if (r->socket)
		curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, r->socket);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, r->stop ? 0L : 1L);
}

static enum http_fault fault_of(const struct transfer *t, CURLcode code)
{
	if (t->too_big)
		return HTTP_TOO_BIG;
	if (t->stopped)
		return HTTP_STOPPED;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return HTTP_UNREACHABLE;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return HTTP_UNTRUSTED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_LATE;
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return HTTP_REFUSED;
	default:
		return HTTP_LOST;
	}
}

/* libcurl's own words name hosts and addresses as well as what is wrong; they hold no URL. */
static int fail(struct transfer *t, CURLcode code, const char *said, struct err *e)
{
	const struct http_request *r = t->request;
	struct http_answer *a = t->answer;
	curl_off_t connected = 0;

	a->fault = fault_of(t, code);
	curl_easy_getinfo(t->curl, CURLINFO_PRETRANSFER_TIME_T, &connected);
	/* Time ran out before anything could be sent: that is as good as no connection. */
	if (a->fault == HTTP_LATE && !connected)
		a->fault = HTTP_UNREACHABLE;
	if (a->fault == HTTP_TOO_BIG)
		return err_set(e, ERR_DATA, "the answer's %s more than %zu bytes",
			t->headers > t->headers_max ? "headers are" : "body is",
			t->headers > t->headers_max ? t->headers_max : a->body.max);
	if (a->fault == HTTP_STOPPED)
		return err_set(e, ERR_UNAVAILABLE, "it was stopped");
	if (a->fault == HTTP_REFUSED)
		return err_set(e, ERR_DATA, "this is no URL of http or https");
	if (a->fault == HTTP_UNTRUSTED && r->pin && code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return err_set(e, ERR_UNAVAILABLE,
			"its public key is not the one that is pinned: it is another server, or has a "
			"new key");
	return err_set(e, ERR_UNAVAILABLE, "%s", *said ? said : curl_easy_strerror(code));
}

static int try_once(struct transfer *t, const char *url, bool ours, int64_t left_ms, struct err *e)
{
	char said[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = header_list(t->request, ours);
	CURLcode code;

	clear_fields(t->answer);
	buf_reset(&t->answer->body);
	t->answer->status = 0;
	t->headers = 0;
	set_up(t, url, ours, left_ms);
	curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, said);
	code = curl_easy_perform(t->curl);
	curl_slist_free_all(headers);
	if (code == CURLE_OK && !begin(t)) { /* an answer without a body */
		t->stopped = true;
		code = CURLE_WRITE_ERROR;
	}
	return code == CURLE_OK ? 0 : fail(t, code, said, e);
}

/* --- redirects --- */

static int refuse(struct http_answer *a, struct err *e, const char *place, const char *why)
{
	a->fault = HTTP_REFUSED;
	return err_set(e, ERR_DATA, "%d %s: it is at %.*s now; %s", a->status,
		http_status_name(a->status), (int)strcspn(place, "?#"), place, why);
}

/* 1: go on to `next`, 0: this answer is the last, -1. */
static int redirect(
	const struct http_request *r, struct http_answer *a, char **next, struct err *e)
{
	const char *to = is_redirect(a->status) ? http_field(a, "location") : NULL;
	bool same;

	if (!to)
		return 0;
	*next = http_resolve(a->url, to);
	if (!*next)
		return refuse(a, e, to, "that is no URL of http or https");
	same = http_same_origin(a->url, *next);
	if (has_scheme(a->url, "https") && has_scheme(*next, "http"))
		return refuse(a, e, *next, "not followed from https to http");
	if (!same && r->socket)
		return refuse(a, e, *next, "not followed from a socket to another host");
	if (!asks_only(r) && (!same || (a->status != 307 && a->status != 308)))
		return refuse(a, e, *next, "a request that changes something does not follow");
	return 1;
}

int http_do(struct http *h, const struct http_request *r, struct http_answer *a, struct err *e)
{
	struct transfer t = {.request = r, .answer = a, .curl = h->curl};
	int64_t until = when_tick() + r->timeout_ms;
	bool ours = true;
	int rc;

	a->body = BUF_INIT(r->body_max ? r->body_max : HTTP_BODY_MAX);
	a->url = mem_text(r->url);
	t.headers_max = r->headers_max ? r->headers_max : HTTP_HEADERS_MAX;
	for (int i = 0;; i++) {
		char *next = NULL;

		rc = try_once(&t, a->url, ours, until - when_tick(), e);
		if (rc == 0)
			rc = redirect(r, a, &next, e);
		if (rc == 1 && i == REDIRECTS)
			rc = refuse(a, e, next, "too many redirects");
		if (rc <= 0) {
			free(next);
			return rc;
		}
		ours = ours && http_same_origin(r->url, next);
		free(a->url);
		a->url = next;
	}
}

struct http *http_new(void)
{
	struct http *h = mem_new(sizeof *h);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	h->curl = mem_got(curl_easy_init());
	return h;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	curl_easy_cleanup(h->curl);
	curl_global_cleanup();
	free(h);
}

/* RFC 9110, section 15, and those that servers in use send besides. */
const char *http_status_name(int status)
{
	static const struct {
		int status;
		const char *name;
	} names[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"},
		{301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"},
		{304, "Not Modified"}, {307, "Temporary Redirect"}, {308, "Permanent Redirect"},
		{400, "Bad Request"}, {401, "Unauthorized"}, {402, "Payment Required"},
		{403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
		{406, "Not Acceptable"}, {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"},
		{411, "Length Required"}, {412, "Precondition Failed"}, {413, "Content Too Large"},
		{415, "Unsupported Media Type"}, {422, "Unprocessable Content"}, {423, "Locked"},
		{425, "Too Early"}, {429, "Too Many Requests"}, {500, "Internal Server Error"},
		{501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"},
		{504, "Gateway Timeout"}, {529, "Overloaded"}, {596, "Connection Timed Out"}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].status == status)
			return names[i].name;
	return "";
}
