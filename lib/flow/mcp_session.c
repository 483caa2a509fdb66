#include "flow/mcp_session.h"

#include "base/mem.h"
#include "base/when.h"
#include "flow/mcp_description.h"
#include "flow/mcp_transport.h"
#include "json/node.h"
#include "wire/mcp.h"

#define PROBE_MS     4000 /* how long a server may be silent to server/discover */
#define CANCEL_MS    200  /* for saying that nobody waits any more */
#define PAGES_MOST   200
#define RUBBISH_MOST 100  /* lines that are no message */
#define ASKED_MOST   1000 /* what a server asks of us while we wait for one answer */

struct mcp_session {
	struct mcp_terms terms;
	struct mcp_transport *transport;
	int64_t last_id;
	json_t *answer; /* the message that answered the last request */
	struct rpc read;
	int rubbish, asked;
};

/* --- what comes in --- */

static void note(struct mcp_session *s, struct str text)
{
	if (s->terms.note)
		s->terms.note(s->terms.arg, text);
}

static int take_rubbish(
	struct mcp_session *s, struct str line, const struct err *why, struct err *e)
{
	struct buf text = BUF_INIT(400);

	if (!str_trim(line).n)
		return 0;
	buf_putf(&text, "the server printed what is no message of MCP: %.*s",
		(int)(line.n < 200 ? line.n : 200), line.p);
	note(s, buf_str(&text));
	s->rubbish++;
	if (s->rubbish > RUBBISH_MOST)
		err_set(e, ERR_DATA, "%s (and %d before: %.100s)", buf_text(&text), RUBBISH_MOST,
			why->text);
	buf_clear(&text);
	return s->rubbish > RUBBISH_MOST ? -1 : 0;
}

static int take_request(struct mcp_session *s, const struct rpc *m, struct err *e)
{
	json_t *answer;
	int rc;

	if (++s->asked > ASKED_MOST)
		return err_set(e, ERR_DATA, "the server asks without end ('%.40s')", m->method);
	answer = mcp_answer(m);
	rc = s->transport->ways->tell(s->transport, answer, s->terms.until, e);
	json_decref(answer);
	return rc;
}

static void take_notification(struct mcp_session *s, const struct rpc *m)
{
	struct buf text = BUF_INIT(1000);

	if (mcp_progress(m, s->last_id, &text))
		note(s, buf_str(&text));
	buf_clear(&text);
}

/* An error without an id can only be about what was asked last: there is no other request. */
static bool is_answer(const struct mcp_session *s, const struct rpc *m)
{
	if (m->kind == RPC_ERROR && !m->id)
		return true;
	return (m->kind == RPC_ERROR || m->kind == RPC_RESULT) && json_is_integer(m->id) &&
	       json_integer_value(m->id) == s->last_id;
}

static int take_message(struct mcp_session *s, json_t *tree, const struct rpc *m, struct err *e)
{
	if (m->kind == RPC_REQUEST)
		return take_request(s, m, e);
	if (m->kind == RPC_NOTIFICATION)
		take_notification(s, m);
	else if (is_answer(s, m) && !s->answer) { /* else one that comes late: nobody waits */
		s->answer = json_incref(tree);
		s->read = *m;
		return 1;
	}
	return 0;
}

/* A message, or a batch of them (2025-03-26). */
static int take(void *arg, struct str text, struct err *e)
{
	struct mcp_session *s = arg;
	struct err why = ERR_INIT;
	json_t *tree = rpc_parse(text, &why), *one;
	size_t n = json_is_array(tree) ? json_array_size(tree) : 1;
	int rc = 0;

	for (size_t i = 0; tree && i < n && rc == 0; i++) {
		struct rpc m;

		one = json_is_array(tree) ? json_array_get(tree, i) : tree;
		if (rpc_read(one, &m, &why))
			break;
		rc = take_message(s, one, &m, e);
	}
	if (why.kind)
		rc = take_rubbish(s, text, &why, e);
	json_decref(tree);
	return rc;
}

/* --- what goes out --- */

static void forget_answer(struct mcp_session *s)
{
	json_decref(s->answer);
	s->answer = NULL;
	s->asked = 0;
}

