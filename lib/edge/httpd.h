/*
 * httpd: a small HTTP server (libmicrohttpd) without threads: the caller polls one descriptor.
 *
 *	h = httpd_open(&config, take, arg, &e);
 *	while (poll({httpd_fd(h)}, httpd_timeout(h)) >= 0)
 *		httpd_run(h);
 *
 * A request is handed over whole; a body that is longer than it may be is refused before. It may be
 * answered at once or later. Connections are bounded in number and in the time they may idle.
 */
#ifndef HL_EDGE_HTTPD_H
#define HL_EDGE_HTTPD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct httpd;
struct httpd_request;

struct httpd_config {
	const char *address; /* "127.0.0.1", "::1" */
	uint16_t port;       /* 0: any that is free */
	size_t body_max;
	unsigned connections; /* at once */
	unsigned idle_s;      /* a connection that says nothing for so long is closed */
};

typedef void httpd_take_fn(void *arg, struct httpd_request *r);

/* ERR_UNAVAILABLE: the address cannot be had. ERR_USAGE: it is none. */
struct httpd *httpd_open(
	const struct httpd_config *config, httpd_take_fn *take, void *arg, struct err *e);
void httpd_free(struct httpd *h); /* accepts NULL */

uint16_t httpd_port(const struct httpd *h);
int httpd_fd(const struct httpd *h);
int httpd_timeout(const struct httpd *h); /* milliseconds for poll; -1: none */
void httpd_run(struct httpd *h);

/* Lent, until it is answered. A header that is absent is NULL. */
const char *httpd_method(const struct httpd_request *r);
const char *httpd_path(const struct httpd_request *r);
const char *httpd_header(const struct httpd_request *r, const char *name);
struct str httpd_body(const struct httpd_request *r);

/* The peer's end of a request that waits; polled for HTTPD_GONE, it tells when the peer went. */
#define HTTPD_GONE 0x2000 /* POLLRDHUP of Linux, which POSIX does not know */
int httpd_socket(const struct httpd_request *r);

/* Answers, once. `headers`: pairs of name and value, ended by NULL. The body is copied. */
void httpd_answer(struct httpd_request *r, int status, const char *const *headers, struct str body);

#endif
