/* models: our own form and that of a LiteLLM proxy, limits, and what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "doc/models.h"
#include "doc/prices.h"
#include "edge/yaml.h"

static int add(struct models *m, const char *name, const char *text, struct err *e)
{
	struct places *places = places_new();
	struct source source = {.name = name, .kind = ERR_CONFIG, .places = places};
	json_t *tree = yaml_load(str_of(text), name, places, e);
	int rc = tree ? models_take(m, tree, &source, e) : -1;

	places_free(places);
	return rc;
}

static struct models *load(const char *text)
{
	struct err e = ERR_INIT;
	struct models *m = models_new();

	if (add(m, "m.yaml", text, &e) || models_close(m, &e))
		fail_msg("%s", e.text);
	return m;
}

static struct model *find(struct models *m, const char *name)
{
	struct model *found = models_find(m, name);

	if (!found)
		fail_msg("no model %s", name);
	return found;
}

static void own_form(void **state)
{
	struct models *m = load("models:\n"
				"  flash:\n"
				"    provider: gemini\n"
				"    model: gemini-2.0-flash\n"
				"    key: gemini_api_key\n"
				"    limits: {daily: {calls: 200, tokens: 1M, money: 1.25}, weekly: "
				"{tokens: \"200k\"}, alert_at: 0.7}\n"
				"    price: {input: 0.10, output: 0.40}\n"
				"    timeout: 30s\n"
				"    fallback: [qwen]\n"
				"  qwen: {provider: ollama, model: \"qwen3:8b\", where: local, context: 8192}\n"
				"  claude: {provider: command, run: [claude, --print]}\n"
				"roles: {default: flash}\n"
				"fallback: [qwen]\n");
	struct model *flash = find(m, "flash"), *qwen = find(m, "qwen"), *claude = find(m, "claude");

	(void)state;
	assert_int_equal(m->count, 3);
	assert_string_equal(flash->provider, "gemini");
	assert_string_equal(flash->id, "gemini-2.0-flash");
	assert_string_equal(flash->key, "gemini_api_key");
	assert_false(flash->local);
	assert_true(flash->structured);
	assert_int_equal(flash->limits[MODEL_DAILY].calls, 200);
	assert_int_equal(flash->limits[MODEL_DAILY].tokens, 1000000);
	assert_int_equal(flash->limits[MODEL_DAILY].money, 1250000);
	assert_int_equal(flash->limits[MODEL_WEEKLY].calls, MODEL_UNLIMITED);
	assert_int_equal(flash->limits[MODEL_WEEKLY].tokens, 200000);
	assert_true(flash->alert_at == 0.7);
	assert_int_equal(flash->timeout_ms, 30000);
	assert_int_equal(json_array_size(flash->fallback), 1);
	assert_int_equal(model_cost(flash, 1000, 100), 140);
	assert_true(qwen->local);
	assert_null(qwen->url);
	assert_int_equal(qwen->context, 8192);
	assert_int_equal(model_cost(qwen, 1, 1), -1);
	assert_int_equal(json_array_size(claude->run), 2);
	assert_false(claude->structured);
	assert_false(claude->local);
	assert_string_equal(claude->id, "claude");
	assert_string_equal(json_string_value(json_object_get(m->roles, "default")), "flash");
	models_free(m);
}

/* As a proxy has it, with what is of no use here. */
static const char proxy[] =
	"model_list:\n"
	"  - model_name: gemini-flash\n"
	"    litellm_params:\n"
	"      model: gemini/gemini-2.0-flash\n"
	"      api_key: os.environ/GEMINI_API_KEY\n"
	"  - model_name: claude-opus\n"
	"    litellm_params: {model: anthropic/claude-opus-4-20250514, api_key: os.environ/ANTHROPIC_API_KEY}\n"
	"    model_info: {max_budget: 50.00}\n"
	"  - model_name: near\n"
	"    litellm_params: {model: ollama_chat/qwen3:8b, api_base: \"http://127.0.0.1:11434\", rpm: 6}\n"
	"    model_info: {where: local, input_cost_per_token: 0.0, output_cost_per_token: 0.0}\n"
	"  - model_name: gpt\n"
	"    litellm_params: {model: gpt-4o-mini, timeout: 30, input_cost_per_token: 0.00000015,\n"
	"      output_cost_per_token: 6e-7, max_budget: 3, budget_duration: 1d}\n"
	"  - model_name: gpt\n"
	"    litellm_params: {model: openai/gpt-4o-mini, api_base: os.environ/OTHER_BASE, api_key: none}\n"
	"  - model_name: deep\n"
	"    litellm_params: {model: deepseek/deepseek-chat, api_base: \"https://api.deepseek.com\"}\n"
	"router_settings:\n"
	"  routing_strategy: simple-shuffle\n"
	"  fallbacks: [{gemini-flash: [claude-opus, a-pattern]}]\n"
	"general_settings:\n"
	"  master_key: os.environ/LITELLM_MASTER_KEY\n"
	"callbacks: [anything]\n"
	"quota_config:\n"
	"  claude_opus: {daily_limit: 5, weekly_limit: 20, alert_at: 0.5}\n"
	"  gpt: {daily_limit: 7}\n"
	"  fallback_chain: [near, gemini-flash]\n";

