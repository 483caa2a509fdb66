#include "doc/litellm.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"

#define ENVIRON "os.environ/"
#define WEEK_MS (7 * (int64_t)WHEN_DAY)

/* What stands before '/', and who speaks so. */
static const struct {
	const char *prefix, *provider;
} prefixes[] = {
	{"gemini", "gemini"},
	{"anthropic", "anthropic"},
	{"ollama", "ollama"},
	{"ollama_chat", "ollama"},
	{"openai", "openai"},
};

/* These want signed requests, or paths of their own. */
static const char *const foreign[] = {"azure", "azure_ai", "bedrock", "sagemaker", "vertex_ai",
	"vertex_ai_beta", "watsonx", "text-completion-openai", NULL};

static bool is_one_of(const char *word, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static void set_provider(struct model *l, const char *prefix)
{
	l->provider = "openai";
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (strcmp(prefixes[i].prefix, prefix) == 0) {
			l->provider = prefixes[i].provider;
			return;
		}
	if (is_one_of(prefix, foreign))
		model_cannot(l, "what is behind '%s/' is not asked from here: have a LiteLLM proxy ask it",
			prefix);
	else if (!l->url)
		model_cannot(l, "'%s/' is no provider that is known here: give it an api_base", prefix);
}

/* `model` is provider/id, or only the id. */
static void name_provider(struct models *m, struct model *l, const char *model, const char *custom)
{
	const char *slash = strchr(model, '/');
	char *prefix;

	if (custom)
		slash = str_starts(str_of(model), custom) && model[strlen(custom)] == '/'
				? model + strlen(custom)
				: NULL;
	l->id = slash ? slash + 1 : model;
	if (!slash && !custom) {
		bool claude = str_starts(str_of(model), "claude") && !l->url;

		l->provider = claude ? "anthropic" : "openai";
		return;
	}
	prefix = custom ? mem_text(custom) : mem_copy(model, (size_t)(slash - model));
	set_provider(l, models_keep(m, prefix));
	free(prefix);
}

static bool is_no_key(const char *key)
{
	static const char *const none[] = {"", "none", "None", "null", "EMPTY", NULL};

	return is_one_of(key, none);
}

static void set_key(struct models *m, struct model *l, const char *key)
{
	char *name;

	if (is_no_key(key))
		return;
	if (!str_starts(str_of(key), ENVIRON)) {
		model_cannot(l, "its api_key stands in the file: make it a secret, and write "
				"api_key: " ENVIRON "NAME");
		return;
	}
	name = mem_text(key + strlen(ENVIRON));
	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (path_is_name(name))
		l->key = models_keep(m, name);
	else
		model_cannot(l, "its api_key names no secret");
	free(name);
}

/* Where the proxy looks when nothing is said. */
static void default_key(struct models *m, struct model *l)
{
	struct buf name = BUF_INIT(64);

	if (!l->url && strcmp(l->provider, "ollama") != 0) {
		buf_putf(&name, "%s_api_key", l->provider);
		l->key = models_keep(m, buf_text(&name));
	}
	buf_clear(&name);
}

static int set_url(struct models *m, struct model *l, const struct node *n, struct err *e)
{
	const char *base = node_text_or_null(n, "api_base", e);
	struct buf url = BUF_INIT(1024);

	if (!base)
		base = node_text_or_null(n, "base_url", e);
	if (base && str_starts(str_of(base), ENVIRON)) {
		buf_putf(&url, "{env.%s}", base + strlen(ENVIRON));
		l->url = models_keep(m, buf_text(&url));
	} else if (base && *base) {
		l->url = base;
		if (strncmp(base, "http://", 7) != 0 && strncmp(base, "https://", 8) != 0)
			model_cannot(l, "its api_base does not start with http:// or https://");
	}
	buf_clear(&url);
	return e->kind ? -1 : 0;
}

/* "30d", and also "1mo": 30 days. */
static int parse_duration(const char *text, int64_t *ms)
{
	struct str s = str_of(text);
	char days[32];

	if (!str_ends(s, "mo") || s.n > 10)
		return span_parse(s, ms);
	snprintf(days, sizeof days, "%.*sd", (int)(s.n - 2), text);
	if (span_parse(str_of(days), ms))
		return -1;
	*ms *= 30;
	return 0;
}

int litellm_budget(struct model *l, const struct node *n, struct err *e)
{
	struct node at = node_get(n, "budget_duration");
	const char *text = node_text_or_null(n, "budget_duration", e);
	int64_t money, ms = WEEK_MS;
	struct model_limit *limit;

	if (e->kind || model_money(n, "max_budget", &money, e))
		return -1;
	if (text && (parse_duration(text, &ms) || ms <= 0))
		return node_fail(&at, e, "'%s' is no time such as 1d, 7d or 1mo", text);
	if (money == MODEL_UNLIMITED)
		return 0;
	if (ms > WEEK_MS)
		money = llround((double)money * (double)WEEK_MS / (double)ms);
	limit = &l->limits[ms <= WHEN_DAY ? MODEL_DAILY : MODEL_WEEKLY];
	limit->money = model_lower(limit->money, money);
	return 0;
}

/* What may stand in either object of an entry. */
static int load_numbers(struct model *l, const struct node *n, struct err *e)
{
	double input = node_number(n, "input_cost_per_token", -1, e);
	double output = node_number(n, "output_cost_per_token", -1, e);

	if (e->kind || litellm_budget(l, n, e))
		return -1;
	if (input >= 0)
		l->input = input * MODEL_MILLION;
	if (output >= 0)
		l->output = output * MODEL_MILLION;
	return 0;
}

static int load_params(struct models *m, struct model *l, const struct node *n, struct err *e)
{
	struct node most = node_get(n, "max_tokens"), timeout = node_get(n, "timeout");
	const char *model = node_text(n, "model", NULL, e);
	const char *custom = node_text_or_null(n, "custom_llm_provider", e);
	const char *key = node_text_or_null(n, "api_key", e);

	if (e->kind || set_url(m, l, n, e) || load_numbers(l, n, e))
		return -1;
	name_provider(m, l, model, custom);
	if (key)
		set_key(m, l, key);
	else
		default_key(m, l);
	if (strchr(model, '*') || strchr(l->name, '*'))
		model_cannot(l, "it stands for many models: name one");
	if (json_is_integer(most.v) && json_integer_value(most.v) > 0)
		l->max_tokens = json_integer_value(most.v);
	if (json_is_number(timeout.v) && json_number_value(timeout.v) >= 1)
		l->timeout_ms = llround(json_number_value(timeout.v) * WHEN_SECOND);
	return 0;
}

static int load_info(struct model *l, const struct node *n, struct err *e)
{
	static const char *const places[] = {"cloud", "local", NULL};
	const char *mode = node_text(n, "mode", "chat", e);
	struct node context = node_get(n, "max_input_tokens");

	if (e->kind || load_numbers(l, n, e))
		return -1;
	if (strcmp(mode, "chat") != 0 && strcmp(mode, "responses") != 0)
		model_cannot(l, "its mode is '%s': it does not chat", mode);
	if (json_is_integer(context.v) && json_integer_value(context.v) > 0)
		l->context = json_integer_value(context.v);
	if (node_choice(n, "where", places, 0, e) == 1 && model_set_local(l))
		model_cannot(l, "it says local, but without an api_base it is %s's own service",
			l->provider);
	return e->kind ? -1 : 0;
}

/* ---- names and fallbacks ---- */

static void add_fallback(struct models *m, struct model *l, const char *name)
{
	json_t *longer = mem_got(json_array());

	if (l->fallback)
		json_array_extend(longer, l->fallback);
	json_array_append_new(longer, mem_got(json_string(name)));
	json_array_append_new(m->made, longer);
	l->fallback = longer;
}

/* A new model, called `name`, or name/2 and so on, which then stands in for the first. */
static struct model *add(struct models *m, const char *name)
{
	struct model *first = models_find(m, name), *l;
	struct buf other = BUF_INIT(1024);
	const char *called = name;

	for (int i = 2; models_find(m, called); i++) {
		buf_reset(&other);
		buf_putf(&other, "%s/%d", name, i);
		called = buf_text(&other);
	}
	if (first) {
		called = models_keep(m, called);
		add_fallback(m, first, called);
	}
	l = models_add(m, called);
	l->counted = name;
	buf_clear(&other);
	return l;
}

int litellm_load(struct models *m, const struct node *root, struct err *e)
{
	struct node list = node_get(root, "model_list");

	if (node_is_array(&list, e))
		return -1;
	for (size_t i = 0; i < node_count(&list); i++) {
		struct node one = node_at(&list, i), params = node_get(&one, "litellm_params"),
			    info = node_get(&one, "model_info"), at = node_get(&one, "model_name");
		const char *name = node_text(&one, "model_name", NULL, e);
		struct model *l;

		if (!name || node_require(&one, "litellm_params", e) ||
			node_is_object(&params, e) || node_is_object(&info, e))
			return -1;
		if (!*name || str_of(name).n > 200)
			return node_fail(&at, e, "must be a name of 1 to 200 bytes");
		l = add(m, name);
		if (load_params(m, l, &params, e) || load_info(l, &info, e))
			return -1;
	}
	return 0;
}

/* What is not a model here is passed over: the proxy may know it by a pattern. */
static void add_fallbacks(struct models *m, struct model *l, const json_t *names)
{
	json_t *name;
	size_t i;

	json_array_foreach (names, i, name)
		if (json_is_string(name) && models_find(m, json_string_value(name)))
			add_fallback(m, l, json_string_value(name));
}

static void add_entry(struct models *m, json_t *entry)
{
	const char *name;
	json_t *names;

	json_object_foreach (entry, name, names) {
		struct model *l = models_find(m, name);

		if (l)
			add_fallbacks(m, l, names);
		for (size_t i = 0; strcmp(name, "*") == 0 && i < m->count; i++)
			add_fallbacks(m, &m->list[i], names);
	}
}

int litellm_fallbacks(struct models *m, const struct node *root, struct err *e)
{
	static const char *const sections[] = {"router_settings", "litellm_settings"};

	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		struct node section = node_get(root, sections[i]);
		struct node list = node_get(&section, "fallbacks");
		json_t *all = json_object_get(section.v, "default_fallbacks"), *entry;
		size_t j;

		if (node_is_object(&section, e) || node_is_array(&list, e))
			return -1;
		json_array_foreach (list.v, j, entry)
			add_entry(m, entry);
		for (j = 0; all && j < m->count; j++)
			add_fallbacks(m, &m->list[j], all);
	}
	return 0;
}
