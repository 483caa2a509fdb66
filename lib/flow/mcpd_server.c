#include "flow/mcpd_server.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "edge/worker.h"
#include "flow/account.h"
#include "flow/mcpd_change.h"
#include "flow/mcpd_offer.h"
#include "flow/mcpd_shelf.h"
#include "flow/progress.h"
#include "flow/runner.h"

enum { WAITING_MAX = 256 };

/* A call of a tool that has not been answered. */
struct call_at_hand {
	struct call_at_hand *next;
	const struct mcpd_peer *peer;
	json_t *id, *args;
	char *tool;
	enum mcp_era era;
	struct worker worker; /* its fd is -1 while it waits for its turn */
	mcpd_reply_fn *reply;
	void *arg;
};

struct mcpd_server {
	struct ground ground;
	struct mcpd_offer offer;
	struct mcpd_change *change;
	struct call_at_hand *calls; /* in the order they came */
	size_t n_calls;
};

/* One request on its way to its answer. */
struct asked {
	struct mcpd_server *server;
	struct mcpd_peer *peer;
	struct rpc rpc;
	enum mcp_era era;
	struct mcp_fault fault;
	mcpd_reply_fn *reply;
	void *arg;
	bool later; /* the answer comes from a worker */
};

struct mcpd_server *mcpd_server_new(const char *const *toolsets, size_t n_toolsets, struct err *e)
{
	struct mcpd_server *s = mem_new(sizeof *s);

	s->offer = (struct mcpd_offer){&s->ground, toolsets, n_toolsets};
	s->change = mcpd_change_new();
	if (ground_refresh(&s->ground, e) == 0 && mcpd_offer_check(&s->offer, e) == 0)
		return s;
	mcpd_server_free(s);
	return NULL;
}

static void drop(struct call_at_hand *c)
{
	worker_end(&c->worker);
	json_decref(c->id);
	json_decref(c->args);
	free(c->tool);
	free(c);
}

void mcpd_server_free(struct mcpd_server *s)
{
	if (!s)
		return;
	while (s->calls) {
		struct call_at_hand *c = s->calls;

		s->calls = c->next;
		drop(c);
	}
	mcpd_change_free(s->change);
	ground_clear(&s->ground);
	free(s);
}

const struct policy *mcpd_server_policy(struct mcpd_server *s, struct err *e)
{
	return ground_refresh(&s->ground, e) ? NULL : s->ground.policy;
}

/* ---- tools that read, each in a process of its own ---- */

struct look {
	const struct tool *tool;
	const json_t *args;
	const struct policy *policy;
};

static void look(void *arg, struct buf *say)
{
	struct look *l = arg;
	struct err e = ERR_INIT;
	json_t *o = runner_run(l->tool, l->args, l->policy, 0, &e);

	if (!o)
		o = json_pack("{s:b, s:o}", "ok", 0, "error", account_text(e.text));
	json_put(say, o);
}

static void answer(struct call_at_hand *c, json_t *result)
{
	c->reply(c->arg, mcp_serve_result(c->id, c->era, "tools/call", result), 200);
}

/* Starts the call, or answers that it cannot be. Whether it runs. */
static bool start(struct mcpd_server *s, struct call_at_hand *c)
{
	const struct tool *t;
	struct err e = ERR_INIT;
	struct look l;

	if (ground_refresh(&s->ground, &e)) {
		answer(c, mcp_serve_failed(e.text));
		return false;
	}
	t = mcpd_offer_find(&s->offer, c->tool);
	l = (struct look){t, c->args, s->ground.policy};
	if (!t || t->effect != EFFECT_READ)
		err_set(&e, ERR_DENIED, "the tool is not offered any more");
	if (e.kind == ERR_NONE && worker_start(&c->worker, look, &l, 2 * BUF_RECORD, &e) == 0)
		return true;
	answer(c, mcp_serve_failed(e.text));
	return false;
}

static size_t running(const struct mcpd_server *s)
{
	size_t n = 0;

	for (const struct call_at_hand *c = s->calls; c; c = c->next)
		n += c->worker.fd >= 0;
	return n;
}

/* Takes the call out of the list and releases it. */
static void finish(struct mcpd_server *s, struct call_at_hand **at)
{
	struct call_at_hand *c = *at;

	*at = c->next;
	s->n_calls--;
	drop(c);
}

static void start_waiting(struct mcpd_server *s)
{
	struct call_at_hand **at = &s->calls;
	size_t n = running(s);

	while (*at && n < MCPD_CALLS) {
		if ((*at)->worker.fd >= 0) {
			at = &(*at)->next;
		} else if (start(s, *at)) {
			n++;
			at = &(*at)->next;
		} else {
			finish(s, at);
		}
	}
}

