#include "doc/model.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"

#define MOST       INT64_C(1000000000000) /* of anything that is counted */
#define LEAST_TIME 1000

const char *const model_period_names[] = {"daily", "weekly", NULL};
const char *const model_providers[] = {
	"openai", "anthropic", "gemini", "ollama", "command", NULL};

void model_init(struct model *m, const char *name)
{
	static const struct model_limit none = {MODEL_UNLIMITED, MODEL_UNLIMITED, MODEL_UNLIMITED};

	*m = (struct model){.name = name,
		.counted = name,
		.structured = true,
		.max_tokens = 4096,
		.timeout_ms = 120 * (int64_t)WHEN_SECOND,
		.limits = {none, none},
		.alert_at = 0.8,
		.input = -1,
		.output = -1};
}

void model_clear(struct model *m)
{
	free(m->fault);
	m->fault = NULL;
}

void model_cannot(struct model *m, const char *fmt, ...)
{
	char why[512];
	va_list ap;

	if (m->fault)
		return;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	m->fault = mem_text(why);
}

int model_set_local(struct model *m)
{
	bool at_home = m->url || m->socket || m->run || strcmp(m->provider, "ollama") == 0;

	m->local = at_home;
	return at_home ? 0 : -1;
}

int64_t model_lower(int64_t a, int64_t b)
{
	if (a == MODEL_UNLIMITED)
		return b;
	return b == MODEL_UNLIMITED || a < b ? a : b;
}

/* "200k" and "1M", which YAML reads as texts. */
static int64_t parse_count(const char *text)
{
	int64_t n = 0;
	const char *p = text;

	for (; isdigit((unsigned char)*p) && n <= MOST; p++)
		n = n * 10 + (*p - '0');
	if (p == text)
		return -1;
	if (*p == 'k')
		n *= 1000, p++;
	else if (*p == 'M')
		n *= 1000000, p++;
	return *p ? -1 : n;
}

int model_count(const struct node *owner, const char *key, int64_t *count, struct err *e)
{
	struct node at = node_get(owner, key);
	int64_t n = -1;

	*count = MODEL_UNLIMITED;
	if (!node_there(&at))
		return e->kind ? -1 : 0;
	if (json_is_integer(at.v))
		n = json_integer_value(at.v);
	else if (json_is_string(at.v))
		n = parse_count(json_string_value(at.v));
	if (n < 0 || n > MOST)
		return node_fail(&at, e, "must be a number such as 200, 50k or 1M");
	*count = n;
	return 0;
}

int model_money(const struct node *owner, const char *key, int64_t *money, struct err *e)
{
	struct node at = node_get(owner, key);
	double dollars = node_number(owner, key, 0, e);

	*money = MODEL_UNLIMITED;
	if (e->kind)
		return -1;
	if (!node_there(&at))
		return 0;
	if (!(dollars >= 0 && dollars <= 1e6))
		return node_fail(&at, e, "must be US dollars, such as 1.50");
	*money = llround(dollars * MODEL_MILLION);
	return 0;
}

int model_fraction(const struct node *owner, const char *key, double *fraction, struct err *e)
{
	struct node at = node_get(owner, key);
	double f = node_number(owner, key, *fraction, e);

	if (!e->kind && !(f >= 0 && f <= 1))
		return node_fail(&at, e, "must be from 0 to 1, such as 0.7");
	*fraction = f;
	return e->kind ? -1 : 0;
}

int model_names(json_t **names, const struct node *list, struct err *e)
{
	if (node_is_array(list, e))
		return -1;
	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (!json_is_string(one.v) || !json_string_length(one.v))
			return node_fail(&one, e, "must be the name of a model");
	}
	*names = node_there(list) ? list->v : NULL;
	return 0;
}

static int load_limits(struct model *m, const struct node *n, struct err *e)
{
	static const char *const known[] = {"daily", "weekly", "alert_at", NULL};
	static const char *const of_period[] = {"calls", "tokens", "money", NULL};
	struct node limits = node_get(n, "limits");

	if (node_known(&limits, known, e) || model_fraction(&limits, "alert_at", &m->alert_at, e))
		return -1;
	for (int p = 0; p < MODEL_PERIODS; p++) {
		struct node one = node_get(&limits, model_period_names[p]);
		struct model_limit *l = &m->limits[p];

		if (node_known(&one, of_period, e) || model_count(&one, "calls", &l->calls, e) ||
			model_count(&one, "tokens", &l->tokens, e) ||
			model_money(&one, "money", &l->money, e))
			return -1;
	}
	return 0;
}

