#include "flow/remaining.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "flow/quota.h"

static const char *const states[] = {
	[QUOTA_OK] = "ok", [QUOTA_SPENT] = "spent", [QUOTA_RESTING] = "resting"};

static json_t *count(int64_t n, bool dollars)
{
	return dollars ? json_real((double)n / MODEL_MILLION) : json_integer(n);
}

static json_t *measure(int64_t used, int64_t limit, bool dollars)
{
	json_t *one = mem_got(json_object());

	json_object_set_new(one, "used", count(used, dollars));
	if (limit == MODEL_UNLIMITED)
		return one;
	json_object_set_new(one, "limit", count(limit, dollars));
	json_object_set_new(one, "left", count(used < limit ? limit - used : 0, dollars));
	return one;
}

static json_t *period(const struct model *m, const struct quota_standing *s, enum model_period p)
{
	const struct model_limit *l = &m->limits[p];
	const struct quota_use *u = &s->used[p];
	char ends[WHEN_TEXT];

	return mem_got(json_pack("{s:s, s:o, s:o, s:o}", "ends", when_format(s->ends[p], ends),
		"calls", measure(u->calls, l->calls, false), "tokens",
		measure(u->tokens, l->tokens, false), "money", measure(u->money, l->money, true)));
}

/* A reason came from outside: a text that is no UTF-8 is left out. */
static void put_verdict(json_t *one, const struct model *m, const struct quota_verdict *v)
{
	char until[WHEN_TEXT];

	json_object_set_new(one, "state", json_string(m->fault ? "unusable" : states[v->word]));
	if (m->fault || v->why[0])
		json_object_set_new(one, "why", json_string(m->fault ? m->fault : v->why));
	if (!m->fault && v->word != QUOTA_OK)
		json_object_set_new(one, "until", json_string(when_format(v->until, until)));
}

static json_t *standing(struct quota *q, const struct model *m, int64_t now, struct err *e)
{
	struct quota_standing s;
	json_t *one;

	if (quota_look(q, m, now, &s, e))
		return NULL;
	one = mem_got(json_pack("{s:s, s:s, s:s, s:s}", "name", m->name, "provider",
		m->provider, "model", m->id, "where", m->local ? "local" : "cloud"));
	put_verdict(one, m, &s.verdict);
	json_object_set_new(one, "alerts", json_boolean(s.alerts));
	json_object_set_new(one, "failures", json_integer(s.failures));
	json_object_set_new(one, "priced", json_boolean(model_cost(m, 0, 0) >= 0));
	json_object_set_new(one, "daily", period(m, &s, MODEL_DAILY));
	json_object_set_new(one, "weekly", period(m, &s, MODEL_WEEKLY));
	return one;
}

/* A validator is there when somebody says so. */
static bool is_there(const struct lineup *l, const char *role)
{
	return strcmp(role, "validator") != 0 || json_object_get(l->routes.policy.roles, role) ||
	       json_object_get(l->models->roles, role);
}

static json_t *roles_of(const struct lineup *l)
{
	const struct model *list[ROUTE_MOST];
	json_t *roles = mem_got(json_object());

	for (size_t i = 0; route_roles[i]; i++)
		if (is_there(l, route_roles[i]) && route_models(&l->routes, route_roles[i], list))
			json_object_set_new(roles, route_roles[i], json_string(list[0]->name));
	return roles;
}

json_t *remaining_tree(const struct lineup *l, int64_t now, struct err *e)
{
	json_t *models = mem_got(json_array());
	struct quota *q = l->models->count ? quota_open(e) : NULL;

	for (size_t i = 0; q && e->kind == ERR_NONE && i < l->models->count; i++) {
		json_t *one = standing(q, &l->models->list[i], now, e);

		if (one)
			json_array_append_new(models, one);
	}
	quota_close(q);
	if (e->kind == ERR_NONE)
		return mem_got(json_pack("{s:o, s:o}", "models", models, "roles", roles_of(l)));
	json_decref(models);
	return NULL;
}

void remaining_brief(json_t *tree)
{
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(tree, "models"), i, one) {
		json_object_del(one, "daily");
		json_object_del(one, "weekly");
	}
}

/* ---- for a person ---- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void put_safe(struct buf *into, const char *text)
{
	msg_safe(into, str_of(text), false);
}

/* "3 of 5 calls" where there is a limit, or "3 calls" where something was used. */
static bool put_measure(struct buf *into, const json_t *at, const char *what, bool more)
{
	const json_t *one = json_object_get(at, what), *limit = json_object_get(one, "limit");
	double used = json_number_value(json_object_get(one, "used"));
	const char *sign = strcmp(what, "money") == 0 ? "$" : "";
	int digits = *sign ? 2 : 0;

	if (!limit && used == 0)
		return false;
	buf_putf(into, "%s%s%.*f", more ? ", " : "", sign, digits, used);
	if (limit)
		buf_putf(into, " of %s%.*f", sign, digits, json_number_value(limit));
	if (!*sign)
		buf_putf(into, " %s", what);
	return true;
}

static void put_period(struct buf *into, const json_t *model, const char *key, const char *name)
{
	static const char *const measures[] = {"calls", "tokens", "money"};
	const json_t *at = json_object_get(model, key);
	struct buf line = BUF_INIT(1024);

	for (size_t i = 0; i < 3; i++)
		put_measure(&line, at, measures[i], line.n > 0);
	if (line.n)
		buf_putf(into, "%-10s%s: %s\n", "", name, buf_text(&line));
	buf_clear(&line);
}

static void put_model(struct buf *into, const json_t *one)
{
	const char *until = text_of(one, "until"), *why = text_of(one, "why");

	buf_putf(into, "%-10s", text_of(one, "state"));
	put_safe(into, text_of(one, "name"));
	buf_puts(into, ": ");
	put_safe(into, text_of(one, "model"));
	buf_putf(into, " by %s, %s", text_of(one, "provider"), text_of(one, "where"));
	buf_puts(into, json_is_true(json_object_get(one, "alerts")) ? ", most of a limit is used\n" : "\n");
	if (*why) {
		buf_putf(into, "%-10s", "");
		put_safe(into, why);
		buf_putf(into, "%s%s\n", *until ? "; until " : "", until);
	}
	put_period(into, one, "daily", "today");
	put_period(into, one, "weekly", "this week");
}

void remaining_put(struct buf *into, const struct lineup *l, const json_t *tree)
{
	json_t *one, *name;
	const char *role;
	struct err none = ERR_INIT;
	size_t i;

	json_array_foreach (json_object_get(tree, "models"), i, one)
		put_model(into, one);
	if (!l->models->count) {
		lineup_none(l, &none);
		put_safe(into, none.text);
		buf_putc(into, '\n');
	}
	json_object_foreach (json_object_get(tree, "roles"), role, name) {
		buf_putf(into, "%-10s%-14s", "role", role);
		put_safe(into, json_string_value(name));
		buf_putc(into, '\n');
	}
}