static void read_result(struct call_at_hand *c)
{
	const struct buf *said = &c->worker.said;
	json_t *o = said->n ? json_loadb(said->p, said->n, 0, NULL) : NULL;
	bool full = said->full;

	worker_end(&c->worker); /* who has the answer finds nothing left of it */
	if (full)
		answer(c, mcp_serve_failed("the tool's answer is too long"));
	else if (!o)
		answer(c, mcp_serve_failed("the tool was ended before it answered"));
	else
		answer(c, mcp_serve_observed(o));
	json_decref(o);
}

void mcpd_server_step(struct mcpd_server *s)
{
	struct call_at_hand **at = &s->calls;

	while (*at) {
		if ((*at)->worker.fd >= 0 && worker_read(&(*at)->worker)) {
			read_result(*at);
			finish(s, at);
		} else {
			at = &(*at)->next;
		}
	}
	start_waiting(s);
}

size_t mcpd_server_poll(struct mcpd_server *s, struct pollfd *fds)
{
	size_t n = 0;

	for (struct call_at_hand *c = s->calls; c && n < MCPD_CALLS; c = c->next)
		if (c->worker.fd >= 0)
			fds[n++] = (struct pollfd){.fd = c->worker.fd, .events = POLLIN};
	return n;
}

size_t mcpd_server_calls(const struct mcpd_server *s)
{
	return s->n_calls;
}

void mcpd_server_forget(struct mcpd_server *s, const struct mcpd_peer *peer, const void *arg)
{
	struct call_at_hand **at = &s->calls;

	while (*at)
		if ((peer && (*at)->peer == peer) || (arg && (*at)->arg == arg))
			finish(s, at);
		else
			at = &(*at)->next;
}

/* A request that is not wanted any more gets no answer; over HTTP its exchange has to end. */
static void cancel(struct mcpd_server *s, const struct mcpd_peer *peer, const json_t *id)
{
	for (struct call_at_hand **at = &s->calls; id && *at; at = &(*at)->next)
		if ((*at)->peer == peer && json_equal((*at)->id, id)) {
			(*at)->reply((*at)->arg, NULL, 202);
			finish(s, at);
			return;
		}
}

static json_t *look_later(struct asked *a, const struct tool *t, const json_t *args)
{
	struct mcpd_server *s = a->server;
	struct call_at_hand *c, **last = &s->calls;

	if (s->n_calls >= WAITING_MAX) {
		mcp_fault(&a->fault, RPC_INTERNAL, 503, "too many calls wait; try again");
		return NULL;
	}
	c = mem_new(sizeof *c);
	*c = (struct call_at_hand){.peer = a->peer,
		.id = json_incref(a->rpc.id),
		.args = json_incref((json_t *)args),
		.tool = mem_text(t->name),
		.era = a->era,
		.worker = {.fd = -1},
		.reply = a->reply,
		.arg = a->arg};
	while (*last)
		last = &(*last)->next;
	*last = c;
	s->n_calls++;
	a->later = true;
	start_waiting(s);
	return NULL;
}

/* ---- methods: each gives the result, or NULL with the fault set ---- */

static json_t *tell_case(struct asked *a, const json_t *args)
{
	const char *id = json_string_value(json_object_get(args, "case"));
	struct err e = ERR_INIT;

	if (!id || json_object_size(args) != 1)
		return mcp_serve_failed("hl_case takes one argument: case, the id of a case");
	return mcpd_change_told(&a->server->ground, id, when_now(), &e);
}

static json_t *call_tool(struct asked *a)
{
	const char *name = json_string_value(json_object_get(a->rpc.params, "name"));
	const json_t *args = json_object_get(a->rpc.params, "arguments");
	const struct tool *t;
	char client[MCP_CLIENT];

	if (!name || (args && !json_is_object(args))) {
		mcp_fault(&a->fault, RPC_INVALID_PARAMS, 200,
			"tools/call takes 'name' and 'arguments', an object");
		return NULL;
	}
	if (strcmp(name, MCPD_CASE) == 0)
		return tell_case(a, args);
	t = mcpd_offer_find(&a->server->offer, name);
	if (!t) {
		mcp_fault(&a->fault, RPC_INVALID_PARAMS, 200, "unknown tool '%.200s'", name);
		return NULL;
	}
	if (t->effect == EFFECT_READ)
		return look_later(a, t, args);
	if (a->era == MCP_ERA_MODERN)
		mcp_serve_client(&a->rpc, client);
	return mcpd_change_propose(a->server->change, &a->server->ground, t, args,
		a->era == MCP_ERA_MODERN ? client : a->peer->client);
}

