#include "doc/placement.h"

#include <ctype.h>


enum { TRAITS = 12 };

const char *const placement_names[] = {"k3s", "orchestrator", "manual", NULL};

/* What all else rests on comes first: a service that is also a firewall is a firewall. */
static const struct {
	const char *where, *any[TRAITS], *why;
} defaults[] = {
	{"manual", {"infrastructure", "network", "storage_system", "security", "hardware", "one_time"},
		"what all else rests on is changed by a person"},
	{"k3s",
		{"production", "high_availability", "persistent_storage", "cluster_network", "replicas",
			"dependencies"},
		"what has to stay up is declared in git and kept up by the cluster"},
	{"orchestrator", {"trial", "single_instance", "short_lived", "development", "testing"},
		"what comes and goes needs to come and go quickly"},
};

json_t *placement_default(void)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
		json_t *any = json_array();

		for (const char *const *trait = defaults[i].any; *trait; trait++)
			json_array_append_new(any, json_string(*trait));
		json_array_append_new(rules, json_pack("{s:s, s:o, s:s}", "where",
						     defaults[i].where, "any", any, "why",
						     defaults[i].why));
	}
	return rules;
}

static int check_rule(const struct node *n, struct err *e)
{
	static const char *const known[] = {"where", "any", "why", NULL};
	struct node any = node_get(n, "any");

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be a rule such as {where: k3s, any: [replicas]}");
	if (node_known(n, known, e))
		return -1;
	node_choice(n, "where", placement_names, -1, e);
	node_text_or_null(n, "why", e);
	if (e->kind || node_require(n, "any", e) || node_is_array(&any, e))
		return -1;
	for (size_t i = 0; i < node_count(&any); i++) {
		struct node one = node_at(&any, i);

		if (!json_is_string(one.v) || !json_string_length(one.v))
			return node_fail(&one, e, "must be a word for what a workload is");
	}
	return 0;
}

int placement_check(const struct node *list, struct err *e)
{
	if (node_is_array(list, e))
		return -1;
	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (check_rule(&one, e))
			return -1;
	}
	return 0;
}

static char folded(char c)
{
	return (char)(c == ' ' || c == '-' ? '_' : tolower((unsigned char)c));
}

static bool same(const char *a, const char *b)
{
	while (*a && folded(*a) == folded(*b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}

/* The rule's trait that the workload has; NULL: none. */
static const char *common(const json_t *any, const json_t *traits)
{
	json_t *a, *b;
	size_t i, j;

	json_array_foreach (any, i, a)
		json_array_foreach (traits, j, b)
			if (json_is_string(a) && json_is_string(b) &&
				same(json_string_value(a), json_string_value(b)))
				return json_string_value(a);
	return NULL;
}

json_t *placement_decide(const json_t *rules, const json_t *traits)
{
	json_t *rule;
	size_t i;

	json_array_foreach (rules, i, rule) {
		const char *trait = common(json_object_get(rule, "any"), traits);
		const char *why = json_string_value(json_object_get(rule, "why"));

		if (!trait)
			continue;
		return json_pack("{s:O, s:o}", "where", json_object_get(rule, "where"), "why",
			json_sprintf("%s%s%s", trait, why ? ": " : "", why ? why : ""));
	}
	return NULL;
}
