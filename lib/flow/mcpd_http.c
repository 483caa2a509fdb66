#include "flow/mcpd_http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/httpd.h"
#include "flow/mcpd_door.h"
#include "flow/mcpd_message.h"
#include "flow/mcpd_session.h"

#define BODY_MAX ((size_t)4 << 20)
enum { CONNECTIONS = 64, IDLE_S = 60 };

/* One request that is being answered. */
struct exchange {
	struct exchange *next;
	struct mcpd_http *http;
	struct httpd_request *request;
	struct mcpd_session *session; /* NULL in the modern era */
	struct mcpd_peer alone;       /* of a request that stands by itself */
	bool begins;                  /* it may begin the session */
};

struct mcpd_http {
	struct mcpd_server *server;
	struct mcpd_sessions *sessions;
	struct mcpd_door door;
	struct exchange *exchanges;
	size_t n_exchanges;
};

/* ---- answers ---- */

static void close_exchange(struct exchange *x)
{
	struct exchange **at = &x->http->exchanges;

	while (*at != x)
		at = &(*at)->next;
	*at = x->next;
	x->http->n_exchanges--;
	mcpd_session_drop(x->session);
	free(x);
}

static void reply(void *arg, json_t *message, int status)
{
	struct exchange *x = arg;
	const char *headers[] = {
		"Content-Type", "application/json", "Cache-Control", "no-store", NULL, NULL, NULL};
	struct buf body = BUF_INIT(4 * BUF_RECORD);

	if (x->begins && json_object_get(message, "result")) {
		headers[4] = "Mcp-Session-Id";
		headers[5] = mcpd_session_id(x->session);
	} else if (x->begins) {
		mcpd_session_end(x->http->sessions, x->session);
	}
	if (message)
		json_put(&body, message);
	httpd_answer(x->request, status, message ? headers : NULL, buf_str(&body));
	buf_clear(&body);
	json_decref(message);
	close_exchange(x);
}

static void refuse(struct httpd_request *r, int status, const char *why)
{
	static const char *const plain[] = {"Content-Type", "application/json", NULL};
	static const char *const ask[] = {
		"Content-Type", "application/json", "WWW-Authenticate", "Bearer", NULL};
	static const char *const allow[] = {
		"Content-Type", "application/json", "Allow", "POST, DELETE", NULL};
	struct mcp_fault f = {.code = 0};
	struct buf body = BUF_INIT(65536);
	json_t *message;

	mcp_fault(&f, RPC_INVALID_REQUEST, status, "%s", why);
	message = mcp_serve_error(NULL, MCP_ERA_LEGACY, &f);
	json_put(&body, message);
	httpd_answer(r, status,
		status == 401   ? ask
		: status == 405 ? allow
				: plain,
		buf_str(&body));
	buf_clear(&body);
	json_decref(message);
}

/* ---- requests ---- */

static bool is_modern(const struct mcp_headers *h, json_t *tree)
{
	const json_t *meta = json_object_get(json_object_get(tree, "params"), "_meta");

	/* What names a revision that nobody knows needs no session to be told so. */
	return (h->version && !mcp_is_legacy(h->version)) ||
	       json_object_get(meta, MCP_META_VERSION);
}

static bool begins_session(json_t *tree)
{
	const char *method = json_string_value(json_object_get(tree, "method"));

	return method && strcmp(method, "initialize") == 0;
}

static struct exchange *open_exchange(
	struct mcpd_http *h, struct httpd_request *r, struct mcpd_session *session, bool begins)
{
	struct exchange *x = mem_new(sizeof *x);

	*x = (struct exchange){.next = h->exchanges,
		.http = h,
		.request = r,
		.session = session,
		.begins = begins};
	h->exchanges = x;
	h->n_exchanges++;
	return x;
}

/* The session that a request of the legacy era belongs to. NULL: refused. */
static struct mcpd_session *session_of(struct mcpd_http *h, struct httpd_request *r, bool begins)
{
	const char *id = httpd_header(r, "Mcp-Session-Id");
	struct mcpd_session *session;

	if (begins) {
		session = mcpd_session_begin(h->sessions);
		if (!session)
			refuse(r, 503, "no session can be made; try again");
		return session;
	}
	if (!id) {
		refuse(r, 400, "the header Mcp-Session-Id is missing: begin with 'initialize'");
		return NULL;
	}
	session = mcpd_session_find(h->sessions, id);
	if (!session)
		refuse(r, 404, "no such session: begin again with 'initialize'");
	return session;
}

static void take_message(struct mcpd_http *h, struct httpd_request *r, json_t *tree)
{
	const struct mcp_headers headers = {.version = httpd_header(r, "MCP-Protocol-Version"),
		.method = httpd_header(r, "Mcp-Method"),
		.name = httpd_header(r, "Mcp-Name")};
	bool modern = is_modern(&headers, tree), begins = !modern && begins_session(tree);
	struct mcpd_session *session = NULL;
	struct exchange *x;

	if (tree && !modern && !(session = session_of(h, r, begins)))
		return;
	x = open_exchange(h, r, session, begins);
	mcpd_message_take_tree(h->server, session ? mcpd_session_peer(session) : &x->alone,
		&headers, tree, reply, x);
}

