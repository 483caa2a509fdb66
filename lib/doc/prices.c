#include "doc/prices.h"

struct price {
	const char *provider, *begins;
	double input, output;
};

static int load(struct price *p, const struct node *n, struct err *e)
{
	static const char *const known[] = {"provider", "begins", "input", "output", NULL};

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be an object");
	if (node_known(n, known, e) || node_require(n, "input", e) || node_require(n, "output", e))
		return -1;
	p->provider = node_text(n, "provider", NULL, e);
	p->begins = node_text(n, "begins", NULL, e);
	p->input = node_number(n, "input", 0, e);
	p->output = node_number(n, "output", 0, e);
	if (!e->kind && !(p->input >= 0 && p->output >= 0))
		return node_fail(n, e, "a price cannot be below nothing");
	return e->kind ? -1 : 0;
}

static bool sells(const struct price *p, const struct model *m)
{
	return strcmp(p->provider, m->provider) == 0 && str_starts(str_of(m->id), p->begins);
}

static int apply(struct model *m, const struct node *list, struct err *e)
{
	size_t longest = 0;

	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i);
		struct price p = {.provider = NULL};

		if (load(&p, &one, e))
			return -1;
		if (!sells(&p, m) || strlen(p.begins) <= longest)
			continue;
		longest = strlen(p.begins);
		m->input = p.input;
		m->output = p.output;
	}
	return 0;
}

int prices_apply(struct models *m, const struct node *root, struct err *e)
{
	static const char *const known[] = {"prices", NULL};
	struct node list = node_get(root, "prices");

	if (node_is_object(root, e) || node_known(root, known, e) || node_is_array(&list, e))
		return -1;
	for (size_t i = 0; i < m->count; i++) {
		struct model *one = &m->list[i];
		bool own = !one->url && !one->socket && !one->run;

		if (own && model_cost(one, 0, 0) < 0 && apply(one, &list, e))
			return -1;
	}
	return 0;
}
