#include "flow/mcpd_shelf.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "doc/secret.h"
#include "edge/spool.h"

#define SCHEME   "hl://"
#define CASES    "cases"
#define TEXT_MAX ((size_t)4 << 20)

/* Decisions grow at the end: the pages before them stay what they were. */
static const struct {
	const char *dir, *title;
} rooms[] = {{"runbooks", "A runbook: what to do about a known problem"},
	{"docs", "A document about this homelab"}, {"inventory", "What there is in this homelab"},
	{"decisions", "A case that ended or was answered"}};

static int broken(struct mcp_fault *f, const struct err *e)
{
	return mcp_fault(f, RPC_INTERNAL, 200, "%s", e->text);
}

/* ---- URIs (RFC 3986) ---- */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("-._~/", c);
}

static json_t *uri_of(const char *path)
{
	struct buf uri = BUF_INIT(65536);
	json_t *v;

	buf_puts(&uri, SCHEME);
	for (; *path; path++)
		if (is_plain(*path))
			buf_putc(&uri, *path);
		else
			buf_putf(&uri, "%%%02X", (unsigned char)*path);
	v = json_string(buf_text(&uri));
	buf_clear(&uri);
	return v;
}

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

/* The path behind the scheme. -1: it is no URI of ours. */
static int path_in(const char *uri, struct buf *path)
{
	if (!str_starts(str_of(uri), SCHEME))
		return -1;
	for (uri += strlen(SCHEME); *uri; uri++) {
		int high = *uri == '%' ? digit(uri[1]) : 0;
		int low = *uri == '%' && high >= 0 ? digit(uri[2]) : 0;

		if (high < 0 || low < 0 || (*uri == '%' && high * 16 + low == 0))
			return -1;
		buf_putc(path, *uri == '%' ? (char)(high * 16 + low) : *uri);
		uri += *uri == '%' ? 2 : 0;
	}
	return path->full ? -1 : 0;
}

static const char *type_of(const char *path)
{
	static const char *const types[][2] = {{".md", "text/markdown"},
		{".yaml", "application/yaml"}, {".yml", "application/yaml"},
		{".json", "application/json"}};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_ends(str_of(path), types[i][0]))
			return types[i][1];
	return "text/plain";
}

/* ---- the list ---- */

struct listing {
	size_t skip, seen;
	json_t *page;
	const char *title;
	bool more;
};

static void list_one(struct listing *l, const char *path, const char *type)
{
	json_t *name = json_string(path);

	if (!name || l->seen++ < l->skip) {
		json_decref(name);
		return;
	}
	if (json_array_size(l->page) == MCP_PAGE) {
		json_decref(name);
		l->more = true;
		return;
	}
	json_array_append_new(
		l->page, json_pack("{s:o, s:o, s:s, s:s}", "uri", uri_of(path), "name", name,
				 "description", l->title, "mimeType", type));
}

static int list_file(void *arg, const char *path, const char *id, struct err *e)
{
	struct listing *l = arg;

	(void)id;
	(void)e;
	if (path_base(path)[0] != '.')
		list_one(l, path, type_of(path));
	return 0;
}

static int list_cases(struct listing *l, struct err *e)
{
	char **ids = NULL;
	long n = spool_list(&ids, e);

	l->title = "A case that waits for a person";
	for (long i = 0; i < n; i++) {
		char *path = path_join(CASES, ids[i]);

		list_one(l, path, "application/json");
		free(path);
		free(ids[i]);
	}
	free(ids);
	return n < 0 ? -1 : 0;
}

json_t *mcpd_shelf_list(const struct ground *g, const json_t *params, struct mcp_fault *f)
{
	struct listing l = {.page = json_array()};
	struct err e = ERR_INIT;

	if (mcp_serve_cursor(params, &l.skip, f)) {
		json_decref(l.page);
		return NULL;
	}
	list_cases(&l, &e);
	for (size_t i = 0; g->ops && i < sizeof rooms / sizeof *rooms && !e.kind; i++) {
		l.title = rooms[i].title;
		repo_each(ops_repo(g->ops), ops_commit(g->ops), rooms[i].dir, list_file, &l, &e);
	}
	if (!e.kind)
		return mcp_serve_page("resources", l.page, l.skip + MCP_PAGE, l.more);
	json_decref(l.page);
	broken(f, &e);
	return NULL;
}

json_t *mcpd_shelf_templates(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:s, s:s}", "uriTemplate",
				      json_sprintf(SCHEME "%s/{+path}", rooms[i].dir), "name",
				      rooms[i].dir, "description", rooms[i].title));
	json_array_append_new(
		list, json_pack("{s:s, s:s, s:s, s:s}", "uriTemplate", SCHEME CASES "/{id}", "name",
			      CASES, "description", "A case that waits for a person", "mimeType",
			      "application/json"));
	return json_pack("{s:o}", "resourceTemplates", list);
}

/* ---- one of them ---- */

static bool in_a_room(const char *path)
{
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		size_t n = strlen(rooms[i].dir);

		if (strncmp(path, rooms[i].dir, n) == 0 && path[n] == '/')
			return true;
	}
	return false;
}

