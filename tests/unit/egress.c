/* What leaves for a model: placeholders, hl's own words, and nothing where policy says so. */
#include "flow/egress.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/path.h"
#include "edge/commits.h"
#include "flow/briefing.h"
#include "flow/toolsets.h"

/* In pieces, since no whole one may be in a file. */
#define GITHUB "ghp" "_" "0123456789abcdefghijABCDEFGHIJ456789"
#define ADDRESS "10." "11.12.13"

static struct ops *ops; /* of the policy of the test, or NULL */
static struct egress *gate;
static struct buf why;

/* An ops repo with this policy, and an inventory. */
static void open_gate(const char *policy)
{
	static const char inventory[] = "hosts: {vault-7: {address: 10.9.9.9}, web.corp.example: {}}\n";
	struct commits_file files[] = {
		{"policy.yaml", str_of(policy)}, {"inventory/hosts.yaml", STR(inventory)}};
	struct commits_about about = {"policy", "hl", "hl@localhost", 0};
	struct err e = ERR_INIT;
	struct repo *r;
	struct commits *c;
	char id[REPO_ID];

	if (policy) {
		r = repo_init("ops", true, &e);
		c = r ? commits_begin(r, &e) : NULL;
		if (!c || commits_add(c, files, 2, &about, id, &e) || commits_end(c, NULL, NULL, &e))
			fail_msg("%s", e.text);
		commits_free(c);
		repo_free(r);
		setenv("HL_REPO", "ops", 1);
		ops = ops_open(&e);
		assert_non_null(ops);
	}
	gate = egress_new(ops, &e);
	if (!gate)
		fail_msg("%s", e.text);
}

static int begin(void **state)
{
	(void)state;
	why = BUF_INIT(4096);
	return 0;
}

static int end(void **state)
{
	(void)state;
	egress_free(gate);
	ops_free(ops);
	buf_clear(&why);
	gate = NULL;
	ops = NULL;
	return 0;
}

static json_t *tree(const char *json)
{
	json_t *v = json_loads(json, JSON_DECODE_ANY, NULL);

	if (!v)
		fail_msg("not JSON: %s", json);
	return v;
}

static char *canonical(json_t *v)
{
	char *text = json_canonical(v);

	json_decref(v);
	return text;
}

/* What leaves of one message of the user's, canonical; given. NULL: it may not. */
static char *sent(const char *content, bool local)
{
	json_t *ask = json_pack("{s:s, s:[{s:s, s:s}]}", "model", "m", "messages", "role", "user",
		"content", content);
	struct err e = ERR_INIT;
	json_t *out = NULL;
	int rc = egress_pass(gate, ask, local, &out, &why, &e);
	char *text;

	if (rc < 0)
		fail_msg("%s", e.text);
	json_decref(ask);
	if (rc == 0)
		return NULL;
	text = canonical(json_incref(
		json_object_get(json_array_get(json_object_get(out, "messages"), 0), "content")));
	json_decref(out);
	return text;
}

