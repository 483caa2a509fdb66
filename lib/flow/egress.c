#include "flow/egress.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "doc/embargo.h"
#include "doc/telling.h"
#include "flow/declared.h"
#include "flow/household.h"
#include "flow/leaving.h"
#include "flow/said.h"
#include "flow/scrubbing.h"
#include "flow/toolsets.h"

enum { LEARNED_MOST = 4096, LEARNED_LEAST = 6, LEARNED_LONGEST = 256 };

struct egress {
	struct policy *own; /* where there is no ops repo */
	const struct privacy *privacy;
	struct scrub_rules rules;
	struct placeholders held;
	size_t learned, words; /* of held: those before it were looked at; how many became words */
	struct embargo *embargo;
	struct catalogue *installed; /* NULL until there are tools in an ask */
	struct said *said;
	char *model; /* that the last ask went to */
	bool local;
};

static int load(struct egress *g, struct ops *ops, struct err *e)
{
	const struct policy *p = ops ? ops_policy(ops, e) : (g->own = policy_take(NULL, NULL, e));

	if (!p)
		return -1;
	g->privacy = &p->privacy;
	if (scrubbing_installed(&g->rules, e) ||
		(ops ? household_load(&g->rules, ops, e)
		     : household_policy(&g->rules, g->privacy, e)))
		return -1;
	household_machine(&g->rules);
	scrub_rules_ready(&g->rules);
	g->embargo = embargo_new(g->privacy, e);
	return g->embargo ? 0 : -1;
}

struct egress *egress_new(struct ops *ops, struct err *e)
{
	struct egress *g = mem_new(sizeof *g);

	g->said = said_new();
	if (load(g, ops, e) == 0)
		return g;
	egress_free(g);
	return NULL;
}

void egress_free(struct egress *g)
{
	if (!g)
		return;
	scrub_rules_clear(&g->rules);
	placeholders_clear(&g->held);
	embargo_free(g->embargo);
	catalogue_free(g->installed);
	said_free(g->said);
	policy_free(g->own);
	free(g->model);
	free(g);
}

size_t egress_hidden(const struct egress *g)
{
	return g->held.count;
}

/* ---- what was recognised once is a word from then on ---- */

static bool is_word(const struct placeholder *one)
{
	struct str text = {one->text, one->length};

	return one->kind == SCRUB_SECRET && !one->raw && text.n >= LEARNED_LEAST &&
	       text.n <= LEARNED_LONGEST && !memchr(text.p, '\0', text.n) && telling_has_both(text);
}

/* 1: there are new ones; 0; -1: there are too many. */
static int learn(struct egress *g)
{
	size_t before = g->words;

	for (; g->learned < g->held.count; g->learned++) {
		const struct placeholder *one = &g->held.all[g->learned];
		size_t skip = 0;

		while (is_word(one) && skip < one->length &&
			!scrub_in(SCRUB_TEXT, (unsigned char)one->text[skip]))
			skip++;
		if (!is_word(one))
			continue;
		if (g->words++ == LEARNED_MOST)
			return -1;
		scrub_rules_word(&g->rules, SCRUB_SECRET, one->text + skip);
	}
	return g->words > before;
}

/* ---- one ask ---- */

struct pass {
	struct egress *g;
	const char *model;
	struct leaving l;
	struct err *e;
};

/* NULL where they do not load: then nothing is hl's own words. */
static const struct catalogue *installed(struct egress *g)
{
	struct err why = ERR_INIT;

	if (!g->installed)
		g->installed = toolsets_load(NULL, &why);
	return g->installed;
}

/* Whether an object is hl's own words. */
static bool is_own(void *arg, struct scan_value object)
{
	json_t *tree;
	bool is;

	if (!scan_member(object, "schema").type && !scan_member(object, "tool").type)
		return false;
	tree = json_loadb(object.raw.p, object.raw.n, 0, NULL);
	is = installed(arg) && declared_is(installed(arg), tree);
	json_decref(tree);
	return is;
}

