/* tool: toolsets that load, what is refused and where, and the catalogue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "doc/tool.h"
#include "edge/yaml.h"

static struct toolset *load(const char *yaml, struct err *e)
{
	struct places *places = places_new();
	struct source source = {.name = "t.yaml", .kind = ERR_CONFIG, .places = places};
	json_t *tree = yaml_load(str_of(yaml), "t.yaml", places, e);
	struct toolset *t = tree ? toolset_take(tree, &source, e) : NULL;

	places_free(places);
	return t;
}

static struct toolset *must_load(const char *yaml)
{
	struct err e = ERR_INIT;
	struct toolset *t = load(yaml, &e);

	if (!t)
		fail_msg("%s", e.text);
	return t;
}

static const char kubernetes[] =
	"toolset: kubernetes\n"
	"description: Workloads of one cluster\n"
	"tools:\n"
	"  - name: kubectl.rollout_restart\n"
	"    description: Restart a deployment, one pod at a time\n"
	"    effect: change\n"
	"    blast_radius: single_service\n"
	"    args: {deployment: {type: string, pattern: \"^[a-z0-9-]+$\"}, namespace: {type: string, default: default}}\n"
	"    run: [kubectl, rollout, restart, \"deployment/{deployment}\", -n, \"{namespace}\"]\n"
	"    env: {KUBECONFIG: \"{env.KUBECONFIG}\", TOKEN: \"{secret.kube-token}\"}\n"
	"    timeout: 30s\n"
	"    output: lines\n"
	"    output_max: 4096\n"
	"    ok_status: [0, 3]\n"
	"    cwd: /var/empty\n"
	"    undo: {tool: kubectl.rollout_undo, args: {deployment: \"{deployment}\", namespace: \"{namespace}\"}}\n"
	"  - name: kubectl.version\n"
	"    effect: read\n"
	"    run: [kubectl, version]\n"
	"  - name: ha.states\n"
	"    effect: read\n"
	"    http: {method: GET, url: \"{env.HA_URL}/api/states\"}\n"
	"  - name: files.read\n"
	"    effect: read\n"
	"    mcp: {server: filesystem, tool: read_text_file}\n"
	"servers:\n"
	"  filesystem: {run: [mcp-server-filesystem]}\n";

static void loads(void **state)
{
	struct toolset *t = must_load(kubernetes);
	const struct tool *restart = &t->tools[0], *version = &t->tools[1];

	(void)state;
	assert_int_equal(t->count, 4);
	assert_string_equal(t->origin, "t.yaml");
	assert_string_equal(restart->name, "kubectl.rollout_restart");
	assert_ptr_equal(restart->toolset, t);
	assert_int_equal(restart->effect, EFFECT_CHANGE);
	assert_int_equal(restart->blast, BLAST_SINGLE_SERVICE);
	assert_int_equal(restart->timeout_ms, 30000);
	assert_int_equal(restart->output, OUTPUT_LINES);
	assert_int_equal(restart->output_max, 4096);
	assert_int_equal(json_array_size(restart->run), 6);
	assert_int_equal(json_array_size(restart->ok_status), 2);
	assert_string_equal(restart->cwd, "/var/empty");
	assert_non_null(restart->undo);
	assert_int_equal(version->timeout_ms, 60000);
	assert_int_equal(version->output, OUTPUT_TEXT);
	assert_int_equal(version->output_max, TOOL_OUTPUT);
	assert_null(version->args);
	assert_int_equal(t->tools[2].way, TOOL_HTTP);
	assert_int_equal(t->tools[2].output, OUTPUT_JSON);
	assert_int_equal(t->tools[3].way, TOOL_MCP);
	toolset_free(t);
}

/* One tool with this line more. */
static void expect_line_refused(const char *line, const char *wanted)
{
	char yaml[2048];
	struct err e = ERR_INIT;
	struct toolset *t;

	snprintf(yaml, sizeof yaml,
		"toolset: x\n"
		"tools:\n"
		"  - name: disk.usage\n"
		"    effect: read\n"
		"    args: {path: {type: string}, maybe: {type: string, required: false},"
		" all: {type: array, items: {type: string}}}\n"
		"%s"
		"    %s\n", strncmp(line, "run:", 4) == 0 ? "" : "    run: [df, \"{path}\"]\n", line);
	t = load(yaml, &e);
	if (t || e.kind != ERR_CONFIG || !strstr(e.text, wanted))
		fail_msg("%s: got '%s', wanted '%s'", line, e.text, wanted);
	assert_int_equal(strncmp(e.text, "t.yaml:", 7), 0);
}

