#include "wire/mcp_serve.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/prog.h"

#define TTL_MS 5000 /* what is in force may change with the next commit */

static const char instructions[] =
	"Tools that only read run at once. A tool that changes something does not run: it opens a "
	"case and answers with the case's id; a person approves or rejects it. Ask hl_case for what "
	"became of a case. Do not try to get around a person's no.";

/* ---- faults ---- */

int mcp_fault(struct mcp_fault *f, int64_t code, int status, const char *fmt, ...)
{
	va_list ap;

	if (f->code)
		return -1;
	f->code = code;
	f->status = status;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof f->text, fmt, ap);
	va_end(ap);
	return -1;
}

void mcp_fault_clear(struct mcp_fault *f)
{
	json_decref(f->data);
	*f = (struct mcp_fault){.code = 0};
}

/* A text that was cut, or held what is no text, must not cost the answer. */
static void make_text(char *text)
{
	json_t *v = json_string(text);

	for (char *p = text; !v && *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	json_decref(v);
}

json_t *mcp_serve_error(const json_t *id, enum mcp_era era, struct mcp_fault *f)
{
	json_t *answer;

	make_text(f->text);
	answer = rpc_error(id, f->code, f->text, f->data ? json_incref(f->data) : NULL);
	if (!id && era == MCP_ERA_LEGACY)
		json_object_set_new(answer, "id", json_null());
	mcp_fault_clear(f);
	return answer;
}

/* ---- eras ---- */

static int unsupported(const char *asked, struct mcp_fault *f)
{
	mcp_fault(f, RPC_NO_VERSION, 400, "unsupported protocol version '%.100s'", asked);
	if (!f->data)
		f->data = json_pack("{s:[s], s:s}", "supported", MCP_MODERN, "requested", asked);
	return -1;
}

static int check_meta(const struct rpc *m, struct mcp_fault *f)
{
	const json_t *meta = json_object_get(m->params, "_meta");
	const char *version = mcp_version_of(m);
	const json_t *client = json_object_get(meta, MCP_META_CLIENT);

	if (!version)
		return mcp_fault(f, RPC_INVALID_PARAMS, 400,
			"the request lacks _meta[\"" MCP_META_VERSION "\"]");
	if (strcmp(version, MCP_MODERN) != 0)
		return unsupported(version, f);
	if (!json_is_object(json_object_get(meta, MCP_META_ABLE)))
		return mcp_fault(f, RPC_INVALID_PARAMS, 400,
			"the request lacks _meta[\"" MCP_META_ABLE "\"]");
	if (client && !json_is_object(client))
		return mcp_fault(f, RPC_INVALID_PARAMS, 400,
			"_meta[\"" MCP_META_CLIENT "\"] must be an object");
	return 0;
}

static int base64_value(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* RFC 4648, section 4, padded. -1: it is none. */
static int read_base64(struct str text, struct buf *into)
{
	if (text.n % 4)
		return -1;
	for (size_t i = 0; i < text.n; i += 4) {
		uint32_t word = 0;
		int missing = 0;

		for (size_t k = 0; k < 4; k++) {
			int v = base64_value(text.p[i + k]);

			missing += text.p[i + k] == '=' && i + 4 == text.n && k > 1;
			if (v < 0 && text.p[i + k] != '=')
				return -1;
			if ((v < 0) != (missing > 0))
				return -1;
			word = word << 6 | (uint32_t)(v < 0 ? 0 : v);
		}
		for (int k = 0; k < 3 - missing; k++)
			buf_putc(into, (char)(word >> (16 - 8 * k)));
	}
	return 0;
}

/* Whether a header says this, plainly or as =?base64?..?=. */
static bool header_says(const char *header, const char *wanted)
{
	static const char lead[] = "=?base64?";
	struct str text = str_trim(str_of(header));
	struct buf plain = BUF_INIT(65536);
	bool same;

	if (!str_starts(text, lead) || !str_ends(text, "?=") || text.n < sizeof lead + 1)
		return str_is(text, wanted);
	text = (struct str){text.p + sizeof lead - 1, text.n - sizeof lead - 1};
	same = read_base64(text, &plain) == 0 && str_is(buf_str(&plain), wanted);
	buf_clear(&plain);
	return same;
}

static int check_header(
	const char *header, const char *what, const char *wanted, struct mcp_fault *f)
{
	if (!header)
		return mcp_fault(f, RPC_HEADER_MISMATCH, 400, "the header %s is missing", what);
	if (!header_says(header, wanted))
		return mcp_fault(f, RPC_HEADER_MISMATCH, 400,
			"the header %s does not say what the body says", what);
	return 0;
}

/* What the call is about, which the header Mcp-Name repeats; NULL: nothing. */
static const char *subject_of(const struct rpc *m)
{
	static const char *const keys[][2] = {
		{"tools/call", "name"}, {"prompts/get", "name"}, {"resources/read", "uri"}};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(m->method, keys[i][0]) == 0)
			return json_string_value(json_object_get(m->params, keys[i][1]));
	return NULL;
}

static int check_headers(const struct rpc *m, const struct mcp_headers *h, struct mcp_fault *f)
{
	const char *subject = subject_of(m);

	if (check_header(h->version, "MCP-Protocol-Version", mcp_version_of(m), f) ||
		check_header(h->method, "Mcp-Method", m->method, f))
		return -1;
	return subject ? check_header(h->name, "Mcp-Name", subject, f) : 0;
}

int mcp_serve_era(
	const struct rpc *m, const struct mcp_headers *h, enum mcp_era *era, struct mcp_fault *f)
{
	const char *said = h ? h->version : NULL, *version = mcp_version_of(m);

	*era = version || (said && strcmp(said, MCP_MODERN) == 0) ? MCP_ERA_MODERN : MCP_ERA_LEGACY;
	if (*era == MCP_ERA_LEGACY)
		return said && !mcp_is_legacy(said) ? unsupported(said, f) : 0;
	if (m->kind == RPC_NOTIFICATION)
		return 0; /* it gets no answer, so what it lacks cannot be told */
	if (version && h && check_headers(m, h, f))
		return -1;
	return check_meta(m, f);
}

char *mcp_serve_client(const struct rpc *m, char name[MCP_CLIENT])
{
	const json_t *meta = json_object_get(m->params, "_meta");
	const json_t *client = json_object_get(meta, MCP_META_CLIENT);
	const char *said;
	size_t n = 0;

	if (!client)
		client = json_object_get(m->params, "clientInfo");
	said = json_string_value(json_object_get(client, "name"));
	for (; said && *said && n < MCP_CLIENT - 1; said++)
		name[n++] = (*said >= 'a' && *said <= 'z') || (*said >= 'A' && *said <= 'Z') ||
					    (*said >= '0' && *said <= '9') || strchr("._-", *said)
				    ? *said
				    : '_';
	name[n] = '\0';
	return n ? name : memcpy(name, "unnamed", sizeof "unnamed");
}

/* ---- results ---- */

static json_t *server_info(void)
{
	return json_pack("{s:s, s:s, s:s}", "name", "hl-mcp", "title", "hl: homelab operations",
		"version", PROG_VERSION);
}

static json_t *capabilities(void)
{
	return json_pack("{s:{}, s:{}, s:{}}", "tools", "resources", "prompts");
}

json_t *mcp_serve_initialize(const json_t *params, char version[MCP_VERSION], struct mcp_fault *f)
{
	const char *asked = json_string_value(json_object_get(params, "protocolVersion"));

	if (!asked) {
		mcp_fault(f, RPC_INVALID_PARAMS, 400, "initialize lacks 'protocolVersion'");
		return NULL;
	}
	snprintf(version, MCP_VERSION, "%s", mcp_is_legacy(asked) ? asked : MCP_LEGACY);
	return json_pack("{s:s, s:o, s:o, s:s}", "protocolVersion", version, "capabilities",
		capabilities(), "serverInfo", server_info(), "instructions", instructions);
}

json_t *mcp_serve_discover(void)
{
	return json_pack("{s:[s], s:o, s:s}", "supportedVersions", MCP_MODERN, "capabilities",
		capabilities(), "instructions", instructions);
}

/* What a client may keep for a while. */
static bool may_be_kept(const char *method)
{
	static const char *const kept[] = {"server/discover", "tools/list", "prompts/list",
		"resources/list", "resources/templates/list", "resources/read"};

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (strcmp(method, kept[i]) == 0)
			return true;
	return false;
}

json_t *mcp_serve_result(
	const json_t *id, enum mcp_era era, const char *method, json_t *result_take)
{
	if (era == MCP_ERA_MODERN) {
		json_object_set_new(result_take, "resultType", json_string("complete"));
		json_object_set_new(
			result_take, "_meta", json_pack("{s:o}", MCP_META_SERVER, server_info()));
		if (may_be_kept(method)) {
			json_object_set_new(result_take, "ttlMs", json_integer(TTL_MS));
			json_object_set_new(result_take, "cacheScope", json_string("private"));
		}
	}
	return rpc_result(id, result_take);
}

/* ---- tools ---- */

void mcp_serve_name(struct buf *into, const char *tool)
{
	for (; *tool; tool++)
		buf_putc(into, *tool == '.' ? '_' : *tool);
}

/*
 * Only what holds for every answer of the tool. What a program prints as JSON is its own affair,
 * and what a tool that changes something answers is about the case.
 */
static json_t *output_schema(const struct tool *t)
{
	if (t->effect != EFFECT_READ)
		return json_pack("{s:s, s:{s:{s:s}, s:{s:s}}, s:[s,s]}", "type", "object",
			"properties", "case", "type", "string", "state", "type", "string",
			"required", "case", "state");
	if (t->way != TOOL_RUN)
		return NULL;
	if (t->output == OUTPUT_TEXT)
		return json_pack("{s:s, s:{s:{s:s}}, s:[s]}", "type", "object", "properties",
			"text", "type", "string", "required", "text");
	if (t->output == OUTPUT_LINES)
		return json_pack("{s:s, s:{s:{s:s, s:{s:s}}}, s:[s]}", "type", "object",
			"properties", "lines", "type", "array", "items", "type", "string",
			"required", "lines");
	return NULL;
}

static json_t *annotations(const struct tool *t)
{
	json_t *a = json_pack(
		"{s:b, s:b}", "readOnlyHint", t->effect == EFFECT_READ, "openWorldHint", 1);

	if (t->effect != EFFECT_READ) {
		json_object_set_new(
			a, "destructiveHint", json_boolean(t->effect == EFFECT_DESTROY));
		/* Asking for what waits already changes nothing. */
		json_object_set_new(a, "idempotentHint", json_true());
	}
	return a;
}

static json_t *description_of(const struct tool *t)
{
	const char *said = t->description ? t->description : t->name;

	if (t->effect == EFFECT_READ)
		return json_string(said);
	return json_sprintf("%s. Does not run at once: opens a case (%s, blast radius %s) that a "
			    "person approves or rejects, and answers with its id.",
		said, t->effect == EFFECT_DESTROY ? "destroys" : "changes", blast_names[t->blast]);
}

json_t *mcp_serve_tool(const struct tool *t, const char *name)
{
	json_t *tool = json_pack("{s:s, s:s, s:o, s:o, s:o}", "name", name, "title", t->name,
		"description", description_of(t), "inputSchema", tool_schema(t),
		"annotations", annotations(t));
	json_t *output = output_schema(t);

	if (output)
		json_object_set_new(tool, "outputSchema", output);
	return tool;
}

static json_t *text_content(const char *text)
{
	return json_pack("[{s:s, s:s}]", "type", "text", "text", text);
}

/* Messages may hold any byte. */
json_t *mcp_serve_failed(const char *why)
{
	struct buf safe = BUF_INIT(BUF_RECORD);
	json_t *result;

	msg_safe(&safe, str_of(why), true);
	result = json_pack("{s:o, s:b}", "content", text_content(buf_text(&safe)), "isError", 1);
	buf_clear(&safe);
	return result;
}

json_t *mcp_serve_told(const char *words, json_t *data_take)
{
	return json_pack("{s:o, s:o, s:b}", "content", text_content(words), "structuredContent",
		data_take, "isError", 0);
}

json_t *mcp_serve_observed(const json_t *observation)
{
	const json_t *data = json_object_get(observation, "data");
	const char *text = json_string_value(json_object_get(data, "text"));
	const char *error = json_string_value(json_object_get(observation, "error"));
	struct buf words = BUF_INIT(2 * BUF_RECORD);
	json_t *result;

	if (!json_is_true(json_object_get(observation, "ok")))
		return mcp_serve_failed(error ? error : "the tool failed without a word");
	if (!text)
		json_put(&words, data);
	result = mcp_serve_told(text ? text : buf_text(&words), json_incref((json_t *)data));
	buf_clear(&words);
	return result;
}

/* ---- pages ---- */

int mcp_serve_cursor(const json_t *params, size_t *at, struct mcp_fault *f)
{
	const json_t *cursor = json_object_get(params, "cursor");
	const char *text = json_string_value(cursor);
	size_t n = 0;

	*at = 0;
	if (!cursor)
		return 0;
	for (; text && n < 9 && text[n] >= '0' && text[n] <= '9'; n++)
		*at = *at * 10 + (size_t)(text[n] - '0');
	if (!n || text[n] || *at % MCP_PAGE)
		return mcp_fault(
			f, RPC_INVALID_PARAMS, 200, "the cursor is none that was given out");
	return 0;
}

json_t *mcp_serve_page(const char *name, json_t *items_take, size_t next, bool more)
{
	json_t *page = json_pack("{s:o}", name, items_take);

	if (more)
		json_object_set_new(page, "nextCursor", json_sprintf("%zu", next));
	return page;
}
