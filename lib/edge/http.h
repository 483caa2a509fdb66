/*
 * http: one request over HTTP, on TCP or a Unix socket (libcurl). Nothing comes from the
 * environment: no proxy, no .netrc, no cookies. TLS is always verified, by the authorities or by a
 * pin; a body and its headers have a most; a truncated body is an error.
 *
 *	struct http *h = http_new();               // keeps connections between requests
 *	struct http_request r = HTTP_REQUEST_INIT;
 *	struct http_answer a = HTTP_ANSWER_INIT;
 *	r.url = "https://nas.lan/api";
 *	if (http_do(h, &r, &a, e) == 0 && a.status == 200) ... a.body ...
 *	http_answer_clear(&a);
 *	http_free(h);
 *
 * Redirects are followed here, for GET and HEAD, at most 5: to the same origin (scheme, host, port)
 * with everything that the request has; to another without any header, user or pin of ours; never
 * from https to http, and not from a Unix socket to elsewhere. Other methods follow only a 307 or
 * 308 to the same origin. One that is not followed is an error that names the place.
 *
 * They are sent once, too, each on a connection of its own: one that was kept may be closed by the
 * server just then, and what it did is not known. GET and HEAD are sent again, and what is said to be
 * repeatable.
 */
#ifndef HL_EDGE_HTTP_H
#define HL_EDGE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/words.h"

#define HTTP_BODY_MAX    ((size_t)1 << 20)
#define HTTP_HEADERS_MAX ((size_t)64 << 10)

/* A piece of the body of the last answer (not of a redirect). Anything but 0 stops the request. */
typedef int http_chunk_fn(void *arg, struct str chunk);
/* The status and headers are complete; the body follows. Anything but 0 stops the request. */
struct http_answer;
typedef int http_begin_fn(void *arg, const struct http_answer *a);

struct http_request {
	const char *method; /* NULL: GET */
	const char *url;    /* http:// or https:// */
	struct words headers; /* "Name: value"; lent */
	bool has_body;
	struct str body;
	bool repeatable; /* of what is not GET or HEAD: doing it twice is doing it once */
	const char *user, *password; /* Basic; NULL: none */
	const char *ca;              /* a file of authorities; NULL: the system's */
	const char *pin;             /* "sha256//BASE64" of the public key: then it is what is verified */
	const char *socket;          /* a Unix socket in place of TCP */
	int64_t timeout_ms;          /* of the whole; 0: none */
	int64_t connect_ms;          /* of connecting; 0: 10 s */
	size_t body_max, headers_max; /* 0: the defaults above. A streamed body has no most. */
	http_begin_fn *begin;        /* may be NULL */
	http_chunk_fn *chunk;        /* gets the body, which is then not kept; may be NULL */
	bool (*stop)(void *arg);     /* asked several times a second: true ends it; may be NULL */
	void *arg;                   /* of the three */
};
#define HTTP_REQUEST_INIT ((struct http_request){.method = NULL})

/* What kept an answer from coming; HTTP_NONE when it came. */
enum http_fault {
	HTTP_NONE,
	HTTP_UNREACHABLE, /* no connection: surely nothing was done */
	HTTP_UNTRUSTED,   /* TLS: who answers is not who it should be */
	HTTP_LOST,        /* the connection broke or lied: who knows what was done */
	HTTP_LATE,        /* the timeout */
	HTTP_TOO_BIG,     /* body or headers */
	HTTP_REFUSED,     /* a redirect that is not followed, a request that cannot be made */
	HTTP_STOPPED,     /* by begin, chunk or stop */
};

struct http_field {
	char *name, *value; /* the name in lower case */
};

struct http_answer {
	enum http_fault fault;
	int status; /* 0: none came */
	struct http_field *fields;
	size_t count, cap;
	struct buf body;
	char *url; /* where it came from, after redirects */
};
#define HTTP_ANSWER_INIT ((struct http_answer){.fault = HTTP_NONE})

struct http;
struct http *http_new(void);
void http_free(struct http *h); /* accepts NULL */

/*
 * 0: an answer came, whatever its status; -1: `fault` says what kind, `e` in words, without the
 * URL, ERR_UNAVAILABLE (ERR_DATA for HTTP_TOO_BIG and HTTP_REFUSED). The answer has to be cleared
 * before it is used again. A callback may use another `struct http`, not this one.
 */
int http_do(struct http *h, const struct http_request *r, struct http_answer *a, struct err *e);
void http_answer_clear(struct http_answer *a);

/* The first field of that name (lower case), or NULL. Lent. */
const char *http_field(const struct http_answer *a, const char *name);

/* "Service Unavailable", or "" for a status without a name. Static. */
const char *http_status_name(int status);

/* The URL that a reference means where it is found; given, or NULL: it is no URL of http or https. */
char *http_resolve(const char *base, const char *reference);
bool http_same_origin(const char *url, const char *other);

#endif
