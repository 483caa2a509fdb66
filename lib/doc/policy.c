#include "doc/policy.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/check.h"
#include "doc/drill.h"
#include "doc/expect.h"
#include "doc/placement.h"
#include "doc/tool_names.h"

static const char *const default_group_by[] = {"alertname", "instance", NULL};

/* Few people lose sleep over a pod; a node or the whole cluster wants a person's word. */
static const enum level default_caps[BLAST_COUNT] = {
	[BLAST_NONE] = LEVEL_AUTO,
	[BLAST_SINGLE_POD] = LEVEL_AUTO,
	[BLAST_SINGLE_SERVICE] = LEVEL_AUTO,
	[BLAST_SINGLE_NODE] = LEVEL_SUGGEST,
	[BLAST_CLUSTER] = LEVEL_ASK_HUMAN,
};

/* The member as a section: an object with known keys only. */
static int section(const struct node *root, const char *key, const char *const *known,
	struct node *into, struct err *e)
{
	*into = node_get(root, key);
	return node_known(into, known, e);
}

static int not_below(
	const struct node *n, const char *key, int64_t value, int64_t least, struct err *e)
{
	struct node member = node_get(n, key);

	return value >= least ? 0 : node_fail(&member, e, "must be %lld or more", (long long)least);
}

static int longer_than_nothing(const struct node *n, const char *key, int64_t ms, struct err *e)
{
	struct node member = node_get(n, key);

	return ms > 0 ? 0 : node_fail(&member, e, "must be longer than nothing");
}

/* A commit's author line has its own grammar; a name must not be able to write into it. */
static int check_identity(const struct node *n, const char *key, const char *text, struct err *e)
{
	struct node member = node_get(n, key);

	if (text && (!*text || text[strcspn(text, "<>\r\n")]))
		return node_fail(&member, e, "cannot be empty or hold '<', '>' or a line end");
	return 0;
}

static int load_identity(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"name", "mail", NULL};
	struct node n;

	if (section(root, "identity", known, &n, e))
		return -1;
	p->identity.name = node_text(&n, "name", "hl", e);
	p->identity.mail = node_text(&n, "mail", "hl@localhost", e);
	return check_identity(&n, "name", p->identity.name, e) ||
			       check_identity(&n, "mail", p->identity.mail, e)
		       ? -1
		       : 0;
}

static int load_group_by(struct policy *p, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "group_by");
	size_t n = node_count(&list);

	if (node_is_array(&list, e))
		return -1;
	if (!node_there(&list))
		return 0;
	if (!n)
		return node_fail(&list, e, "is empty: every alert would be one case");
	p->group_by = mem_array(n + 1, sizeof *p->group_by);
	for (size_t i = 0; i < n; i++) {
		struct node one = node_at(&list, i);
		const char *name = json_string_value(one.v);

		if (!name || !*name)
			return node_fail(&one, e, "must be the name of a label");
		p->group_by[i] = name;
	}
	return 0;
}

static int load_caps(struct policy *p, const struct node *root, struct err *e)
{
	struct node n;

	if (section(root, "caps", blast_names, &n, e))
		return -1;
	for (int i = 0; i < BLAST_COUNT; i++)
		p->caps[i] = (enum level)node_choice(
			&n, blast_names[i], level_names, default_caps[i], e);
	return e->kind ? -1 : 0;
}

static int load_budget(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"actions_an_hour", "cooldown", NULL};
	struct node n;

	if (section(root, "budget", known, &n, e))
		return -1;
	p->budget.actions_an_hour = node_integer(&n, "actions_an_hour", 6, e);
	p->budget.cooldown_ms = node_span(&n, "cooldown", 10 * WHEN_MINUTE, e);
	return not_below(&n, "actions_an_hour", p->budget.actions_an_hour, 0, e);
}

static int load_breaker(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"failures", "window", NULL};
	struct node n;

	if (section(root, "breaker", known, &n, e))
		return -1;
	p->breaker.failures = node_integer(&n, "failures", 3, e);
	p->breaker.window_ms = node_span(&n, "window", WHEN_HOUR, e);
	return not_below(&n, "failures", p->breaker.failures, 1, e) ||
			       longer_than_nothing(&n, "window", p->breaker.window_ms, e)
		       ? -1
		       : 0;
}

