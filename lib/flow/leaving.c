#include "flow/leaving.h"

/* As it may leave, and the same without hl's own words. */
struct parts {
	struct buf out, foreign;
	size_t own; /* of the passage's: how many were left behind */
};

static void put_between(
	struct parts *to, const struct passage *found, struct str text, size_t from, size_t end)
{
	buf_put(&to->out, text.p + from, end - from);
	for (; to->own < found->n_owned && found->owned[to->own].at < end; to->own++) {
		buf_put(&to->foreign, text.p + from, found->owned[to->own].at - from);
		from = found->owned[to->own].at + found->owned[to->own].n;
	}
	buf_put(&to->foreign, text.p + from, end - from);
}

static void put_hidden(
	struct leaving *l, struct parts *to, const struct passage_span *s, struct str text)
{
	struct str there = {text.p + s->at, s->n}, said = {s->text, s->length};
	size_t start = to->out.n;

	buf_puts(&to->out, s->bare ? "\"" : "");
	placeholders_put(l->held, s->kind, s->text ? said : there, &to->out);
	buf_puts(&to->out, s->bare ? "\"" : "");
	if (!to->out.full)
		buf_put(&to->foreign, to->out.p + start, to->out.n - start);
}

static void hold_back(struct leaving *l, const struct node *at, const char *pattern)
{
	struct buf place = BUF_INIT(1024);

	node_path(at, &place);
	if (pattern && !l->why->n)
		buf_putf(l->why,
			"%s is not for a model in the cloud: the never-send pattern '%s' of "
			"policy (privacy) matches it",
			buf_text(&place), pattern);
	buf_clear(&place);
}

static int hide(struct leaving *l, const struct node *at, struct str text, bool json,
	struct parts *to, struct err *e)
{
	struct passage found = {
		.rules = l->rules, .kinds = l->kinds, .own = l->own, .arg = l->arg};
	size_t from = 0;

	if (json)
		passage_look_json(&found, text);
	else
		passage_look(&found, text);
	for (size_t i = 0; i < found.count; i++) {
		put_between(to, &found, text, from, found.spans[i].at);
		put_hidden(l, to, &found.spans[i], text);
		from = found.spans[i].at + found.spans[i].n;
	}
	put_between(to, &found, text, from, text.n);
	passage_clear(&found);
	if (to->out.full || to->foreign.full)
		return node_fail(at, e, "is too large to be looked at");
	if (l->embargo)
		hold_back(l, at, embargo_on(l->embargo, buf_str(&to->foreign)));
	return 0;
}

static struct parts parts_new(void)
{
	return (struct parts){BUF_INIT(4 * BUF_RECORD), BUF_INIT(4 * BUF_RECORD), 0};
}

static void parts_clear(struct parts *p)
{
	buf_clear(&p->out);
	buf_clear(&p->foreign);
}

json_t *leaving_text(struct leaving *l, const struct node *at, struct err *e)
{
	struct str text = {json_string_value(at->v), json_string_length(at->v)};
	struct parts to = parts_new();
	json_t *hidden = NULL;

	if (hide(l, at, text, false, &to, e) == 0 &&
		!(hidden = json_stringn(buf_text(&to.out), to.out.n)))
		node_fail(at, e, "cannot be scrubbed");
	parts_clear(&to);
	return hidden;
}

json_t *leaving_tree(struct leaving *l, const struct node *at, struct err *e)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	struct parts to = parts_new();
	json_t *hidden = NULL;

	json_put(&text, at->v);
	if (text.full)
		node_fail(at, e, "is too large to be looked at");
	else if (hide(l, at, buf_str(&text), true, &to, e) == 0 &&
		 !(hidden = json_loadb(to.out.p, to.out.n, JSON_DECODE_ANY, NULL)))
		node_fail(at, e, "cannot be scrubbed");
	parts_clear(&to);
	buf_clear(&text);
	return hidden;
}
