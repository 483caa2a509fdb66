#include "doc/exchange.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "base/when.h"
#include "doc/expect.h"
#include "doc/url.h"

#define PAGES_MOST   1000
#define TIMEOUT_MOST (400 * (int64_t)WHEN_DAY)

static const char *const methods[] = {
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", NULL};
static const char *const bodies[] = {"json", "form", "multipart", "text", NULL};

/*
 * What one declaration may hold. `scope` is for parts that need a value, `optional` for members
 * that are left out where there is none; both NULL when texts are data.
 */
struct frame {
	const struct scope *scope, *optional;
	bool has_base;
};

/* --- texts and members --- */

static int check_text(const struct node *n, const struct scope *scope, struct err *e)
{
	if (!node_there(n))
		return 0;
	if (scope)
		return scope_check_text(n, scope, e);
	return json_is_string(n->v) ? 0 : node_fail(n, e, "must be a text");
}

/* A text, number or truth. */
static int check_member(const struct node *n, const struct frame *f, struct err *e)
{
	struct str name;

	if (json_is_number(n->v) || json_is_boolean(n->v))
		return 0;
	if (json_is_string(n->v) && template_alone(json_string_value(n->v), &name))
		return check_text(n, f->optional, e);
	if (json_is_array(n->v) || json_is_null(n->v))
		return node_fail(n, e, "must be a text, a number, true or false");
	return check_text(n, f->scope, e);
}

static int check_list(const struct node *n, const struct frame *f, struct err *e)
{
	if (!json_is_array(n->v))
		return check_member(n, f, e);
	for (size_t i = 0; i < node_count(n); i++) {
		struct node one = node_at(n, i);

		if (check_member(&one, f, e))
			return -1;
	}
	return 0;
}

typedef int check_fn(const struct node *n, const struct frame *f, struct err *e);

static int check_members(const struct node *n, const char *key, check_fn *check,
	const struct frame *f, struct err *e)
{
	struct node all = node_get(n, key);
	const char *name;
	json_t *v;

	if (node_is_object(&all, e))
		return -1;
	json_object_foreach (all.v, name, v) {
		struct node one = node_get(&all, name);

		if (check(&one, f, e))
			return -1;
	}
	return 0;
}

/* Any value; a text that is one placeholder becomes what that holds. */
static int check_tree(const struct node *n, const struct frame *f, struct err *e)
{
	const char *name;
	json_t *v;

	if (json_is_string(n->v))
		return check_member(n, f, e);
	json_object_foreach (json_is_object(n->v) ? n->v : NULL, name, v) {
		struct node one = node_get(n, name);

		if (check_tree(&one, f, e))
			return -1;
	}
	for (size_t i = 0; json_is_array(n->v) && i < node_count(n); i++) {
		struct node one = node_at(n, i);

		if (check_tree(&one, f, e))
			return -1;
	}
	return 0;
}

static int check_texts(const struct node *n, const char *key, const char *const *known,
	const struct scope *scope, struct err *e)
{
	struct node all = node_get(n, key);

	if (!node_there(&all))
		return 0;
	if (node_known(&all, known, e))
		return -1;
	for (size_t i = 0; known[i]; i++) {
		struct node one = node_get(&all, known[i]);

		if (check_text(&one, scope, e))
			return -1;
	}
	return 0;
}

/* --- the parts --- */

static int check_pointer(const struct node *n, struct err *e)
{
	const char *pointer = json_string_value(n->v);

	if (node_there(n) && (!pointer || (*pointer && *pointer != '/')))
		return node_fail(n, e, "must be a JSON pointer, such as /result/0");
	return 0;
}

static int check_pointers(const struct node *n, struct err *e)
{
	if (!json_is_array(n->v))
		return check_pointer(n, e);
	for (size_t i = 0; i < node_count(n); i++) {
		struct node one = node_at(n, i);

		if (check_pointer(&one, e))
			return -1;
	}
	return 0;
}

static int check_statuses(const struct node *n, struct err *e)
{
	if (node_is_array(n, e))
		return -1;
	for (size_t i = 0; i < node_count(n); i++) {
		struct node one = node_at(n, i);

		if (!json_is_integer(one.v) || json_integer_value(one.v) < 100 ||
			json_integer_value(one.v) > 599)
			return node_fail(&one, e, "must be a status of HTTP, 100 to 599");
	}
	return 0;
}

/* What stands in the toolset's part and in the tool's. */
static int check_common(const struct node *n, const struct frame *f, struct err *e)
{
	static const char *const basic[] = {"user", "password", NULL};
	static const char *const tls[] = {"ca", "pin", NULL};
	struct node socket = node_get(n, "socket"), ok = node_get(n, "ok");
	struct node status = node_get(n, "ok_status"), error = node_get(n, "error");

	if (check_members(n, "query", check_list, f, e) ||
		check_members(n, "headers", check_member, f, e) ||
		check_texts(n, "basic", basic, f->scope, e) ||
		check_texts(n, "tls", tls, f->scope, e) || check_text(&socket, f->scope, e))
		return -1;
	return expect_check(&ok, e) || check_statuses(&status, e) || check_pointers(&error, e)
		       ? -1
		       : 0;
}

static int check_body(const struct node *n, const struct frame *f, struct err *e)
{
	struct node json = node_get(n, "json"), text = node_get(n, "text"),
		    type = node_get(n, "type");
	int found = 0;

	for (size_t i = 0; bodies[i]; i++) {
		struct node one = node_get(n, bodies[i]);

		if (one.v && found++)
			return node_fail(&one, e,
				"a request has one body: json, form, multipart or text");
	}
	if (node_there(&type) && !node_there(&text))
		return node_fail(&type, e, "goes with text; the others know their own");
	if (json_is_string(type.v) && !utf8_is_line(str_of(json_string_value(type.v))))
		return node_fail(&type, e, "must be one line, such as text/plain");
	return check_tree(&json, f, e) || check_members(n, "form", check_list, f, e) ||
			       check_members(n, "multipart", check_member, f, e) ||
			       check_text(&text, f->scope, e) || check_text(&type, NULL, e)
		       ? -1
		       : 0;
}

static int check_pages(const struct node *n, struct err *e)
{
	static const char *const known[] = {
		"next", "param", "first", "step", "size", "per", "total", "items", "most", NULL};
	struct node pages = node_get(n, "pages"), next = node_get(&pages, "next"),
		    pick = node_get(n, "pick"), most = node_get(&pages, "most"),
		    total = node_get(&pages, "total"), items = node_get(&pages, "items");
	const char *from, *param;
	int64_t count;

	if (!node_there(&pages))
		return 0;
	if (node_known(&pages, known, e) || check_pointer(&total, e) || check_pointer(&items, e))
		return -1;
	from = node_text_or_null(&pages, "next", e);
	param = node_text_or_null(&pages, "param", e);
	node_text_or_null(&pages, "size", e);
	node_integer(&pages, "first", 1, e);
	node_integer(&pages, "step", 1, e);
	node_integer(&pages, "per", 0, e);
	count = node_integer(&pages, "most", 10, e);
	if (e->kind)
		return -1;
	if (count < 1 || count > PAGES_MOST)
		return node_fail(&most, e, "must be from 1 to %d pages", PAGES_MOST);
	if (!from && !param)
		return node_fail(&pages, e,
			"needs next (link, a pointer or a header), or param (of the page's number)");
	if (from && *from != '/' && strcmp(from, "link") != 0 && !param)
		return node_fail(&next, e, "a header needs 'param', where its value goes");
	if (node_there(&pick))
		return node_fail(&pick, e, "of pages, 'items' in pages says what is kept");
	return 0;
}

static int check_wait(const struct node *n, const struct frame *f, struct err *e)
{
	static const char *const known[] = {"url", "until", "ok", "every", NULL};
	struct node wait = node_get(n, "wait"), url = node_get(&wait, "url"),
		    until = node_get(&wait, "until"), ok = node_get(&wait, "ok"),
		    every = node_get(&wait, "every");
	struct scope scope = f->scope ? *f->scope : (struct scope){.args = NULL};

	if (!node_there(&wait))
		return 0;
	scope.answer = true;
	scope.secret = false;
	if (node_known(&wait, known, e) || node_require(&wait, "url", e) ||
		node_require(&wait, "until", e) || url_check(&url, &scope, f->has_base, e) ||
		expect_check(&until, e) || expect_check(&ok, e))
		return -1;
	if (node_span(&wait, "every", WHEN_SECOND, e) < 50 && !e->kind)
		return node_fail(&every, e, "must be 50ms or more");
	return e->kind ? -1 : 0;
}

/* What stands in the tool's part only. */
static int check_own(const struct node *n, const struct frame *f, struct err *e)
{
	struct node url = node_get(n, "url"), pick = node_get(n, "pick");
	struct scope scope = f->scope ? *f->scope : (struct scope){.args = NULL};

	scope.secret = false;
	node_choice(n, "method", methods, 0, e);
	node_bool(n, "retry", true, e);
	node_bool(n, "idempotent", false, e);
	if (e->kind || node_require(n, "url", e) || url_check(&url, &scope, f->has_base, e))
		return -1;
	return check_common(n, f, e) || check_body(n, f, e) || check_pointer(&pick, e) ||
			       check_pages(n, e) || check_wait(n, f, e)
		       ? -1
		       : 0;
}

/* --- the three forms --- */

int exchange_check_defaults(const struct node *n, struct err *e)
{
	static const char *const known[] = {"base", "query", "headers", "basic", "tls", "socket",
		"ok", "ok_status", "error", NULL};
	struct scope scope = {.env = true, .secret = true, .moment = true, .needs_value = true};
	struct frame f = {.scope = &scope, .optional = &scope};
	struct node base = node_get(n, "base");

	if (!node_there(n))
		return 0;
	if (node_known(n, known, e) || check_common(n, &f, e))
		return -1;
	if (!node_there(&base))
		return 0;
	scope.secret = false;
	return url_check(&base, &scope, false, e);
}

static json_t *merge(const json_t *http, const json_t *defaults)
{
	json_t *both = defaults ? json_deep_copy(defaults) : json_object();
	const char *key;
	json_t *v;

	json_object_foreach ((json_t *)http, key, v) {
		json_t *was = json_object_get(both, key);

		if (json_is_object(was) && json_is_object(v) &&
			(strcmp(key, "query") == 0 || strcmp(key, "headers") == 0))
			json_object_update(was, v);
		else
			json_object_set(both, key, v);
	}
	return both;
}

json_t *exchange_load(const struct node *n, const struct node *defaults, const json_t *args,
	enum effect effect, struct err *e)
{
	static const char *const known[] = {"method", "url", "query", "headers", "json", "form",
		"multipart", "text", "type", "basic", "tls", "socket", "ok_status", "ok", "error",
		"pick", "pages", "wait", "retry", "idempotent", NULL};
	struct scope optional = {.args = args, .env = true, .secret = true, .moment = true};
	struct scope scope = optional;
	struct node base = node_get(defaults, "base"), method = node_get(n, "method");
	struct frame f = {&scope, &optional, node_there(&base)};
	json_t *template;

	scope.needs_value = true;
	if (!json_is_object(n->v)) {
		node_fail(n, e, "must be a mapping: method, url, ...");
		return NULL;
	}
	if (node_known(n, known, e) || check_own(n, &f, e))
		return NULL;
	if (effect != EFFECT_READ && !node_there(&method)) {
		node_fail(n, e, "'method' is missing: what changes something has to say how");
		return NULL;
	}
	template = merge(n->v, node_there(defaults) ? defaults->v : NULL);
	if (!node_there(&method))
		json_object_set_new(template, "method", json_string(methods[0]));
	json_object_set_new(template, "effect", json_string(effect_names[effect]));
	return template;
}

static int check_limits(const struct node *n, struct err *e)
{
	struct node timeout = node_get(n, "timeout_ms");
	int64_t ms = node_integer(n, "timeout_ms", 0, e);

	node_integer(n, "output_max", 0, e);
	if (!e->kind && (ms < 0 || ms > TIMEOUT_MOST))
		return node_fail(&timeout, e, "must be from 0 to %lld", (long long)TIMEOUT_MOST);
	return e->kind ? -1 : 0;
}

int exchange_check_filled(const struct node *n, struct err *e)
{
	static const char *const known[] = {"method", "url", "query", "headers", "json", "form",
		"multipart", "text", "type", "basic", "tls", "socket", "ok_status", "ok", "error",
		"pick", "pages", "wait", "retry", "idempotent", "effect", "output", "timeout_ms",
		"output_max", NULL};
	static const char *const outputs[] = {"json", "text", NULL};
	struct frame data = {.scope = NULL};

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be a request: method, url, ...");
	if (node_known(n, known, e) || check_own(n, &data, e))
		return -1;
	node_choice(n, "effect", effect_names, 0, e);
	node_choice(n, "output", outputs, 0, e);
	return check_limits(n, e);
}