static int load_flapping(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"times", "window", NULL};
	struct node n;

	if (section(root, "flapping", known, &n, e))
		return -1;
	p->flapping.times = node_integer(&n, "times", 4, e);
	p->flapping.window_ms = node_span(&n, "window", WHEN_HOUR, e);
	return not_below(&n, "times", p->flapping.times, 2, e) ||
			       longer_than_nothing(&n, "window", p->flapping.window_ms, e)
		       ? -1
		       : 0;
}

/* A time, or a day, which means its first moment in UTC. */
static int load_until(struct policy_rule *rule, const struct node *n, struct err *e)
{
	struct node member = node_get(n, "until");
	const char *text = node_text_or_null(n, "until", e);
	struct buf day = BUF_INIT(64);
	int rc = 0;

	rule->until = INT64_MAX;
	if (e->kind || !text)
		return e->kind ? -1 : 0;
	buf_putf(&day, "%sT00:00:00Z", text);
	if (when_parse(str_of(text), &rule->until) && when_parse(buf_str(&day), &rule->until))
		rc = node_fail(&member, e,
			"'%s' is not a day such as 2026-12-24 or a time such as "
			"2026-12-24T18:00:00Z",
			text);
	buf_clear(&day);
	return rc;
}

static int load_rule(struct policy_rule *rule, const struct node *n, struct err *e)
{
	static const char *const known[] = {"match", "why", "until", NULL};
	struct node match = node_get(n, "match");

	if (!json_is_object(n->v))
		return node_fail(n, e, "must have 'match' and 'why'");
	if (node_known(n, known, e) || matchers_load(&rule->match, &match, e))
		return -1;
	if (!rule->match.count)
		return node_fail(node_there(&match) ? &match : n, e,
			"'match' is missing or empty: it would hold for "
			"every alert");
	rule->why = node_text(n, "why", NULL, e);
	return rule->why ? load_until(rule, n, e) : -1;
}

static int load_rules(struct policy_rule **rules, size_t *count, const struct node *root,
	const char *key, struct err *e)
{
	struct node list = node_get(root, key);

	if (node_is_array(&list, e))
		return -1;
	*rules = mem_array(node_count(&list) + 1, sizeof **rules);
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);

		(*count)++;
		if (load_rule(&(*rules)[i], &one, e))
			return -1;
	}
	return 0;
}

/* By the name of an alert that a goal's rule raises: what to read there instead. */
static int load_overrides(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"when", "severity", "summary", "off", NULL};
	struct node all = node_get(root, "rules");
	const char *alert;
	json_t *v;

	if (node_is_object(&all, e))
		return -1;
	json_object_foreach (all.v, alert, v) {
		struct node one = node_get(&all, alert), when = node_get(&one, "when");

		if (!json_is_object(v))
			return node_fail(&one, e,
				"must be an object with 'when', 'severity', 'summary' or 'off'");
		if (node_known(&one, known, e) || (node_there(&when) && expect_check(&when, e)))
			return -1;
		node_choice(&one, "severity", severity_names, 0, e);
		node_text_or_null(&one, "summary", e);
		node_bool(&one, "off", false, e);
	}
	p->rules = node_there(&all) ? all.v : NULL;
	return e->kind ? -1 : 0;
}

static int load_origins(struct policy *p, const struct node *mcp, struct err *e)
{
	struct node list = node_get(mcp, "origins");

	if (node_is_array(&list, e))
		return -1;
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i);

		if (!json_is_string(one.v) || !strstr(json_string_value(one.v), "://"))
			return node_fail(
				&one, e, "must be an origin such as https://chat.home.lan");
	}
	p->mcp.origins = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_mcp(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"token", "allow", "deny", "origins", "open", NULL};
	struct node n;

	if (section(root, "mcp", known, &n, e))
		return -1;
	p->mcp.token = node_text_or_null(&n, "token", e);
	p->mcp.open = node_integer(&n, "open", 20, e);
	return e->kind || tool_names_load(&p->mcp.allow, &n, "allow", e) ||
			       tool_names_load(&p->mcp.deny, &n, "deny", e) || load_origins(p, &n, e) ||
			       not_below(&n, "open", p->mcp.open, 0, e)
		       ? -1
		       : 0;
}

static int load_tools(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"deny", NULL};
	struct node n;

	return section(root, "tools", known, &n, e) || tool_names_load(&p->tools_deny, &n, "deny", e)
		       ? -1
		       : 0;
}

