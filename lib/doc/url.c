#include "doc/url.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- parts --- */

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~", c));
}

void url_put_part(struct buf *into, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (is_unreserved(value.p[i]))
			buf_putc(into, value.p[i]);
		else
			buf_putf(into, "%%%02X", (unsigned char)value.p[i]);
	}
}

void url_put_query(struct buf *url, struct str name, struct str value)
{
	buf_putc(url, url->n && memchr(url->p, '?', url->n) ? '&' : '?');
	url_put_part(url, name);
	buf_putc(url, '=');
	url_put_part(url, value);
}

void url_put_shown(struct buf *into, const char *url)
{
	const char *scheme = strstr(url, "://"), *host = scheme ? scheme + 3 : url;
	size_t authority = strcspn(host, "/?#");
	const char *rest = host;

	for (size_t i = 0; i < authority; i++)
		if (host[i] == '@')
			rest = host + i + 1;
	buf_put(into, url, (size_t)(host - url));
	buf_put(into, rest, strcspn(rest, "?#"));
}

/* Where the path starts: what stands before is scheme, host and port. */
static size_t path_start(const char *url)
{
	const char *host = url, *end;

	if (url[0] == '{' && (end = strchr(url, '}')))
		host = end + 1;
	else if ((end = strstr(url, "://")))
		host = end + 3;
	return (size_t)(host - url) + strcspn(host, "/?");
}

/* --- checking --- */

static bool is_absolute(const char *url)
{
	return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0 ||
	       strncmp(url, "{env.", 5) == 0;
}

int url_check(const struct node *n, const struct scope *scope, bool has_base, struct err *e)
{
	struct scope host = {.env = true}, path = {.needs_value = true};
	const char *url = json_string_value(n->v);
	struct err why = ERR_INIT;
	char *before;
	int rc;

	if (!url)
		return node_fail(n, e, "must be a text: put it in quotes");
	if (url[0] == '/' && !has_base)
		return node_fail(n, e,
			"'%s' needs a base: say base: http://... in the http: of the toolset", url);
	if (scope && !scope->env && !is_absolute(url) && !strchr(url, '@')) /* filled by now */
		return node_fail(n, e,
			"'%s' starts with neither 'http://' nor 'https://': is the base, or the "
			"variable in it, without one?",
			url);
	if (url[0] != '/' && !is_absolute(url))
		return node_fail(n, e,
			"must start with '/', 'http://', 'https://' or '{env.NAME}'");
	if (strstr(url, "{{") || strstr(url, "}}"))
		return node_fail(n, e, "a brace in a URL is written %%7B or %%7D");
	if (strpbrk(url, " \t\r\n#"))
		return node_fail(n, e, "holds a blank or a '#', which no request can have");
	if (scope) {
		path = *scope;
		path.needs_value = true;
	}
	path.no_secret = "a URL is shown in messages; put a secret in query, headers or basic";
	host.no_secret = path.no_secret;
	before = mem_copy(url, path_start(url));
	rc = template_names(before, scope_check, &host, &why);
	free(before);
	if (rc && scope && scope->args)
		return node_fail(n, e, "%s: what is asked cannot choose the host", why.text);
	if (rc || template_names(url + path_start(url), scope_check, &path, &why))
		return node_fail(n, e, "%s", why.text);
	return 0;
}

/* --- filling --- */

struct part {
	template_lookup_fn *lookup;
	void *arg;
	bool in_path;
	json_t *lent;
};

/* Also for servers that decode a %2F before they look at the dots. */
static bool climbs(struct str value)
{
	size_t from = 0;

	for (size_t i = 0; i <= value.n; i++) {
		if (i < value.n && value.p[i] != '/' && value.p[i] != '\\')
			continue;
		if (str_is((struct str){value.p + from, i - from}, ".") ||
			str_is((struct str){value.p + from, i - from}, ".."))
			return true;
		from = i + 1;
	}
	return value.n == 0;
}

static const json_t *lend(struct part *p, json_t *text)
{
	json_array_append_new(p->lent, text);
	return text;
}

static const json_t *look_up(void *arg, struct str name, struct err *e)
{
	struct part *p = arg;
	const json_t *v = p->lookup(p->arg, name, e);
	struct buf plain = BUF_INIT(URL_MAX), coded = BUF_INIT(URL_MAX);
	const json_t *given = NULL;

	if (!v && !e->kind && str_starts(name, "answer:"))
		return lend(p, json_sprintf("{%.*s}", STR_ARG(name)));
	if (!v || template_put(v, name, &plain, e))
		goto out;
	if (p->in_path && climbs(buf_str(&plain))) {
		err_set(e, ERR_DATA,
			"'%s' cannot be '%.*s' in a URL: it would name another place",
			buf_text(&plain), STR_ARG(name));
		goto out;
	}
	url_put_part(&coded, buf_str(&plain));
	if (plain.full || coded.full)
		err_set(e, ERR_DATA, "'%.*s' is too long for a URL", STR_ARG(name));
	else
		given = lend(p, json_string(buf_text(&coded)));
out:
	buf_clear(&plain);
	buf_clear(&coded);
	return given;
}

/* Two values can make a ".." together. */
static int check_path(struct str path, struct err *e)
{
	struct str piece;

	while (str_split(&path, '/', &piece))
		if (str_is(piece, ".") || str_is(piece, ".."))
			return err_set(e, ERR_DATA, "a '%.*s' in the path of a URL", STR_ARG(piece));
	return 0;
}

static int fill_piece(const char *from, size_t n, template_lookup_fn *lookup, void *arg,
	struct buf *into, struct err *e)
{
	char *piece = mem_copy(from, n);
	int rc = template_fill(piece, lookup, arg, into, e);

	free(piece);
	return rc;
}

int url_fill(
	const char *template, template_lookup_fn *lookup, void *arg, struct buf *into, struct err *e)
{
	size_t host = path_start(template), path = strcspn(template + host, "?"), was;
	struct part part = {.lookup = lookup, .arg = arg, .in_path = true, .lent = json_array()};
	int rc = fill_piece(template, host, lookup, arg, into, e);

	while (into->n && into->p[into->n - 1] == '/' && template[host] == '/')
		into->n--; /* the variable may end with a slash */
	was = into->n;
	if (rc == 0)
		rc = fill_piece(template + host, path, look_up, &part, into, e);
	if (rc == 0)
		rc = check_path((struct str){into->p + was, into->n - was}, e);
	part.in_path = false;
	if (rc == 0)
		rc = fill_piece(template + host + path, strlen(template + host + path), look_up,
			&part, into, e);
	json_decref(part.lent);
	return rc;
}