static bool says(const char *header, const char *word)
{
	return header && strstr(header, word);
}

static void post(struct mcpd_http *h, struct httpd_request *r)
{
	const char *type = httpd_header(r, "Content-Type"), *accept = httpd_header(r, "Accept");
	struct err ignored = ERR_INIT;
	json_t *tree;

	if (!type || strncmp(type, "application/json", 16) != 0 ||
		(type[16] && !strchr("; ", type[16]))) {
		refuse(r, 415, "the body must be application/json");
		return;
	}
	if (accept && !says(accept, "application/json") && !says(accept, "*/*") &&
		!says(accept, "application/*")) {
		refuse(r, 406, "answers are application/json");
		return;
	}
	tree = rpc_parse(httpd_body(r), &ignored);
	take_message(h, r, tree);
	json_decref(tree);
}

static void end_session(struct mcpd_http *h, struct httpd_request *r)
{
	const char *id = httpd_header(r, "Mcp-Session-Id");
	const char *version = httpd_header(r, "MCP-Protocol-Version");
	struct mcpd_session *session;

	if (version && !mcp_is_legacy(version)) {
		refuse(r, 405, "only POST is taken here");
		return;
	}
	session = id ? mcpd_session_find(h->sessions, id) : NULL;
	if (session) {
		mcpd_session_end(h->sessions, session);
		mcpd_session_drop(session);
		httpd_answer(r, 204, NULL, STR_NONE);
	} else {
		refuse(r, id ? 404 : 400, id ? "no such session" : "which session is to end?");
	}
}

static void take(void *arg, struct httpd_request *r)
{
	struct mcpd_http *h = arg;
	struct err e = ERR_INIT;
	int status = mcpd_door_check(&h->door, mcpd_server_policy(h->server, &e), r, &e);

	if (status)
		refuse(r, status, e.text);
	else if (strcmp(httpd_path(r), "/mcp") != 0)
		refuse(r, 404, "MCP is spoken at /mcp");
	else if (strcmp(httpd_method(r), "POST") == 0)
		post(h, r);
	else if (strcmp(httpd_method(r), "DELETE") == 0)
		end_session(h, r);
	else
		refuse(r, 405, "only POST is taken here");
}

/* ---- the loop ---- */

/* In the modern era a client that hangs up has cancelled its request. */
static size_t watch_clients(struct mcpd_http *h, struct pollfd *fds, struct exchange **whose)
{
	size_t n = 0;

	for (struct exchange *x = h->exchanges; x && n < CONNECTIONS; x = x->next)
		if (!x->session) {
			whose[n] = x;
			fds[n++] = (struct pollfd){
				.fd = httpd_socket(x->request), .events = HTTPD_GONE};
		}
	return n;
}

static void let_go(struct mcpd_http *h, struct pollfd *fds, struct exchange **whose, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i].revents) {
			mcpd_server_forget(h->server, NULL, whose[i]);
			reply(whose[i], NULL, 503);
		}
}

static int serve(struct mcpd_http *h, struct httpd *httpd, struct err *e)
{
	struct pollfd fds[1 + CONNECTIONS + MCPD_CALLS];
	struct exchange *whose[CONNECTIONS];

	for (;;) {
		size_t clients = watch_clients(h, fds + 1, whose);
		size_t calls = mcpd_server_poll(h->server, fds + 1 + clients);

		fds[0] = (struct pollfd){.fd = httpd_fd(httpd), .events = POLLIN};
		if (poll(fds, 1 + clients + calls, httpd_timeout(httpd)) < 0 && errno != EINTR)
			return err_sys(e, ERR_UNAVAILABLE, "cannot wait");
		let_go(h, fds + 1, whose, clients);
		mcpd_server_step(h->server);
		httpd_run(httpd);
	}
}

int mcpd_http_serve(
	struct mcpd_server *s, const struct mcpd_address *a, const char *token, struct err *e)
{
	const struct httpd_config config = {a->host, a->port, BODY_MAX, CONNECTIONS, IDLE_S};
	struct mcpd_http h = {.server = s, .door = {a->loopback, token}};
	const struct policy *policy = mcpd_server_policy(s, e);
	struct httpd *httpd = NULL;

	if (!policy || mcpd_door_open(&h.door, policy, e))
		return -1;
	h.sessions = mcpd_sessions_new();
	httpd = httpd_open(&config, take, &h, e);
	if (httpd) {
		printf(strchr(a->host, ':') ? "http://[%s]:%u/mcp\n" : "http://%s:%u/mcp\n",
			a->host, httpd_port(httpd));
		if (fflush(stdout))
			err_sys(e, ERR_OUTPUT, "cannot write standard output");
		else
			serve(&h, httpd, e);
	}
	while (h.exchanges) {
		mcpd_server_forget(s, NULL, h.exchanges);
		reply(h.exchanges, NULL, 503);
	}
	httpd_free(httpd);
	mcpd_sessions_free(h.sessions);
	return -1;
}
