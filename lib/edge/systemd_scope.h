/*
 * systemd_scope: a process puts itself into a transient scope of systemd, which holds it and all
 * that it starts to so much memory and so many processes together; org.freedesktop.systemd1(5),
 * StartTransientUnit, which is asked through busctl(1) as systemd-run(1) --scope asks it.
 *
 * A scope and not a service: systemd would start a service's program itself, with an environment
 * that every user of the machine can ask for, and ours may hold a secret. And not systemd-run
 * itself: it would have to talk to systemd after the user, the network and the file systems have
 * been given up.
 *
 * systemd takes limits that it cannot enforce (a controller that its part of the tree lacks), so
 * they are read back from the cgroup before the program starts.
 *
 * systemd_scope_prepare is called before the fork, systemd_scope_enter in the new process.
 */
#ifndef HL_EDGE_SYSTEMD_SCOPE_H
#define HL_EDGE_SYSTEMD_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SYSTEMD_SCOPE_WORDS 40

struct systemd_scope {
	int64_t memory, processes; /* 0: any */
	const char *busctl;        /* lent: a constant */
	const char *argv[SYSTEMD_SCOPE_WORDS];
	int pid_at; /* the word that the new process fills in */
	char name[64], memory_text[24], processes_text[24], runtime[64];
};

/* Whether a systemd answers us: the system's when we are root, else the user's. */
bool systemd_scope_is_there(void);

/* -1: ERR_UNAVAILABLE, busctl is not installed. It points into itself: not to be copied. */
int systemd_scope_prepare(
	struct systemd_scope *s, int64_t memory, int64_t processes, struct err *e);

/* 0 when we are in the scope and it holds us; -1 with errno. Async-signal-safe. */
int systemd_scope_enter(const struct systemd_scope *s);

#endif