static void lines_refused(void **state)
{
	static const char *const table[][2] = {
		{"timeuot: 5s", "t.yaml:7:5: tools[0].timeuot: unknown key: did you mean 'timeout'?"},
		{"run: df {path}", "must be a list: the program, then its arguments; there is no shell"},
		{"run: []", "must be a list"}, {"run: ['']", "must be the name of a program"},
		{"run: [\"{path}\"]", "t.yaml:6:11: tools[0].run[0]: '{path}': the program must be named"},
		{"run: [df, {path}]", "'path' has no value; a placeholder needs quotes"},
		{"run: [df, {path: }]", "tools[0].run[1]: must be a text: put quotes around what starts with '{'"},
		{"run: [head, -n, 5]", "tools[0].run[2]: must be a text: put it in quotes"},
		{"run: [df, \"{pth}\"]", "'{pth}' is no argument: did you mean '{path}'?"},
		{"run: [df, \"{zzzzzzz}\"]", "'{zzzzzzz}' is no argument of this tool; declare it in args"},
		{"run: [df, \"{labels.x}\"]", "'{labels.x}' is no argument"},
		{"run: [df, \"{maybe}\"]", "'{maybe}' may be absent; give it a default"},
		{"run: [df, \"{all}\"]", "'{all}' is a list, and this is one word"},
		{"run: [df, \"{env.}\"]", "'{env.}' cannot stand here"}, {"run: [df, \"{env.A-B}\"]", "cannot stand here"},
		{"run: [df, \"{env.HL_SECRET_X}\"]", "'{env.HL_SECRET_X}' is a secret: write {secret.NAME}"},
		{"run: [df, \"{secret.x}\"]", "a secret in a command line can be read by everybody"},
		{"run: [df, \"{path\"]", "a '{' that is not closed"},
		{"env: {A: \"{secret.}\"}", "is no name of a secret"}, {"env: {A: \"{secret.../x}\"}", "no name of a secret"},
		{"env: {A-B: x}", "tools[0].env.A-B: no name for a variable"}, {"env: {A: 1}", "must be a text"},
		{"env: [A]", "must be an object"}, {"http: {}", "a tool is done in one way"},
		{"cwd: tmp", "tools[0].cwd: must start with '/'"}, {"timeout: 0s", "must be more than nothing"},
		{"timeout: 25h", "at most 24h"}, {"timeout: 5", "must be a time such as"},
		{"output: txt", "'txt' is not one of text, lines, json, jsonl, pairs: did you mean 'text'?"},
		{"output_max: 0", "must be from 1 to"}, {"output_max: 99999999999", "must be from 1 to"},
		{"ok_status: 0", "must be a list"}, {"ok_status: [256]", "must be an exit status, 0 to 255"},
		{"undo: {tool: a.b}", "a tool that reads has nothing to undo"},
		{"blast_radius: cluster", "a tool that reads breaks nothing"},
		{"blast_radius: pod", "is not one of none, single_pod"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		expect_line_refused(table[i][0], table[i][1]);
}

static void sets_refused(void **state)
{
	static const char *const table[][2] = {
		{"[]", "must be a toolset"}, {"~", "must be a toolset"}, {"{tools: []}", "'toolset' is missing"},
		{"{toolset: x}", "'tools' is missing"}, {"{toolset: X, tools: []}", "'X' is no name of a toolset"},
		{"{toolset: x, tool: []}", "unknown key: did you mean 'tools'?"}, {"{toolset: x, tools: {}}", "must be a list"},
		{"{toolset: x, tools: [1]}", "tools[0]: must be a tool"},
		{"{toolset: x, tools: [{effect: read, run: [a]}]}", "'name' is missing"},
		{"{toolset: x, tools: [{name: a, effect: read, run: [a]}]}", "'a' is no name of a tool"},
		{"{toolset: x, tools: [{name: A.b, effect: read, run: [a]}]}", "'A.b' is no name of a tool"},
		{"{toolset: x, tools: [{name: a.b, run: [a]}]}", "'effect' is missing"},
		{"{toolset: x, tools: [{name: a.b, effect: reed, run: [a]}]}", "did you mean 'read'?"},
		{"{toolset: x, tools: [{name: a.b, effect: read}]}", "'run' is missing"},
		{"{toolset: x, tools: [{name: a.b, effect: change, run: [a]}]}", "'blast_radius' is missing"},
		{"{toolset: x, tools: [{name: a.b, effect: read, http: GET}]}", "tools[0].http: must be a mapping"},
		{"{toolset: x, tools: [{name: a.b, effect: read, run: [a]}, {name: a.b, effect: read, run: [b]}]}",
			"tools[1].name: 'a.b' is here twice"},
		{"{toolset: x, tools: [{name: a.b, effect: destroy, blast_radius: none, run: [a], undo: {tool: b}}]}",
			"'b' is no name of a tool"},
		{"{toolset: x, tools: [{name: a.b, effect: change, blast_radius: none, run: [a],"
		 " undo: {tool: a.c, args: {x: '{y}'}}}]}", "tools[0].undo.args.x: '{y}' is no argument"},
		{"{toolset: x, tools: [{name: a.b, effect: read, run: [a], args: {x: {type: strin}}}]}",
			"did you mean 'string'?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct err e = ERR_INIT;
		struct toolset *t = load(table[i][0], &e);

		if (t || !strstr(e.text, table[i][1]))
			fail_msg("%s: got '%s', wanted '%s'", table[i][0], e.text, table[i][1]);
	}
}

static void names(void **state)
{
	static const char *const good[] = {"a.b", "host.disks", "kubectl.rollout_restart", "a.b.c", "a-1.2", NULL};
	static const char *const bad[] = {"", "a", ".a", "a.", "a..b", "A.b", "1.b", "a b.c", "a/b.c", "a.b ", "-a.b", NULL};

	(void)state;
	for (size_t i = 0; good[i]; i++)
		assert_true(tool_is_name(good[i]));
	for (size_t i = 0; bad[i]; i++)
		assert_false(tool_is_name(bad[i]));
}

static void catalogue(void **state)
{
	struct catalogue *c = catalogue_new();
	struct err e = ERR_INIT;

	(void)state;
	assert_null(catalogue_find(c, "a.b"));
	assert_null(catalogue_nearest(c, "a.b"));
	assert_int_equal(catalogue_take(c, must_load(kubernetes), &e), 0);
	assert_int_equal(catalogue_take(c, must_load("{toolset: s, tools: [{name: systemd.unit, effect: read, run: [a]},"
		"{name: a.b_c, effect: read, run: [a]}, {name: a_b.c, effect: read, run: [a]}]}"), &e), 0);
	assert_int_equal(catalogue_count(c), 7);
	for (size_t i = 1; i < catalogue_count(c); i++)
		assert_true(strcmp(catalogue_at(c, i - 1)->name, catalogue_at(c, i)->name) < 0);
	assert_null(catalogue_at(c, 7));
	assert_string_equal(catalogue_find(c, "systemd.unit")->name, "systemd.unit");
	assert_string_equal(catalogue_find(c, "kubectl_rollout_restart")->name, "kubectl.rollout_restart");
	assert_null(catalogue_find(c, "a_b_c")); /* could be a.b_c or a_b.c */
	assert_null(catalogue_find(c, "systemd.units"));
	assert_string_equal(catalogue_nearest(c, "systemd.units"), "systemd.unit");

	/* a later set of the same name replaces; another set may not declare a tool again */
	assert_int_equal(catalogue_take(c, must_load("{toolset: s, tools: [{name: systemd.stop, effect: read, run: [a]}]}"), &e), 0);
	assert_int_equal(catalogue_count(c), 5);
	assert_null(catalogue_find(c, "systemd.unit"));
	assert_int_equal(catalogue_take(c, must_load("{toolset: z, tools: [{name: ha.states, effect: read, run: [a]}]}"), &e), -1);
	assert_string_equal(e.text, "t.yaml: tool 'ha.states' is declared in 't.yaml' already");
	assert_int_equal(catalogue_count(c), 5);
	catalogue_free(c);
}

#define GUARDED(guard_of_snapshot)                                                                 \
	"toolset: z\ntools:\n"                                                                     \
	"  - {name: z.set, effect: change, blast_radius: none, run: [a], guard: {tool: z.snapshot}}\n" \
	"  - {name: z.snapshot, effect: change, blast_radius: none, run: [a], undo: {tool: z.back}" \
	guard_of_snapshot "}\n"

static void guards(void **state)
{
	struct err e = ERR_INIT;
	struct toolset *t = must_load(GUARDED(""));

	(void)state;
	assert_string_equal(t->tools[0].guard.tool, "z.snapshot");
	assert_null(t->tools[1].guard.tool);
	toolset_free(t);
	assert_null(load(GUARDED(", guard: {tool: z.set}"), &e));
	assert_non_null(strstr(e.text, "'z.set' has no undo"));
	err_clear(&e);
	assert_null(load(GUARDED(", guard: {tool: y.snapshot}"), &e));
	assert_non_null(strstr(e.text,
		"t.yaml:3:65: tools[0].guard: its guard 'z.snapshot' has a guard itself, 'y.snapshot'"));
	err_clear(&e);
	assert_null(load(GUARDED(", guard: {tool: z.snapshot}"), &e));
	assert_non_null(strstr(e.text, "a tool cannot be its own guard"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guards),
		cmocka_unit_test(loads),
		cmocka_unit_test(lines_refused),
		cmocka_unit_test(sets_refused),
		cmocka_unit_test(names),
		cmocka_unit_test(catalogue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
