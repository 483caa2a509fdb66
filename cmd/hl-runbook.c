/* hl-runbook: check runbooks, begin a new one, say in plain words what one would do. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "doc/explain.h"
#include "doc/fit.h"
#include "edge/state.h"
#include "edge/yaml.h"
#include "flow/toolsets.h"

#define FILE_MAX ((size_t)1 << 20)

static struct {
	const char *output;
	struct opt_list tools;
} option;

static const struct opt options[] = {
	{'o', "output", "FILE", "new: write to FILE, which must not exist yet", OPT_TEXT,
		&option.output},
	{'t', "tools", "FILE", "a toolset that is not committed yet", OPT_LIST, &option.tools},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-runbook",
	.purpose = "check runbooks, begin a new one, explain one",
	.synopsis = "check [FILE ...]\nnew NAME\nexplain NAME|FILE",
	.options = options,
	.verbs = "check new explain",
	.see = "hl-runbook(5), hl-toolset(5), hl(7)",
};

/* What runbooks are judged against: the ops repo when there is one, else what is installed. */
struct ground {
	struct ops *ops;
	const struct policy *policy;
	const struct catalogue *catalogue;
	struct policy *default_policy;
	struct catalogue *own_catalogue;
};

static void ground_clear(struct ground *g)
{
	ops_free(g->ops);
	policy_free(g->default_policy);
	catalogue_free(g->own_catalogue);
}

static json_t *read_yaml(const char *path, struct places *places, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX);
	json_t *tree = NULL;

	if (file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &text, e) == 0)
		tree = yaml_load(buf_str(&text), path, places, e);
	buf_clear(&text);
	return tree;
}

/* The toolsets named with --tools, over the others. */
static int add_tools(struct catalogue *c, struct err *e)
{
	for (size_t i = 0; i < option.tools.count; i++) {
		struct places *places = places_new();
		struct source source = {
			.name = option.tools.items[i], .places = places, .kind = ERR_CONFIG};
		json_t *tree = read_yaml(source.name, places, e);
		struct toolset *t = tree ? toolset_take(tree, &source, e) : NULL;
		int rc = t ? catalogue_take(c, t, e) : -1;

		places_free(places);
		if (rc)
			return -1;
	}
	return 0;
}

static int ground_open(struct ground *g, struct err *e)
{
	static const struct source source = {.name = "policy.yaml", .kind = ERR_CONFIG};

	if (state_repo_named() || file_exists(state_repo())) {
		if (!(g->ops = ops_open(e)) || !(g->policy = ops_policy(g->ops, e)))
			return -1;
		g->own_catalogue = toolsets_load(g->ops, e);
	} else {
		msg_why("no ops repo at '%s': judged by the installed toolsets and policy's "
			"defaults",
			state_repo());
		g->policy = g->default_policy = policy_take(NULL, &source, e);
		g->own_catalogue = toolsets_load(NULL, e);
	}
	g->catalogue = g->own_catalogue;
	return g->catalogue ? add_tools(g->own_catalogue, e) : -1;
}

/* check */

struct checking {
	struct ground *ground;
	json_t *ids; /* id: path, to find an id that two files claim */
	size_t files, wrong;
};

static void print_fault(void *arg, enum fit_weight weight, const char *text)
{
	(void)arg;
	if (weight == FIT_WRONG)
		msg_error("%s", text);
	else
		msg_warn("%s", text);
}

static void check_id(struct checking *c, const struct runbook *r, const struct source *source)
{
	const char *other = json_string_value(json_object_get(c->ids, r->id));
	struct node root = node_root(r->tree, source), id = node_get(&root, "id");
	struct err e = ERR_INIT;

	if (!other) {
		json_object_set_new(c->ids, r->id, json_string(r->path));
		return;
	}
	node_fail(&id, &e, "'%s' is the id of '%s' too; ids must differ", r->id, other);
	msg_error("%s", e.text);
	c->wrong++;
}

/* One runbook, all its faults. What was wrong with it is counted, not returned: the others go on.
 */
static void check_one(
	struct checking *c, json_t *tree, const struct source *source, struct err *why)
{
	struct runbook *r = tree ? runbook_take(tree, source, why) : NULL;

