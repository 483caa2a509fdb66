#include "flow/fetcher.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/exchange.h"
#include "doc/expect.h"
#include "doc/template.h"
#include "doc/url.h"
#include "flow/attempt.h"
#include "wire/field.h"

#define PAGES      10
#define PAGES_SIZE ((size_t)64 << 20) /* bytes of all pages together, as they come */
#define EVERY_MS   1000

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int64_t integer_of(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *v = json_object_get(object, key);

	return json_is_integer(v) ? json_integer_value(v) : fallback;
}

static json_t *pick(json_t *data, const char *pointer)
{
	return pointer ? pointer_get(data, pointer) : data;
}

/* --- pages --- */

struct pager {
	struct attempt *attempt;
	const json_t *pages;
	const char *next, *param; /* as declared */
	char *url, *value;        /* of the page to ask for; value NULL: the first */
	int64_t at, per;          /* by number */
	json_t *items;            /* those of all pages */
	size_t size;              /* bytes of the answers */
};

static void pager_clear(struct pager *p)
{
	free(p->url);
	free(p->value);
	json_decref(p->items);
}

/*
 * The next page is where the answer says: at the origin that was declared, for our credentials go
 * along. `from` is not always there: a redirect may have led away.
 */
static int follow(struct pager *p, const char *from, const char *to, struct err *e)
{
	char *url = http_resolve(from, to);

	if (!url || !http_same_origin(text_of(p->attempt->exchange, "url"), url)) {
		free(url);
		return err_set(e, ERR_CASE,
			"the next page is said to be at %.*s, which is another host: not followed",
			(int)strcspn(to, "?#"), to);
	}
	free(p->url);
	p->url = url;
	return 1;
}

static int next_by_link(struct pager *p, const struct http_answer *a, struct err *e)
{
	struct buf target = BUF_INIT(URL_MAX);
	int rc = 0;

	for (size_t i = 0; i < a->count && rc == 0; i++)
		if (strcmp(a->fields[i].name, "link") == 0 &&
			field_link(str_of(a->fields[i].value), "next", &target))
			rc = follow(p, a->url, buf_text(&target), e);
	buf_clear(&target);
	return rc;
}

/* What goes into `param`, or the URL itself. */
static int next_by_value(
	struct pager *p, const struct http_answer *a, const char *value, struct err *e)
{
	if (!value || !*value)
		return 0;
	if (!p->param)
		return follow(p, a->url, value, e);
	free(p->value);
	p->value = mem_text(value);
	return 1;
}

static int next_by_pointer(struct pager *p, const struct http_answer *a, json_t *data, struct err *e)
{
	const json_t *v = pointer_get(data, p->next);
	struct buf text = BUF_INIT(URL_MAX);
	int rc = 0;

	if (v && !json_is_null(v) && !json_is_boolean(v)) {
		rc = template_put(v, str_of(p->next), &text, e);
		if (rc == 0)
			rc = next_by_value(p, a, buf_text(&text), e);
	}
	buf_clear(&text);
	return rc;
}