static void proxy_form(void **state)
{
	struct models *m = load(proxy);
	struct model *flash = find(m, "gemini-flash"), *opus = find(m, "claude-opus"),
		     *near = find(m, "near"), *gpt = find(m, "gpt"), *other = find(m, "gpt/2"),
		     *deep = find(m, "deep");

	(void)state;
	assert_int_equal(m->count, 6);
	for (size_t i = 0; i < m->count; i++)
		assert_null(m->list[i].fault);
	assert_string_equal(flash->provider, "gemini");
	assert_string_equal(flash->id, "gemini-2.0-flash");
	assert_string_equal(flash->key, "gemini_api_key");
	assert_int_equal(json_array_size(flash->fallback), 1);
	assert_string_equal(opus->provider, "anthropic");
	assert_int_equal(opus->limits[MODEL_DAILY].calls, 5);
	assert_int_equal(opus->limits[MODEL_WEEKLY].calls, 20);
	assert_int_equal(opus->limits[MODEL_WEEKLY].money, 50000000);
	assert_true(opus->alert_at == 0.5);
	assert_string_equal(near->provider, "ollama");
	assert_string_equal(near->id, "qwen3:8b");
	assert_true(near->local);
	assert_null(near->key);
	assert_int_equal(model_cost(near, 5, 5), 0);
	assert_string_equal(gpt->provider, "openai");
	assert_string_equal(gpt->key, "openai_api_key");
	assert_int_equal(gpt->timeout_ms, 30000);
	assert_int_equal(gpt->limits[MODEL_DAILY].money, 3000000);
	assert_int_equal(model_cost(gpt, 1000000, 1000000), 750000);
	assert_string_equal(json_string_value(json_array_get(gpt->fallback, 0)), "gpt/2");
	assert_string_equal(other->url, "{env.OTHER_BASE}");
	assert_string_equal(other->counted, "gpt");
	assert_null(other->key);
	assert_int_equal(other->limits[MODEL_DAILY].calls, 7);
	assert_string_equal(deep->provider, "openai");
	assert_string_equal(deep->id, "deepseek-chat");
	assert_int_equal(json_array_size(m->fallback), 2);
	models_free(m);
}

