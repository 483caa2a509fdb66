#include "doc/secret.h"

#include <ctype.h>
#include <strings.h>

#include "doc/telling.h"

#define LONGEST 512

/* Sets of bytes that tokens are made of. */
enum set {
	ALNUM,
	WORD /* and _ */,
	NAME /* and _ - */,
	UPPER32 /* A-Z 2-7 */,
	HEX,
	DOTTED /* NAME . = */,
	LOWER
};

struct shape {
	const char *prefix, *words;
	enum set set;
	unsigned least; /* bytes after the prefix */
	bool exact;     /* no more than these */
};

static const struct shape shapes[] = {
	{"ghp_", "a GitHub token", ALNUM, 36, false},
	{"gho_", "a GitHub token", ALNUM, 36, false},
	{"ghu_", "a GitHub token", ALNUM, 36, false},
	{"ghs_", "a GitHub token", ALNUM, 36, false},
	{"ghr_", "a GitHub token", ALNUM, 36, false},
	{"github_pat_", "a GitHub token", WORD, 60, false},
	{"glpat-", "a GitLab token", NAME, 20, false},
	{"glrt-", "a GitLab token", NAME, 20, false},
	{"AKIA", "an AWS key id", UPPER32, 16, true},
	{"ASIA", "an AWS key id", UPPER32, 16, true},
	{"ABIA", "an AWS key id", UPPER32, 16, true},
	{"ACCA", "an AWS key id", UPPER32, 16, true},
	{"xapp-", "a Slack token", NAME, 20, false},
	{"xoxa-", "a Slack token", NAME, 10, false},
	{"xoxb-", "a Slack token", NAME, 10, false},
	{"xoxe-", "a Slack token", NAME, 10, false},
	{"xoxo-", "a Slack token", NAME, 10, false},
	{"xoxp-", "a Slack token", NAME, 10, false},
	{"xoxr-", "a Slack token", NAME, 10, false},
	{"xoxs-", "a Slack token", NAME, 10, false},
	{"sk-ant-", "an Anthropic key", NAME, 20, false},
	{"sk-proj-", "an OpenAI key", NAME, 40, false},
	{"sk-lf-", "a Langfuse key", NAME, 20, false},
	{"sk-", "a model provider's key", ALNUM, 20, false},
	{"AIza", "a Google key", NAME, 35, false},
	{"GOCSPX-", "a Google client secret", NAME, 20, false},
	{"ya29.", "a Google token", NAME, 20, false},
	{"hf_", "a Hugging Face token", ALNUM, 34, false},
	{"npm_", "an npm token", ALNUM, 36, false},
	{"pypi-AgE", "a PyPI token", NAME, 50, false},
	{"glsa_", "a Grafana token", WORD, 41, false},
	{"glc_", "a Grafana token", ALNUM, 32, false},
	{"eyJrIjoi", "a Grafana key", ALNUM, 70, false},
	{"hvs.", "a Vault token", NAME, 24, false},
	{"hvb.", "a Vault token", NAME, 24, false},
	{"dop_v1_", "a DigitalOcean token", HEX, 64, false},
	{"sk_live_", "a Stripe key", ALNUM, 10, false},
	{"sk_test_", "a Stripe key", ALNUM, 10, false},
	{"rk_live_", "a Stripe key", ALNUM, 10, false},
	{"SG.", "a SendGrid key", DOTTED, 66, false},
	{"AGE-SECRET-KEY-1", "an age key", ALNUM, 58, false},
	{"ops_eyJ", "a 1Password token", NAME, 100, false},
	{"ATATT3", "an Atlassian token", DOTTED, 100, false},
	{"tskey-auth-", "a Tailscale key", NAME, 12, false},
	{"tskey-api-", "a Tailscale key", NAME, 12, false},
	{"tskey-client-", "a Tailscale key", NAME, 12, false},
	{"tk_", "an ntfy token", LOWER, 29, true},
	{"syt_", "a Matrix token", NAME, 30, false},
};

static bool in_set(enum set set, unsigned char c)
{
	switch (set) {
	case ALNUM:
		return isalnum(c);
	case WORD:
		return isalnum(c) || c == '_';
	case NAME:
		return isalnum(c) || c == '_' || c == '-';
	case UPPER32:
		return isupper(c) || (c >= '2' && c <= '7');
	case HEX:
		return isxdigit(c);
	case DOTTED:
		return isalnum(c) || c == '_' || c == '-' || c == '.' || c == '=';
	case LOWER:
		return islower(c) || isdigit(c);
	}
	return false;
}

