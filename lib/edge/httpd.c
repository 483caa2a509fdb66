#include "edge/httpd.h"

#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/mem.h"

enum { CONNECTION_MEMORY = 32768 };

struct httpd {
	struct MHD_Daemon *daemon;
	struct httpd_config config;
	httpd_take_fn *take;
	void *arg;
	int fd;
	uint16_t port;
};

struct httpd_request {
	struct httpd *httpd;
	struct MHD_Connection *connection;
	char *method, *path;
	struct buf body;
	struct MHD_Response *response; /* NULL: it is not answered yet */
	int status;
	bool handed_over, suspended;
};

const char *httpd_method(const struct httpd_request *r)
{
	return r->method;
}

const char *httpd_path(const struct httpd_request *r)
{
	return r->path;
}

const char *httpd_header(const struct httpd_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

struct str httpd_body(const struct httpd_request *r)
{
	return buf_str(&r->body);
}

int httpd_socket(const struct httpd_request *r)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

void httpd_answer(struct httpd_request *r, int status, const char *const *headers, struct str body)
{
	char none[1] = "";

	if (r->response)
		return;
	r->status = status;
	r->response = MHD_create_response_from_buffer(
		body.n, body.n ? (void *)body.p : none, MHD_RESPMEM_MUST_COPY);
	for (; headers && *headers; headers += 2)
		MHD_add_response_header(r->response, headers[0], headers[1]);
	if (r->suspended) {
		r->suspended = false;
		MHD_resume_connection(r->connection);
	}
}

static enum MHD_Result send_now(struct httpd_request *r)
{
	return MHD_queue_response(r->connection, (unsigned)r->status, r->response);
}

/* Of each of these there is one: a proxy in front may have looked at another than we would. */
static enum MHD_Result count_header(
	void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	static const char *const single[] = {"Host", "Origin", "Authorization", "Content-Length",
		"Content-Type", "Mcp-Session-Id", NULL};
	size_t *counts = arg;

	(void)kind;
	(void)value;
	for (size_t i = 0; single[i]; i++)
		counts[i] += strcasecmp(name, single[i]) == 0;
	return MHD_YES;
}

/* RFC 9112, sections 3.2 and 6.3. */
static bool is_ambiguous(const struct httpd_request *r)
{
	size_t counts[8] = {0};

	MHD_get_connection_values(r->connection, MHD_HEADER_KIND, count_header, counts);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i] > 1)
			return true;
	return httpd_header(r, "Content-Length") && httpd_header(r, "Transfer-Encoding");
}

/* The head of a request is there. A body that says it is too long is not even read. */
static enum MHD_Result begin(struct httpd_request *r)
{
	const char *said = httpd_header(r, "Content-Length");

	if (is_ambiguous(r)) {
		httpd_answer(r, 400, NULL, STR("a header that there is one of stands there twice\n"));
		return send_now(r);
	}
	if (said && strtoull(said, NULL, 10) > r->httpd->config.body_max) {
		httpd_answer(r, 413, NULL, STR("the body is too long\n"));
		return send_now(r);
	}
	return MHD_YES;
}

/* The whole request is there, or it was answered meanwhile. */
static enum MHD_Result hand_over(struct httpd_request *r)
{
	if (!r->handed_over) {
		r->handed_over = true;
		if (r->body.full)
			httpd_answer(r, 413, NULL, STR("the body is too long\n"));
		else
			r->httpd->take(r->httpd->arg, r);
	}
	if (r->response)
		return send_now(r);
	r->suspended = true;
	MHD_suspend_connection(r->connection);
	return MHD_YES;
}

static enum MHD_Result on_access(void *arg, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *n, void **state)
{
	struct httpd_request *r = *state;
	struct httpd *h = arg;

	(void)version;
	if (!r) {
		*state = r = mem_new(sizeof *r);
		*r = (struct httpd_request){.httpd = h,
			.connection = connection,
			.method = mem_text(method),
			.path = mem_text(url),
			.body = BUF_INIT(h->config.body_max)};
		return begin(r);
	}
	if (*n) {
		if (!r->body.full)
			buf_put(&r->body, upload, *n);
		*n = 0;
		return MHD_YES;
	}
	return hand_over(r);
}

static void on_end(void *arg, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode why)
{
	struct httpd_request *r = *state;

	(void)arg;
	(void)connection;
	(void)why;
	if (!r)
		return;
	if (r->response)
		MHD_destroy_response(r->response);
	free(r->method);
	free(r->path);
	buf_clear(&r->body);
	free(r);
	*state = NULL;
}

/* A socket that listens. -1 on error. */
static int listen_at(const struct httpd_config *c, uint16_t *port, struct err *e)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE,
				.ai_socktype = SOCK_STREAM},
			*found = NULL;
	struct sockaddr_storage own;
	socklen_t n = sizeof own;
	char service[8];
	int fd, on = 1;

	snprintf(service, sizeof service, "%u", c->port);
	if (getaddrinfo(c->address, service, &hints, &found))
		return err_set(e, ERR_USAGE, "'%s' is no address such as 127.0.0.1", c->address);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, 64) ||
		getsockname(fd, (struct sockaddr *)&own, &n)) {
		err_sys(e, ERR_UNAVAILABLE, "cannot listen at '%s' port %u", c->address, c->port);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	if (fd >= 0)
		*port = ntohs(own.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&own)->sin6_port
							: ((struct sockaddr_in *)&own)->sin_port);
	return fd;
}

struct httpd *httpd_open(
	const struct httpd_config *config, httpd_take_fn *take, void *arg, struct err *e)
{
	struct httpd *h = mem_new(sizeof *h);
	const union MHD_DaemonInfo *info;
	int fd;

	*h = (struct httpd){.config = *config, .take = take, .arg = arg};
	fd = listen_at(config, &h->port, e);
	if (fd < 0)
		goto fail;
	h->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		on_access, h, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
		config->connections, MHD_OPTION_CONNECTION_TIMEOUT, config->idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
	info = h->daemon ? MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (info) {
		h->fd = info->epoll_fd;
		return h;
	}
	err_set(e, ERR_UNAVAILABLE, "cannot start the HTTP server");
	if (!h->daemon)
		close(fd);
fail:
	httpd_free(h);
	return NULL;
}

void httpd_free(struct httpd *h)
{
	if (!h)
		return;
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	free(h);
}

uint16_t httpd_port(const struct httpd *h)
{
	return h->port;
}

int httpd_fd(const struct httpd *h)
{
	return h->fd;
}

int httpd_timeout(const struct httpd *h)
{
	MHD_UNSIGNED_LONG_LONG ms;

	return MHD_get_timeout(h->daemon, &ms) == MHD_YES ? (int)(ms > 60000 ? 60000 : ms) : -1;
}

void httpd_run(struct httpd *h)
{
	MHD_run(h->daemon);
}