static json_t *list_tools(struct asked *a)
{
	bool more;
	size_t at;
	json_t *page;

	if (mcp_serve_cursor(a->rpc.params, &at, &a->fault))
		return NULL;
	page = mcpd_offer_page(&a->server->offer, at, &more);
	return mcp_serve_page("tools", page, at + MCP_PAGE, more);
}

static json_t *list_resources(struct asked *a)
{
	return mcpd_shelf_list(&a->server->ground, a->rpc.params, &a->fault);
}

static json_t *list_templates(struct asked *a)
{
	(void)a;
	return mcpd_shelf_templates();
}

static json_t *read_resource(struct asked *a)
{
	return mcpd_shelf_read(&a->server->ground, a->rpc.params, a->era, &a->fault);
}

static json_t *list_prompts(struct asked *a)
{
	return mcpd_shelf_prompts(&a->server->ground, a->rpc.params, &a->fault);
}

static json_t *get_prompt(struct asked *a)
{
	return mcpd_shelf_prompt(&a->server->ground, a->rpc.params, &a->fault);
}

static json_t *initialize(struct asked *a)
{
	json_t *result = mcp_serve_initialize(a->rpc.params, a->peer->version, &a->fault);

	if (result) {
		mcp_serve_client(&a->rpc, a->peer->client);
		a->peer->begun = true;
	}
	return result;
}

static json_t *ping(struct asked *a)
{
	(void)a;
	return json_object();
}

static json_t *discover(struct asked *a)
{
	(void)a;
	return mcp_serve_discover();
}

enum { LEGACY = 1, MODERN = 2, BOTH = 3 };

static const struct method {
	const char *name;
	int eras;
	bool early; /* answered before initialize, and whatever is in force */
	json_t *(*answer)(struct asked *a);
} methods[] = {
	{"initialize", LEGACY, true, initialize},
	{"ping", LEGACY, true, ping},
	{"server/discover", MODERN, true, discover},
	{"tools/list", BOTH, false, list_tools},
	{"tools/call", BOTH, false, call_tool},
	{"resources/list", BOTH, false, list_resources},
	{"resources/templates/list", BOTH, false, list_templates},
	{"resources/read", BOTH, false, read_resource},
	{"prompts/list", BOTH, false, list_prompts},
	{"prompts/get", BOTH, false, get_prompt},
};

static const struct method *find_method(const struct asked *a)
{
	int era = a->era == MCP_ERA_MODERN ? MODERN : LEGACY;

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(methods[i].name, a->rpc.method) == 0 && (methods[i].eras & era))
			return &methods[i];
	return NULL;
}

static json_t *answer_request(struct asked *a)
{
	const struct method *m = find_method(a);
	struct err e = ERR_INIT;

	if (!m)
		mcp_fault(&a->fault, RPC_NO_METHOD, a->era == MCP_ERA_MODERN ? 404 : 200,
			"method '%.100s' is not known here", a->rpc.method);
	else if (!m->early && a->era == MCP_ERA_LEGACY && !a->peer->begun)
		mcp_fault(&a->fault, RPC_INVALID_REQUEST, 400, "the first request is 'initialize'");
	else if (!m->early && ground_refresh(&a->server->ground, &e))
		mcp_fault(&a->fault, RPC_INTERNAL, 500, "%s", e.text);
	else
		return m->answer(a);
	return NULL;
}

static void take_request(struct asked *a, const struct mcp_headers *headers)
{
	json_t *result = NULL;

	if (mcp_serve_era(&a->rpc, headers, &a->era, &a->fault) == 0)
		result = answer_request(a);
	if (a->later)
		return;
	if (result) {
		a->reply(a->arg, mcp_serve_result(a->rpc.id, a->era, a->rpc.method, result), 200);
	} else {
		int status = a->fault.status;

		a->reply(a->arg, mcp_serve_error(a->rpc.id, a->era, &a->fault), status);
	}
}

void mcpd_server_take(struct mcpd_server *s, struct mcpd_peer *peer,
	const struct mcp_headers *headers, json_t *message, mcpd_reply_fn *reply, void *arg)
{
	struct asked a = {.server = s, .peer = peer, .reply = reply, .arg = arg};
	struct err why = ERR_INIT;

	if (rpc_read(message, &a.rpc, &why)) {
		mcp_fault(&a.fault, RPC_INVALID_REQUEST, 400, "%s", why.text);
		reply(arg, mcp_serve_error(a.rpc.id, a.era, &a.fault), 400);
		return;
	}
	if (a.rpc.kind == RPC_REQUEST) {
		take_request(&a, headers);
		return;
	}
	if (a.rpc.kind == RPC_NOTIFICATION && strcmp(a.rpc.method, "notifications/cancelled") == 0)
		cancel(s, peer, json_object_get(a.rpc.params, "requestId"));
	reply(arg, NULL, 202);
}