static void cancel(struct mcp_session *s)
{
	json_t *message = mcp_cancel(s->last_id, "no answer in time");
	struct err ignored = ERR_INIT;

	s->transport->ways->tell(s->transport, message, when_tick() + CANCEL_MS, &ignored);
	json_decref(message);
}

/* Swallows the request. 1: answered, in s->read; 0: the time is up; -1. */
static int ask(struct mcp_session *s, json_t *request_take, int64_t until, struct err *e)
{
	int rc;

	forget_answer(s);
	s->transport->status = 0;
	rc = s->transport->ways->ask(s->transport, request_take, until, take, s, e);
	json_decref(request_take);
	return rc;
}

/* As ask, for what must be answered before the session's end. 0, -1. */
static int ask_once(struct mcp_session *s, json_t *request_take, struct err *e)
{
	bool greeting = strcmp(json_string_value(json_object_get(request_take, "method")),
				"initialize") == 0;
	int rc = ask(s, request_take, s->terms.until, e);

	/* A server is not told that its greeting is cancelled: that one must not be. */
	if ((rc == 0 || (rc < 0 && e->kind == ERR_AGAIN)) && !greeting)
		cancel(s);
	if (rc == 0)
		return err_set(e, ERR_AGAIN, "the server gave no answer in time");
	return rc < 0 ? -1 : 0;
}

static int greet(struct mcp_session *s, struct err *e);

/* A session that the server has forgotten (404) is opened again: what was asked was not done. */
static int ask_for(struct mcp_session *s, json_t *request_take, struct err *e)
{
	struct mcp_transport *t = s->transport;
	struct err why = ERR_INIT;
	int rc = ask_once(s, json_incref(request_take), &why);

	if (rc && t->status == 404 && t->version && !t->modern &&
		t->ways->again(t, false, s->terms.until, e) == 0 && greet(s, e) == 0) {
		err_clear(&why);
		json_object_set_new(request_take, "id", json_integer(++s->last_id));
		rc = ask_once(s, json_incref(request_take), &why);
	}
	json_decref(request_take);
	return rc ? err_set(e, why.kind, "%s", why.text) : 0;
}

/* --- negotiation --- */

static int settle(struct mcp_session *s, const char *version, bool modern)
{
	s->transport->version = version;
	s->transport->modern = modern;
	return 0;
}

/* In the legacy way. A server that refuses it for being of the modern era is met there. */
static int greet(struct mcp_session *s, struct err *e)
{
	json_t *ready;
	const char *version;
	int rc;

	settle(s, NULL, false);
	if (ask_once(s, mcp_initialize(++s->last_id, MCP_LEGACY), e))
		return -1;
	if (mcp_is_modern(&s->read))
		return settle(s, MCP_MODERN, true);
	version = mcp_read_initialize(&s->read, e);
	if (!version)
		return -1;
	settle(s, version, false);
	ready = mcp_initialized();
	rc = s->transport->ways->tell(s->transport, ready, s->terms.until, e);
	json_decref(ready);
	return rc;
}

static int greet_again(struct mcp_session *s, bool old, struct err *e)
{
	if (s->transport->ways->again(s->transport, old, s->terms.until, e))
		return -1;
	return greet(s, e);
}

/* 1: it is of the modern era; 0: not, or silent; -1: it went away, or was told to stop. */
static int probe(struct mcp_session *s, struct err *e)
{
	int64_t until = when_tick() + PROBE_MS;
	int rc;

	settle(s, MCP_MODERN, true);
	rc = ask(s, mcp_discover(++s->last_id), until < s->terms.until ? until : s->terms.until, e);
	return rc > 0 ? mcp_is_modern(&s->read) : rc;
}

static bool may_be_old(const struct mcp_session *s)
{
	int status = s->transport->status;

	return status == 400 || status == 404 || status == 405;
}

static int negotiate(struct mcp_session *s, struct err *e)
{
	struct err why = ERR_INIT;
	int found = probe(s, &why);

	if (found > 0)
		return 0;
	if (found < 0 && why.kind == ERR_AGAIN)
		return err_set(e, why.kind, "%s", why.text);
	err_clear(&why);
	if (found == 0 && greet(s, &why) == 0)
		return 0;
	/* It may have died of the probe, or not forgive it. Its first words count, should it not
	 * come back. */
	if (found < 0 || (why.kind == ERR_UNAVAILABLE && !s->transport->status)) {
		err_clear(&why);
		if (greet_again(s, false, &why) == 0)
			return 0;
	}
	if (may_be_old(s)) {
		err_clear(&why);
		if (greet_again(s, true, &why) == 0)
			return 0;
	}
	return err_set(e, why.kind, "%s", why.text);
}