	c->files++;
	if (r) {
		check_id(c, r, source);
		c->wrong += runbook_fit(
			r, source, c->ground->catalogue, c->ground->policy, print_fault, NULL);
	} else {
		msg_error("%s", why->text);
		c->wrong++;
	}
	runbook_free(r);
}

static void check_file(struct checking *c, const char *path)
{
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	struct err why = ERR_INIT;

	check_one(c, read_yaml(path, places, &why), &source, &why);
	places_free(places);
}

static int check_committed(void *arg, const char *path, const char *id, struct err *e)
{
	struct checking *c = arg;
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	struct buf text = BUF_INIT(FILE_MAX);
	struct err why = ERR_INIT;
	json_t *tree = NULL;

	(void)e;
	if (str_ends(str_of(path), ".yaml") || str_ends(str_of(path), ".yml")) {
		if (repo_blob(ops_repo(c->ground->ops), id, &text, &why) == 0)
			tree = yaml_load(buf_str(&text), path, places, &why);
		check_one(c, tree, &source, &why);
	}
	buf_clear(&text);
	places_free(places);
	return 0;
}

static int check(struct ground *g, char **files, int n, struct err *e)
{
	struct checking c = {.ground = g, .ids = json_object()};
	int rc = 0;

	for (int i = 0; i < n; i++)
		check_file(&c, files[i]);
	if (n == 0 && g->ops)
		rc = repo_each(
			ops_repo(g->ops), ops_commit(g->ops), "runbooks", check_committed, &c, e);
	else if (n == 0)
		rc = err_set(e, ERR_CONFIG,
			"no ops repo at '%s': name the files to check, or see hl-init(1)",
			state_repo());
	json_decref(c.ids);
	if (rc)
		return -1;
	if (c.wrong)
		return err_set(e, ERR_CONFIG, "%zu fault%s in %zu runbook%s", c.wrong,
			c.wrong == 1 ? "" : "s", c.files, c.files == 1 ? "" : "s");
	msg_say("%zu runbook%s checked, all right", c.files, c.files == 1 ? "" : "s");
	return 0;
}

/* new */

static const char skeleton[] =
	"# When, what then, and how far alone; hl-runbook(5) explains every key. 'hl-runbook "
	"check'\n"
	"# says whether this is right. It is in force when it is committed in runbooks/.\n"
	"id: %s\n"
	"title: %s\n"
	"\n"
	"# Which alert this is about. More conditions, a regular expression between slashes:\n"
	"#   match: {instance: \"/nas.*/\", severity: [warning, critical]}\n"
	"trigger:\n"
	"  alert: %s\n"
	"\n"
	"# What can be done, best first. Each is offered with a number.\n"
	"solutions:\n"
	"  - id: restart\n"
	"    title: Restart the service\n"
	"    impact: a few seconds without it    # for the person who decides\n"
	"    risk: low                           # none, low, medium, high\n"
	"    # {labels.NAME} and {annotations.NAME} come from the alert. 'hl-tool list' shows the\n"
	"    # tools, 'hl-tool describe NAME' their arguments.\n"
	"    steps:\n"
	"      - {id: restart, tool: systemd.restart, args: {unit: \"{labels.unit}\"}}\n"
	"      # - {id: next, tool: ..., args: {...}, needs: [restart]}\n"
	"    # Must hold before anything is done:\n"
	"    # preflight:\n"
	"    #   - {title: it is down, tool: systemd.unit, args: {unit: \"{labels.unit}\"},\n"
	"    #      expect: {/ActiveState: failed}}\n"
	"    # Must hold afterwards, or it did not work:\n"
	"    verify:\n"
	"      - {title: it runs, tool: systemd.unit, args: {unit: \"{labels.unit}\"},\n"
	"         expect: {/ActiveState: active}, within: 30s}\n"
	"\n"
	"# How far it may go: observe, ask_human, suggest, auto_notify, auto. hl-promote moves "
	"it.\n"
	"automation_level: ask_human\n"
	"\n"
	"promotion_criteria:\n"
	"  min_approvals: 5\n"
	"  min_success_rate: 0.95\n"
	"  # none, single_pod, single_service, single_node, cluster\n"
	"  blast_radius: single_service\n"
	"\n"
	"# Back sooner than this: it did not work.\n"
	"recurs_within: 24h\n";

