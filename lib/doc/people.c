#include "doc/people.h"

#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"

#define NAME_MAX_BYTES 100

static int load_may(struct person *p, const struct node *n, struct err *e)
{
	static const char *const known[] = {"approve", "destroy", "halt", NULL};
	struct node may = node_get(n, "may"), approve = node_get(&may, "approve");

	if (node_is_object(&may, e) || node_known(&may, known, e))
		return -1;
	p->approve = node_there(&approve) ? node_choice(&may, "approve", blast_names, -1, e) : -1;
	p->destroy = node_bool(&may, "destroy", false, e);
	p->halt = node_bool(&may, "halt", false, e);
	return e->kind ? -1 : 0;
}

static int load_one(struct person *p, const struct channels *channels, const char *name,
	const struct node *n, struct err *e)
{
	static const char *const known[] = {"known_as", "may", NULL};
	struct node as = node_get(n, "known_as");
	const char *channel;
	json_t *v;

	if (!utf8_is_line(str_of(name)) || !*name || strlen(name) > NAME_MAX_BYTES)
		return node_fail(n, e, "its name must be a line of at most %d bytes", NAME_MAX_BYTES);
	p->name = name;
	if (node_is_object(n, e) || node_known(n, known, e) || channels_know_keys(channels, &as, e))
		return -1;
	json_object_foreach (as.v, channel, v) {
		struct node one = node_get(&as, channel);

		if (!json_is_string(v) || !json_string_length(v))
			return node_fail(&one, e, "must be who they are there, as a text");
	}
	p->known_as = node_there(&as) ? as.v : NULL;
	return load_may(p, n, e);
}

/* Two people by one identity: nobody could say who spoke. */
static int check_distinct(const struct people *p, const struct node *n, struct err *e)
{
	const struct person *last = &p->list[p->count - 1];
	const char *channel;
	json_t *v;

	for (size_t i = 0; i + 1 < p->count; i++)
		json_object_foreach ((json_t *)last->known_as, channel, v) {
			const json_t *other = json_object_get(p->list[i].known_as, channel);

			if (other && json_equal(other, v))
				return node_fail(n, e, "known_as.%s: is that of '%s', too", channel,
					p->list[i].name);
		}
	return 0;
}

/* A channel that speaks for a person speaks for one who is there. */
static int check_speakers(const struct people *p, const struct channels *channels,
	const struct node *n, struct err *e)
{
	for (size_t i = 0; i < channels->count; i++) {
		const char *person = channels->list[i].person;

		if (person && !people_find(p, person))
			return node_fail(n, e, "channel '%s' speaks for '%s', who is not in it",
				channels->list[i].name, person);
	}
	return 0;
}

int people_load(
	struct people *p, const struct channels *channels, const struct node *n, struct err *e)
{
	const char *name;
	json_t *v;

	*p = (struct people){.list = NULL};
	if (node_is_object(n, e))
		return -1;
	p->list = mem_array(node_count(n) + 1, sizeof *p->list);
	json_object_foreach (n->v, name, v) {
		struct node one = node_get(n, name);

		if (load_one(&p->list[p->count++], channels, name, &one, e) ||
			check_distinct(p, &one, e))
			return -1;
	}
	return check_speakers(p, channels, n, e);
}

void people_clear(struct people *p)
{
	free(p->list);
	*p = (struct people){.list = NULL};
}

const struct person *people_find(const struct people *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return &p->list[i];
	return NULL;
}

/* Addresses of mail are the same in either case, in practice (RFC 5321 2.3.11). */
static bool is_identity(const struct channel *c, const char *known, const char *identity)
{
	return c->kind == CHANNEL_MAIL ? strcasecmp(known, identity) == 0
				       : strcmp(known, identity) == 0;
}

const struct person *people_who(
	const struct people *p, const struct channel *c, const char *identity)
{
	if (c->person)
		return people_find(p, c->person);
	for (size_t i = 0; identity && i < p->count; i++) {
		const char *known =
			json_string_value(json_object_get(p->list[i].known_as, c->name));

		if (known && is_identity(c, known, identity))
			return &p->list[i];
	}
	return NULL;
}

const char *person_may_not(const struct person *p, const json_t *solution)
{
	const char *effect = json_string_value(json_object_get(solution, "effect"));
	const char *blast = json_string_value(json_object_get(solution, "blast_radius"));
	int radius = blast ? ladder_find(blast_names, blast) : -1;

	if (p->approve < 0)
		return "you may not approve anything";
	if (!effect || radius < 0)
		return "it does not say what it can break";
	if (radius > p->approve)
		return "its blast radius is wider than you may approve";
	if (ladder_find(effect_names, effect) != EFFECT_READ &&
		ladder_find(effect_names, effect) != EFFECT_CHANGE && !p->destroy)
		return "it destroys something, and you may not approve that";
	return NULL;
}
