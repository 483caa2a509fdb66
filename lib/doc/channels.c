#include "doc/channels.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"

const char *const channel_kinds[] = {
	"matrix", "mattermost", "ntfy", "telegram", "signal", "signal-cli", "mail", NULL};

/* What each kind must have beside a room, and what it may. */
static const struct {
	const char *needs[5], *takes[6];
} forms[] = {
	[CHANNEL_MATRIX] = {{"url", "secret"}, {"self"}},
	[CHANNEL_MATTERMOST] = {{"url", "secret"}, {"self"}},
	[CHANNEL_NTFY] = {{"url"}, {"secret", "answers", "person"}},
	[CHANNEL_TELEGRAM] = {{"secret"}, {"url"}},
	[CHANNEL_SIGNAL] = {{"url", "self"}, {NULL}},
	[CHANNEL_SIGNAL_CLI] = {{"url", "self"}, {NULL}},
	[CHANNEL_MAIL] = {{"url", "from"}, {"fetch", "user", "secret", "folder"}},
};

static const char *const shared[] = {"kind", "room", "ca", "pin", "timeout"};

static int know_members(enum channel_kind kind, const struct node *n, struct err *e)
{
	const char *known[20] = {NULL};
	size_t count = 0;

	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		known[count++] = shared[i];
	for (size_t i = 0; i < 5 && forms[kind].needs[i]; i++)
		known[count++] = forms[kind].needs[i];
	for (size_t i = 0; i < 6 && forms[kind].takes[i]; i++)
		known[count++] = forms[kind].takes[i];
	if (node_known(n, known, e) || node_require(n, "room", e))
		return -1;
	for (size_t i = 0; i < 5 && forms[kind].needs[i]; i++)
		if (node_require(n, forms[kind].needs[i], e))
			return -1;
	return 0;
}

static bool has_scheme(const char *url, const char *plain, const char *safe)
{
	struct str s = str_of(url);

	return (str_starts(s, plain) && s.n > strlen(plain)) ||
	       (str_starts(s, safe) && s.n > strlen(safe));
}

static int check_url(const struct node *n, const char *key, const char *url, const char *plain,
	const char *safe, struct err *e)
{
	struct node at = node_get(n, key);

	return !url || has_scheme(url, plain, safe)
		       ? 0
		       : node_fail(&at, e, "must begin with %s or %s", safe, plain);
}

static int check_urls(const struct channel *c, const struct node *n, struct err *e)
{
	return c->kind == CHANNEL_MAIL
		       ? check_url(n, "url", c->url, "smtp://", "smtps://", e) ||
				 check_url(n, "fetch", c->fetch, "imap://", "imaps://", e)
		       : check_url(n, "url", c->url, "http://", "https://", e);
}

/* A name that could be the secret itself is one that somebody put into policy by mistake. */
static int check_secret(const struct channel *c, const struct node *n, struct err *e)
{
	struct node at = node_get(n, "secret");

	return !c->secret || (path_is_name(c->secret) && strlen(c->secret) <= 64)
		       ? 0
		       : node_fail(&at, e, "must be the name of a secret, such as matrix_token");
}

static int check_answers(const struct channel *c, const struct node *n, struct err *e)
{
	struct node at = node_get(n, "answers");

	if (c->answers && strcmp(c->answers, c->room) == 0)
		return node_fail(&at, e, "must be another topic than 'room'");
	if (c->answers && !c->person)
		return node_fail(&at, e, "'person' is missing: ntfy cannot tell who answers");
	return 0;
}

static int load_one(struct channel *c, const char *name, const struct node *n, struct err *e)
{
	if (!json_is_object(n->v))
		return node_fail(n, e, "must have 'kind' and 'room'");
	if (!path_is_name(name) || strlen(name) > 40)
		return node_fail(n, e, "its name must be a plain word of at most 40 characters");
	c->name = name;
	c->kind = (enum channel_kind)node_choice(n, "kind", channel_kinds, -1, e);
	if (e->kind || know_members(c->kind, n, e))
		return -1;
	c->url = node_text_or_null(n, "url", e);
	if (c->kind == CHANNEL_TELEGRAM && !c->url)
		c->url = "https://api.telegram.org";
	c->room = node_text(n, "room", NULL, e);
	c->self = node_text_or_null(n, "self", e);
	c->secret = node_text_or_null(n, "secret", e);
	c->answers = node_text_or_null(n, "answers", e);
	c->person = node_text_or_null(n, "person", e);
	c->fetch = node_text_or_null(n, "fetch", e);
	c->user = node_text_or_null(n, "user", e);
	c->from = node_text_or_null(n, "from", e);
	c->folder = node_text(n, "folder", "INBOX", e);
	c->ca = node_text_or_null(n, "ca", e);
	c->pin = node_text_or_null(n, "pin", e);
	c->timeout_ms = node_span(n, "timeout", 20 * (int64_t)WHEN_SECOND, e);
	return e->kind || check_urls(c, n, e) || check_secret(c, n, e) || check_answers(c, n, e)
		       ? -1
		       : 0;
}

int channels_load(struct channels *c, const struct node *n, struct err *e)
{
	const char *name;
	json_t *v;

	*c = (struct channels){.list = NULL};
	if (node_is_object(n, e))
		return -1;
	c->list = mem_array(node_count(n) + 1, sizeof *c->list);
	json_object_foreach (n->v, name, v) {
		struct node one = node_get(n, name);

		if (load_one(&c->list[c->count++], name, &one, e))
			return -1;
	}
	return 0;
}

void channels_clear(struct channels *c)
{
	free(c->list);
	*c = (struct channels){.list = NULL};
}

const struct channel *channels_find(const struct channels *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i].name, name) == 0)
			return &c->list[i];
	return NULL;
}

static int unknown(const struct channels *c, const struct node *at, const char *name, struct err *e)
{
	const char **names = mem_array(c->count + 1, sizeof *names), *near;
	int rc;

	for (size_t i = 0; i < c->count; i++)
		names[i] = c->list[i].name;
	near = str_nearest(name, names);
	rc = near ? node_fail(at, e, "no channel is called '%s': did you mean '%s'?", name, near)
		  : node_fail(at, e, "no channel is called '%s'", name);
	free(names);
	return rc;
}

int channels_load_names(const struct channels *c, const struct node *owner, const char *key,
	const json_t **list, struct err *e)
{
	struct node all = node_get(owner, key);

	if (node_is_array(&all, e))
		return -1;
	for (size_t i = 0; i < node_count(&all); i++) {
		struct node one = node_at(&all, i);
		const char *name = json_string_value(one.v);

		if (!name)
			return node_fail(&one, e, "must be the name of a channel");
		if (!channels_find(c, name))
			return unknown(c, &one, name, e);
	}
	*list = node_there(&all) ? all.v : NULL;
	return 0;
}

int channels_know_keys(const struct channels *c, const struct node *object, struct err *e)
{
	const char *name;
	json_t *v;

	if (node_is_object(object, e))
		return -1;
	json_object_foreach (object->v, name, v) {
		struct node one = node_get(object, name);

		if (!channels_find(c, name))
			return unknown(c, &one, name, e);
	}
	return 0;
}