/* Of an installed tool, as it is spelt. */
static bool is_tool_name(struct egress *g, const json_t *text)
{
	const char *name = json_string_value(text);
	const struct tool *t = installed(g) ? catalogue_find(installed(g), name) : NULL;

	return t && strcmp(t->name, name) == 0;
}

/* ---- messages ---- */

static int pass_member(struct pass *p, const struct node *message, const char *key, json_t *into)
{
	struct node at = node_get(message, key);
	json_t *hidden;

	if (!node_there(&at))
		return 0;
	if (strcmp(key, "failed") == 0)
		hidden = json_boolean(json_is_true(at.v));
	else if (strcmp(key, "calls") == 0)
		hidden = json_is_array(at.v) ? leaving_tree(&p->l, &at, p->e) : NULL;
	else if (strcmp(key, "name") == 0 && json_is_string(at.v) && is_tool_name(p->g, at.v))
		hidden = json_incref(at.v);
	else
		hidden = json_is_string(at.v) ? leaving_text(&p->l, &at, p->e) : NULL;
	if (!hidden)
		return p->e->kind ? -1 : node_fail(&at, p->e, "is of the wrong type");
	return json_object_set_new(into, key, hidden);
}

static json_t *pass_message(struct pass *p, const struct node *message)
{
	static const char *const known[] = {
		"role", "content", "calls", "native", "call", "name", "failed", NULL};
	static const char *const hidden[] = {"content", "calls", "call", "name", "failed", NULL};
	static const char *const roles[] = {"system", "user", "assistant", "tool", NULL};
	const char *role = node_text(message, "role", NULL, p->e);
	json_t *out;

	if (node_is_object(message, p->e) || node_known(message, known, p->e) ||
		node_choice(message, "role", roles, -1, p->e) < 0)
		return NULL;
	if (strcmp(role, "assistant") == 0 && (out = said_find(p->g->said, p->model, message->v)))
		return out;
	out = json_pack("{s:s}", "role", role);
	for (size_t i = 0; hidden[i]; i++)
		if (pass_member(p, message, hidden[i], out)) {
			json_decref(out);
			return NULL;
		}
	return out;
}

static json_t *pass_messages(struct pass *p, const struct node *list)
{
	json_t *out = json_array();

	for (size_t i = 0; i < node_count(list); i++) {
		struct node message = node_at(list, i);
		json_t *one = pass_message(p, &message);

		if (!one) {
			json_decref(out);
			return NULL;
		}
		json_array_append_new(out, one);
	}
	return out;
}

/* ---- the whole ---- */

static json_t *pass_one(struct pass *p, const struct node *at)
{
	const char *key = at->key;

	if (strcmp(key, "messages") == 0 && json_is_array(at->v))
		return pass_messages(p, at);
	if (strcmp(key, "tools") == 0 && json_is_array(at->v))
		return leaving_tree(&p->l, at, p->e);
	if (strcmp(key, "schema") == 0 && json_is_object(at->v))
		return leaving_tree(&p->l, at, p->e);
	if ((strcmp(key, "model") == 0 && json_is_string(at->v)) ||
		(strcmp(key, "max_tokens") == 0 && json_is_integer(at->v)) ||
		(strcmp(key, "temperature") == 0 && json_is_number(at->v)) ||
		(strcmp(key, "stream") == 0 && json_is_boolean(at->v)))
		return json_incref(at->v);
	node_fail(at, p->e, "is of the wrong type");
	return NULL;
}

static json_t *pass_all(struct pass *p, const struct node *root)
{
	static const char *const known[] = {"model", "messages", "tools", "schema", "max_tokens",
		"temperature", "stream", NULL};
	json_t *out = json_object(), *v;
	const char *key;

	p->model = node_text(root, "model", NULL, p->e);
	if (p->e->kind || node_known(root, known, p->e) || node_require(root, "messages", p->e))
		goto fail;
	json_object_foreach (root->v, key, v) {
		struct node at = node_get(root, key);
		json_t *hidden;

		if (!node_there(&at))
			continue;
		hidden = pass_one(p, &at);
		if (!hidden)
			goto fail;
		json_object_set_new(out, key, hidden);
	}
	return out;
fail:
	json_decref(out);
	return NULL;
}