/* 1 found, 0 absent, -1 error. */
static int find(const struct ground *g, const char *path, struct buf *text, struct err *e)
{
	const size_t n = strlen(CASES "/");

	if (strncmp(path, CASES "/", n) == 0)
		return path_is_name(path + n) ? spool_get(path + n, text, e) : 0;
	if (!g->ops || !in_a_room(path))
		return 0;
	return repo_read(ops_repo(g->ops), ops_commit(g->ops), path, text, e);
}

/* What the text must not be shown for, or NULL. */
static const char *secret_in(const char *path, struct str text)
{
	struct buf place = BUF_INIT(4096);
	const char *rule = NULL;
	json_t *tree;

	if (!str_ends(str_of(path), ".json") && strncmp(path, CASES "/", strlen(CASES "/")) != 0)
		return secret_in_text(text);
	tree = json_loadb(text.p ? text.p : "", text.n, JSON_DECODE_ANY, NULL);
	rule = tree ? secret_in_tree(tree, &place) : secret_in_text(text);
	json_decref(tree);
	buf_clear(&place);
	return rule;
}

static json_t *show(const char *uri, const char *path, struct str text, struct mcp_fault *f)
{
	bool is_case = strncmp(path, CASES "/", strlen(CASES "/")) == 0;
	const char *rule = secret_in(path, text);
	json_t *v = rule ? NULL : json_stringn(text.p ? text.p : "", text.n);

	if (rule)
		mcp_fault(
			f, RPC_INTERNAL, 200, "it is withheld: it holds what looks like %s", rule);
	else if (!v)
		mcp_fault(f, RPC_INTERNAL, 200, "it is not text, and only text is shown");
	if (!v)
		return NULL;
	return json_pack("{s:[{s:s, s:s, s:o}]}", "contents", "uri", uri, "mimeType",
		is_case ? "application/json" : type_of(path), "text", v);
}

json_t *mcpd_shelf_read(
	const struct ground *g, const json_t *params, enum mcp_era era, struct mcp_fault *f)
{
	const char *uri = json_string_value(json_object_get(params, "uri"));
	struct buf path = BUF_INIT(4096), text = BUF_INIT(TEXT_MAX);
	struct err e = ERR_INIT;
	json_t *result = NULL;
	int rc = 0;

	if (!uri)
		mcp_fault(f, RPC_INVALID_PARAMS, 200, "resources/read lacks 'uri'");
	else if (path_in(uri, &path) == 0)
		rc = find(g, buf_text(&path), &text, &e);
	if (rc > 0)
		result = show(uri, buf_text(&path), buf_str(&text), f);
	else if (rc < 0)
		broken(f, &e);
	else if (uri) {
		mcp_fault(f, era == MCP_ERA_MODERN ? RPC_INVALID_PARAMS : RPC_NO_RESOURCE, 200,
			"no resource '%.200s'", uri);
		f->data = json_pack("{s:s}", "uri", uri);
	}
	buf_clear(&path);
	buf_clear(&text);
	return result;
}

/* ---- prompts: the goals ---- */

static struct goal *load_goal(const struct ground *g, const char *name)
{
	struct err ignored = ERR_INIT; /* one that does not load is not offered */

	return goal_load(g->ops, name, &ignored);
}

json_t *mcpd_shelf_prompts(const struct ground *g, const json_t *params, struct mcp_fault *f)
{
	json_t *list = json_array();
	struct err e = ERR_INIT;
	char **names = NULL;
	size_t skip;
	long n = mcp_serve_cursor(params, &skip, f) ? 0 : goal_names(g->ops, &names, &e);

	for (long i = 0; i < n; i++) {
		bool wanted = (size_t)i >= skip && json_array_size(list) < MCP_PAGE;
		struct goal *goal = wanted ? load_goal(g, names[i]) : NULL;

		if (goal)
			json_array_append_new(
				list, json_pack("{s:s, s:s}", "name", goal->name, "description",
					      goal->description ? goal->description : goal->name));
		goal_free(goal);
		free(names[i]);
	}
	free(names);
	if (n >= 0 && !f->code)
		return mcp_serve_page(
			"prompts", list, skip + MCP_PAGE, (size_t)n > skip + MCP_PAGE);
	json_decref(list);
	broken(f, &e);
	return NULL;
}

json_t *mcpd_shelf_prompt(const struct ground *g, const json_t *params, struct mcp_fault *f)
{
	const char *name = json_string_value(json_object_get(params, "name"));
	struct goal *goal = name ? load_goal(g, name) : NULL;
	struct buf words = BUF_INIT(1 << 20);
	const char *said;
	json_t *result;

	if (!goal) {
		mcp_fault(f, RPC_INVALID_PARAMS, 200, "no prompt '%.200s'", name ? name : "");
		return NULL;
	}
	said = goal->description ? goal->description : goal->name;
	goal_words(goal, &words);
	result = json_pack("{s:s, s:[{s:s, s:{s:s, s:s}}]}", "description", said, "messages",
		"role", "user", "content", "type", "text", "text",
		words.n ? buf_text(&words) : said);
	buf_clear(&words);
	goal_free(goal);
	return result;
}
