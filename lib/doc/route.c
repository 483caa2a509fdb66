#include "doc/route.h"

#include <ctype.h>
#include <stdlib.h>

const char *const route_roles[] = {"triage", "solution", "code", "code_critical", "architecture",
	"complex", "default", "validator", NULL};

/* ---- loading ---- */

static int load_texts(const json_t **into, const struct node *n, struct err *e)
{
	const char *name;
	json_t *v;

	if (node_is_object(n, e))
		return -1;
	json_object_foreach (n->v, name, v) {
		struct node one = node_get(n, name);

		if (!json_string_length(v))
			return node_fail(&one, e, "must be a name");
	}
	*into = node_there(n) ? n->v : NULL;
	return 0;
}

/* Each value is a role. */
static int load_to_roles(const json_t **into, const struct node *n, struct err *e)
{
	const char *name;
	json_t *v;

	if (load_texts(into, n, e))
		return -1;
	json_object_foreach (n->v, name, v)
		if (node_choice(n, name, route_roles, 0, e) < 0 || e->kind)
			return -1;
	return 0;
}

static int load_words(const struct node *list, struct err *e)
{
	if (node_is_array(list, e))
		return -1;
	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (!json_string_length(one.v))
			return node_fail(&one, e, "must be a word, or several");
	}
	return 0;
}

static int load_keywords(struct routes *r, const struct node *list, struct err *e)
{
	static const char *const known[] = {"role", "any", "also", NULL};

	if (node_is_array(list, e))
		return -1;
	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i), any = node_get(&one, "any"),
			    also = node_get(&one, "also");

		if (!json_is_object(one.v))
			return node_fail(&one, e, "must be an object with 'role' and 'any'");
		if (node_known(&one, known, e) || node_require(&one, "any", e) ||
			load_words(&any, e) || load_words(&also, e))
			return -1;
		node_choice(&one, "role", route_roles, -1, e);
		if (e->kind)
			return -1;
	}
	r->keywords = node_there(list) ? list->v : NULL;
	return 0;
}

int routes_load(struct routes *r, const struct node *n, struct err *e)
{
	struct node stages = node_get(n, "stages"), roles = node_get(n, "roles"),
		    goals = node_get(n, "goals"), keywords = node_get(n, "keywords"),
		    fallback = node_get(n, "fallback"), local = node_get(n, "local");
	json_t *next = NULL, *at_home = NULL;

	*r = (struct routes){.roles = NULL};
	if (node_is_object(n, e) || node_known(&roles, route_roles, e) ||
		load_texts(&r->roles, &roles, e) || load_to_roles(&r->stages, &stages, e) ||
		load_to_roles(&r->goals, &goals, e) || load_keywords(r, &keywords, e) ||
		model_names(&next, &fallback, e) || model_names(&at_home, &local, e))
		return -1;
	r->fallback = next;
	r->local = at_home;
	return 0;
}

static int check_list(const struct models *m, const struct node *list, struct err *e)
{
	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (!models_need(m, &one, json_string_value(one.v), e))
			return -1;
	}
	return 0;
}

int routes_check(const struct models *m, const struct node *n, struct err *e)
{
	struct node roles = node_get(n, "roles"), fallback = node_get(n, "fallback"),
		    local = node_get(n, "local");
	const char *role;
	json_t *v;

	json_object_foreach (roles.v, role, v) {
		struct node one = node_get(&roles, role);

		if (!models_need(m, &one, json_string_value(v), e))
			return -1;
	}
	return check_list(m, &fallback, e) || check_list(m, &local, e) ? -1 : 0;
}

/* ---- the role ---- */

static bool begins_with(const char *text, const char *word)
{
	while (*word && tolower((unsigned char)*text) == tolower((unsigned char)*word))
		text++, word++;
	return !*word;
}

static bool has_word(const char *text, const char *word)
{
	for (const char *p = text; *p; p++)
		if ((p == text || !isalnum((unsigned char)p[-1])) && begins_with(p, word))
			return true;
	return false;
}

static bool has_one(const char *text, const json_t *words)
{
	json_t *word;
	size_t i;

	json_array_foreach (words, i, word)
		if (has_word(text, json_string_value(word)))
			return true;
	return false;
}

static const char *role_of_words(const json_t *keywords, struct str prompt)
{
	char text[ROUTE_PROMPT + 1];
	json_t *one;
	size_t i, n = prompt.n < ROUTE_PROMPT ? prompt.n : ROUTE_PROMPT;

	for (i = 0; i < n; i++)
		text[i] = prompt.p[i] ? prompt.p[i] : ' ';
	text[n] = '\0';
	json_array_foreach (keywords, i, one) {
		const json_t *also = json_object_get(one, "also");

		if (has_one(text, json_object_get(one, "any")) && (!also || has_one(text, also)))
			return json_string_value(json_object_get(one, "role"));
	}
	return NULL;
}

static const char *text_of(const json_t *object, const char *name)
{
	return name ? json_string_value(json_object_get(object, name)) : NULL;
}

static const char *role_of_stage(const struct route_table *t, const char *stage)
{
	const char *role = text_of(t->policy.stages, stage);

	return role ? role : text_of(t->shipped.stages, stage);
}

const char *route_role(const struct route_table *t, const struct route_ask *ask)
{
	const json_t *keywords = t->policy.keywords ? t->policy.keywords : t->shipped.keywords;
	const char *role = text_of(t->policy.goals, ask->goal);

	if (ask->role && (!role || strcmp(ask->role, "validator") == 0))
		return ask->role;
	if (!role)
		role = role_of_stage(t, ask->stage);
	if (!role && !ask->goal && !ask->stage)
		role = role_of_words(keywords, ask->prompt);
	return role ? role : "default";
}

/* ---- the models ---- */

static const struct model *model_of_role(const struct route_table *t, const char *role)
{
	const json_t *said[] = {t->policy.roles, t->models->roles, t->shipped.roles};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		const char *name = text_of(said[i], role);
		const struct model *m = name ? models_find(t->models, name) : NULL;

		if (m)
			return m;
	}
	return NULL;
}

static const struct model *first_model(const struct models *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (!m->list[i].fault)
			return &m->list[i];
	return NULL;
}

static size_t add(const struct model *list[ROUTE_MOST], size_t n, const struct model *m)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == m)
			return n;
	if (m && n < ROUTE_MOST)
		list[n++] = m;
	return n;
}

static size_t add_names(const struct route_table *t, const struct model *list[ROUTE_MOST], size_t n,
	const json_t *names)
{
	json_t *name;
	size_t i;

	json_array_foreach (names, i, name) {
		const struct model *m = models_find(t->models, json_string_value(name));

		if (m && !m->fault)
			n = add(list, n, m);
	}
	return n;
}

size_t route_from(const struct route_table *t, const struct model *first,
	const struct model *list[ROUTE_MOST])
{
	size_t n = add(list, 0, first);

	if (first)
		n = add_names(t, list, n, first->fallback);
	return add_names(t, list, n, t->policy.fallback ? t->policy.fallback : t->models->fallback);
}

size_t route_models(
	const struct route_table *t, const char *role, const struct model *list[ROUTE_MOST])
{
	const struct model *m = model_of_role(t, role), *next = NULL;
	size_t n;

	if (!m)
		m = model_of_role(t, "default");
	if (!m)
		m = first_model(t->models);
	n = route_from(t, m, list);
	if (!m || !m->fault)
		return n;
	for (size_t i = 1; i < n; i++)
		list[i - 1] = list[i];
	next = n > 1 ? NULL : first_model(t->models);
	return next ? add(list, 0, next) : n - 1;
}