/* Twice when something was recognised behind a place where it stands, too. */
static json_t *pass_until_learned(struct pass *p, const struct node *root)
{
	json_t *out = pass_all(p, root);
	int learned = out ? learn(p->g) : 0;

	if (learned > 0) {
		json_decref(out);
		buf_reset(p->l.why);
		out = pass_all(p, root);
		learned = out && learn(p->g) < 0 ? -1 : 0;
	}
	if (learned < 0)
		buf_puts(p->l.why, "there are too many secrets in it");
	return out;
}

int egress_pass(struct egress *g, const json_t *ask, bool local, json_t **sendable,
	struct buf *why, struct err *e)
{
	static const struct source source = {"ask", NULL, ERR_DATA};
	struct node root = node_root((json_t *)ask, &source);
	bool all = !local && g->privacy->cloud == PRIVACY_SCRUB;
	struct pass p = {.g = g, .e = e,
		.l = {.rules = &g->rules, .held = &g->held, .own = is_own, .arg = g, .why = why,
			.kinds = all ? SCRUB_ALL : SCRUB_SECRETS,
			.embargo = local ? NULL : g->embargo}};
	json_t *out;

	buf_reset(why);
	if (node_is_object(&root, e))
		return -1;
	if (!local && g->privacy->cloud == PRIVACY_NEVER) {
		buf_puts(why, "policy lets no model in the cloud be asked (privacy: cloud: never)");
		return 0;
	}
	out = pass_until_learned(&p, &root);
	if (!out || why->n) {
		json_decref(out);
		return out ? 0 : -1;
	}
	free(g->model);
	g->model = mem_text(p.model);
	g->local = local;
	*sendable = out;
	return 1;
}

/* ---- back ---- */

void egress_restore_text(const struct egress *g, struct str text, bool secrets, struct buf *into)
{
	placeholders_restore(&g->held, text, false, secrets, into);
}

json_t *egress_restore_value(const struct egress *g, const json_t *value, bool secrets)
{
	return placeholders_restore_tree(&g->held, value, secrets);
}

static json_t *restore_text(const struct egress *g, const json_t *text, bool secrets)
{
	struct buf out = BUF_INIT(4 * BUF_RECORD);
	json_t *restored;

	egress_restore_text(g,
		(struct str){json_string_value(text), json_string_length(text)}, secrets, &out);
	restored = json_stringn(buf_text(&out), out.n);
	buf_clear(&out);
	return restored;
}

/* Whether there is a secret in it that would be put back. */
static bool holds_secret(const struct egress *g, const json_t *args)
{
	json_t *with = egress_restore_value(g, args, true);
	json_t *without = egress_restore_value(g, args, false);
	bool holds = !json_equal(with, without);

	json_decref(with);
	json_decref(without);
	return holds;
}

static json_t *restore_call(const struct egress *g, const json_t *call)
{
	json_t *out = json_copy((json_t *)call), *args = json_object_get(call, "args");

	if (!args)
		return out;
	if (holds_secret(g, args))
		json_object_set_new(out, "refused",
			json_string("its arguments would hold a secret, which no model may use"));
	else
		json_object_set_new(out, "args", egress_restore_value(g, args, false));
	return out;
}

json_t *egress_restore(struct egress *g, const json_t *answer, bool secrets)
{
	json_t *out = json_copy((json_t *)answer), *calls = json_object_get(answer, "calls"), *one;
	json_t *restored = json_array();
	size_t i;

	if (json_is_string(json_object_get(answer, "text")))
		json_object_set_new(
			out, "text", restore_text(g, json_object_get(answer, "text"), secrets));
	json_array_foreach (calls, i, one)
		json_array_append_new(restored, restore_call(g, one));
	if (calls)
		json_object_set(out, "calls", restored);
	json_decref(restored);
	if (g->model && !g->local)
		said_note(g->said, g->model, answer, out);
	return out;
}