struct mcp_session *mcp_session_open(
	const json_t *server, const struct mcp_terms *terms, struct err *e)
{
	struct mcp_session *s;

	if (mcp_description_check(server, e))
		return NULL;
	s = mem_new(sizeof *s);
	s->terms = *terms;
	if (json_object_get(server, "run"))
		s->transport = mcp_stdio_new(server, terms->stop, e);
	else
		s->transport = mcp_http_new(server, e);
	if (s->transport && negotiate(s, e) == 0)
		return s;
	mcp_session_free(s);
	return NULL;
}

void mcp_session_free(struct mcp_session *s)
{
	if (!s)
		return;
	if (s->transport)
		s->transport->ways->free(s->transport);
	json_decref(s->answer);
	free(s);
}

const char *mcp_session_version(const struct mcp_session *s)
{
	return s->transport->version;
}

/* --- tools --- */

static json_t *named(const json_t *tools, const char *name)
{
	size_t i;
	json_t *one;

	json_array_foreach (tools, i, one)
		if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0)
			return one;
	return NULL;
}

/* Over HTTP, a tool whose headers cannot be made is none. */
static void drop_headless(const struct mcp_session *s, json_t *tools)
{
	if (!s->transport->modern || !s->transport->headers)
		return;
	for (size_t i = json_array_size(tools); i-- > 0;)
		if (!mcp_headers_fit(json_array_get(tools, i)))
			json_array_remove(tools, i);
}

/* The pages into `tools`; up to the one with `name` where that is not NULL. */
static int list(struct mcp_session *s, json_t *tools, const char *name, struct err *e)
{
	bool modern = s->transport->modern;
	char *cursor = NULL;
	const char *next;
	int page = 0, rc;

	do {
		rc = ask_for(s, mcp_list_tools(++s->last_id, modern, cursor), e) ||
				     mcp_read_tools(&s->read, tools, &next, e)
			     ? -1
			     : 0;
		drop_headless(s, tools);
		free(cursor);
		cursor = rc ? NULL : mem_text(next);
		if (cursor && ++page >= PAGES_MOST)
			rc = err_set(e, ERR_DATA, "the server's list of tools has no end");
	} while (rc == 0 && cursor && !(name && named(tools, name)));
	free(cursor);
	return rc;
}

json_t *mcp_session_tools(struct mcp_session *s, struct err *e)
{
	json_t *tools = json_array();

	if (list(s, tools, NULL, e) == 0)
		return tools;
	json_decref(tools);
	return NULL;
}

static void no_such_tool(const json_t *tools, const char *name, struct err *e)
{
	const char **names = mem_array(json_array_size(tools) + 1, sizeof *names), *near;
	size_t i;
	json_t *one;

	json_array_foreach (tools, i, one)
		names[i] = json_string_value(json_object_get(one, "name"));
	near = str_nearest(name, names);
	if (near)
		err_set(e, ERR_DATA, "the server has no tool '%s': did you mean '%s'?", name, near);
	else
		err_set(e, ERR_DATA, "the server has no tool '%s'", name);
	free(names);
}

json_t *mcp_session_find(struct mcp_session *s, const char *name, struct err *e)
{
	json_t *tools = json_array(), *found = NULL;

	if (list(s, tools, name, e) == 0) {
		found = json_incref(named(tools, name));
		if (!found)
			no_such_tool(tools, name, e);
	}
	json_decref(tools);
	return found;
}

json_t *mcp_session_call(
	struct mcp_session *s, const json_t *tool, const json_t *arguments, struct err *e)
{
	const char *name = json_string_value(json_object_get(tool, "name"));
	json_t *request = mcp_call_tool(++s->last_id, s->transport->modern, name, arguments);
	const json_t *result = NULL;
	int rc;

	s->transport->schema = json_object_get(tool, "inputSchema");
	rc = ask_for(s, request, e);
	s->transport->schema = NULL;
	if (rc == 0)
		result = mcp_read_call(&s->read, e);
	return json_incref((json_t *)result);
}