static void leaves(const char *content, bool local, const char *wanted)
{
	char *text = sent(content, local);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static void held_back(const char *content, const char *words)
{
	char *text = sent(content, false);

	if (text)
		fail_msg("it left: %s", text);
	if (!strstr(buf_text(&why), words))
		fail_msg("'%s' is not in '%s'", words, buf_text(&why));
}

static void test_default(void **state)
{
	(void)state;
	open_gate(NULL);
	leaves("from " ADDRESS " with " GITHUB, false, "\"from <IP_1> with <SECRET_1>\"");
	leaves("again " ADDRESS ", <IP_1>", false, "\"again <IP_1>, <LITERAL_1>\"");
	leaves("from " ADDRESS " with " GITHUB, true, "\"from " ADDRESS " with <SECRET_1>\"");
	leaves("[{\"name\":\"DB_PASS" "WORD\",\"value\":\"hunter2x\"}]", true,
		"\"[{\\\"name\\\":\\\"DB_PASS" "WORD\\\",\\\"value\\\":\\\"<SECRET_2>\\\"}]\"");
	leaves("it said hunter2x", false, "\"it said <SECRET_2>\"");
	held_back("the Pass" "word is wrong", "messages[0].content");
	held_back("the API-key", "'api.key'");
	held_back("192.168.x.y", "192");
	held_back("{\"a\":{\"tok" "en\":1}}", "cloud");
	leaves("the Pass" "word is wrong", true, "\"the Pass" "word is wrong\"");
}

static void test_known_later(void **state)
{
	json_t *ask = tree("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hunter2x failed\"},"
			   "{\"role\":\"tool\",\"call\":\"c1\",\"name\":\"t\",\"content\":\"pw=1 DB_PASS"
			   "WORD=hunter2x\",\"failed\":true}]}");
	struct err e = ERR_INIT;
	json_t *out = NULL;
	char *text;

	(void)state;
	open_gate("privacy: {never_send: []}");
	assert_int_equal(egress_pass(gate, ask, false, &out, &why, &e), 1);
	text = canonical(out);
	assert_null(strstr(text, "hunter2x"));
	assert_non_null(strstr(text, "\"content\":\"<SECRET_1> failed\""));
	assert_non_null(strstr(text, "\"failed\":true"));
	free(text);
	json_decref(ask);
}

static void test_policy(void **state)
{
	(void)state;
	open_gate("privacy:\n  never_send: ['secr.t plan']\n  names: [Ada Example]\n  hosts: [nas7]\n"
		  "  domains: [corp.example]\n  allow: [10.1.1.1]\n");
	leaves("ada example on NAS7, db.corp.example, 10.1.1.1, token", false,
		"\"<PERSON_1> on <HOST_1>, <HOST_2>, 10.1.1.1, token\"");
	held_back("a Secret plan", "'secr.t plan'");
}

static void test_inventory(void **state)
{
	(void)state;
	open_gate("privacy:\n  never_send: []\n  rules: [{name: badge, pattern: 'B-\\d{4}', kind: person}]\n");
	leaves("vault-7 web.corp.example x.corp.example web B-1234 B-12", false,
		"\"<HOST_1> <HOST_2> <HOST_3> <HOST_4> <PERSON_1> B-12\"");
	leaves("{\"a\":\"say \\\"B-4321\\\"\"}", false,
		"\"{\\\"a\\\":\\\"say \\\\\\\"<PERSON_2>\\\\\\\"\\\"}\"");
}

static void test_accept(void **state)
{
	(void)state;
	open_gate("privacy: {cloud: accept}");
	leaves("a@example.org " GITHUB, false, "\"a@example.org <SECRET_1>\"");
	held_back(ADDRESS, "never-send");
}

static void test_never(void **state)
{
	(void)state;
	open_gate("privacy: {cloud: never}");
	held_back("hello", "cloud: never");
	leaves("hello " GITHUB, true, "\"hello <SECRET_1>\"");
}

static void test_shape(void **state)
{
	static const char *const wrong[] = {"{\"model\":\"m\"}", "{\"messages\":[]}",
		"{\"model\":\"m\",\"messages\":[],\"extra\":1}",
		"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\",\"extra\":1}]}",
		"{\"model\":\"m\",\"messages\":[{\"role\":\"root\",\"content\":\"\"}]}",
		"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[1]}]}",
		"{\"model\":\"m\",\"messages\":[1]}", "{\"model\":\"m\",\"messages\":[],\"tools\":{}}",
		"{\"model\":\"m\",\"messages\":[],\"stream\":\"" GITHUB "\"}"};

	(void)state;
	open_gate(NULL);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		json_t *ask = tree(wrong[i]), *out = NULL;
		struct err e = ERR_INIT;

		if (egress_pass(gate, ask, true, &out, &why, &e) != -1)
			fail_msg("passed: %s", wrong[i]);
		assert_int_equal(e.kind, ERR_DATA);
		assert_null(out);
		json_decref(ask);
	}
}