static int load_times(struct policy *p, const struct node *root, struct err *e)
{
	struct node undo = node_get(root, "undo_optional");

	p->plan_expires_ms = node_span(root, "plan_expires", 12 * (int64_t)WHEN_HOUR, e);
	p->ask_again_ms = node_span(root, "ask_again", 4 * (int64_t)WHEN_HOUR, e);
	p->undo_optional = node_there(&undo) ? node_choice(root, "undo_optional", blast_names, 0, e)
					     : -1;
	return longer_than_nothing(root, "plan_expires", p->plan_expires_ms, e) ||
			       longer_than_nothing(root, "ask_again", p->ask_again_ms, e) || e->kind
		       ? -1
		       : 0;
}

static int load_invariants(struct policy *p, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "invariants");

	if (checks_check(&list, e))
		return -1;
	p->invariants = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_drill_targets(struct policy *p, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "drill_targets");

	if (drill_check_targets(&list, e))
		return -1;
	p->drill_targets = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_placement(struct policy *p, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "placement");

	if (placement_check(&list, e))
		return -1;
	p->placement = node_there(&list) ? list.v : NULL;
	return 0;
}

static int load_models(struct policy *p, const struct node *root, struct err *e)
{
	struct node models = node_get(root, "models");

	return consult_load(&p->models, &models, e);
}

static int load_privacy(struct policy *p, const struct node *root, struct err *e)
{
	struct node privacy = node_get(root, "privacy");

	return privacy_load(&p->privacy, &privacy, e);
}

static int load_channels(struct policy *p, const struct node *root, struct err *e)
{
	struct node channels = node_get(root, "channels"), people = node_get(root, "people"),
		    ask = node_get(root, "ask");

	return channels_load(&p->channels, &channels, e) ||
			       people_load(&p->people, &p->channels, &people, e) ||
			       asking_load(&p->asking, &p->channels, &ask, e)
		       ? -1
		       : 0;
}

static int load(struct policy *p, const struct node *root, struct err *e)
{
	static const char *const known[] = {"mode", "identity", "group_by", "caps", "budget",
		"breaker", "flapping", "plan_expires", "ask_again", "undo_optional", "expected",
		"silences", "invariants", "rules", "tools", "drill_targets", "mcp", "placement",
		"models", "privacy", "channels", "people", "ask", NULL};

	if (node_known(root, known, e))
		return -1;
	p->mode = (enum mode)node_choice(root, "mode", mode_names, MODE_VERBOSE, e);
	if (e->kind || load_identity(p, root, e) || load_group_by(p, root, e) ||
		load_caps(p, root, e) || load_budget(p, root, e) || load_breaker(p, root, e) ||
		load_flapping(p, root, e))
		return -1;
	if (load_times(p, root, e) || load_invariants(p, root, e) || load_overrides(p, root, e) ||
		load_tools(p, root, e) || load_drill_targets(p, root, e) || load_mcp(p, root, e) ||
		load_placement(p, root, e) || load_models(p, root, e) || load_privacy(p, root, e) ||
		load_channels(p, root, e))
		return -1;
	if (load_rules(&p->expected, &p->n_expected, root, "expected", e) ||
		load_rules(&p->silences, &p->n_silences, root, "silences", e))
		return -1;
	return e->kind ? -1 : 0;
}

struct policy *policy_take(json_t *tree, const struct source *source, struct err *e)
{
	struct policy *p = mem_new(sizeof *p);
	struct node root = node_root(tree, source);

	p->tree = tree;
	if (load(p, &root, e)) {
		policy_free(p);
		return NULL;
	}
	if (!p->group_by) {
		p->group_by = mem_array(
			sizeof default_group_by / sizeof *default_group_by, sizeof *p->group_by);
		memcpy(p->group_by, default_group_by, sizeof default_group_by);
	}
	return p;
}

static void free_rules(struct policy_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		matchers_clear(&rules[i].match);
	free(rules);
}

void policy_free(struct policy *p)
{
	if (!p)
		return;
	channels_clear(&p->channels);
	people_clear(&p->people);
	asking_clear(&p->asking);
	free(p->group_by);
	free_rules(p->expected, p->n_expected);
	free_rules(p->silences, p->n_silences);
	json_decref(p->tree);
	free(p);
}

bool policy_denies(const struct policy *p, const char *tool)
{
	return tool_names_has(p->tools_deny, tool);
}

bool policy_offers(const struct policy *p, const char *tool)
{
	return !policy_denies(p, tool) && !tool_names_has(p->mcp.deny, tool) &&
	       (!p->mcp.allow || tool_names_has(p->mcp.allow, tool));
}