static int load_price(struct model *m, const struct node *n, struct err *e)
{
	static const char *const known[] = {"input", "output", NULL};
	struct node price = node_get(n, "price");

	if (!node_there(&price))
		return 0;
	if (node_known(&price, known, e) || node_require(&price, "input", e) ||
		node_require(&price, "output", e))
		return -1;
	m->input = node_number(&price, "input", 0, e);
	m->output = node_number(&price, "output", 0, e);
	if (!e->kind && !(m->input >= 0 && m->output >= 0 && m->input < 1e6 && m->output < 1e6))
		return node_fail(&price, e, "must be US dollars for a million tokens");
	return e->kind ? -1 : 0;
}

static int load_sizes(struct model *m, const struct node *n, struct err *e)
{
	struct node timeout = node_get(n, "timeout"), most = node_get(n, "max_tokens");
	int64_t max_tokens, context;

	m->timeout_ms = node_span(n, "timeout", m->timeout_ms, e);
	if (e->kind || model_count(n, "max_tokens", &max_tokens, e) ||
		model_count(n, "context", &context, e))
		return -1;
	if (m->timeout_ms < LEAST_TIME)
		return node_fail(&timeout, e, "must be a second or more");
	if (max_tokens == 0)
		return node_fail(&most, e, "must be more than nothing");
	if (max_tokens > 0)
		m->max_tokens = max_tokens;
	m->context = context > 0 ? context : 0;
	return 0;
}

static int load_url(struct model *m, const struct node *n, struct err *e)
{
	struct node url = node_get(n, "url"), socket = node_get(n, "socket"), key = node_get(n, "key");

	m->url = node_text_or_null(n, "url", e);
	m->ca = node_text_or_null(n, "ca", e);
	m->pin = node_text_or_null(n, "pin", e);
	m->socket = node_text_or_null(n, "socket", e);
	m->key = node_text_or_null(n, "key", e);
	if (e->kind)
		return -1;
	if (m->url && strncmp(m->url, "http://", 7) != 0 && strncmp(m->url, "https://", 8) != 0 &&
		strncmp(m->url, "{env.", 5) != 0)
		return node_fail(&url, e, "must start with http://, https:// or {env.NAME}");
	if (m->socket && m->socket[0] != '/')
		return node_fail(&socket, e, "must start with '/'");
	if (m->key && !path_is_name(m->key))
		return node_fail(&key, e, "must be the name of a secret, such as gemini_api_key");
	return 0;
}

static int load_command(struct model *m, const struct node *n, struct err *e)
{
	static const char *const known[] = {"provider", "run", "where", "limits", "price", "context",
		"max_tokens", "timeout", "fallback", "structured", "model", NULL};
	struct node run = node_get(n, "run");

	if (node_known(n, known, e) || node_require(n, "run", e) || node_is_array(&run, e))
		return -1;
	if (!node_count(&run))
		return node_fail(&run, e, "must be a list: the program, then its arguments");
	for (size_t i = 0; i < node_count(&run); i++) {
		struct node one = node_at(&run, i);

		if (!json_is_string(one.v))
			return node_fail(&one, e, "must be a text: there is no shell");
	}
	m->run = run.v;
	m->structured = false;
	return 0;
}

static int load_service(struct model *m, const struct node *n, struct err *e)
{
	static const char *const known[] = {"provider", "model", "url", "key", "ca", "pin", "socket",
		"where", "limits", "price", "context", "max_tokens", "timeout", "fallback",
		"structured", NULL};

	return node_known(n, known, e) || node_require(n, "model", e) || load_url(m, n, e) ? -1 : 0;
}

static int load_where(struct model *m, const struct node *n, struct err *e)
{
	static const char *const known[] = {"cloud", "local", NULL};
	struct node where = node_get(n, "where");
	bool local = node_choice(n, "where", known, 0, e) == 1;

	if (!e->kind && local && model_set_local(m))
		return node_fail(&where, e,
			"local, but without 'url' or 'socket' it is %s's own service that is asked",
			m->provider);
	return e->kind ? -1 : 0;
}

int model_load(struct model *m, const char *name, const struct node *n, struct err *e)
{
	struct node fallback = node_get(n, "fallback");
	bool command;
	int provider;

	model_init(m, name);
	if (!json_is_object(n->v))
		return node_fail(n, e, "must be an object with 'provider' and 'model'");
	provider = node_choice(n, "provider", model_providers, -1, e);
	if (e->kind)
		return -1;
	m->provider = model_providers[provider];
	command = strcmp(m->provider, "command") == 0;
	if (command ? load_command(m, n, e) : load_service(m, n, e))
		return -1;
	m->id = node_text(n, "model", name, e);
	m->structured = node_bool(n, "structured", m->structured, e);
	return e->kind || load_where(m, n, e) || load_limits(m, n, e) || load_price(m, n, e) ||
			       load_sizes(m, n, e) || model_names(&m->fallback, &fallback, e)
		       ? -1
		       : 0;
}

int64_t model_cost(const struct model *m, int64_t input, int64_t output)
{
	if (m->input < 0 || m->output < 0)
		return -1;
	return llround((double)input * m->input + (double)output * m->output);
}