/* Up to LONGEST: what is longer is one anyway, and "ey-ey-ey-..." must not cost a pass for each
 * "ey". */
static size_t run_of(enum set set, struct str s)
{
	size_t n = 0;

	while (n < s.n && n < LONGEST && in_set(set, (unsigned char)s.p[n]))
		n++;
	return n;
}

static struct str from(struct str s, size_t n)
{
	return n < s.n ? (struct str){s.p + n, s.n - n} : STR_NONE;
}

static const char *find_shape(struct str s)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		const struct shape *shape = &shapes[i];
		size_t run;

		if (*s.p != *shape->prefix || !str_starts(s, shape->prefix))
			continue;
		run = run_of(shape->set, from(s, strlen(shape->prefix)));
		if (run == shape->least || (run > shape->least && !shape->exact))
			return shape->words;
	}
	return NULL;
}

/* Header and claims of a JSON web token, each base64 of an object, so each starts with "ey". */
static bool is_jwt(struct str s)
{
	size_t first, second;

	if (!str_starts(s, "ey"))
		return false;
	first = run_of(NAME, s);
	if (first < 17 || first + 3 > s.n || memcmp(s.p + first, ".ey", 3) != 0)
		return false;
	s = from(s, first + 1);
	second = run_of(NAME, s);
	return second >= LONGEST || (second >= 17 && second < s.n && s.p[second] == '.');
}

/* A Telegram bot's: digits, ":A", 34 more. */
static bool is_bot(struct str s)
{
	size_t digits = 0;

	while (digits < s.n && isdigit((unsigned char)s.p[digits]))
		digits++;
	return digits >= 5 && digits <= 16 && digits + 2 < s.n && s.p[digits] == ':' &&
	       s.p[digits + 1] == 'A' && run_of(NAME, from(s, digits + 2)) == 34;
}

/* By how the name ends, so that "token_count", "secret_name" and "key_id" are open. */
static const char *const passwords[] = {
	"password", "passwd", "passphrase", "pwd", "pgpassword", NULL};
static const char *const tokens[] = {"token", "secret", "apikey", "accesskey", "privatekey",
	"secretkey", "presharedkey", "credential", "credentials", "clientkeydata", "authkey", NULL};
static const struct telling_names names = {passwords, tokens};

const char *secret_in_pair(struct str name, struct str value)
{
	if (memchr(value.p ? value.p : "", ' ', value.n)) /* a sentence about it */
		return NULL;
	return telling_judge(telling_of(&names, name), value, false, telling_has_both(value));
}

/* The value after a name: up to a blank, a quote or what separates pairs. */
static struct str value_at(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < LONGEST && !memchr(" \t\r\n\"'`,;&|<>()", s.p[n], 16))
		n++;
	return (struct str){s.p, n};
}

/* At '=' or ':': is what comes before a secret's name, and what comes behind its value? */
static const char *find_pair(struct str text, size_t at)
{
	size_t start = at, behind = at + 1;
	bool prose = text.p[at] == ':';
	enum telling telling;
	struct str name, value;

	while (start && at - start < 3 && memchr(" \"'", text.p[start - 1], 3))
		start--;
	name.p = text.p + start;
	while (start && at - start < 64 && in_set(NAME, (unsigned char)text.p[start - 1]))
		start--;
	name = (struct str){text.p + start, (size_t)(name.p - (text.p + start))};
	telling = telling_of(&names, name);
	if (telling == TELLS_NOTHING)
		return NULL;
	if (behind < text.n && text.p[behind] == '=') /* := == */
		behind++;
	while (behind < text.n && memchr(" \t\"'`", text.p[behind], 5)) {
		prose = prose && text.p[behind] != '"' && text.p[behind] != '\'';
		behind++;
	}
	value = value_at(from(text, behind));
	return telling_judge(telling, value, prose, telling_has_both(value));
}