/* "plex-down" as "PlexDown" for an alert, and as "Plex down" for a title. */
static void words_of(const char *name, struct buf *title, struct buf *alert)
{
	bool begins = true;

	for (const char *p = name; *p; p++) {
		if (!isalnum((unsigned char)*p)) {
			buf_putc(title, ' ');
			begins = true;
			continue;
		}
		buf_putc(title, (char)(p == name ? toupper((unsigned char)*p) : *p));
		buf_putc(alert, (char)(begins ? toupper((unsigned char)*p) : *p));
		begins = false;
	}
}

static int write_new(struct str text, struct err *e)
{
	int fd, rc;

	if (!option.output)
		return fwrite(text.p, 1, text.n, stdout) == text.n ? 0 : -1; /* prog_end says it */
	fd = open(option.output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_sys(e, errno == EEXIST ? ERR_USAGE : ERR_OUTPUT, "cannot make '%s'",
			option.output);
	rc = file_write_all(fd, text, option.output, e);
	if (close(fd) && rc == 0)
		rc = err_sys(e, ERR_OUTPUT, "cannot write '%s'", option.output);
	return rc;
}

static int begin_new(const char *name, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX), title = BUF_INIT(1024), alert = BUF_INIT(1024);
	int rc;

	if (!path_is_name(name) || !isalpha((unsigned char)*name))
		return err_set(e, ERR_USAGE,
			"'%s' is not a name: a letter, then letters, digits and . _ - : @", name);
	words_of(name, &title, &alert);
	buf_putf(&text, skeleton, name, buf_text(&title), buf_text(&alert));
	rc = write_new(buf_str(&text), e);
	buf_clear(&text);
	buf_clear(&title);
	buf_clear(&alert);
	return rc;
}

/* explain */

static int print_explained(const struct ground *g, const struct runbook *r)
{
	struct buf text = BUF_INIT(BUF_RECORD), safe = BUF_INIT(4 * BUF_RECORD);
	int rc;

	runbook_explain(r, g->catalogue, g->policy, &text);
	msg_safe(&safe, buf_str(&text), true);
	rc = fwrite(buf_text(&safe), 1, safe.n, stdout) == safe.n ? 0 : -1;
	buf_clear(&text);
	buf_clear(&safe);
	return rc;
}

static int explain_file(const struct ground *g, const char *path, struct err *e)
{
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	json_t *tree = read_yaml(path, places, e);
	struct runbook *r = tree ? runbook_take(tree, &source, e) : NULL;
	int rc = r ? print_explained(g, r) : -1;

	runbook_free(r);
	places_free(places);
	return rc;
}

static int explain(const struct ground *g, const char *name, struct err *e)
{
	const struct runbook *r = g->ops ? ops_runbook(g->ops, name, e) : NULL;

	if (r)
		return print_explained(g, r);
	if (e->kind)
		return -1;
	if (strcmp(name, "-") == 0 || file_exists(name))
		return explain_file(g, name, e);
	return err_set(
		e, ERR_USAGE, "no runbook '%s': neither an id in the ops repo nor a file", name);
}

static int with_ground(char **operands, int n, struct err *e)
{
	struct ground g = {.ops = NULL};
	int rc = ground_open(&g, e);

	if (rc == 0 && strcmp(operands[0], "check") == 0)
		rc = check(&g, operands + 1, n - 1, e);
	else if (rc == 0)
		rc = explain(&g, operands[1], e);
	ground_clear(&g);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	char **operands = argv + first;
	int n = argc - first;
	const char *verb = n ? operands[0] : "";

	if (strcmp(verb, "check") == 0)
		with_ground(operands, n, &e);
	else if (strcmp(verb, "new") == 0 && n == 2)
		begin_new(operands[1], &e);
	else if (strcmp(verb, "explain") == 0 && n == 2)
		with_ground(operands, n, &e);
	else if (strcmp(verb, "new") == 0 || strcmp(verb, "explain") == 0)
		return prog_usage("%s takes one name", verb);
	else if (n)
		return prog_usage("'%s' is none of check, new and explain", verb);
	else
		return prog_usage("say what to do: check, new or explain");
	return prog_end(&e);
}