/* Own words stay and do not count, changed ones do. */
static void test_tools(void **state)
{
	struct err e = ERR_INIT;
	struct catalogue *c = toolsets_load(NULL, &e);
	json_t *ask = tree("{\"model\":\"m\",\"messages\":[]}"), *tools = json_array(), *out = NULL;
	json_t *told = json_array(), *document = json_object(), *one;
	const struct tool *t = catalogue_find(c, "cloudflare.token");
	char *text;

	(void)state;
	open_gate(NULL);
	assert_non_null(t);
	for (size_t i = 0; i < catalogue_count(c); i++) {
		const struct tool *any = catalogue_at(c, i);

		json_array_append_new(tools, json_pack("{s:s, s:s*, s:o}", "name", any->name,
						     "description", any->description, "schema", tool_schema(any)));
		json_array_append_new(told, briefing_tool(any));
	}
	json_object_set_new(document, "tools", told);
	briefing_show(json_object_get(ask, "messages"), document);
	json_object_set(ask, "tools", tools);
	if (egress_pass(gate, ask, false, &out, &why, &e) != 1)
		fail_msg("%s %s", e.text, buf_text(&why));
	assert_true(json_equal(out, ask));
	json_decref(out);

	one = json_deep_copy(json_array_get(tools, 0));
	json_object_set_new(one, "description", json_string("of " ADDRESS));
	json_array_clear(tools);
	json_array_append_new(tools, one);
	assert_int_equal(egress_pass(gate, ask, false, &out, &why, &e), 1);
	text = canonical(out);
	assert_null(strstr(text, ADDRESS));
	free(text);

	json_object_set_new(one, "description", json_string("the tok" "en"));
	assert_int_equal(egress_pass(gate, ask, false, &out, &why, &e), 0);
	assert_non_null(strstr(buf_text(&why), "tools"));
	json_decref(document);
	json_decref(tools);
	json_decref(ask);
	catalogue_free(c);
}

/* What comes with hl is fit for a model in the cloud as the default policy has it. */
static void test_shipped(void **state)
{
	char *dir = path_join(getenv("HL_TOP"), "schemas");
	struct err e = ERR_INIT;
	struct dirent *entry;
	DIR *schemas = opendir(dir);
	char **names;
	long n = goal_names(NULL, &names, &e), seen = 0;

	(void)state;
	open_gate(NULL);
	assert_true(n >= 3);
	for (long i = 0; i < n; i++) {
		struct goal *g = goal_load(NULL, names[i], &e);
		json_t *prompt = json_string(g->prompt);
		char *wanted = canonical(prompt);

		leaves(g->prompt, false, wanted);
		free(wanted);
		goal_free(g);
		free(names[i]);
	}
	while ((entry = readdir(schemas))) {
		char *path = path_join(dir, entry->d_name);
		json_t *schema = json_load_file(path, 0, NULL), *out = NULL, *ask;

		free(path);
		if (!schema)
			continue;
		ask = json_pack("{s:s, s:[], s:o}", "model", "m", "messages", "schema", schema);
		if (egress_pass(gate, ask, false, &out, &why, &e) != 1)
			fail_msg("%s: %s", entry->d_name, buf_text(&why));
		assert_true(json_equal(out, ask));
		json_decref(out);
		json_decref(ask);
		seen++;
	}
	assert_true(seen >= 1);
	closedir(schemas);
	free(names);
	free(dir);
}

/* ---- back ---- */

