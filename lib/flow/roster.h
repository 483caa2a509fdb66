/*
 * roster: every alert and every group of alerts that is known, with what a delivery of one means.
 *
 * It is what flow/memory keeps on disk, in a form that is asked for each line: about fifty bytes a
 * distinct alert, no text. An alert's episode is its fingerprint and the time it started. It ends
 * when it is resolved; the case of a group is open while one of its alerts fires.
 */
#ifndef HL_FLOW_ROSTER_H
#define HL_FLOW_ROSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "flow/memory.h"

#define ROSTER_NONE UINT32_MAX

struct roster_alert {
	uint64_t fingerprint;
	int64_t starts_at; /* of the newest episode */
	int64_t ends_at;   /* 0: it fires */
	uint32_t group;
	uint32_t pending; /* the triager's: its place in the batch, or ROSTER_NONE */
};

struct roster_group {
	uint64_t key;
	int64_t opened_at;  /* of its newest case, whole seconds; WHEN_NEVER: never had one */
	int64_t settled_at; /* what became of that case; 0: nothing yet */
	int64_t until;      /* snoozed until; 0 */
	int64_t closed_at;  /* 0: not closed */
	int64_t told_at;    /* when this run last wrote a line of it; WHEN_NEVER: not yet */
	uint32_t fired;     /* how often that case fired */
	uint32_t firing;    /* its alerts that fire now */
	uint32_t touched;   /* the triager's: its place in the batch, or ROSTER_NONE */
	bool handed;        /* this run handed its case on */
	char how[15];       /* settled: how, for people; "" */
};

struct roster {
	struct roster_alert *alerts;
	struct roster_group *groups;
	size_t n_alerts, n_groups, cap_alerts, cap_groups;
	struct table by_fingerprint, by_group;
};

#define ROSTER_INIT                                                                                \
	{                                                                                          \
		.alerts = NULL                                                                     \
	}

void roster_clear(struct roster *r);

/* Takes in what is on disk; again, when others wrote. What only this run knows stays. */
int roster_load(struct roster *r, struct memory *m, struct err *e);

/* The index of an alert, or ROSTER_NONE. */
uint32_t roster_find(const struct roster *r, uint64_t fingerprint);

/* Adds an alert that no event has touched yet, and its group if need be. Gives its index. */
uint32_t roster_add(struct roster *r, uint64_t fingerprint, uint64_t group);

/* One delivery. */
struct episode {
	bool firing;
	int64_t starts_at; /* WHEN_NEVER: not said */
	int64_t ends_at;   /* when resolved; WHEN_NEVER: not said */
};

enum event {
	EVENT_SAME,   /* it was delivered before, or is older than what is known: changes nothing */
	EVENT_NEW,    /* an alert that was not known fires */
	EVENT_AGAIN,  /* it fires again, without having been resolved */
	EVENT_RETURN, /* it fires again after it was resolved */
	EVENT_END,    /* it fired and is resolved */
	EVENT_MISSED, /* it is resolved, and this episode was never seen to fire */
};

/*
 * What the delivery means. A firing one of an episode that was resolved is late news, until
 * `grace_ms` after its end: then it is believed (Alertmanager ends an alert that
 * Prometheus stops to send, and takes it up again with its old start).
 */
enum event roster_event(const struct roster *r, uint32_t alert, const struct episode *p,
	int64_t now, int64_t grace_ms);

/* Makes it so, and keeps the group's number of firing alerts. */
void roster_apply(
	struct roster *r, uint32_t alert, enum event event, const struct episode *p, int64_t now);

#endif
