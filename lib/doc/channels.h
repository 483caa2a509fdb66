/*
 * channels: where people are reached: the key `channels` of policy, hl-channels(5).
 *
 *	channels:
 *	  house: {kind: matrix, url: 'https://matrix.lan', room: '!abc:lan', secret: matrix_token}
 *	  phone: {kind: signal, url: 'http://signal.lan:8080', self: '+4912345', room: 'group.xyz'}
 *	  push: {kind: ntfy, url: 'https://ntfy.lan', room: lab, answers: lab_said, person: alice}
 *	  mail: {kind: mail, url: 'smtps://mail.lan', fetch: 'imaps://mail.lan', user: hl,
 *	         secret: mail_password, from: hl@home.example, room: alice@home.example}
 *
 * Policy is read by everybody, so `secret` is the name of one (edge/secret.h), never itself.
 */
#ifndef HL_DOC_CHANNELS_H
#define HL_DOC_CHANNELS_H

#include "json/node.h"

enum channel_kind {
	CHANNEL_MATRIX,
	CHANNEL_MATTERMOST,
	CHANNEL_NTFY,
	CHANNEL_TELEGRAM,
	CHANNEL_SIGNAL,     /* signal-cli-rest-api */
	CHANNEL_SIGNAL_CLI, /* the daemon of signal-cli itself */
	CHANNEL_MAIL,
};

extern const char *const channel_kinds[]; /* as in policy; NULL at the end */

/* Lent from the tree; what is not said is NULL. */
struct channel {
	const char *name;
	enum channel_kind kind;
	const char *url;
	const char *room;    /* room, channel id, topic, chat, number, group, address: where it goes */
	const char *self;    /* who hl is there: a user id, a number */
	const char *secret;  /* its name */
	const char *answers; /* ntfy: the topic that answers come by; without it none do */
	const char *person;  /* who speaks there, where a channel cannot tell who does */
	const char *fetch, *user, *from, *folder; /* mail */
	const char *ca, *pin;                     /* as in http.h */
	int64_t timeout_ms;                       /* of a request; 20 s */
};

struct channels {
	struct channel *list;
	size_t count;
};

/* The node may be absent. To be cleared, also on error. -1: ERR_CONFIG with the place. */
int channels_load(struct channels *c, const struct node *n, struct err *e);
void channels_clear(struct channels *c);

/* NULL: none is called so. */
const struct channel *channels_find(const struct channels *c, const char *name);

/* A list of names of channels, as a member of an object; *list is NULL where it is absent. */
int channels_load_names(const struct channels *c, const struct node *owner, const char *key,
	const json_t **list, struct err *e);

/* Each name of an object is one of a channel. */
int channels_know_keys(const struct channels *c, const struct node *object, struct err *e);

#endif