static void test_answer(void **state)
{
	json_t *answer, *restored, *ask, *out = NULL;
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	open_gate("privacy: {never_send: []}");
	free(sent(ADDRESS " /home/ada/x " GITHUB, false));
	answer = tree("{\"text\":\"<USER_1> at <IP_1>, <SECRET_1>, <IP_9>\",\"calls\":[{\"id\":\"1\",\"name\":\"a.b\","
		      "\"args\":{\"host\":\"<IP_1>\"}},{\"id\":\"2\",\"name\":\"a.b\",\"args\":{\"key\":\"<SECRET_1>\","
		      "\"host\":\"<IP_1>\"}}],\"native\":{\"x\":\"<IP_1>\"}}");
	restored = egress_restore(gate, answer, false);
	text = canonical(json_incref(restored));
	assert_string_equal(text,
		"{\"calls\":[{\"args\":{\"host\":\"" ADDRESS "\"},\"id\":\"1\",\"name\":\"a.b\"},{\"args\":{\"host\":\"<IP_1>\","
		"\"key\":\"<SECRET_1>\"},\"id\":\"2\",\"name\":\"a.b\",\"refused\":\"its arguments would hold a secret, which no "
		"model may use\"}],\"native\":{\"x\":\"<IP_1>\"},\"text\":\"ada at " ADDRESS ", <SECRET_1>, <IP_9>\"}");
	free(text);

	ask = json_pack("{s:s, s:[{s:s, s:O, s:O, s:O}]}", "model", "m", "messages", "role", "assistant",
		"content", json_object_get(restored, "text"), "calls",
		json_object_get(restored, "calls"), "native", json_object_get(restored, "native"));
	assert_int_equal(egress_pass(gate, ask, false, &out, &why, &e), 1);
	text = canonical(json_incref(json_array_get(json_object_get(out, "messages"), 0)));
	json_decref(out);
	assert_non_null(strstr(text, "\"content\":\"<USER_1> at <IP_1>, <SECRET_1>, <IP_9>\""));
	assert_non_null(strstr(text, "\"native\":{\"x\":\"<IP_1>\"}"));
	assert_null(strstr(text, ADDRESS));
	free(text);

	json_object_set_new(ask, "model", json_string("another"));
	assert_int_equal(egress_pass(gate, ask, false, &out, &why, &e), 1);
	text = canonical(out);
	assert_null(strstr(text, "native"));
	assert_non_null(strstr(text, "<USER_1> at"));
	free(text);
	json_decref(ask);
	json_decref(restored);
	json_decref(answer);
}

/* A model in the house sees more than one outside may read in its answer. */
static void test_other_ear(void **state)
{
	json_t *answer = tree("{\"text\":\"it is " ADDRESS "\",\"native\":[1]}"), *ask, *out = NULL;
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	open_gate("privacy: {never_send: []}");
	free(sent(ADDRESS, true));
	json_decref(egress_restore(gate, answer, false));
	ask = json_pack("{s:s, s:[{s:s, s:O, s:O}]}", "model", "m", "messages", "role", "assistant",
		"content", json_object_get(answer, "text"), "native", json_object_get(answer, "native"));
	assert_int_equal(egress_pass(gate, ask, false, &out, &why, &e), 1);
	text = canonical(out);
	assert_string_equal(text,
		"{\"messages\":[{\"content\":\"it is <IP_1>\",\"role\":\"assistant\"}],\"model\":\"m\"}");
	free(text);
	json_decref(ask);
	json_decref(answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_default, begin, end),
		cmocka_unit_test_setup_teardown(test_known_later, begin, end),
		cmocka_unit_test_setup_teardown(test_policy, begin, end),
		cmocka_unit_test_setup_teardown(test_inventory, begin, end),
		cmocka_unit_test_setup_teardown(test_accept, begin, end),
		cmocka_unit_test_setup_teardown(test_never, begin, end),
		cmocka_unit_test_setup_teardown(test_shape, begin, end),
		cmocka_unit_test_setup_teardown(test_tools, begin, end),
		cmocka_unit_test_setup_teardown(test_shipped, begin, end),
		cmocka_unit_test_setup_teardown(test_answer, begin, end),
		cmocka_unit_test_setup_teardown(test_other_ear, begin, end),
	};

	return cmocka_run_group_tests_name("egress", tests, NULL, NULL);
}