/* One that cannot be asked is in nobody's way. */
static void faults(void **state)
{
	static const struct {
		const char *params, *fault;
	} table[] = {
		{"{model: deepseek/chat}", "give it an api_base"},
		{"{model: bedrock/x, api_base: \"https://a.b\"}", "have a LiteLLM proxy ask it"},
		{"{model: \"openai/*\"}", "stands for many models"},
		{"{model: openai/x, api_key: abcdef}", "its api_key stands in the file"},
		{"{model: openai/x, api_key: os.environ/A/B}", "names no secret"},
		{"{model: openai/x, api_base: here}", "does not start with http"},
		{"{model: openai/x}\n    model_info: {mode: embedding}", "it does not chat"},
		{"{model: openai/x}\n    model_info: {where: local}", "openai's own service"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf text = BUF_INIT(4096);
		struct models *m;

		buf_putf(&text,
			"model_list:\n  - model_name: good\n    litellm_params: {model: gpt-4o}\n"
			"  - model_name: bad\n    litellm_params: %s\n",
			table[i].params);
		m = load(buf_text(&text));
		assert_null(find(m, "good")->fault);
		assert_non_null(find(m, "bad")->fault);
		if (!strstr(find(m, "bad")->fault, table[i].fault))
			fail_msg("%s: %s", table[i].params, find(m, "bad")->fault);
		assert_false(find(m, "bad")->local);
		models_free(m);
		buf_clear(&text);
	}
}

static void budgets(void **state)
{
	static const struct {
		const char *duration;
		int64_t daily, weekly;
	} table[] = {
		{"", -1, 70000000},
		{", budget_duration: 1d", 70000000, -1},
		{", budget_duration: 30m", 70000000, -1},
		{", budget_duration: 7d", -1, 70000000},
		{", budget_duration: 14d", -1, 35000000},
		{", budget_duration: 1mo", -1, 16333333},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf text = BUF_INIT(4096);
		struct models *m;

		buf_putf(&text,
			"model_list:\n  - model_name: a\n    litellm_params: {model: gpt-4o, "
			"max_budget: 70%s}\n",
			table[i].duration);
		m = load(buf_text(&text));
		assert_int_equal(m->list[0].limits[MODEL_DAILY].money, table[i].daily);
		assert_int_equal(m->list[0].limits[MODEL_WEEKLY].money, table[i].weekly);
		models_free(m);
		buf_clear(&text);
	}
}

#define OLLAMA "models:\n  a: {provider: ollama, model: x"

static void refused(void **state)
{
	static const struct {
		const char *text, *message;
	} table[] = {
		{"model: x\n", "m.yaml:1:1: model: unknown key: did you mean 'models'?"},
		{"models: {a: {provider: openapi, model: x}}\n", "did you mean 'openai'?"},
		{"models: {a: {provider: openai}}\n", "'model' is missing"},
		{"models: {a: {provider: command}}\n", "'run' is missing"},
		{"models: {a: {provider: openai, model: x, where: local}}\n",
			"models.a.where: local, but without 'url'"},
		{OLLAMA ", where: home}\n", "not one of cloud, local"},
		{OLLAMA ", key: \"a b\"}\n", "must be the name of a secret"},
		{OLLAMA ", url: \"file:///x\"}\n", "must start with http://"},
		{OLLAMA ", api_key: x}\n", "unknown key"},
		{OLLAMA ", limits: {daily: {calls: many}}}\n", "must be a number such as"},
		{OLLAMA ", limits: {daily: {calls: -1}}}\n", "must be a number such as"},
		{OLLAMA ", limits: {alert_at: 70}}\n", "must be from 0 to 1"},
		{OLLAMA ", limits: {daily: {money: -1}}}\n", "must be US dollars"},
		{OLLAMA ", price: {input: 1}}\n", "'output' is missing"},
		{OLLAMA ", timeout: 0s}\n", "must be a second or more"},
		{OLLAMA ", max_tokens: 0}\n", "must be more than nothing"},
		{OLLAMA ", fallback: [b]}\n", "no model 'b'"},
		{OLLAMA "}\nroles: {default: b}\n", "roles.default: no model 'b'"},
		{OLLAMA "}\nfallback: [b]\n", "fallback[0]: no model 'b'"},
		{OLLAMA "}\nquota_config: {b_c: {daily_limit: 1}}\n", "no model 'b_c'"},
		{OLLAMA "}\nquota_config: {a: {dayly_limit: 1}}\n", "did you mean 'daily_limit'?"},
		{OLLAMA "}\nfallback: [a]\nquota_config: {fallback_chain: [a]}\n", "another place"},
		{"model_list: [{model_name: a}]\n", "'litellm_params' is missing"},
		{"model_list: [{model_name: a, litellm_params: {model: x, max_budget: 1, "
		 "budget_duration: soon}}]\n",
			"'soon' is no time"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct err e = ERR_INIT;
		struct models *m = models_new();

		if (add(m, "m.yaml", table[i].text, &e) == 0 && models_close(m, &e) == 0)
			fail_msg("not refused: %s", table[i].text);
		assert_int_equal(e.kind, ERR_CONFIG);
		if (!strstr(e.text, table[i].message))
			fail_msg("%s: %s", table[i].message, e.text);
		models_free(m);
	}
}

static void several_files(void **state)
{
	struct err e = ERR_INIT;
	struct models *m = models_new();

	(void)state;
	assert_int_equal(add(m, "quota.yaml", "quota_config: {gemini_flash: {daily_limit: 3}}\n", &e), 0);
	assert_int_equal(add(m, "empty.yaml", "", &e), 0);
	assert_int_equal(add(m, "proxy.yaml",
				 "model_list:\n  - model_name: gemini-flash\n"
				 "    litellm_params: {model: gemini/g}\n",
				 &e),
		0);
	assert_int_equal(models_close(m, &e), 0);
	assert_int_equal(find(m, "gemini-flash")->limits[MODEL_DAILY].calls, 3);
	assert_int_equal(add(m, "again.yaml", "models: {gemini-flash: {provider: gemini, model: x}}\n", &e), -1);
	assert_non_null(strstr(e.text, "again.yaml:1:10: models.gemini-flash: a model needs a name"));
	models_free(m);
}

static int price(struct models *m, const char *text, struct err *e)
{
	static const struct source source = {.name = "p.yaml", .kind = ERR_CONFIG};
	json_t *tree = yaml_load(str_of(text), "p.yaml", NULL, e);
	struct node root = node_root(tree, &source);
	int rc = prices_apply(m, &root, e);

	json_decref(tree);
	return rc;
}

static void prices(void **state)
{
	static const char list[] = "prices:\n"
				   "  - {provider: openai, begins: gpt-4o-mini, input: 1, output: 2}\n"
				   "  - {provider: openai, begins: gpt-4o, input: 3, output: 4}\n";
	struct err e = ERR_INIT;
	struct models *m = load("models:\n"
				"  long: {provider: openai, model: gpt-4o-mini-2024}\n"
				"  short: {provider: openai, model: gpt-4o}\n"
				"  said: {provider: openai, model: gpt-4o, price: {input: 9, output: 9}}\n"
				"  proxied: {provider: openai, model: gpt-4o, url: \"http://127.0.0.1\"}\n"
				"  other: {provider: gemini, model: gpt-4o}\n");

	(void)state;
	if (price(m, list, &e))
		fail_msg("%s", e.text);
	assert_int_equal(model_cost(find(m, "long"), 1, 1), 3);
	assert_int_equal(model_cost(find(m, "short"), 1, 1), 7);
	assert_int_equal(model_cost(find(m, "said"), 1, 1), 18);
	assert_int_equal(model_cost(find(m, "proxied"), 1, 1), -1);
	assert_int_equal(model_cost(find(m, "other"), 1, 1), -1);
	assert_int_equal(price(m, "prices: [{provider: gemini, begins: x, input: 1}]\n", &e), -1);
	assert_non_null(strstr(e.text, "prices[0]: 'output' is missing"));
	models_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_form),
		cmocka_unit_test(proxy_form),
		cmocka_unit_test(faults),
		cmocka_unit_test(budgets),
		cmocka_unit_test(refused),
		cmocka_unit_test(several_files),
		cmocka_unit_test(prices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