static int next_by_header(struct pager *p, const struct http_answer *a, struct err *e)
{
	char *name = mem_text(p->next);
	int rc;

	for (char *c = name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	rc = next_by_value(p, a, http_field(a, name), e);
	free(name);
	return rc;
}

static void set_number(struct pager *p)
{
	free(p->value);
	p->value = mem_new(24);
	snprintf(p->value, 24, "%lld", (long long)p->at);
}

static int next_by_number(struct pager *p, json_t *data, size_t got)
{
	const char *pointer = text_of(p->pages, "total");
	const json_t *total = pointer ? pointer_get(data, pointer) : NULL;

	if (!got || (p->per && got < (size_t)p->per) ||
		(json_is_integer(total) &&
			json_integer_value(total) <= (json_int_t)json_array_size(p->items)))
		return 0;
	p->at += integer_of(p->pages, "step", 1);
	set_number(p);
	return 1;
}

/* 1: there is a next page, and `p` is set to it. */
static int next_page(
	struct pager *p, const struct http_answer *a, json_t *data, size_t got, struct err *e)
{
	if (!p->next)
		return next_by_number(p, data, got);
	if (strcmp(p->next, "link") == 0)
		return next_by_link(p, a, e);
	return *p->next == '/' ? next_by_pointer(p, a, data, e) : next_by_header(p, a, e);
}

static int put_page_url(const struct pager *p, struct buf *url, struct err *e)
{
	const char *size = text_of(p->pages, "size");

	if (p->url)
		return buf_puts(url, p->url);
	if (attempt_put_url(p->attempt, p->value ? p->param : NULL, str_of(p->value), url, e))
		return -1;
	if (size && p->per) {
		char per[24];

		snprintf(per, sizeof per, "%lld", (long long)p->per);
		url_put_query(url, str_of(size), str_of(per));
	}
	return 0;
}

static int take_page(struct pager *p, struct err *e)
{
	struct buf url = BUF_INIT(URL_MAX);
	struct http_answer a = HTTP_ANSWER_INIT;
	json_t *data = NULL, *list;
	int rc = -1;

	if (put_page_url(p, &url, e))
		goto out;
	data = attempt_json(p->attempt, buf_text(&url), true,
		json_object_get(p->attempt->exchange, "ok"), &a, e);
	if (!data)
		goto out;
	p->size += a.body.n;
	if (p->size > PAGES_SIZE) {
		err_set(e, ERR_CASE,
			"the pages together are more than %zu bytes: ask for less, or say 'most'",
			PAGES_SIZE);
		goto out;
	}
	list = pick(data, text_of(p->pages, "items"));
	if (!json_is_array(list)) {
		err_set(e, ERR_CASE, "'%s' of the answer is no list: 'items' of pages names it",
			text_of(p->pages, "items") ? text_of(p->pages, "items") : "");
		goto out;
	}
	json_array_extend(p->items, list);
	rc = next_page(p, &a, data, json_array_size(list), e);
out:
	http_answer_clear(&a);
	json_decref(data);
	buf_clear(&url);
	return rc;
}

/* {"items": [...]}; "more": true when there are further pages than are taken. */
static json_t *take_pages(struct attempt *f, const json_t *pages, struct err *e)
{
	int64_t most = integer_of(pages, "most", PAGES);
	struct pager p = {.attempt = f,
		.pages = pages,
		.next = text_of(pages, "next"),
		.param = text_of(pages, "param"),
		.at = integer_of(pages, "first", 1),
		.per = integer_of(pages, "per", 0),
		.items = json_array()};
	json_t *all = NULL;
	int rc = 1;

	if (!p.next)
		set_number(&p);
	for (int64_t i = 0; i < most && rc == 1; i++)
		rc = take_page(&p, e);
	if (rc >= 0)
		all = json_pack("{s:O}", "items", p.items);
	if (rc == 1)
		json_object_set_new(all, "more", json_true());
	pager_clear(&p);
	return all;
}

/* --- waiting --- */

static const json_t *look_up_answer(void *arg, struct str name, struct err *e)
{
	char *pointer = mem_copy(name.p, name.n);
	const json_t *v = NULL;

	if (str_starts(name, "answer:"))
		v = pointer_get(arg, pointer + strlen("answer:"));
	if (!v)
		err_set(e, ERR_CASE, "the answer has no '%s' to wait with", pointer);
	free(pointer);
	return v;
}

static int not_known(struct err *e, const struct err *why)
{
	return err_set(e, ERR_CASE, "it was accepted, but what came of it is not known: %.800s",
		why->text);
}

/* Until it holds; the data in which it does. */
static json_t *poll_until(struct attempt *f, const char *url, const json_t *wait, struct err *e)
{
	const char *every = text_of(wait, "every");
	struct http_answer a = HTTP_ANSWER_INIT;
	struct buf why = BUF_INIT(1024);
	struct err bad = ERR_INIT;
	int64_t span = EVERY_MS;
	json_t *data;

	if (every)
		span_parse(str_of(every), &span);
	for (;;) {
		buf_reset(&why);
		data = attempt_json(f, url, false, NULL, &a, &bad);
		http_answer_clear(&a);
		if (!data || expect_holds(json_object_get(wait, "until"), data, &why) == 1)
			break;
		json_decref(data);
		data = NULL;
		if (attempt_left(f) <= span) {
			err_set(&bad, ERR_CASE, "still not done when time was up: %s",
				buf_text(&why));
			break;
		}
		attempt_rest(f, span);
	}
	if (!data)
		not_known(e, &bad);
	buf_clear(&why);
	return data;
}

/* Swallows the answer; gives what the waiting ended with. */
static json_t *wait_for(struct attempt *f, json_t *answer, const json_t *wait, struct err *e)
{
	struct buf url = BUF_INIT(URL_MAX), why = BUF_INIT(1024);
	struct err bad = ERR_INIT;
	json_t *data = NULL;

	if (url_fill(text_of(wait, "url"), look_up_answer, answer, &url, &bad)) {
		not_known(e, &bad);
		goto out;
	}
	data = poll_until(f, buf_text(&url), wait, e);
	if (data && expect_holds(json_object_get(wait, "ok"), data, &why) != 1) {
		err_set(e, ERR_CASE, "it was accepted, and failed: %s", buf_text(&why));
		json_decref(data);
		data = NULL;
	}
out:
	json_decref(answer);
	buf_clear(&url);
	buf_clear(&why);
	return data;
}

/* --- the whole --- */

static json_t *take_one(struct attempt *f, struct err *e)
{
	const json_t *wait = json_object_get(f->exchange, "wait");
	struct buf url = BUF_INIT(URL_MAX);
	struct http_answer a = HTTP_ANSWER_INIT;
	json_t *data = NULL;

	if (attempt_put_url(f, NULL, STR_NONE, &url, e) == 0)
		data = attempt_json(
			f, buf_text(&url), true, json_object_get(f->exchange, "ok"), &a, e);
	if (data && wait)
		data = wait_for(f, data, wait, e);
	http_answer_clear(&a);
	buf_clear(&url);
	return data;
}

static int print(const struct attempt *f, const json_t *value, struct buf *printed, struct err *e)
{
	const char *output = text_of(f->exchange, "output");

	printed->max = f->output_max;
	if (output && strcmp(output, "text") == 0 && json_is_string(value))
		buf_puts(printed, json_string_value(value));
	else
		json_put(printed, value);
	buf_putc(printed, '\n');
	return printed->full ? err_set(e, ERR_CASE,
				       "the answer is more than %zu bytes: pick a part of it, or "
				       "raise output_max",
				       f->output_max)
			     : 0;
}

static int run_json(struct attempt *f, struct buf *printed, struct err *e)
{
	const json_t *pages = json_object_get(f->exchange, "pages");
	const char *pointer = text_of(f->exchange, "pick");
	json_t *data = pages ? take_pages(f, pages, e) : take_one(f, e);
	json_t *picked = data ? pick(data, pointer) : NULL;
	int rc = -1;

	if (data && !picked)
		err_set(e, ERR_CASE, "the answer has no '%s'", pointer);
	else if (data)
		rc = print(f, picked, printed, e);
	json_decref(data);
	return rc;
}

static int run_text(struct attempt *f, struct buf *printed, struct err *e)
{
	struct buf url = BUF_INIT(URL_MAX);
	struct http_answer a = HTTP_ANSWER_INIT;
	int rc = -1;

	if (attempt_put_url(f, NULL, STR_NONE, &url, e) ||
		attempt_ask(f, buf_text(&url), true, &a, e))
		goto out;
	printed->max = f->output_max;
	rc = buf_putstr(printed, buf_str(&a.body));
	if (rc)
		err_set(e, ERR_CASE, "the answer is more than %zu bytes: raise output_max",
			f->output_max);
out:
	http_answer_clear(&a);
	buf_clear(&url);
	return rc;
}

/* Whether the answer is taken as it is. `ok: {}` expects nothing: it takes the toolset's away. */
static bool is_text(const json_t *exchange)
{
	static const char *const reads_json[] = {"ok", "pick", "pages", "wait", NULL};
	const char *output = text_of(exchange, "output");
	bool text = output && strcmp(output, "text") == 0;

	for (size_t i = 0; reads_json[i]; i++) {
		const json_t *v = json_object_get(exchange, reads_json[i]);

		text = text && (!v || (json_is_object(v) && !json_object_size(v)));
	}
	return text;
}

int fetcher_run(const json_t *exchange, struct buf *printed, struct err *e)
{
	struct attempt f;
	int rc = attempt_begin(&f, exchange, e);

	if (rc == 0)
		rc = is_text(exchange) ? run_text(&f, printed, e) : run_json(&f, printed, e);
	attempt_clear(&f);
	return rc;
}
