/*
 * reply: what a person says in a chat, on one line: an answer (answer.h), or a command.
 *
 *	K7Q 1                  of the case K7Q; without a code: of the message that it replies to, or of
 *	                       the one that is open
 *	approve PR 47          of the case of that pull request (defer, reject, details likewise)
 *	defer                  ask again tomorrow
 *	status                 what waits, and for whom
 *	weekly                 the report of the week
 *	auto  ask  investigate what to do next time (investigate: of an open case, look first)
 *	undo                   take back what was done last, or in the case
 *	halt  resume           nothing acts, until resume
 *
 * and what answer.h has. Letters of either case. At its end may stand the one-time word of a
 * message, "!k3x9qa", which channels need that cannot tell who speaks.
 *
 * A reaction is an answer too: thumbs up (yes, or approve), thumbs down (no, or reject), an alarm
 * clock (snooze 1h); as the character, or by the names that Mattermost has for them.
 */
#ifndef HL_DOC_REPLY_H
#define HL_DOC_REPLY_H

#include "doc/answer.h"

#define REPLY_WORD 6 /* characters of a one-time word, behind its '!' */

enum reply_kind {
	REPLY_ANSWER,
	REPLY_STATUS,
	REPLY_WEEKLY,
	REPLY_AUTO,
	REPLY_ASK,
	REPLY_UNDO,
	REPLY_HALT,
	REPLY_RESUME,
	REPLY_HELP,
};

struct reply {
	enum reply_kind kind;
	struct answer answer; /* of REPLY_ANSWER */
	/* Lent from what was read. */
	struct str code;  /* of a case; empty: none was said */
	struct str word;  /* the one-time word, without '!'; empty */
	struct str text;  /* the reason of a halt; may be empty */
	int64_t pr;       /* 0: none was said */
	bool thumb;       /* it was a thumb: of a case that is unsure, up is yes and down is no */
};

/* 0, or -1 with the reason (ERR_USAGE); `near` tells whether it was nearly one. */
int reply_parse(struct str text, struct reply *r, bool *near, struct err *e);

/* 0, or -1: not one that means something. */
int reply_reaction(struct str reaction, struct reply *r);

/* The answer that a thumb is, of a case that is sure or not. */
void reply_settle_thumb(struct reply *r, bool unsure);

/* What can be said, for a person, one line each. Static. */
extern const char reply_help[];

#endif