/* "Authorization: Bearer ...", at the colon. */
static bool is_authorization(struct str text, size_t at)
{
	static const char *const schemes[] = {"bearer ", "basic ", "token ", NULL};
	struct str rest = from(text, at + 1);

	if (at < 13 || strncasecmp(text.p + at - 13, "authorization", 13) != 0)
		return false;
	while (rest.n && memchr(" \t\"'", *rest.p, 4))
		rest = from(rest, 1);
	for (size_t i = 0; schemes[i]; i++) {
		size_t n = strlen(schemes[i]);

		if (rest.n > n && strncasecmp(rest.p, schemes[i], n) == 0) {
			struct str value = value_at(from(rest, n));

			return value.n >= 8 && !telling_is_placeholder(value);
		}
	}
	return false;
}

/* "://user:password@host", at the colon. */
static bool is_url_password(struct str text, size_t at)
{
	struct str rest = from(text, at + 3);
	size_t end = 0, last = 0, colon = 0;

	if (!str_starts(from(text, at), "://"))
		return false;
	for (; end < rest.n && !memchr("/?# \t\r\n\"'", rest.p[end], 9); end++) {
		if (rest.p[end] == '@')
			last = end;
		if (rest.p[end] == ':' && !colon)
			colon = end;
	}
	return colon && last > colon + 1 &&
	       !telling_is_placeholder((struct str){rest.p + colon + 1, last - colon - 1});
}

static bool is_private_key(struct str s)
{
	size_t n = 0;

	if (!str_starts(s, "-----BEGIN "))
		return false;
	while (n < s.n && n < 64 && s.p[n] != '\n')
		n++;
	for (size_t i = 11; i + 11 <= n; i++)
		if (memcmp(s.p + i, "PRIVATE KEY", 11) == 0)
			return true;
	return false;
}

static const char *find_word(struct str s)
{
	if (is_jwt(s))
		return "a JSON web token";
	if (isdigit((unsigned char)*s.p))
		return is_bot(s) ? "a Telegram bot token" : NULL;
	if (str_starts(s, "hooks.slack.com/services/") && s.n > 65)
		return "a Slack webhook";
	return find_shape(s);
}

const char *secret_in_text(struct str text)
{
	const char *words = NULL;
	bool inside = false; /* of a word */

	for (size_t at = 0; at < text.n && !words; at++) {
		unsigned char c = (unsigned char)text.p[at];

		if (!inside && isalnum(c))
			words = find_word(from(text, at));
		else if (c == '-' && !inside && is_private_key(from(text, at)))
			words = "a private key";
		else if (c == '=' || c == ':')
			words = find_pair(text, at);
		if (!words && c == ':' && is_authorization(text, at))
			words = "an Authorization header";
		if (!words && c == ':' && is_url_password(text, at))
			words = "a password in a URL";
		inside = isalnum(c) || c == '_';
	}
	return words;
}

static struct str text_of(const json_t *v)
{
	return (struct str){json_string_value(v), json_string_length(v)};
}

/* {"name": "DB_PASSWORD", "value": "..."}, as environments are written */
static const char *in_named(json_t *object)
{
	const json_t *name = json_object_get(object, "name"),
		     *value = json_object_get(object, "value");

	if (!json_is_string(name) || !json_is_string(value))
		return NULL;
	return secret_in_pair(text_of(name), text_of(value));
}

static const char *in_object(json_t *object, struct buf *place);

static const char *in_value(json_t *v, struct buf *place)
{
	const char *words = NULL;
	size_t n = place->n;

	if (json_is_string(v))
		return secret_in_text(text_of(v));
	if (json_is_object(v))
		return in_object(v, place);
	for (size_t i = 0; i < json_array_size(v) && !words; i++) {
		place->n = n;
		buf_putf(place, "[%zu]", i);
		words = in_value(json_array_get(v, i), place);
	}
	return words;
}

static const char *in_object(json_t *object, struct buf *place)
{
	const char *words = in_named(object);
	size_t n = place->n;

	for (void *it = json_object_iter(object); it && !words;
		it = json_object_iter_next(object, it)) {
		struct str name = str_of(json_object_iter_key(it));
		json_t *v = json_object_iter_value(it);

		place->n = n;
		words = secret_in_text(name);
		if (words)
			break; /* the name itself: not told */
		buf_putf(place, "%s%.*s", n ? "." : "", STR_ARG(name));
		if (json_is_string(v))
			words = secret_in_pair(name, text_of(v));
		if (!words)
			words = in_value(v, place);
	}
	return words;
}

const char *secret_in_tree(json_t *tree, struct buf *place)
{
	return in_value(tree, place);
}
